"""Engine, write turns and read snapshots, on an encrypted SQLite file or on PostgreSQL.

The only file that names Flask-SQLAlchemy or a driver; it knows no kind of record and no rule.
"""

from __future__ import annotations

import fcntl
import gc
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from server import append_only
from server.base import Base, Instant, whole_ms
from server.clock import (
    INCARNATION_STEP,
    Clock,
    cursor_key,
    ensure_clock,
    head,
    incarnation,
    mark_demo,
    renew_incarnation,
    stamp,
    take_turn,
)
from server.config import Settings

__all__ = [
    "INCARNATION_STEP",
    "BadDatabase",
    "Base",
    "Clock",
    "Database",
    "Instant",
    "configure",
    "cursor_key",
    "db",
    "ensure_clock",
    "head",
    "incarnation",
    "mark_demo",
    "renew_incarnation",
    "stamp",
    "take_turn",
    "whole_ms",
]

SQLITE_OLDEST = (3, 51, 3)
"""Older ones can corrupt a WAL file when two connections meet in a checkpoint (sqlite.org/wal)."""
SETTINGS = "synchronous = FULL", "foreign_keys = ON", "temp_store = MEMORY", "cache_size = -16000"
BUSY_TIMEOUT_MS = 20_000
FILE_POOL: dict[str, Any] = {"pool_size": 8, "max_overflow": 24, "pool_use_lifo": True}
"""The connection that was used last goes out first: its pages are still in its cache."""
COLLECTED_AFTER = (10_000, 20, 20)
"""How many new objects wait for Python's collector. A turn makes thousands that no ring holds, and
looking at them as often as Python does by itself took a sixth of its time."""
OPTIONS = "-c timezone=UTC -c lock_timeout=20s -c application_name=oppgang"


class BadDatabase(Exception):
    """The database cannot be opened; the text says why and what to do."""


class Database:
    """One database with its two ways in: `writing` and `reading`; needs no Flask."""

    def __init__(self, settings: Settings) -> None:
        gc.set_threshold(*COLLECTED_AFTER)
        self.url = _url(settings.database_url)
        self.engine = _make_engine(self.url, settings.database_key)
        self.in_memory = self.url.get_backend_name() == "sqlite" and not self.url.database
        self.readers = self._make_readers(settings.database_key)
        self._turn_file = None if self.url.get_backend_name() != "sqlite" else self.url.database
        self._one_at_a_time = threading.RLock()
        self._here = threading.local()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Give a session that may write; commits at the end, rolls back on any error.

        SQLite: behind a file lock, and BEGIN IMMEDIATE goes before the first query.
        PostgreSQL: READ COMMITTED; lock replica, then records by id, then `stamp`.
        """
        if getattr(self._here, "writes", False):
            raise RuntimeError("a write inside a write would wait for itself for ever")
        self._here.writes = True
        try:
            with (
                self._turn(),
                self.engine.connect() as connection,
                connection.begin(),
                _joining(connection) as session,
            ):
                yield session
                if session.in_transaction():
                    session.commit()
        finally:
            self._here.writes = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one snapshot; what is changed in it is an error, never lost."""
        with self._alone(), self.readers.connect() as connection:
            connection.begin()
            before = self._changes(connection)
            with _joining(connection) as session:
                yield session
                if _is_left(session) or self._changes(connection) != before:
                    raise RuntimeError("what is changed in a session for reading is never written")

    @contextmanager
    def altering(self) -> Iterator[Session]:
        """Give a session that may change tables, in its turn and as one transaction.

        SQLite alters by copying a table and dropping the old one, which foreign keys would turn
        into deletes: they are off meanwhile, and checked before the commit.
        """
        sqlite = self.url.get_backend_name() == "sqlite"
        with self._turn(), self.engine.connect() as connection:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            if sqlite:
                raw.cursor().execute("PRAGMA foreign_keys = OFF")
            try:
                with Session(connection) as session, session.begin():
                    yield session
                    if sqlite and session.execute(text("PRAGMA foreign_key_check")).first():
                        raise BadDatabase("The migration would leave rows that point at nothing.")
            finally:
                if sqlite:
                    raw.cursor().execute("PRAGMA foreign_keys = ON")

    def create(self) -> None:
        """Lay out every table without migrations: for the simulator and quick tests only."""
        with self._turn():
            Base.metadata.create_all(self.engine)
        with self.writing() as session:
            ensure_clock(session)
            append_only.ensure(session.connection())

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()
        self.readers.dispose()

    def _make_readers(self, key: bytes) -> Engine:
        """SQLite keeps pages per connection: whoever writes finds its own again, still warm.

        In memory there is one, and nobody tells it who reads: told, it compiles every statement
        anew. What a reader writes there is given back, and not in silence (`_changes`).
        """
        if self.url.get_backend_name() == "sqlite":
            shared = self.engine if self.in_memory else _make_engine(self.url, key)
            return shared.execution_options(oppgang_reads=True)
        return self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    def _changes(self, connection: Connection) -> int:
        """Give how many rows were ever changed in memory; a file refuses a reader by itself."""
        raw: Any = connection.connection.dbapi_connection if self.in_memory else None
        return int(raw.total_changes) if raw else 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.in_memory:
            yield
            return
        with self._one_at_a_time:
            yield

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait in the file lock's fair queue; SQLite's own lets some starve (p99 340 ms)."""
        if not self._turn_file:
            with self._alone():
                yield
            return
        handle = os.open(f"{self._turn_file}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


class _Sessions(SQLAlchemy):
    """Flask-SQLAlchemy as keeper of one read-only session per request, on our engine."""

    def _make_engine(self, bind_key: str | None, options: dict[str, Any], app: Flask) -> Engine:
        database: Database = app.extensions["oppgang"]
        return database.readers


db = _Sessions(metadata=Base.metadata, session_options={"expire_on_commit": False})
"""`db.session`: the request's own snapshot, for pages that only read. Writes go by `writing`."""


