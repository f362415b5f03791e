"""What the access matrix is asked in: everybody, their browsers, and a record of each situation.

Nothing that is asked for is kept: each question's writes are taken back, so that the next question
meets the same town. It holds no expectation; those stand in matrix.csv.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from server import hand, people
from server.config import Settings
from server.database import Database
from server.keeping import holds
from server.keeping.erasure import erase
from server.office.decisions import new_form
from server.office.gate import csrf_for
from server.people import Grant
from server.people.logins import SESSION_IDLE
from server.records.barrier import BARRIER
from server.shapes import Json
from sync.mutation import receipt_id, review_id
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.matrix.programmes import lay_out_programmes
from tests.matrix.trust import lay_out_insights, lay_out_trust, let_strangers_in
from tests.server.lane import store_at_once
from tests.server.phone import OURS, Phone
from tests.server.situations import status

PEOPLE = {
    "author": USERS["kari"],
    "colleague": USERS["amir"],
    "caretaker": USERS["ola"],
    "follow_up": new_id(0xE3),
    "office": USERS["ingrid"],
    "leader": USERS["lise"],
    "landlord": USERS["eva"],
    "admin": USERS["admin"],
    "privacy": new_id(0xE4),
    "elsewhere": new_id(0xE1),
    "outsider": new_id(0xE2),
}
NEVER = new_id(0xDEAD)
LEASE_MAX = timedelta(days=14)
GIVEN_ANEW = re.compile(
    rb'nonce="[^"]*"|name="(?:kept:)?(?:csrf|form)" value="[^"]*"|nonce-[^\']*|' + NEVER.encode()
)
TELLS = frozenset({"Content-Type", "Cache-Control", "Location", "Referrer-Policy", "Retry-After"})


class _TakeBack(Exception):
    """Ends a write without keeping it."""


@dataclass(repr=False)
class Town:
    """Everybody's browser, and the id of each situation by the name of its place in an address."""

    app: Flask
    database: Database
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)

    def ask(self, who: str, method: str, address: str) -> TestResponse:
        """Ask as somebody, with the mark and the form that a page of theirs would carry."""
        client, headers = self.clients[who], dict(OURS)
        if who in self.tokens:
            client.set_cookie("oppgang", self.tokens[who])
        if address.startswith("/office"):
            fields = {"csrf": self.mark(who), "form": new_form(), "seal": ""}
            return client.open(address, method=method, data=fields if method == "POST" else None)
        if method in ("POST", "PUT"):
            said = self.phones[who].request() if address.endswith("/sync") else {}
            return client.open(address, method=method, json=said, headers=headers)
        return client.open(address, method=method, headers=headers)

    def mark(self, who: str) -> str:
        """Give the mark of somebody's forms."""
        with self.app.app_context():
            return csrf_for(self.tokens.get(who, ""))


def everybody(app: Flask, world: World) -> Town:
    """Let everybody in, and lay out every situation by sending it as its people would."""
    town = Town(app, app.extensions["oppgang"])
    with town.database.writing() as session:
        let_strangers_in(session, PEOPLE, world)
    for role, user in PEOPLE.items():
        _log_in(town, role, user)
    town.clients["anonymous"] = app.test_client()
    _lay_out(town, world)
    town.phones["anonymous"] = town.phones["author"]
    with town.database.writing() as session:
        _ended_sessions(town, session)
    return town


@contextmanager
def kept_as_it_is(database: Database) -> Iterator[None]:
    """Take back every write that is made meanwhile."""
    real = database.writing

    @contextmanager
    def writing() -> Iterator[Session]:
        try:
            with real() as session:
                yield session
                session.flush()
                raise _TakeBack
        except _TakeBack:
            pass

    vars(database)["writing"] = writing
    try:
        yield
    finally:
        del vars(database)["writing"]


def told(answer: TestResponse, asked: str = "") -> tuple[int, bytes, dict[str, str]]:
    """Give all that an answer tells: status, body and headers, without what is new each time."""
    body = answer.get_data().replace(asked.encode(), NEVER.encode()) if asked else answer.data
    headers = {name: value for name, value in answer.headers.items() if name in TELLS}
    return answer.status_code, GIVEN_ANEW.sub(b"", body), headers


def _log_in(town: Town, who: str, user: str) -> None:
    with town.database.writing() as session:
        token = people.open_session(session, user, datetime.now(UTC))
    client = town.app.test_client()
    client.set_cookie("oppgang", token)
    town.clients[who], town.tokens[who] = client, token


