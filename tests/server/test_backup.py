"""Backups: taken while others write, opened only by their key, restored into a new life."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server import notices, people
from server.config import Settings
from server.database import INCARNATION_STEP, Database, head, incarnation, stamp
from server.keeping.backup import (
    BadBackup,
    NotEmpty,
    backup_name,
    drop_old_backups,
    read_through,
    restore_backup,
    same_sealing_key,
    write_backup,
)
from server.migrations import differences, upgrade
from server.sealed_file import MAGIC, PIECE_SIZE_BYTES, SALT_SIZE_BYTES
from tests.fresh import Fresh

NOW = datetime(2026, 11, 23, 2, 15, tzinfo=UTC)
KARI = "018f2c5e-0000-7000-8000-00000000000a"


@pytest.fixture
def filled(database: Database, settings: Settings) -> tuple[Database, Settings]:
    with database.writing() as session:
        people.add_user(session, KARI, "Kari Ødegård", NOW)
        people.set_password(session, KARI, "kari", "fire ord som ingen vet")
        stamp(session, 41)
    return database, settings


def notes(database: Database) -> list[str]:
    with database.reading() as session:
        return sorted(session.scalars(select(notices.Notice.key)))


def test_what_was_there_is_there_again_with_its_types(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    database, settings = filled
    write_backup(database, settings, tmp_path / "one.backup", NOW)
    empty, other = fresh()
    restore_backup(empty, other, tmp_path / "one.backup")
    with empty.reading() as session:
        user = session.get_one(people.User, KARI)
        assert (user.name, user.created_at, user.closed_at) == ("Kari Ødegård", NOW, None)
        identity = session.scalars(select(people.Identity)).one()
        assert (identity.subject, identity.user) == ("kari", KARI)


@pytest.mark.parametrize("to_postgresql", [True, False])
def test_a_backup_of_one_database_restores_into_the_other(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path, to_postgresql: bool
) -> None:
    database, settings = filled
    write_backup(database, settings, tmp_path / "one.backup", NOW)
    empty, other = fresh(postgresql=to_postgresql)
    restore_backup(empty, other, tmp_path / "one.backup")
    with empty.reading() as session:
        assert session.get_one(people.User, KARI).created_at == NOW
    assert differences(empty) == []


def test_a_restored_database_begins_a_new_life_far_above_the_old_numbers(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    database, settings = filled
    manifest = write_backup(database, settings, tmp_path / "one.backup", NOW)
    empty, other = fresh()
    restore_backup(empty, other, tmp_path / "one.backup")
    with database.reading() as old, empty.reading() as new:
        assert manifest.seq == head(old) == 41
        assert head(new) == 41 + INCARNATION_STEP
        assert incarnation(new) != incarnation(old)


def test_a_login_that_was_ended_since_does_not_come_back(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    database, settings = filled
    with database.writing() as session:
        people.open_session(session, KARI, NOW)
    write_backup(database, settings, tmp_path / "one.backup", NOW)
    empty, other = fresh()
    restore_backup(empty, other, tmp_path / "one.backup")
    with empty.reading() as session:
        assert session.scalar(select(func.count()).select_from(people.LoginSession)) == 0


def test_a_backup_of_a_live_database_is_one_moment_of_it(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    """Each write gives two notices or none; half a write in the backup would show as one of two."""
    database, settings = filled
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with database.writing() as session:
                for side in ("a", "b"):
                    notices.give(session, f"{number:06}{side}", "test", KARI, NOW)
                stamp(session, 2)
            number += 1
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        manifest = write_backup(database, settings, tmp_path / "live.backup", NOW)
    finally:
        stop.set()
        writer.join()
    empty, other = fresh()
    restore_backup(empty, other, tmp_path / "live.backup")
    kept = notes(empty)
    assert kept
    assert kept == notes(database)[: len(kept)]
    assert len(kept) == manifest.seq - 41


def test_another_key_gives_an_error_that_says_what_to_do(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    database, settings = filled
    write_backup(database, settings, tmp_path / "one.backup", NOW)
    empty, other = fresh()
    wrong = replace(other, backup_key=bytes(range(32)))
    with pytest.raises(BadBackup, match="does not open with this backup.key"):
        restore_backup(empty, wrong, tmp_path / "one.backup")


@pytest.mark.parametrize("harm", ["cut", "bit", "piece dropped", "pieces swapped", "not ours"])
def test_a_harmed_backup_is_refused_before_anything_is_written(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path, harm: str
) -> None:
    database, settings = filled
    path = tmp_path / "one.backup"
    with database.writing() as session:
        for number in range(12_000):
            session.add(notices.Notice(key=f"{number:0110}", kind="t", about=KARI, given_at=NOW))
    write_backup(database, settings, path, NOW)
    whole, sealed = path.read_bytes(), PIECE_SIZE_BYTES + 16
    start = len(MAGIC) + SALT_SIZE_BYTES
    assert len(whole) > start + 2 * sealed
    first, second = whole[start : start + sealed], whole[start + sealed : start + 2 * sealed]
    harmed = {
        "cut": whole[: start + sealed],
        "bit": whole[:-100] + bytes([whole[-100] ^ 1]) + whole[-99:],
        "piece dropped": whole[: start + sealed] + whole[start + 2 * sealed :],
        "pieces swapped": whole[:start] + second + first + whole[start + 2 * sealed :],
        "not ours": b"SQLite format 3\0" + whole,
    }
    path.write_bytes(harmed[harm])
    empty, other = fresh()
    with pytest.raises(BadBackup):
        restore_backup(empty, other, path)
    upgrade(empty)
    assert notes(empty) == []


def test_a_restore_never_writes_over_what_is_there(
    filled: tuple[Database, Settings], tmp_path: Path
) -> None:
    database, settings = filled
    write_backup(database, settings, tmp_path / "one.backup", NOW)
    with pytest.raises(NotEmpty, match="not empty"):
        restore_backup(database, settings, tmp_path / "one.backup")
    with database.reading() as session:
        assert head(session) == 41


def test_a_backup_holds_no_readable_word_and_is_its_owners_alone(
    filled: tuple[Database, Settings], tmp_path: Path
) -> None:
    database, settings = filled
    path = tmp_path / "one.backup"
    write_backup(database, settings, path, NOW)
    written = path.read_bytes()
    assert "Ødegård".encode() not in written
    assert b"user_account" not in written
    assert path.stat().st_mode & 0o077 == 0
    assert list(tmp_path.glob(".*")) == []


def test_it_is_told_when_the_sealing_key_is_another(
    filled: tuple[Database, Settings], fresh: Fresh, tmp_path: Path
) -> None:
    database, settings = filled
    manifest = write_backup(database, settings, tmp_path / "one.backup", NOW)
    assert read_through(tmp_path / "one.backup", settings.backup_key) == manifest
    assert same_sealing_key(manifest, settings)
    assert not same_sealing_key(replace(manifest, sealing_key="another"), settings)


def test_backups_past_their_time_go_but_never_the_newest(tmp_path: Path) -> None:
    for days in (200, 100, 91, 89, 1):
        (tmp_path / backup_name(NOW - timedelta(days=days))).touch()
    drop_old_backups(tmp_path, NOW)
    assert len(list(tmp_path.iterdir())) == 2
    drop_old_backups(tmp_path, NOW + timedelta(days=500))
    assert [path.name for path in tmp_path.iterdir()] == [backup_name(NOW - timedelta(days=1))]
