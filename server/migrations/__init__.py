"""Brings a database's tables to what the declarations say; it may not move or judge content."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from server.database import Database, ensure_clock

FOLDER = Path(__file__).parent
ONE_AT_A_TIME = 0x0FF6A46
"""The PostgreSQL advisory lock behind which upgrades queue; SQLite's write turn does the same."""


def upgrade(database: Database, to: str = "head") -> None:
    """Run the missing migrations as one transaction; a second process waits and finds them done."""
    with database.writing() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        command.upgrade(_config(connection), to)
        ensure_clock(session)


def schema_version(connection: Connection) -> str:
    """The migration a database stands at, empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def write_migration(database: Database, name: str) -> list[str]:
    """Write a migration for what the declarations have and a fresh, upgraded database lacks."""
    upgrade(database)
    with database.writing() as session:
        written = command.revision(_config(session.connection()), message=name, autogenerate=True)
    scripts = written if isinstance(written, list) else [written]
    return [script.path for script in scripts if script is not None]


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config
