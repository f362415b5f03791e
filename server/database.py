"""Engine, write turns, read snapshots and the one sequence, on SQLite and on PostgreSQL.

The only file that names Flask-SQLAlchemy or a driver; it knows no kind of record and no rule.
"""

from __future__ import annotations

import fcntl
import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    SmallInteger,
    String,
    create_engine,
    event,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from sqlalchemy.pool import StaticPool
from sqlalchemy.types import TypeDecorator

from server.config import Settings

SQLITE_OLDEST = (3, 51, 3)
"""Older ones can corrupt a WAL file when two connections meet in a checkpoint (sqlite.org/wal)."""
BUSY_TIMEOUT_MS = 20_000
INCARNATION_STEP = 2**32
"""How far a restored server raises its sequence, so that no number is given out twice (I-25)."""


class BadDatabase(Exception):
    """The database cannot be opened; the text says why and what to do."""


class Base(DeclarativeBase):
    """The base of every table; one naming convention so that migrations can name constraints."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """A moment in UTC with milliseconds; refuses a moment without a time zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what the database keeps."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        moment = whole_ms(value.astimezone(UTC))
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back aware, in UTC; SQLite itself forgets the zone."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def whole_ms(moment: datetime) -> datetime:
    """Cut a moment to whole milliseconds, the finest that travels."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class Clock(Base):
    """The one row that orders everything: last seq, incarnation, ledger head, demo mark."""

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    incarnation: Mapped[str] = mapped_column(String(36))
    chain: Mapped[str] = mapped_column(String(64))
    demo_since: Mapped[datetime | None] = mapped_column(Instant)


class Database:
    """One database with its two ways in: `writing` and `reading`; needs no Flask."""

    def __init__(self, settings: Settings) -> None:
        self.url = _url(settings.database_url)
        self.engine = _make_engine(self.url, settings.database_key)
        self.in_memory = self.url.get_backend_name() == "sqlite" and not self.url.database
        self.readers = self._make_readers()
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
            with self._turn(), self._session(self.engine) as session, session.begin():
                yield session
        finally:
            self._here.writes = False

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Give a session that sees one snapshot and cannot write."""
        with self._alone(), self._session(self.readers) as session, session.begin():
            yield session

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

    def close(self) -> None:
        """Give back every connection."""
        self.engine.dispose()

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False)

    def _make_readers(self) -> Engine:
        if self.url.get_backend_name() == "sqlite":
            return self.engine.execution_options(oppgang_reads=True)
        return self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

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


def stamp(session: Session, count: int) -> int:
    """Take `count` fresh numbers and give the first.

    The clock row stays locked until commit, so that the order of numbers is the order of commits
    (I-3): it is the LAST lock of a transaction, and only the stamped writes may follow.
    """
    if count < 1:
        raise ValueError("a stamp covers at least one row")
    last = session.execute(
        update(Clock).where(Clock.id == 1).values(seq=Clock.seq + count).returning(Clock.seq),
        execution_options={"synchronize_session": False},
    ).scalar_one()
    return last - count + 1


def head(session: Session) -> int:
    """Give the last number that was stamped, 0 when none was."""
    return session.execute(select(Clock.seq).where(Clock.id == 1)).scalar_one()


def incarnation(session: Session) -> str:
    """Give the id of this life of the database; a restore begins a new one (I-18)."""
    return session.execute(select(Clock.incarnation).where(Clock.id == 1)).scalar_one()


def ensure_clock(session: Session) -> None:
    """Put the one row of the clock in place when the database is new."""
    if session.get(Clock, 1) is None:
        session.execute(
            insert(Clock).values(id=1, seq=0, incarnation=str(uuid.uuid4()), chain="0" * 64)
        )


def renew_incarnation(session: Session, new: str) -> None:
    """Begin a new life after a restore: another incarnation, and the sequence raised by 2**32."""
    session.execute(
        update(Clock)
        .where(Clock.id == 1)
        .values(incarnation=new, seq=Clock.seq + INCARNATION_STEP),
        execution_options={"synchronize_session": False},
    )


def mark_demo(session: Session, at: datetime) -> None:
    """Mark the database as holding demonstration data; production refuses it for ever."""
    session.execute(update(Clock).where(Clock.id == 1).values(demo_since=at))


def refuse_demo_in_production(database: Database, settings: Settings) -> None:
    """Raise BadDatabase when production is pointed at demonstration data."""
    if not settings.production:
        return
    with database.reading() as session:
        if session.execute(select(Clock.demo_since).where(Clock.id == 1)).scalar_one():
            raise BadDatabase("This database holds demonstration data. Use an empty one.")


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
            connect_args={"options": "-c timezone=UTC -c lock_timeout=20s", "connect_timeout": 10},
        )
    if sqlcipher.sqlite_version_info < SQLITE_OLDEST:
        raise BadDatabase(f"SQLite {sqlcipher.sqlite_version} can corrupt its file. Upgrade it.")
    memory = not url.database
    engine = create_engine(
        url,
        module=sqlcipher,
        creator=lambda: _connect_sqlite(url.database, key),
        **({"poolclass": StaticPool} if memory else {"pool_size": 8, "max_overflow": 24}),
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
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")
    return connection


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("oppgang_reads", False)
    connection.exec_driver_sql(f"PRAGMA query_only = {1 if reads else 0}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
