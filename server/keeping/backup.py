"""Encrypted backups of a live database, and their restoring into an empty one.

A backup is the rows of one read snapshot, table by table, the same for SQLite and PostgreSQL, so
that either can be restored into the other. It may not hold keys: those live in escrow, apart.
"""

from __future__ import annotations

import base64
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    inspect,
    select,
    text,
)

from server.config import Settings
from server.database import Database, head, incarnation, renew_incarnation
from server.migrations import schema_version, upgrade
from server.records import projection
from server.sealed_file import Damaged, NotOurs, SealedWriter, WrongKey, lines
from server.sealing import sealing_key

FORMAT = 1
SUFFIX = ".backup"
ROWS_AT_A_TIME = 500
KEPT = timedelta(days=90)
"""How long backups live; after that what was erased is gone from them too."""
NOT_CARRIED_OVER = ("login_attempt", "login_session", "passkey_challenge")
"""Tables emptied by a restore: a login that was ended since the backup must not come back."""
SCHEMA_TABLE = "alembic_version"


class BadBackup(Exception):
    """The backup cannot be used; the text says why and what to do."""


class NotEmpty(Exception):
    """The database already holds something; a restore never writes over it."""


@dataclass(frozen=True)
class Manifest:
    """The first line of a backup: what it is and where it was taken from."""

    format: int
    made_at: str
    schema: str
    incarnation: str
    seq: int
    sealing_key: str


def write_backup(database: Database, settings: Settings, path: Path, now: datetime) -> Manifest:
    """Write one backup from one read snapshot while others go on writing; whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            sealed = SealedWriter(file, settings.backup_key)
            manifest = _dump(database, settings, now, lambda line: sealed.write(line + b"\n"))
            sealed.close()
            file.flush()
            os.fsync(handle)
        read_through(draft, settings.backup_key)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def backup_name(now: datetime) -> str:
    """The name of a backup made now; names sort by time."""
    return f"oppgang-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}{SUFFIX}"


def drop_old_backups(folder: Path, now: datetime) -> list[Path]:
    """Delete the backups past their time, never the newest one; returns what was deleted."""
    by_age = sorted(folder.glob(f"oppgang-*{SUFFIX}"))
    limit = backup_name(now - KEPT)
    old = [path for path in by_age[:-1] if path.name < limit]
    for path in old:
        path.unlink()
    return old


def read_through(path: Path, *keys: bytes) -> Manifest:
    """Open a backup to its very end; raises BadBackup when anything is amiss."""
    read = parts(path, *keys)
    manifest = next(read)
    assert isinstance(manifest, Manifest)
    for _ in read:
        pass
    return manifest


def restore_backup(database: Database, settings: Settings, path: Path) -> Manifest:
    """Lay a backup into an empty database, which begins a new life (I-18): phones send again.

    Raises BadBackup, or NotEmpty when the database holds rows. The rows, the new incarnation and
    the raised sequence are one transaction, so that no half-restored server can ever answer.
    """
    manifest = read_through(path, *settings.backup_keys)
    _make_way(database)
    upgrade(database, manifest.schema)
    with database.writing() as session:
        connection = session.connection()
        tables = _tables(connection)
        for table in reversed(list(tables.values())):
            connection.execute(table.delete())
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for part in parts(path, *settings.backup_keys):
            if isinstance(part, Rows):
                _insert(connection, tables, part)
        for name in NOT_CARRIED_OVER:
            if name in tables:
                connection.execute(tables[name].delete())
        _raise_counters(connection, tables)
        renew_incarnation(session, str(uuid.uuid4()))
    if upgrade(database):
        with database.writing() as session:
            projection.rebuild(session)
    return manifest


def same_sealing_key(manifest: Manifest, settings: Settings) -> bool:
    """Whether what the phones sealed can still be opened here."""
    key = sealing_key(settings.sealing_key, settings.sealing_keys_before)
    return manifest.sealing_key in {each.id for each in (key, *key.before)}


@dataclass(frozen=True)
class Rows:
    """Some rows of one table, values still as they travelled."""

    table: str
    columns: tuple[str, ...]
    rows: tuple[list[Any], ...]


def _dump(
    database: Database, settings: Settings, now: datetime, write: Callable[[bytes], None]
) -> Manifest:
    counts: dict[str, int] = {}
    with database.reading() as session:
        connection = session.connection()
        manifest = Manifest(
            format=FORMAT,
            made_at=now.astimezone(UTC).isoformat(timespec="seconds"),
            schema=schema_version(connection),
            incarnation=incarnation(session),
            seq=head(session),
            sealing_key=sealing_key(settings.sealing_key).id,
        )
        write(orjson.dumps(asdict(manifest)))
        for name, table in _tables(connection).items():
            write(orjson.dumps({"table": name, "columns": [str(c.name) for c in table.columns]}))
            counts[name] = 0
            every = select(table).order_by(*table.primary_key.columns)
            for row in connection.execute(every).yield_per(ROWS_AT_A_TIME):
                write(orjson.dumps(list(row), default=_plain, option=orjson.OPT_NAIVE_UTC))
                counts[name] += 1
    write(orjson.dumps({"end": counts}))
    return manifest


def parts(path: Path, *keys: bytes) -> Iterator[Manifest | Rows]:
    """The manifest, then the rows in portions; raises BadBackup also when the end is missing."""
    try:
        with path.open("rb") as file:
            text_lines = lines(file, *keys)
            manifest = Manifest(**orjson.loads(next(text_lines)))
            if manifest.format != FORMAT:
                raise BadBackup(f"{path.name} was made by a newer Oppgang. Upgrade this one first.")
            yield manifest
            yield from _rows(path, text_lines)
    except FileNotFoundError as error:
        raise BadBackup(f"There is no file {path}.") from error
    except NotOurs as error:
        raise BadBackup(f"{path.name} is not a backup from Oppgang.") from error
    except WrongKey as error:
        raise BadBackup(
            f"{path.name} does not open with this backup.key, nor with an older one beside it. "
            "Fetch the key it was made with from escrow and put it in OPPGANG_KEYS."
        ) from error
    except Damaged as error:
        raise BadBackup(f"{path.name} is damaged or cut short. Use another backup.") from error


def _rows(path: Path, text_lines: Iterator[bytes]) -> Iterator[Rows]:
    table, columns, waiting = "", (), list[list[Any]]()
    counts: dict[str, int] = {}
    for line in text_lines:
        value = orjson.loads(line)
        if isinstance(value, list):
            waiting.append(value)
            if len(waiting) < ROWS_AT_A_TIME:
                continue
        if waiting:
            counts[table] += len(waiting)
            yield Rows(table, columns, tuple(waiting))
            waiting.clear()
        if isinstance(value, dict) and "table" in value:
            table, columns = value["table"], tuple(value["columns"])
            counts[table] = 0
        elif isinstance(value, dict):
            if value["end"] != counts:
                raise BadBackup(f"{path.name} does not hold the rows it says. Use another backup.")
            return
    raise Damaged


def _tables(connection: Connection) -> dict[str, Table]:
    """Every table but the schema's own, parents before children, as the database has them now."""
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        str(table.name): table for table in metadata.sorted_tables if table.name != SCHEMA_TABLE
    }


