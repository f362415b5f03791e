"""The access log: every reading about people stands in it, and no row is changed unseen."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from server import access_log, access_seen, acts, append_only
from server.access_log import DUTY, NAMED, AccessHead, AccessRow, Reading
from server.config import Settings
from server.database import Database
from server.keeping.export import export_all
from server.ledger import MutationRow
from server.migrations import upgrade
from server.records import REGISTRY
from tests.makers import NOW, USERS, World, example, new_id, visit
from tests.server.lane import store_at_once
from tests.server.phone import Phone
from tests.server.tampering import unguard


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone, with everything it may know."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def logged(database: Database) -> list[AccessRow]:
    """Give the whole log."""
    with database.reading() as session:
        return list(session.scalars(select(AccessRow).order_by(AccessRow.position)))


def names(row: AccessRow) -> set[str]:
    """Give the records a row names."""
    return set(access_log.records_in(row.records))


def test_what_goes_to_a_phone_stands_in_the_log_by_record_role_and_reason(
    kari: Phone, database: Database, world: World
) -> None:
    before = len(logged(database))
    (sent,) = kari.sync(kari.write("visit", id := new_id(), visit()[1]))
    assert sent["state"] == "applied"
    (row,) = logged(database)[before:]
    assert (row.who, row.roles, row.way) == (USERS["kari"], "bomiljo", "sync.sync")
    assert (row.replica, row.purpose, row.size) == (kari.replica, NAMED, 1)
    assert names(row) == {id}
    on_duty = logged(database)[:before]
    assert {row.purpose for row in on_duty} == {DUTY}
    assert set.union(*map(names, on_duty)) == {world.dwelling}
    """The area is a kind that tells of nobody."""


def test_nothing_to_tell_leaves_no_line(kari: Phone, database: Database) -> None:
    before = len(logged(database))
    kari.sync()
    assert len(logged(database)) == before


def test_each_kind_that_has_a_word_about_people_is_logged() -> None:
    silent = {spec.name for spec in REGISTRY.values() if not spec.about_people}
    assert silent == {
        "absence",
        "area",
        "checklist",
        "emergency_number",
        "housing_company",
        "meeting_place",
        "programme_site",
        "site_figures",
    }


def test_an_export_names_every_record_it_gave_out(
    kari: Phone, database: Database, tmp_path: Path
) -> None:
    ids = {new_id() for _ in range(3)}
    kari.sync(*(kari.write("visit", id, visit()[1]) for id in ids))
    before = len(logged(database))
    export_all(database, tmp_path / "out", lambda id: None, "cli:drift", NOW)
    rows = logged(database)[before:]
    assert {(row.who, row.purpose) for row in rows} == {("cli:drift", access_log.EXPORT)}
    assert ids <= set.union(*map(names, rows))


def fill(session: Session, rows: int) -> None:
    """Write a log of some length."""
    for number in range(rows):
        ids = [new_id() for _ in range(number % 4 + 1)]
        why = "Ba om det" if number % 5 == 0 else None
        reading = Reading(USERS["lise"], "leader", "office.record", DUTY, ids, why=why)
        access_log.append(session, [reading], NOW + timedelta(minutes=number))


def test_a_long_reading_is_cut_into_rows_that_fit(database: Database) -> None:
    ids = {new_id() for _ in range(access_log.RECORDS_MAX + 7)}
    with database.writing() as session:
        access_log.append(session, [Reading("a", "leader", "x", DUTY, ids)], NOW)
    rows = logged(database)
    assert [row.size for row in rows] == [access_log.RECORDS_MAX, 7]
    assert set.union(*map(names, rows)) == ids


def tamper(session: Session, dice: random.Random, rows: int) -> int:
    """Do one thing to the log that nobody may; give the first position that is not as it was."""
    at = dice.randint(1, rows)
    here = AccessRow.position == at
    match dice.choice(("alter", "delete", "swap", "insert", "cut")):
        case "alter":
            values: dict[str, Any] = {
                "at": NOW - timedelta(days=1),
                "who": USERS["eva"],
                "roles": "admin",
                "way": "office.inbox",
                "purpose": NAMED,
                "why": "en annen grunn",
                "replica": new_id(),
                "records": bytes(16),
                "size": 999,
                "chain": "f" * 64,
            }
            name = dice.choice(sorted(values))
            session.execute(update(AccessRow).where(here).values({name: values[name]}))
        case "delete":
            session.execute(delete(AccessRow).where(here))
        case "swap" if at < rows:
            for old, new in ((at, 0), (at + 1, at), (0, at + 1)):
                moved = update(AccessRow).where(AccessRow.position == old)
                session.execute(moved.values(position=new))
        case "insert":
            row = dict(session.execute(select(AccessRow.__table__).where(here)).mappings().one())
            session.execute(insert(AccessRow).values({**row, "position": rows + 1}))
            return rows + 1
        case _:
            session.execute(delete(AccessRow).where(AccessRow.position >= at))
            return at
    return at


def test_every_tampering_is_found_and_its_first_row_named(database: Database) -> None:
    rows, dice = 30, random.Random(20261129)
    with database.writing() as session:
        fill(session, rows)
    with database.writing() as session:
        unguard(session)
        assert access_log.first_break(session) is None
        for _ in range(300):
            with session.begin_nested() as attempt:
                at = tamper(session, dice, rows)
                session.expire_all()
                assert access_log.first_break(session) == at
                attempt.rollback()
        session.expire_all()
        assert access_log.first_break(session) is None


def test_the_head_alone_cannot_be_moved_back(database: Database) -> None:
    with database.writing() as session:
        fill(session, 3)
        session.execute(update(AccessHead).values(position=2))
        session.expire_all()
        assert access_log.first_break(session) == 4


FORBIDDEN = (
    "UPDATE access_log SET who = 'x'",
    "UPDATE access_log SET chain = chain",
    "DELETE FROM access_log",
    "UPDATE act SET \"by\" = 'x'",
    "DELETE FROM act",
    "DELETE FROM mutation",
    "UPDATE mutation SET author = 'x'",
    "UPDATE mutation SET sha256 = 'x'",
    "UPDATE mutation SET received_at = received_at",
    "UPDATE mutation SET chain = 'x'",
    "UPDATE mutation SET raw = sha256",
)


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_itself_refuses_to_change_what_was_written(
    statement: str, kari: Phone, database: Database
) -> None:
    kari.sync(kari.write("visit", new_id(), visit()[1]))
    if database.url.get_backend_name() == "postgresql":
        statement = statement.replace("raw = sha256", "raw = 'x'::bytea")
    with database.writing() as session:
        acts.note(session, "something", "cli:drift", NOW)
    with pytest.raises(DBAPIError), database.writing() as session:
        session.execute(text(statement))


def test_what_may_change_still_may(kari: Phone, database: Database) -> None:
    """Settling a mutation, and blanking what was erased."""
    kari.sync(kari.write("visit", new_id(), visit()[1]))
    with database.writing() as session:
        session.execute(update(MutationRow).values(state="held", reason="fault", effect=None))
        session.execute(update(MutationRow).values(raw=None))


def test_a_trigger_that_is_gone_is_missed_and_comes_back_with_the_next_upgrade(
    database: Database,
) -> None:
    with database.writing() as session:
        assert append_only.missing(session.connection()) == []
        unguard(session)
        assert len(append_only.missing(session.connection())) >= 7
    upgrade(database)
    with database.writing() as session:
        append_only.ensure(session.connection())
    if database.url.get_backend_name() == "sqlite":
        with database.reading() as session:
            assert append_only.missing(session.connection()) == []


def test_who_has_seen_a_record_is_found_by_its_id(database: Database) -> None:
    seen, other = new_id(), new_id()
    with database.writing() as session:
        fill(session, 20)
        for ids in ([seen], [other], [other, seen]):
            access_log.append(session, [Reading("x", "leader", "export", DUTY, ids)], NOW)
    with database.reading() as session:
        found = access_seen.readings_of(session, seen, 10)
        assert [row.position for row in found] == [23, 21]
        assert access_seen.readings_of(session, seen, 1)[0].position == 23
        assert access_seen.readings_of(session, new_id(), 10) == []


@pytest.mark.parametrize("followed", [0, 3, 7])
def test_who_has_seen_some_records_is_the_same_however_far_the_index_has_come(
    followed: int, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A household of many years is asked of at once: latest first, and of how many each tells."""
    monkeypatch.setattr(access_seen, "ASKED_AT_ONCE", 2)
    one, two, three, other = (new_id() for _ in range(4))
    given = [[one], [other], [one, two, other], [other], [three], [one, two, three], [other]]
    for number, ids in enumerate(given, 1):
        with database.writing() as session:
            why = "Brann" if number == 3 else None
            reading = Reading("x", "leader", "export", DUTY, ids, why=why)
            access_log.append(session, [reading], NOW)
        if number == followed:
            access_seen.follow(database, settings, NOW)
    with database.reading() as session:
        found = access_seen.readings_of_many(session, [one, two, three])
        assert [(row.position, many) for row, many in found] == [(6, 3), (5, 1), (3, 2), (1, 1)]
        assert [row.why for row, _ in found] == [None, None, "Brann", None]
        assert access_seen.readings_of_many(session, []) == []


def test_a_picture_on_a_phone_is_a_reading_too(kari: Phone, database: Database) -> None:
    id = new_id()
    made = kari.write("attachment", id, example("attachment", record=World.dwelling))
    assert kari.sync(made)[0]["state"] == "applied"
    before = len(logged(database))
    assert kari.client.get(f"/api/v1/attachments/{id}").status_code == 404
    assert len(logged(database)) == before
    store_at_once(kari.app, id)
    assert kari.client.get(f"/api/v1/attachments/{id}").status_code == 200
    (row,) = logged(database)[before:]
    assert (row.way, names(row)) == ("attachments.read", {id})
