"""A question about two answers says who gave the other one, to those who may see the record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from flask import Flask

from server.intake.judging import Bench
from sync.mutation import review_id
from tests.makers import NOW, USERS, World
from tests.server.phone import Phone


def asked(app: Flask, world: World) -> dict[str, object]:
    """Let Amir answer unseen what Kari has answered, and give the review as his phone gets it."""
    kari, amir = Phone(app, "kari"), Phone(app, "amir")
    kari.sync(), amir.sync()
    mine = kari.edit(world.dwelling, access="Port 4")
    theirs = amir.edit(world.dwelling, access="Heis")
    kari.sync(mine)
    assert amir.sync(theirs)[0]["state"] == "review"
    return amir.body(review_id(world.dwelling, "access", amir.replica))


def test_the_author_of_the_other_answer_is_named(app: Flask, world: World) -> None:
    assert asked(app, world)["other"] == USERS["kari"]


def test_an_answer_of_the_office_is_named_too(app: Flask, world: World) -> None:
    amir, office = Phone(app, "amir"), Phone(app, "ingrid")
    amir.sync(), office.sync()
    theirs = amir.edit(world.dwelling, access="Heis")
    office.sync(office.edit(world.dwelling, access="Port 4"))
    amir.sync(theirs)
    assert amir.body(review_id(world.dwelling, "access", amir.replica))["other"] == USERS["ingrid"]


@pytest.mark.parametrize(
    ("holds", "named"), [("area:a:home", USERS["kari"]), ("area:b:home", None)]
)
def test_nobody_is_named_to_one_who_may_not_see_the_record(holds: str, named: str | None) -> None:
    paper = SimpleNamespace(versions={"access": (7, "a phone", 3)})
    desk = SimpleNamespace(papers={"a home": paper}, scopes=lambda of: {"area:a:home"})
    people = SimpleNamespace(scopes=lambda user: {holds}, writer=lambda replica: USERS["kari"])
    bench: Any = Bench(cast(Any, desk), cast(Any, people), NOW)
    assert bench.other_author("a home", "access", USERS["amir"]) == named
    assert bench.other_author("a home", "access", USERS["kari"]) is None
