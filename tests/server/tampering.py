"""Somebody who owns the database: takes its triggers away, as only they can, and changes rows."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from server import append_only


def unguard(session: Session) -> None:
    """Take every trigger of the tables that are only added to away."""
    connection = session.connection()
    for table in append_only.GUARDED:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
            continue
        known = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table"
        for name in connection.execute(text(known), {"table": table}).scalars().all():
            connection.execute(text(f"DROP TRIGGER {name}"))
