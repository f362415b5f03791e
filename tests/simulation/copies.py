"""Copies of a whole database, to begin a run with or to restore from, blind to their sense."""

from __future__ import annotations

from typing import Any, TypeAlias

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import insert, select

from server.database import Base, Database

PAST_RULES = "SET LOCAL session_replication_role = replica"
"""Also what is only ever added to is put back, and nothing asks which table comes first."""
Copy: TypeAlias = Any
"""What `copied` gave; only `laid_in` knows what it is."""


def copied(database: Database) -> Copy:
    """Copy everything: in memory by SQLite's own backup, which costs a run next to nothing."""
    if not database.in_memory:
        return _tables(database)
    copy = sqlcipher.connect(":memory:", isolation_level=None, check_same_thread=False)
    with database.reading() as session:
        _raw(session).backup(copy)
    return copy


def laid_in(database: Database, copy: Copy) -> None:
    """Make the database what the copy is."""
    if not isinstance(copy, dict):
        copy.backup(database.engine.raw_connection().driver_connection)
        return
    tables = Base.metadata.sorted_tables
    empty = "; ".join(f'DELETE FROM "{table.name}"' for table in tables)
    with database.writing() as session:
        session.connection().exec_driver_sql(PAST_RULES)
        session.connection().exec_driver_sql(empty)
        for table in tables:
            if copy[table.name]:
                session.execute(insert(table), copy[table.name])


def _tables(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as session:
        return {
            table.name: [dict(row) for row in session.execute(select(table)).mappings()]
            for table in Base.metadata.sorted_tables
        }


def _raw(session: Any) -> Any:
    return session.connection().connection.dbapi_connection
