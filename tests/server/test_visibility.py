"""Who sees and who may change what, held against a table that was written by hand.

The table and the declarations never read one another: where they differ, one of them is wrong.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server import people
from server.access import actor_of, records_visible, scopes_of, visible
from server.database import Database
from server.intake import take
from server.records import REGISTRY
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json
from sync.mutation import receipt_id, review_id
from tests.makers import NOW, USERS, World, example, mutation, new_id, visit
from tests.server.changes import CHANGE
from tests.server.phone import Phone
from tests.server.programmes import lay_out_programmes
from tests.server.situations import AT, lay_out_day, status

TABLE = list(csv.DictReader((Path(__file__).parents[1] / "visibility.csv").open()))
ROLES = [name for name in TABLE[0] if name not in ("kind", "situation")]
PEOPLE = {
    "author": USERS["kari"],
    "colleague": USERS["amir"],
    "caretaker": USERS["ola"],
    "office": USERS["ingrid"],
    "leader": USERS["lise"],
    "landlord": USERS["eva"],
    "admin": USERS["admin"],
    "elsewhere": new_id(0xE1),
    "privacy": new_id(0xE4),
    "follow_up": new_id(0xE3),
    "outsider": new_id(0xE2),
}


@dataclass
class Municipality:
    """Every situation of the table, and a phone for every role."""

    database: Database
    phones: dict[str, Phone]
    ids: dict[tuple[str, str], str]


@pytest.fixture
def town(app: Flask, database: Database, world: World) -> Municipality:
    """Lay out every situation by pushing it as its people would."""
    with database.writing() as session:
        people.add_user(session, PEOPLE["elsewhere"], "Siv Vest", NOW)
        people.add_user(session, PEOPLE["outsider"], "Ingen Adgang", NOW)
        people.add_user(session, PEOPLE["follow_up"], "Hege Sund", NOW)
        people.grant(session, new_id(), PEOPLE["elsewhere"], Role.BOMILJO, world.west)
        people.grant(session, new_id(), PEOPLE["follow_up"], Role.FOLLOW_UP, world.east)
        people.add_user(session, PEOPLE["privacy"], "Per Vern", NOW)
        people.grant(session, new_id(), PEOPLE["privacy"], Role.PRIVACY, None)
    phones = {role: Phone(app, user) for role, user in PEOPLE.items()}
    town = Municipality(database, phones, {})
    _lay_out(town, world)
    for phone in phones.values():
        phone.sync()
    return town


def _lay_out(town: Municipality, world: World) -> None:
    author, ids = town.phones["author"], town.ids

    def put(
        kind: str,
        situation: str,
        id: str,
        body: dict[str, Json],
        state: str = "",
        by: str = "author",
    ) -> str:
        phone = town.phones[by]
        whole = {**body, "status": status(phone, state)} if state else body
        (result,) = phone.sync(phone.write(kind, id, whole))
        assert result["state"] == "applied", (kind, situation, result)
        ids[kind, situation] = id
        return id

    ids["area", "any"] = world.east
    ids["colleague", "any"] = _colleague(town)
    ids["dwelling", "in the area"] = world.dwelling
    for situation, visitors in (
        ("with visitors of the area", ("author", "colleague")),
        ("with a visitor from elsewhere", ("elsewhere",)),
    ):
        named: dict[str, Json] = {f"visitors/{PEOPLE[role]}": True for role in visitors}
        body = plan(world, named)
        put("planned_visit", situation, new_id(), body)
    draft = put("visit", "draft", *visit())
    sent = put("visit", "sent in", *visit(), state="submitted")
    shared = visit(ids["planned_visit", "with visitors of the area"])
    planned = put("visit", "planned", *shared, state="submitted")
    approved = put("visit", "approved", *visit(), state="submitted")
    for situation, at, state in (("draft", draft, ""), ("sent in", sent, "submitted")):
        run = example("checklist_run", visit=at, dwelling=world.dwelling)
        put("checklist_run", situation, new_id(), run, state)
        put(
            "conversation",
            situation,
            new_id(),
            example("conversation", visit=at, dwelling=world.dwelling),
            state,
        )
    both = "sent in after a visit planned by both"
    put(
        "conversation",
        both,
        new_id(),
        example("conversation", visit=planned, dwelling=world.dwelling),
        "submitted",
    )
    words = example("addendum", record=world.dwelling, path=None)
    put("addendum", "to a dwelling", new_id(), words)
    talk = ids["conversation", "sent in"]
    put("addendum", "to a conversation", new_id(), {**words, "record": talk})
    shown = {"dwelling": world.dwelling, "draft visit": draft, "visit sent in": sent}
    for what, at in {**shown, "conversation": talk}.items():
        put("attachment", f"of a {what}", new_id(), example("attachment", record=at))
    office = town.phones["office"]
    office.sync()
    assert (
        office.sync(office.edit(approved, status=status(office, "approved")))[0]["state"]
        == "applied"
    )
    _ask(town, world)
    lay_out_day(put, town.phones, world)
    lay_out_programmes(put, town.phones, world, ids)
    _ask_of_a_case(town)
    gone = put("dwelling", "deleted", new_id(), {"area": world.east, "address": "Borte 1"})
    author.sync(author.mark(gone, "delete"))


def _ask(town: Municipality, world: World) -> None:
    """Let two people answer differently, one edit be held, and one held edit be settled."""
    author, colleague = town.phones["author"], town.phones["colleague"]
    colleague.sync()
    mine = author.edit(world.dwelling, access="Trapp")
    colleague.sync(colleague.edit(world.dwelling, access="Heis"))
    author.sync(mine)
    town.ids["review", "open"] = review_id(world.dwelling, "access", author.replica)
    held = author.write("visit", *visit(outcome="flew_away"))
    author.sync(held)
    town.ids["receipt", "held"] = receipt_id(held["mid"])
    header = visit()
    run = example("checklist_run", visit=header[0], dwelling=None)
    early = author.write("checklist_run", new_id(), run)
    author.sync(early)
    author.sync(author.write("visit", *header))
    town.ids["receipt", "settled"] = receipt_id(early["mid"])


def _ask_of_a_case(town: Municipality) -> None:
    """Let two in a case's team answer differently, and one edit of it be held."""
    author, colleague = town.phones["author"], town.phones["colleague"]
    case = town.ids["conflict_case", "of both"]
    author.sync(), colleague.sync()
    mine = author.edit(case, title="Bråk om natta")
    colleague.sync(colleague.edit(case, title="Lukt i gangen"))
    town.ids["review", "open about a case of both"] = author.sync(mine)[0]["reviews"][0]
    held = author.edit(case, title="Bråk om natta", category="unknown")
    author.sync(held)
    town.ids["receipt", "held of a case of both"] = receipt_id(held["mid"])