def _ended_sessions(town: Town, session: Session) -> None:
    """Give leaders who were idle too long, longer than a lease, too long logged in, logged out."""
    now, leader = datetime.now(UTC), PEOPLE["leader"]
    ages = {"idle": SESSION_IDLE, "old": people.SESSION_LASTS, "lease over": LEASE_MAX}
    for who, age in ages.items():
        begun = now - age - timedelta(minutes=1)
        town.tokens[who] = people.open_session(session, leader, begun)
        if who == "old":
            people.touch_session(session, town.tokens[who], now)
    town.tokens["revoked"] = people.open_session(session, leader, now)
    people.close_session(session, town.tokens["revoked"], now)
    for who in (*ages, "revoked"):
        town.clients[who], town.phones[who] = town.app.test_client(), town.phones["leader"]
        town.clients[who].set_cookie("oppgang", town.tokens[who])


def _visit_in(dwelling: str) -> tuple[str, dict[str, Json]]:
    id, body = visit()
    return id, {**body, "dwelling": dwelling}


def _lay_out(town: Town, world: World) -> None:
    phones = town.phones = {role: Phone(town.app, user) for role, user in PEOPLE.items()}
    for phone in phones.values():
        phone.sync()

    def put(
        by: str, kind: str, id: str, body: dict[str, Json], state: str = "", **more: Any
    ) -> str:
        phone = phones[by]
        whole = {**body, "status": status(phone, state)} if state else body
        (result,) = phone.sync(phone.write(kind, id, {**whole, **more}))
        assert result["state"] == "applied", (kind, result)
        return id

    own = put("author", "visit", *visit())
    team = put("author", "visit", *visit(), "submitted")
    approved = put("author", "visit", *visit(), "submitted")
    west = put("elsewhere", "visit", *_visit_in(world.dwelling_west), "submitted")
    gone = put("author", "visit", *visit(), "submitted")
    case: dict[str, Json] = {"area": world.east, "title": "Bråk", "opened_on": "2026-11-02"}
    case[f"team/{PEOPLE['colleague']}"] = True
    others = put("colleague", "conflict_case", new_id(), case)
    office = phones["office"]
    office.sync()
    step = office.edit(approved, status=status(office, "approved"))
    assert office.sync(step)[0]["state"] == "applied"
    for name in ("record", "head"):
        for situation, id in (
            ("own", own),
            ("team", team),
            ("other team", others),
            ("other area", west),
            ("approved", approved),
            ("erased", gone),
            ("never", NEVER),
        ):
            town.ids[name, situation] = id
    _lay_out_homes(town, phones, put, world)
    _lay_out_safety(town, phones, put, world)
    lay_out_programmes(town.ids, put, world)
    _lay_out_people(town, phones, world)
    _bar_one(town, put, world)
    lay_out_insights(town.ids, town.database, PEOPLE)
    settings: Settings = town.app.extensions["oppgang_settings"]
    assert erase(town.database, settings, [gone], NOW, "test", "server")


def _bar_one(town: Town, put: Any, world: World) -> None:
    """Let one tenancy be known to the office's one person alone, and a talk that hangs on it."""
    home: dict[str, Json] = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    barred = put("office", "tenancy", new_id(), {**home, f"team/{PEOPLE['author']}": True})
    talk: dict[str, Json] = {"dwelling": world.dwelling, "summary": "x", "tenancy": barred}
    ids = town.ids
    ids["record", "kode 6"] = put("office", "conversation", new_id(), talk, "submitted")
    ids["head", "kode 6"], ids["tenancy", "kode 6"] = ids["record", "kode 6"], barred
    only = {f"{BARRIER}/{PEOPLE['office']}": True}
    hand.write(town.database, "tenancy", barred, "patch", only, PEOPLE["leader"], NOW)


