"""A question about two answers says who gave the other one, to those who may see the record."""

from __future__ import annotations

import pytest
from flask import Flask

from server.intake.people_here import PeopleHere
from sync.mutation import review_id
from tests.makers import USERS, World
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


def test_nobody_is_named_to_one_who_may_not_see_the_record(
    app: Flask, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PeopleHere, "scopes", lambda people, user: frozenset())
    assert "other" not in asked(app, world)
