"""Erasure and its own ledger: a file of ids, outside every backup, that no restore may forget.

The file lies beside the backups and is only added to. It names records and never says a word of
what was in them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import delete, func, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from server import intake, openings
from server.config import Settings
from server.database import Database
from server.intake.papers import ParentsMoved
from server.keeping import holds, insight
from server.photos.attachments import Upload, store_of
from server.records.record import Envelope, Gone
from server.shapes import write_instant

NAME = "erased.jsonl"
REPLAYED = "replayed after a restore"
AT_ONCE = 100
TRIES = 4
FOLDERS = ("originals", "pictures", "thumbnails")
Pick = Callable[[Session, Collection[str]], Collection[str]]


def _all(_: Session, ids: Collection[str]) -> Collection[str]:
    return ids


def ledger_of(settings: Settings) -> Path:
    """Give the file's place: beside the backups, so that it is copied off the machine with them."""
    return settings.data / "backups" / NAME


def erase(
    database: Database,
    settings: Settings,
    ids: Collection[str],
    now: datetime,
    why: str,
    by: str,
    still: Pick = _all,
) -> tuple[str, ...]:
    """Erase records with all that belongs to them; give the ids of all that went.

    `still` says in the very transaction which of some may go yet.

    The file is written durably before the database commits: a crash between the two erases at the
    next start what was decided, and never forgets it.
    """
    done: list[str] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), AT_ONCE):
        piece = wanted[start : start + AT_ONCE]
        done += _erase(database, settings, piece, now, why, by, still)
    intake.place_withheld(database, now)
    return tuple(done)


def shed(
    database: Database,
    settings: Settings,
    ids: Collection[str],
    now: datetime,
    why: str,
    by: str,
    still: Pick = _all,
) -> None:
    """Erase what belongs to records that stay, before they are cleared: its files go with it."""

    def belonging(session: Session, found: Collection[str]) -> Collection[str]:
        return intake.with_belongings(session, still(session, found)).keys() - set(found)

    erase(database, settings, ids, now, why, by, belonging)


def clear(session: Session, ids: Collection[str], now: datetime, why: str, by: str) -> None:
    """Take what is personal out of records that stay, wherever it stands, its digests too."""
    openings.forget(session, ids)
    insight.forget(session, intake.clear(session, ids, now, why, by))
    insight.forget_words(session, ids)
    holds.forget(session, ids)


def replay(database: Database, settings: Settings, now: datetime, *, files: bool = False) -> int:
    """Erase again what the file names and the database still has; give how many.

    Run before anything is served. What was made after the backup is not here, and must not come
    again either: a phone that sent it would send it once more. `files`: picture files were laid
    back too.
    """
    again = 0
    for ids in _named(ledger_of(settings)):
        with database.reading() as session:
            here = list(session.scalars(select(Envelope.id).where(Envelope.id.in_(ids))))
        if here:
            again += len(erase(database, settings, here, now, REPLAYED, "server"))
        _never_again(database, ids, now)
        if files:
            _drop_files(settings, ids)
    return again


def _never_again(database: Database, ids: Collection[str], now: datetime) -> None:
    """Note as gone what is not here: whatever is sent about it later has come too late."""
    with database.reading() as session:
        known = set(session.scalars(select(Gone.id).where(Gone.id.in_(ids))))
        unknown = [id for id in ids if id not in known]
    if unknown:
        with database.writing() as session:
            session.execute(insert(Gone), [{"id": id, "at": now} for id in unknown])


def adopt(settings: Settings, other: Path) -> None:
    """Take over the lines of a file that came along with a backup."""
    own = ledger_of(settings)
    known = set(own.read_bytes().splitlines()) if own.exists() else set()
    if other.exists():
        for line in other.read_bytes().splitlines():
            if line not in known:
                _add(own, line)


def has_erased(database: Database) -> bool:
    """Say whether anything was ever erased from this database."""
    with database.reading() as session:
        return bool(session.scalar(select(func.count()).select_from(Gone)))


def _erase(
    database: Database,
    settings: Settings,
    ids: list[str],
    now: datetime,
    why: str,
    by: str,
    still: Pick = _all,
) -> tuple[str, ...]:
    for attempt in range(TRIES):
        try:
            with database.writing() as session:
                going = still(session, ids)
                openings.forget(session, going)
                done = intake.erase(session, going, now, why, by)
                holds.forget(session, done)
                session.execute(delete(Upload).where(Upload.id.in_(done)))
                insight.forget(session, done)
                said = {"at": write_instant(now), "why": why, "by": by, "ids": done}
                if done and why != REPLAYED:
                    _add(ledger_of(settings), orjson.dumps(said))
            _drop_files(settings, done)
            return done
        except (IntegrityError, OperationalError, ParentsMoved):
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def _add(path: Path, line: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, line + b"\n")
        os.fsync(handle)
    finally:
        os.close(handle)


def _named(path: Path) -> Iterator[list[str]]:
    """Give the ids in the file; a last line that a crash cut short was never carried out."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            try:
                ids = orjson.loads(line)["ids"]
            except (orjson.JSONDecodeError, KeyError, TypeError):
                continue
            yield [str(id) for id in ids]


def _drop_files(settings: Settings, ids: Collection[str]) -> None:
    store = store_of(settings)
    for id in ids:
        store.drop_parts(id)
        for folder in FOLDERS:
            store.delete(f"{folder}/{id}")
