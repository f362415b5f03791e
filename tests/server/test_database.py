"""The database: encrypted, one writer's turn, one reader's snapshot, moments in UTC."""

from __future__ import annotations

import stat
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import (
    IntegrityError,
    InvalidRequestError,
    SQLAlchemyError,
    StatementError,
)
from sqlalchemy.orm import Session

from server import refuse_demo_in_production
from server.config import Settings, read_settings
from server.database import (
    INCARNATION_STEP,
    BadDatabase,
    Clock,
    Database,
    configure,
    db,
    head,
    incarnation,
    mark_demo,
    renew_incarnation,
    stamp,
)
from server.driver import Sql, many
from server.records.record import Gone
from tests.fresh import on_postgresql
from tests.makers import new_id

KEYS = {"cursor_key": "", "import_key": "", "open_names_until": 0}
_FORGET = Sql("INSERT INTO gone (id, at) VALUES (?, ?)")
NOW = datetime(2026, 11, 23, 8, 0, 0, 123_456, tzinfo=UTC)


@pytest.fixture
def in_memory(keys: Path, tmp_path: Path, cluster: object) -> Database:
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(tmp_path), "OPPGANG_KEYS": str(keys)}
    made = Database(read_settings({**given, "OPPGANG_DATABASE_URL": "sqlite://"}))
    made.create()
    return made


def test_numbers_run_on_without_a_hole(database: Database) -> None:
    with database.writing() as session:
        assert stamp(session, 3) == 1
        assert stamp(session, 1) == 4
    with database.reading() as session:
        assert head(session) == 4


def test_in_a_transaction_that_broke_no_statement_runs_beside_it(database: Database) -> None:
    """The driver's connection is at hand without the session, and would commit by itself."""
    gone = new_id()
    with pytest.raises(InvalidRequestError), database.writing() as session:
        many(session, _FORGET, [(gone, NOW.isoformat(" "))])
        session.add(Clock(id=1, seq=0, incarnation=new_id(), chain="", **KEYS))
        with pytest.raises(IntegrityError):
            session.flush()
        many(session, _FORGET, [(gone, NOW.isoformat(" "))])
    with database.reading() as session:
        assert session.get(Gone, gone) is None


