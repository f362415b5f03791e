"""An id that can be worked out tells nothing: what is another's is answered as what never was."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from flask import Flask

from server import people
from server.database import Database
from server.intake import misplaced
from server.roles import Role
from server.shapes import Json
from sync.mutation import one_per_id, receipt_id
from tests.makers import NOW, USERS, World, new_id, visit
from tests.server.confiding import made, sent_in, talk_sent_in
from tests.server.phone import Phone

AT = "2026-11-23T08:00:00.000Z"
GUESSES = ["patch", "patch of another kind", "patch by its area", "delete", "restore"]


def guess(phone: Phone, how: str, id: str, seq: int, world: World) -> dict[str, Any]:
    """Make what somebody curious sends about an id."""
    if how in ("delete", "restore"):
        return phone.write("conversation", id, {}, op=how, seen={}) | {"seen": {"*": {"seq": seq}}}
    kind = "visit" if how == "patch of another kind" else "conversation"
    path, value = ("dwelling", world.dwelling) if "area" in how else ("status", None)
    return phone.write(kind, id, {path: value}, op="patch", seen={path: (None, seq)})


def answered(phone: Phone, push: dict[str, Any]) -> bytes:
    """Give all that a phone is told of a mutation, without what names it and says when."""
    told = phone.sync(push)
    again = phone.sync(push)
    receipt = phone.base[receipt_id(push["mid"])]
    body = {k: v for k, v in receipt["body"].items() if k not in ("mid", "n", "about")}
    said = [{k: v for k, v in one.items() if k != "mid"} for one in (*told, *again)]
    return orjson.dumps([said, body, receipt["in"]], option=orjson.OPT_SORT_KEYS)


@pytest.mark.parametrize("claimed", [0, 1])
@pytest.mark.parametrize("how", GUESSES)
@pytest.mark.parametrize("who", ["amir", "ola", "eva", "admin", "ingrid", "afar"])
def test_a_talk_that_is_anothers_is_answered_as_one_that_never_was(
    who: str, how: str, claimed: int, app: Flask, kari: Phone, world: World
) -> None:
    at = made(kari, "visit", *sent_in(kari))
    talk = one_per_id("conversation", [at])
    body: dict[str, Json] = {"visit": at, "dwelling": world.dwelling, "summary": "Fortrolig"}
    made(kari, "conversation", talk, body)  # a draft: its author's alone
    if who == "afar":
        give(app, new_id(0xAF), world.west)
    phone = Phone(app, new_id(0xAF) if who == "afar" else who)
    phone.sync()
    never = one_per_id("conversation", [new_id()])
    first, second = (guess(phone, how, id, claimed, world) for id in (talk, never))
    assert answered(phone, first) == answered(phone, second)


def give(app: Flask, user: str, area: str) -> None:
    """Let somebody in who works in one area alone."""
    database: Database = app.extensions["oppgang"]
    with database.writing() as session:
        people.add_user(session, user, "Fjern Eksempel", NOW)
        people.grant(session, new_id(), user, Role.BOMILJO, area)


def test_what_was_hidden_is_judged_when_it_may_be_known(
    app: Flask, kari: Phone, amir: Phone, world: World
) -> None:
    at = made(kari, "visit", *visit())  # a draft
    early = amir.write("visit", at, {"told": True}, op="patch", seen={})
    assert amir.sync(early)[0]["reason"] == "ref"
    kari.sync(kari.edit(at, status={"state": "submitted", "by": kari.user, "at": AT}))
    assert amir.sync(early)[0]["state"] == "applied"
    assert amir.body(at)["told"] is True


# Who in the office sees what is held


def test_the_office_of_what_it_is_about_sees_what_a_stranger_may_not_use(
    app: Flask, kari: Phone, office: Phone, world: World, database: Database
) -> None:
    talk = talk_sent_in(kari, world)
    give(app, new_id(0xAF), world.west)
    afar = Phone(app, new_id(0xAF))
    push = afar.write("conversation", talk, {"summary": "x"}, op="patch", seen={"summary": ("", 1)})
    afar.sync(push)
    office.sync()
    assert receipt_id(push["mid"]) in office.base
    assert world.east not in repr((afar.base[receipt_id(push["mid"])], afar.reply["results"]))
    with database.reading() as session:
        assert misplaced(session) == []


def test_what_somebody_who_works_everywhere_wrote_of_what_is_nowhere_is_seen_by_the_leader(
    app: Flask, world: World, database: Database
) -> None:
    eva, lise, admin = (Phone(app, name) for name in ("eva", "lise", "admin"))
    push = eva.write("deviation", new_id(), {"cost": 7}, op="patch", seen={})
    assert eva.sync(push)[0]["state"] == "held"
    lise.sync(), admin.sync()
    receipt = receipt_id(push["mid"])
    assert receipt in lise.base and receipt not in admin.base
    office = Phone(app, "ingrid")
    office.sync()
    assert receipt not in office.base


def test_when_what_it_waits_for_comes_its_own_office_is_told_instead(
    app: Flask, kari: Phone, office: Phone, world: World, database: Database
) -> None:
    eva, lise = Phone(app, "eva"), Phone(app, "lise")
    id, body = visit()
    early = eva.write("visit", id, {"told": True}, op="patch", seen={"told": (None, 1)})
    assert eva.sync(early)[0]["state"] == "held"
    made(kari, "visit", id, body | {"status": {"state": "submitted", "by": kari.user, "at": AT}})
    office.sync(), lise.sync()
    assert receipt_id(early["mid"]) in office.base
    with database.reading() as session:
        assert misplaced(session) == []
    assert USERS["eva"] == office.body(receipt_id(early["mid"]))["author"]
