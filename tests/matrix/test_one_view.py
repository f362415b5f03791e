"""Whichever way somebody asks, it is one view: pull, page, list, search, export, photo and count.

Random small municipalities, in each of which everybody asks in every way; no way may know more or
less than the feed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from server import hand, openings, people
from server.access import actor_of, on_phones, records_visible, scopes_of
from server.database import Database
from server.office.desk import Desk
from server.office.sought import seal
from server.records.barrier import BARRIER
from server.roles import Role
from server.shapes import Json
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.server.lane import store_at_once
from tests.server.phone import Phone
from tests.server.situations import status

RECORDS = 24
STAFF = 5
OPENERS = frozenset({Role.BOMILJO, Role.FOLLOW_UP, Role.OFFICE, Role.LEADER})
BARRABLE = ("dwelling", "tenancy")
PHOTO = "/office/photos/"


@dataclass
class Dice:
    """Draws a municipality: who works where, and what each of them writes."""

    app: Flask
    world: World
    random: random.Random
    phones: list[Phone] = field(default_factory=list)
    homes: list[tuple[str, str]] = field(default_factory=list)
    made: list[tuple[str, str]] = field(default_factory=list)
    hangs: dict[str, str] = field(default_factory=dict)
    """What each record hangs on."""
    sent: set[str] = field(default_factory=set)
    """What was handed in."""
    barred: set[str] = field(default_factory=set)
    """Where a barrier was set; the first of the staff alone may know."""
    opened: list[tuple[str, str, set[str]]] = field(default_factory=list)
    """Who opened a home in which area, and what hung there then."""

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
            self.hangs[id] = str(body.get("record") or dwelling)
            if state and "status" in body:
                self.sent.add(id)
            if kind == "attachment":
                store_at_once(self.app, id)

    def above(self, id: str) -> set[str]:
        """Give a record and all that it hangs on."""
        found = {id}
        while id in self.hangs:
            found.add(id := self.hangs[id])
        return found

    def bar(self) -> None:
        """Let the first of the staff alone know of a home, or of a tenancy (kode 6)."""
        kind, id = self.random.choice([each for each in self.made if each[0] in BARRABLE])
        only: dict[str, Json] = {f"{BARRIER}/{self.phones[0].user}": True}
        database: Database = self.app.extensions["oppgang"]
        hand.write(database, kind, id, "patch", only, USERS["lise"], datetime.now(UTC))
        self.barred.add(id)

    def open_home(self) -> None:
        """Let somebody open a home in an emergency; whether they may is not asked here."""
        number = self.random.randrange(len(self.homes))
        home, user = self.homes[number][0], self.random.choice(self.phones).user
        area = self.world.east if number < 2 else self.world.west
        database: Database = self.app.extensions["oppgang"]
        with database.writing() as session:
            openings.open_home(session, user, home, area, "Røyk", datetime.now(UTC))
        below = {id for _, id in self.made if home in self.above(id) - {id}}
        self.opened.append((user, area, below))

    def is_barred(self, id: str) -> bool:
        """Say whether a barrier was set on a record, or on anything that it hangs on."""
        return bool(self.above(id) & self.barred)


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
    for number in range(RECORDS):
        made.write(made.random.choice(made.phones))
        if number % 8 == 5:
            made.open_home()
        if number % 12 == 9:
            made.bar()
    for phone in made.phones:
        phone.sync()
    return made


@pytest.mark.parametrize("dice", range(8), indirect=True)
def test_pull_list_page_search_export_photo_and_count_know_the_same(
    dice: Dice, database: Database
) -> None:
    """A phone knows what it pulled; the office what is barred for its reader alone, and opened."""
    for phone in dice.phones:
        with database.reading() as session:
            actor, now = actor_of(session, phone.user), datetime.now(UTC)
            on_phone = on_phones(scopes_of(session, actor, now))
            listed = {row.id: row.kind for row in records_visible(session, on_phone)}
            desk = Desk(session, actor, "", now)
            here = {row.id: row.kind for row in records_visible(session, desk.scopes)}
            counted = {kind: desk.count(kind, lambda found: found) for kind in set(here.values())}
            may = {area for role, area in actor.grants if role in OPENERS}
        pulled = {id: put["kind"] for id, put in phone.base.items()}
        assert pulled == listed
        assert counted == Counter(here.values())
        for kind, id in dice.made:
            page = phone.client.get(f"/office/records/{id}").status_code
            assert (page == 200) == (id in here), (kind, page)
            if kind == "attachment":
                for address, known in ((f"/api/v1/attachments/{id}", pulled), (PHOTO + id, here)):
                    assert (phone.client.get(address).status_code == 200) == (id in known)
        _barred_and_opened(dice, phone, pulled, here, may)
        _homes_and_faults(dice, phone, here)


def _barred_and_opened(
    dice: Dice,
    phone: Phone,
    pulled: Mapping[str, str],
    here: Mapping[str, str],
    may: set[str | None],
) -> None:
    """Every record, told by what was done to it alone."""
    opened: set[str] = set()
    for user, area, below in dice.opened:
        if user == phone.user and may & {None, area}:
            opened |= below
    for kind, id in dice.made:
        if dice.is_barred(id):
            assert id not in pulled, (kind, "what is barred is on no phone")
            assert (id in here) == (phone is dice.phones[0]), (kind, "barred for one alone")
        elif id in here and id not in pulled:
            assert id in opened, (kind, "more than the phone knows, and not opened")
        elif id in opened & dice.sent and kind in ("visit", "conversation"):
            assert id in here, (kind, "opened")


def sealed(phone: Phone, words: str) -> str:
    """Give the words of a search as its address has them."""
    return seal(phone.app.extensions["oppgang_settings"], phone.user, words)


def _homes_and_faults(dice: Dice, phone: Phone, here: Mapping[str, str]) -> None:
    for id, address in dice.homes:
        found = phone.client.get("/office/homes", query_string={"s": sealed(phone, address)})
        has_page = found.status_code == 200  # who is named behind a barrier may have none
        assert (f"/office/dwellings/{id}" in found.text) == (has_page and id in here), address
        assert has_page or id in dice.barred or id not in here, address
    table = phone.client.get("/office/deviations.csv")
    sent_in = {id for id, kind in here.items() if kind == "deviation" and id in dice.sent}
    if table.status_code == 200:
        assert {line.rpartition(";")[2] for line in table.text.split("\r\n")[1:-1]} == sent_in
