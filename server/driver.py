"""SQL of the road that every push and pull takes: written once, handed to the driver as it stands.

SQLAlchemy would build, cache and bind each of these anew, at many times their cost. It opens no
database, begins no transaction, and knows no table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeAlias

import orjson
from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Row: TypeAlias = tuple[Any, ...]


class Sql:
    """One statement: `?` stands for a value and `IN ?` for a list, on both databases."""

    __slots__ = ("on_postgresql", "on_sqlite")

    def __init__(self, text: str, sqlite_only: str = "", postgresql_only: str = "") -> None:
        self.on_sqlite = text.replace("IN ?", "IN (SELECT value FROM json_each(?))") + sqlite_only
        self.on_postgresql = text.replace("IN ?", "= ANY(?)").replace("?", "%s") + postgresql_only


class Insert:
    """Rows that a table does not have yet; PostgreSQL takes them by COPY, for less a row."""

    __slots__ = ("copy", "sql")

    def __init__(self, table: str, columns: Sequence[str]) -> None:
        named = ", ".join(f'"{column}"' for column in columns)
        signs = ", ".join("?" * len(columns))
        self.sql = Sql(f'INSERT INTO "{table}" ({named}) VALUES ({signs})')
        self.copy = f'COPY "{table}" ({named}) FROM STDIN'


def rows(session: Session, sql: Sql, *values: Any) -> list[Row]:
    """Run one statement and give all its rows as the driver has them."""
    raw, dialect = _under(session)
    try:
        if dialect.name == "sqlite":
            given = [orjson.dumps(v).decode() if type(v) is list else v for v in values]
            found: list[Row] = raw.execute(sql.on_sqlite, given).fetchall()
            return found
        cursor = raw.execute(sql.on_postgresql, [_array(v) for v in values])
        return cursor.fetchall() if cursor.description else []
    except dialect.loaded_dbapi.Error as error:
        raise _known(dialect, error) from error


def many(session: Session, sql: Sql, written: Sequence[Row]) -> None:
    """Run one statement for many rows."""
    if not written:
        return
    raw, dialect = _under(session)
    try:
        if dialect.name == "sqlite":
            raw.executemany(sql.on_sqlite, written)
        else:
            raw.cursor().executemany(sql.on_postgresql, written)
    except dialect.loaded_dbapi.Error as error:
        raise _known(dialect, error) from error


def add(session: Session, new: Insert, written: Sequence[Row]) -> None:
    """Add many rows; one that is there already is an IntegrityError."""
    raw, dialect = _under(session)
    if dialect.name == "sqlite" or not written:
        return many(session, new.sql, written)
    try:
        with raw.cursor() as cursor, cursor.copy(new.copy) as copy:
            for row in written:
                copy.write_row(row)
    except dialect.loaded_dbapi.Error as error:
        raise _known(dialect, error) from error


def kept(session: Session, moment: datetime | None) -> Any:
    """Give a moment as the driver keeps it (`Instant` says the same to SQLAlchemy)."""
    if moment is None or session.get_bind().dialect.name != "sqlite":
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def moment(value: Any) -> datetime:
    """Give a moment that the driver read, aware and in UTC."""
    if isinstance(value, str):
        return datetime.fromisoformat(value).replace(tzinfo=UTC)
    found: datetime = value.astimezone(UTC)
    return found


def _under(session: Session) -> tuple[Any, Dialect]:
    """Give the driver's connection under a session.

    One in a transaction is known at once; asked for it, a session looks through all its states.
    """
    held = session.bind
    if not isinstance(held, Connection) or not held.in_transaction():
        held = session.connection()
    return held.connection.dbapi_connection, held.dialect


def _array(value: Any) -> Any:
    """Write a list of texts as PostgreSQL's own literal; psycopg takes ten times as long."""
    if type(value) is not list or not value or type(value[0]) is not str:
        return value
    joined = '","'.join(value)
    if "\\" in joined or joined.count('"') != 2 * (len(value) - 1):
        joined = '","'.join(v.replace("\\", "\\\\").replace('"', '\\"') for v in value)
    return '{"' + joined + '"}'


def _known(dialect: Dialect, error: Exception) -> BaseException:
    """Give the driver's error as the one that callers of SQLAlchemy know."""
    return DBAPIError.instance(
        None, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect
    )