def test_an_error_takes_everything_back(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.writing() as session:
        stamp(session, 5)
        session.execute(insert(Gone).values(id=new_id(), at=NOW))
        raise ZeroDivisionError
    with database.reading() as session:
        assert head(session) == 0
        assert session.scalars(select(Gone)).all() == []


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(SQLAlchemyError), database.reading() as session:
        stamp(session, 1)
    with database.writing() as session:
        assert stamp(session, 1) == 1


def test_what_a_reader_changed_is_not_dropped_without_a_word(database: Database) -> None:
    """Nothing flushes it, so the database itself is never asked to refuse it."""
    gone = new_id()
    with database.writing() as session:
        session.add(Gone(id=gone, at=NOW))
    changes: list[Callable[[Session], object]] = [
        lambda session: session.add(Gone(id=new_id(), at=NOW)),
        lambda session: setattr(session.get_one(Gone, gone), "at", NOW + timedelta(days=1)),
        lambda session: session.delete(session.get_one(Gone, gone)),
    ]
    for change in changes:
        with pytest.raises(RuntimeError, match="for reading"), database.reading() as session:
            change(session)


def test_a_reader_sees_one_snapshot_while_others_write(database: Database) -> None:
    with database.reading() as reader:
        before = head(reader)
        with database.writing() as writer:
            stamp(writer, 7)
        reader.expire_all()
        assert head(reader) == before
    with database.reading() as later:
        assert head(later) == 7


def test_a_write_inside_a_write_says_so_instead_of_waiting_for_ever(database: Database) -> None:
    with (
        database.writing(),
        pytest.raises(RuntimeError, match="inside a write"),
        database.writing(),
    ):
        pass
    with database.writing() as session:
        assert stamp(session, 1) == 1


def test_the_first_query_of_a_writer_already_has_its_turn(database: Database) -> None:
    """Two that read, add one and write would lose an update if the turn came at the first write."""
    with database.writing() as session:
        session.execute(insert(Clock).values(id=2, seq=0, incarnation=new_id(), chain="", **KEYS))

    def add_twenty() -> None:
        for _ in range(20):
            with database.writing() as session:
                row = session.get_one(Clock, 2, with_for_update=True)
                row.seq += 1

    threads = [threading.Thread(target=add_twenty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert session.get_one(Clock, 2).seq == 80


def test_a_moment_comes_back_aware_in_utc_and_in_whole_milliseconds(database: Database) -> None:
    here = timezone(timedelta(hours=2))
    id = new_id()
    with database.writing() as session:
        session.execute(insert(Gone).values(id=id, at=NOW.astimezone(here)))
    with database.reading() as session:
        at = session.get_one(Gone, id).at
        assert at == NOW.replace(microsecond=123_000)
        assert at.utcoffset() == timedelta(0)


def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="without a time zone"), database.writing() as session:
        naive = NOW.replace(tzinfo=None)
        session.execute(insert(Gone).values(id=new_id(), at=naive))


def test_a_restore_begins_a_new_life_far_above(database: Database) -> None:
    with database.writing() as session:
        stamp(session, 9)
        old, new = incarnation(session), new_id()
        renew_incarnation(session, new)
    with database.reading() as session:
        assert incarnation(session) == new != old
        assert head(session) == 9 + INCARNATION_STEP


def test_production_refuses_demonstration_data(database: Database, settings: Settings) -> None:
    serious = replace(settings, mode=type(settings.mode).PRODUCTION)
    refuse_demo_in_production(database, serious)
    with database.writing() as session:
        mark_demo(session, NOW)
    refuse_demo_in_production(database, settings)
    with pytest.raises(BadDatabase, match="demonstration"):
        refuse_demo_in_production(database, serious)


def test_a_page_reads_by_the_requests_own_session_and_cannot_write(settings: Settings) -> None:
    app = Flask("page")
    configure(app, settings)
    with app.app_context():
        assert head(db.session()) == 0
        with pytest.raises(SQLAlchemyError):
            stamp(db.session(), 1)
    app.extensions["oppgang"].close()


@pytest.mark.usefixtures("cluster")
def test_the_file_is_encrypted_private_and_opened_by_its_key_alone(
    keys: Path, tmp_path: Path
) -> None:
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(tmp_path), "OPPGANG_KEYS": str(keys)}
    settings = read_settings(given)
    database = Database(settings)
    database.create()
    canary = new_id()
    with database.writing() as session:
        session.execute(insert(Gone).values(id=canary, at=NOW))
    for file in tmp_path.glob("oppgang.db*"):
        assert canary.encode() not in file.read_bytes()
        assert b"SQLite format" not in file.read_bytes()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    database.close()
    stranger = Database(replace(settings, database_key=b"\x01" * 32))
    with pytest.raises(BadDatabase, match="this key"), stranger.reading() as session:
        head(session)


def test_no_content_is_in_an_error_from_the_database(database: Database) -> None:
    id, canary = new_id(), "Kari Ødegård"
    row = {"id": id, "at": NOW}
    with pytest.raises(SQLAlchemyError) as failed, database.writing() as session:
        session.execute(insert(Gone), [row, row, {"id": canary, "at": NOW}])
    assert canary not in str(failed.value) and canary not in repr(failed.value)
    assert str(failed.value)


def test_sqlite_in_memory_serves_the_simulator(in_memory: Database) -> None:
    with in_memory.writing() as session:
        assert stamp(session, 2) == 1
    with in_memory.reading() as session:
        assert head(session) == 2
    with pytest.raises(RuntimeError, match="for reading"), in_memory.reading() as session:
        stamp(session, 1)
    with in_memory.reading() as session:
        assert head(session) == 2


@pytest.mark.usefixtures("cluster")
def test_an_old_sqlite_is_refused(
    keys: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.database.SQLITE_OLDEST", (99, 0, 0))
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(tmp_path), "OPPGANG_KEYS": str(keys)}
    with pytest.raises(BadDatabase, match="corrupt"):
        Database(read_settings(given))


def test_what_is_committed_is_durable_and_a_reader_stands_still(database: Database) -> None:
    with database.reading() as session:
        ask = session.connection().exec_driver_sql
        if on_postgresql():
            assert ask("SHOW transaction_isolation").scalar_one() == "repeatable read"
            assert ask("SHOW transaction_read_only").scalar_one() == "on"
            assert ask("SHOW synchronous_commit").scalar_one() == "on"
            return
        assert ask("PRAGMA journal_mode").scalar_one() == "wal"
        assert ask("PRAGMA synchronous").scalar_one() == 2
        assert ask("PRAGMA foreign_keys").scalar_one() == 1
        assert ask("PRAGMA query_only").scalar_one() == 1
        assert ask("PRAGMA busy_timeout").scalar_one() > 0
