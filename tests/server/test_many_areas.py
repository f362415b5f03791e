"""Whoever leads a large municipality has hundreds of scopes: their phone loads and is compared."""

from __future__ import annotations

from flask import Flask

from server.access import actor_of
from server.database import Database
from server.intake import take
from server.shapes import Json
from tests.makers import NOW, USERS, World, mutation, new_id, visit
from tests.server.phone import Phone
from tests.server.test_parity import held

AREAS = 40


def lay_out(database: Database) -> set[str]:
    """Make areas, each with a home and a visit that was sent in, and give the ids of all."""
    leader = USERS["lise"]
    status: Json = {"state": "submitted", "by": leader, "at": "2026-11-23T08:00:00.000Z"}
    homes = {new_id(): new_id() for _ in range(AREAS)}
    visits = [(id, {**body, "status": status}) for id, body in (visit() for _ in homes)]
    turns: list[list[tuple[str, str, dict[str, Json]]]] = [
        [("area", area, {"name": area}) for area in homes.values()],
        [("dwelling", one, {"area": area, "address": "Storgata 1"}) for one, area in homes.items()],
        [
            ("visit", id, {**body, "dwelling": home})
            for (id, body), home in zip(visits, homes, strict=True)
        ],
    ]
    for turn in turns:
        written = [mutation(kind, id, body, author="lise") for kind, id, body in turn]
        with database.reading() as session:
            actor = actor_of(session, leader)
        told = take(database, actor, written[0]["replica"], written, NOW)
        assert {each.state for each in told} == {"applied"}
    return {id for turn in turns for _, id, _ in turn}


def test_a_phone_with_hundreds_of_scopes_loads_in_small_pages_and_is_compared(
    app: Flask, database: Database, world: World
) -> None:
    """Its place in the feed names each of them, and so does what it says that it holds."""
    made = lay_out(database)
    phone = Phone(app, "lise")
    longest = 0
    while (reply := phone.ask(limit=5))["more"]:
        phone.install(reply)
        longest = max(longest, len(reply["cursor"]))
    phone.install(reply)
    assert made <= phone.base.keys() and longest > 16_000
    digests = held(phone)
    assert len(digests) > 2 * AREAS
    told = phone.ask(digests=digests)
    assert told["checked"] and "reset" not in told and len(told["cursor"]) < 500