def _make_way(database: Database) -> None:
    """Drop empty tables; raises NotEmpty when a row other than the untouched clock is there."""
    with database.writing() as session:
        connection = session.connection()
        for name, table in _tables(connection).items():
            rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
            untouched = name == "clock" and not any(
                connection.execute(select(table.c.seq)).scalars()
            )
            if rows and not untouched:
                raise NotEmpty(f"The database is not empty (table {name}). Restore into a new one.")
    everything = MetaData()
    everything.reflect(database.engine)
    everything.drop_all(database.engine)


def _insert(connection: Connection, tables: dict[str, Table], part: Rows) -> None:
    table = tables[part.table]
    naive = connection.dialect.name == "sqlite"
    readers = [_reader(table.c[name].type, naive) for name in part.columns]
    values = [
        {
            name: None if value is None else read(value)
            for name, read, value in zip(part.columns, readers, row, strict=True)
        }
        for row in part.rows
    ]
    connection.execute(insert(table), values)


def _reader(type_: object, naive: bool) -> Callable[[Any], Any]:
    """How a column's value comes back from its plain form."""
    if isinstance(type_, LargeBinary):
        return base64.b64decode
    if isinstance(type_, DateTime):
        return lambda value: datetime.fromisoformat(value).replace(tzinfo=None if naive else UTC)
    if isinstance(type_, Date):
        return date.fromisoformat
    return lambda value: value


def _plain(value: object) -> str:
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"no plain form for {type(value).__name__}")


def _raise_counters(connection: Connection, tables: dict[str, Table]) -> None:
    """PostgreSQL's own counters know nothing of rows that were laid in by hand."""
    if connection.dialect.name != "postgresql":
        return
    found = inspect(connection)
    for name in tables:
        for column in found.get_columns(name):
            if not (column.get("identity") or "nextval" in str(column.get("default"))):
                continue
            counter = f"pg_get_serial_sequence('\"{name}\"', '{column['name']}')"
            highest = f'(SELECT coalesce(max("{column["name"]}"), 0) + 1 FROM "{name}")'
            connection.execute(text(f"SELECT setval({counter}, {highest}, false)"))
