"""Tables that are only added to: triggers in the database itself, on SQLite and on PostgreSQL.

Whoever owns the database can take a trigger away; `missing` says so, and the chains and their
checkpoints tell what was done then. It knows tables by name alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True)
class Guard:
    """What may still change in a row that was written once."""

    settled: tuple[str, ...] = ()
    """Columns that may get any value later."""
    blanked: tuple[str, ...] = ()
    """Columns that may become null, and nothing else."""


GUARDED: Mapping[str, Guard] = {
    "access_log": Guard(),
    "access_seen": Guard(),
    "act": Guard(),
    "mutation": Guard(settled=("state", "reason", "seq", "effect", "waits_for"), blanked=("raw",)),
}
_REFUSE = """CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
 $$ BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"""


def ensure(connection: Connection) -> None:
    """Put every trigger in place on the tables that are here; safe to run again.

    SQLite alters a table by copying it, which loses its triggers: run it after every migration.
    """
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        connection.execute(text(_REFUSE))
    for _, statement in _triggers(connection, postgresql):
        connection.execute(text(statement))


def missing(connection: Connection) -> list[str]:
    """Give the names of the triggers that should be here and are not."""
    postgresql = connection.dialect.name == "postgresql"
    known = (
        "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if postgresql
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    here = set(connection.execute(text(known)).scalars())
    return [name for name, _ in _triggers(connection, postgresql) if name not in here]


def _triggers(connection: Connection, postgresql: bool) -> Iterator[tuple[str, str]]:
    """Give each trigger's name and the statement that makes it."""
    found = inspect(connection)
    here = set(found.get_table_names())
    for table, guard in GUARDED.items():
        if table not in here:
            continue
        columns = {str(column["name"]) for column in found.get_columns(table)}
        kept = sorted(columns - {*guard.settled, *guard.blanked})
        events = [("deleted", "DELETE", ""), ("changed", f"UPDATE OF {_listed(kept)}", "")]
        if blanked := sorted(columns & {*guard.blanked}):
            rule = " OR ".join(f'(NEW."{name}" IS NOT NULL)' for name in blanked)
            events.append(("blanked", f"UPDATE OF {_listed(blanked)}", rule))
        for what, event, rule in events:
            name = f"{table}_{what}"
            yield name, (_on_postgresql if postgresql else _on_sqlite)(name, table, event, rule)
        if postgresql:
            name = f"{table}_emptied"
            yield (
                name,
                f"CREATE OR REPLACE TRIGGER {name} BEFORE TRUNCATE ON {table}"
                " FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
            )


def _on_sqlite(name: str, table: str, event: str, rule: str) -> str:
    when = f" WHEN {rule}" if rule else ""
    return (
        f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {event} ON {table}{when}"
        f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
    )


def _on_postgresql(name: str, table: str, event: str, rule: str) -> str:
    when = f" WHEN ({rule})" if rule else ""
    return (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {event} ON {table}"
        f" FOR EACH ROW{when} EXECUTE FUNCTION refuse_change()"
    )


def _listed(columns: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)