def configure(app: Flask, settings: Settings, database: Database | None = None) -> Database:
    """Tie a database to the Flask app: `app.extensions["oppgang"]` and `db.session`."""
    database = database or Database(settings)
    app.extensions["oppgang"] = database
    app.config["SQLALCHEMY_DATABASE_URI"] = database.url
    db.init_app(app)
    return database


def _joining(connection: Connection) -> Session:
    """Give a session that joins the connection's transaction once an object is asked for: a
    transaction of its own costs more than all that most turns and snapshots do (`driver`)."""
    return Session(connection, expire_on_commit=False)


def _is_left(session: Session) -> bool:
    """Say whether objects were changed and nobody wrote it."""
    return session.in_transaction() and bool(session.dirty or session.new or session.deleted)


def _url(text: str) -> URL:
    url = make_url(text)
    if url.get_backend_name() == "sqlite":
        memory = url.database in (None, "", ":memory:")
        return URL.create("sqlite+pysqlite", database=None if memory else url.database)
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    raise BadDatabase("OPPGANG_DATABASE_URL must begin with sqlite:// or postgresql://.")


def _make_engine(url: URL, key: bytes) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url,
            pool_size=8,
            max_overflow=8,
            pool_pre_ping=True,
            hide_parameters=True,
            use_native_hstore=False,
            connect_args={"options": OPTIONS, "connect_timeout": 10},
        )
    if sqlcipher.sqlite_version_info < SQLITE_OLDEST:
        raise BadDatabase(f"SQLite {sqlcipher.sqlite_version} can corrupt its file. Upgrade it.")
    memory = not url.database
    engine = create_engine(
        url,
        module=sqlcipher,
        hide_parameters=True,
        creator=lambda: _connect_sqlite(url.database, key),
        **({"poolclass": StaticPool} if memory else FILE_POOL),
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _connect_sqlite(path: str | None, key: bytes) -> Any:
    """Open the encrypted file; isolation_level None leaves every BEGIN to us."""
    if path:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    connection = sqlcipher.connect(
        path or ":memory:", isolation_level=None, check_same_thread=False, cached_statements=512
    )
    if path:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlcipher.DatabaseError as bad:
        connection.close()
        raise BadDatabase("The database file cannot be read with this key.") from bad
    for setting in SETTINGS:
        connection.execute(f"PRAGMA {setting}")
    return connection


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("oppgang_reads", False)
    pooled = connection.connection
    raw: Any = pooled.dbapi_connection
    try:
        if connection.engine.url.database and pooled.info.get("oppgang_reads") is not reads:
            pooled.info["oppgang_reads"] = None
            raw.execute(f"PRAGMA query_only = {1 if reads else 0}")
            pooled.info["oppgang_reads"] = reads
        raw.execute("BEGIN" if reads else "BEGIN IMMEDIATE")
    except sqlcipher.Error as error:
        raise DBAPIError.instance(
            None, None, error, sqlcipher.Error, hide_parameters=True, dialect=connection.dialect
        ) from error