def _lay_out_homes(town: Town, phones: dict[str, Phone], put: Any, world: World) -> None:
    ids = town.ids
    ids["dwelling", "in the area"] = world.dwelling
    ids["dwelling", "other area"] = world.dwelling_west
    house: dict[str, Json] = {"area": world.east, "address": "Storgata 12"}
    ids["building", "in the area"] = put("office", "building", new_id(), house)
    fault = example("deviation", building=None, dwelling=world.dwelling)
    ids["deviation", "own"] = put("author", "deviation", new_id(), fault)
    ids["deviation", "in the area"] = put("author", "deviation", new_id(), fault, "submitted")
    far = {**fault, "dwelling": world.dwelling_west}
    ids["deviation", "other area"] = put("elsewhere", "deviation", new_id(), far, "submitted")
    home: dict[str, Json] = {"dwelling": world.dwelling, "started_on": "2026-11-01"}
    mine = {**home, f"team/{PEOPLE['author']}": True}
    ids["record", "tenancy"] = ids["tenancy", "own"] = put("office", "tenancy", new_id(), mine)
    plan: dict[str, Json] = {"dwelling": world.dwelling, "planned_on": "2026-12-07"}
    plan |= {"purpose": "fire_safety", f"visitors/{PEOPLE['author']}": True}
    ids["plan", "in the area"] = put("author", "planned_visit", new_id(), plan)
    told = example("access_notice", dwelling=world.dwelling)
    ids["notice", "in the area"] = put("author", "access_notice", new_id(), told)
    asked = example("assistance_request", dwelling=world.dwelling, tenancy=None, visit=None)
    ids["plan", "never"] = ids["notice", "never"] = NEVER
    ids["id", "asked"] = put("author", "assistance_request", new_id(), asked, "submitted")
    for situation, record in (("own", ids["record", "own"]), ("team", ids["record", "team"])):
        picture = example("attachment", record=record)
        ids["id", situation] = put("author", "attachment", new_id(), picture)
        store_at_once(town.app, ids["id", situation])


def _lay_out_safety(town: Town, phones: dict[str, Phone], put: Any, world: World) -> None:
    ids, leader = town.ids, phones["leader"]
    out = example("check_in", area=world.east, dwelling=world.dwelling, visit=None)
    ids["check_in", "own"] = put("author", "check_in", new_id(), out)
    alert = example("safety_alert", dwelling=world.dwelling)
    ids["alert", "approved"] = put("author", "safety_alert", new_id(), alert, "submitted")
    leader.sync()
    step = leader.edit(ids["alert", "approved"], status=status(leader, "approved"))
    assert leader.sync(step)[0]["state"] == "applied"
    incident = example("staff_incident", area=world.east, dwelling=None, check_in=None, visit=None)
    ids["incident", "own"] = put("author", "staff_incident", new_id(), incident, "submitted")
    number = example("emergency_number")
    ids["number", "known"] = put("leader", "emergency_number", new_id(), number)
    ids["area", "in the area"] = world.east
    for name in ("check_in", "alert", "incident", "number", "area"):
        ids[name, "never"] = NEVER


def _lay_out_people(town: Town, phones: dict[str, Phone], world: World) -> None:
    ids, author, colleague = town.ids, phones["author"], phones["colleague"]
    author.sync(), colleague.sync()
    mine = author.edit(world.dwelling, access="Trapp")
    colleague.sync(colleague.edit(world.dwelling, access="Heis"))
    author.sync(mine)
    ids["review", "own"] = review_id(world.dwelling, "access", author.replica)
    held = author.write("visit", *visit(outcome="flew_away"))
    author.sync(held)
    ids["receipt", "own"] = receipt_id(held["mid"])
    ids["replica", "in the area"] = author.replica
    ids["replica", "other area"] = phones["elsewhere"].replica
    ids["user", "in the area"] = PEOPLE["author"]
    with town.database.writing() as session:
        grant = session.scalar(select(Grant.id).where(Grant.user == PEOPLE["author"]))
        assert grant is not None
        ids["grant", "in the area"] = grant
        lay_out_trust(ids, session, PEOPLE, world)
        holds.place(session, None, "Tilsyn", PEOPLE["leader"], NOW)
        ids["hold", "standing"] = holds.standing(session)[0].id
    names = "dwelling building deviation tenancy id review receipt replica user grant hold run"
    ids |= {(name, "never"): NEVER for name in names.split()}
    for situation, report in (("everybody's", "effect"), ("the office's", "conflicts")):
        ids["name", situation], ids["form", situation] = report, "csv"
    ids["name", "never"], ids["form", "never"] = "never", "csv"
    ids["code", "known"], ids["code", "never"] = "MOVE_IN_VISIT", "NEVER"
    ids["kind", "known"], ids["kind", "never"] = "visit", "NEVER"
