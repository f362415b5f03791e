"""Whichever way somebody asks, it is one view: pull, page, list, search, export, photo and count.

Random small municipalities, in each of which everybody asks in every way; no way may know more or
less than the feed.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from server import people
from server.access import actor_of, records_visible, scopes_of
from server.database import Database
from server.office.desk import Desk
from server.office.sought import seal
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, World, example, new_id, visit
from tests.server.lane import store_at_once
from tests.server.phone import Phone
from tests.server.situations import status

RECORDS = 24
STAFF = 5


@dataclass
class Dice:
    """Draws a municipality: who works where, and what each of them writes."""

    app: Flask
    world: World
    random: random.Random
    phones: list[Phone] = field(default_factory=list)
    homes: list[tuple[str, str]] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)

    def people_in(self, database: Database) -> None:
        """Let some people in, each with one role or two in places of their own."""
        for number in range(STAFF):
            user = new_id()
            with database.writing() as session:
                people.add_user(session, user, f"Ansatt {number}", NOW)
                for _ in range(self.random.choice((1, 1, 2))):
                    role = self.random.choice([r for r in Role if r is not Role.ADMIN])
                    where = self.random.choice([self.world.east, self.world.west, None])
                    people.grant(session, new_id(), user, role, where)
            self.phones.append(Phone(self.app, user))

    def write(self, phone: Phone) -> None:
        """Let somebody write something somewhere; what they may not is held, as in life."""
        kind = self.random.choice(("visit", "conversation", "deviation", "tenancy", "attachment"))
        dwelling = self.random.choice([home for home, _ in self.homes])
        state: dict[str, Json] = {}
        if self.random.random() < 0.6:
            state = {"status": status(phone, "submitted")}
        id = new_id()
        body: dict[str, Any]
        match kind:
            case "visit":
                body = {**visit()[1], "dwelling": dwelling, **state}
            case "conversation":
                body = {"dwelling": dwelling, "summary": "Fortrolig", **state}
            case "deviation":
                body = {**example("deviation", building=None), "dwelling": dwelling, **state}
            case "tenancy":
                named = self.random.choice(self.phones).user
                body = {"dwelling": dwelling, "started_on": "2026-11-01", f"team/{named}": True}
            case _:
                about = self.random.choice([id for _, id in self.made] or [dwelling])
                body = example("attachment", record=about)
        (result,) = phone.sync(phone.write(kind, id, body))
        if result["state"] == "applied":
            self.made.append((kind, id))
            if kind == "attachment":
                store_at_once(self.app, id)


@pytest.fixture
def dice(app: Flask, database: Database, world: World, request: pytest.FixtureRequest) -> Dice:
    """A municipality drawn from its number."""
    made = Dice(app, world, random.Random(request.param))
    made.people_in(database)
    leader = Phone(app, "lise")
    for number, area in enumerate((world.east, world.east, world.west, world.west)):
        id, address = new_id(), f"Unikvei{number} 7"
        (result,) = leader.sync(leader.write("dwelling", id, {"area": area, "address": address}))
        assert result["state"] == "applied"
        made.homes.append((id, address))
        made.made.append(("dwelling", id))
    for _ in range(RECORDS):
        made.write(made.random.choice(made.phones))
    for phone in made.phones:
        phone.sync()
    return made


@pytest.mark.parametrize("dice", range(8), indirect=True)
def test_pull_list_page_search_export_photo_and_count_know_the_same(
    dice: Dice, database: Database
) -> None:
    for phone in dice.phones:
        with database.reading() as session:
            actor, now = actor_of(session, phone.user), datetime.now(UTC)
            mine = scopes_of(session, actor, now)
            listed = {row.id: row.kind for row in records_visible(session, mine)}
            desk = Desk(session, actor, "", now)
            counted = {kind: desk.count(kind, lambda found: found) for kind in set(listed.values())}
        pulled = {id: put["kind"] for id, put in phone.base.items()}
        assert pulled == listed
        assert counted == Counter(pulled.values())
        for kind, id in dice.made:
            page = phone.client.get(f"/office/records/{id}").status_code
            assert (page == 200) == (id in pulled), (kind, page)
            if kind == "attachment":
                for address in (f"/api/v1/attachments/{id}", f"/office/photos/{id}"):
                    assert (phone.client.get(address).status_code == 200) == (id in pulled)
        _homes_and_faults(dice, phone, pulled)


def sealed(phone: Phone, words: str) -> str:
    """Give the words of a search as its address has them."""
    return seal(phone.app.extensions["oppgang_settings"], phone.user, words)


def _homes_and_faults(dice: Dice, phone: Phone, pulled: dict[str, str]) -> None:
    for id, address in dice.homes:
        found = phone.client.get("/office/homes", query_string={"s": sealed(phone, address)})
        assert (f"/office/dwellings/{id}" in found.text) == (id in pulled), address
    table = phone.client.get("/office/deviations.csv")
    faults = [id for id, kind in pulled.items() if kind == "deviation"]
    sent_in = {id for id in faults if (phone.body(id).get("status") or {}).get("state")}
    if table.status_code == 200:
        assert {line.rpartition(";")[2] for line in table.text.split("\r\n")[1:-1]} == sent_in