def _colleague(town: Municipality) -> str:
    made = mutation("colleague", USERS["kari"], {"name": "Kari Nordmann"}, author="admin")
    with town.database.reading() as session:
        admin = actor_of(session, USERS["admin"])
    assert (
        take(town.database, admin, made["replica"], [made], NOW, server=True)[0].state == "applied"
    )
    return USERS["kari"]


def plan(world: World, visitors: dict[str, Json]) -> dict[str, Json]:
    """Give a planned visit with these visitors only."""
    body = example("planned_visit", dwelling=world.dwelling)
    return {p: v for p, v in body.items() if not p.startswith("visitors/")} | visitors


def test_the_table_names_every_kind_there_is() -> None:
    assert {row["kind"] for row in TABLE} == REGISTRY.keys()


def test_everybody_reads_what_the_table_says_and_nothing_else(town: Municipality) -> None:
    wrong = []
    for row in TABLE:
        id = town.ids[row["kind"], row["situation"]]
        for role in ROLES:
            expected = "r" in row[role]
            if _reads(town, role, id) != {expected}:
                wrong.append((row["kind"], row["situation"], role, _reads(town, role, id)))
    assert wrong == []


def _reads(town: Municipality, role: str, id: str) -> set[bool]:
    """Ask every way there is to read: the feed, one record by id, and a list."""
    with town.database.reading() as session:
        mine = scopes_of(session, actor_of(session, PEOPLE[role]), today())
        by_id = id in visible(session, mine, [id])
        listed = any(found.id == id for found in records_visible(session, mine))
    return {id in town.phones[role].base, by_id, listed}


def today() -> Any:
    """Give the moment that the doors give."""
    from datetime import UTC, datetime

    return datetime.now(UTC)


def test_everybody_changes_what_the_table_says_and_nothing_else(town: Municipality) -> None:
    wrong = []
    for row in TABLE:
        if row["situation"] == "deleted":
            continue
        id = town.ids[row["kind"], row["situation"]]
        for role in ROLES:
            result = _change(town, role, row["kind"], id)
            if (result["state"] != "held") != ("w" in row[role]):
                wrong.append((row["kind"], row["situation"], role, result))
    assert wrong == []


def _change(town: Municipality, role: str, kind: str, id: str) -> dict[str, Any]:
    phone = town.phones[role]
    path, value = CHANGE[kind]
    if isinstance(value, str):
        value = value.format(role)
    if kind == "review":
        value = {"choice": "standing", "record_seq": 0, "by": phone.user, "at": AT}
    with town.database.reading() as session:
        record = session.get(Envelope, id)
        assert record is not None
        seq = record.seq
    made = phone.write(kind, id, {path: value}, op="patch", seen={path: (None, seq)})
    return phone.sync(made)[0]


def test_what_one_wrote_leaves_with_the_role_in_its_area(town: Municipality) -> None:
    """Authorship is no access of its own; only the answers to one's own sendings stay."""
    author = town.phones["author"]
    written = [town.ids[key] for key in (("visit", "draft"), ("conversation", "draft"))]
    author.sync()
    assert all(record in author.base for record in written)
    visit, conversation = written
    unsent = [
        author.edit(visit, next_contact_on="2027-01-15"),
        author.edit(conversation, summary="Alt vel."),
    ]
    with town.database.writing() as session:
        people.withdraw(session, author.user)
    author.sync()
    assert {record["kind"] for record in author.base.values()} <= {"review", "receipt"}
    for edit in unsent:
        assert author.sync(edit)[0]["reason"] == "access"
