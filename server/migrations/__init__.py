"""Brings a database's tables to what the declarations say; it may not move or judge content."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from server import append_only
from server.database import Base, Database, ensure_clock

METADATA = Base.metadata
FOLDER = Path(__file__).parent
ONE_AT_A_TIME = 0x0FF6A46
"""The PostgreSQL advisory lock behind which upgrades queue; SQLite's write turn does the same."""


def upgrade(database: Database, to: str = "head") -> bool:
    """Run the missing migrations as one transaction; a second process waits and finds them done.

    True when a database that was already in use got new tables or columns.
    """
    with database.altering() as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        before = schema_version(connection)
        command.upgrade(_config(connection), to)
        after = schema_version(connection)
        if to == "head":  # before it, a backup brings its own clock, with that version's columns
            ensure_clock(session)
        if after:
            append_only.ensure(connection)
        return before not in ("", after)


def differences(database: Database) -> list[Any]:
    """What an upgraded database has otherwise than the declarations say; empty is right."""
    load_every_table()
    upgrade(database)
    with database.writing() as session:
        return list(compare_metadata(MigrationContext.configure(session.connection()), METADATA))


def load_every_table() -> None:
    """Import every module of the server, so that no table is forgotten."""
    for found in pkgutil.walk_packages([str(FOLDER.parent)], "server."):
        if not found.name.startswith("server.migrations.") and found.name != "server.__main__":
            importlib.import_module(found.name)


def schema_version(connection: Connection) -> str:
    """The migration a database stands at, empty when it has none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def is_current(database: Database) -> bool:
    """Whether a database has every table and column that this code expects."""
    with database.reading() as session:
        connection = session.connection()
        newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
        return schema_version(connection) == newest


def write_migration(database: Database, name: str) -> list[str]:
    """Write a migration for what the declarations have and a fresh, upgraded database lacks."""
    load_every_table()
    upgrade(database)
    with database.altering() as session:
        written = command.revision(_config(session.connection()), message=name, autogenerate=True)
    scripts = written if isinstance(written, list) else [written]
    paths = [Path(script.path) for script in scripts if script is not None]
    for path in paths:
        _tidy(path)
    return [str(path) for path in paths]


def _tidy(path: Path) -> None:
    """Take away the remarks that Alembic leaves for whoever runs it."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if "# ###" not in line), "utf-8")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config
