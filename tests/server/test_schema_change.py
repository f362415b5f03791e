"""Schema changes: a new field or kind is one added column or table, and altering loses no row."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Column, MetaData, String, Table, func, insert, inspect, select

from server.base import Base
from server.database import Database
from server.migrations import load_every_table
from server.records import REGISTRY, projection
from server.records.record import DECLARED, Entry, Envelope
from sync.mutation import canonical
from tests.fresh import on_postgresql
from tests.makers import new_id

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def declared() -> MetaData:
    """A copy of what is declared, to be changed."""
    copy = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.tables.values():
        table.to_metadata(copy)
    return copy


@pytest.fixture(autouse=True)
def every_table() -> None:
    load_every_table()


def changes(database: Database, wanted: MetaData) -> list[tuple[Any, ...]]:
    """What the next migration would do to an upgraded database."""
    with database.altering() as session:
        found = compare_metadata(MigrationContext.configure(session.connection()), wanted)
    return [tuple(change) for change in found]


def test_a_new_field_is_one_added_column(database: Database) -> None:
    wanted = declared()
    wanted.tables["visit"].append_column(Column("weather", String(40)))
    (change,) = changes(database, wanted)
    assert change[0] == "add_column"
    assert (change[2], change[3].name) == ("visit", "weather")


def test_a_new_kind_is_one_added_table_and_no_edit_elsewhere(database: Database) -> None:
    """The kind is the one that docs/adding_a_kind.md shows, word for word."""
    shown = (ROOT / "docs" / "adding_a_kind.md").read_text("utf-8")
    declaration = shown.split("```python\n")[1].split("```")[0]
    module = sys.modules["shown"] = ModuleType("shown")
    try:
        exec(compile(declaration, "docs/adding_a_kind.md", "exec"), module.__dict__)
        (change, *indexes) = changes(database, Base.metadata)
        assert change[0] == "add_table"
        assert change[1].name == "key_receipt"
        assert {index[0] for index in indexes} <= {"add_index"}
    finally:
        del sys.modules["shown"]
        made = DECLARED.pop("key_receipt")
        Base.metadata.remove(Base.metadata.tables["key_receipt"])
        Base.registry._dispose_cls(made.model)


def test_altering_a_table_that_others_point_at_loses_no_row_of_theirs(database: Database) -> None:
    spec, id = REGISTRY["checklist_run"], new_id()
    moments = {"created_at": NOW, "changed_at": NOW}
    stored = {"body": canonical(spec.example), "versions": b"{}", "authors": b"[]", "words": ""}
    with database.writing() as session:
        envelope = {"id": id, "kind": spec.name, "seq": 1, "deleted": False, **stored, **moments}
        session.execute(insert(Envelope), [envelope])
        projection.project(session, spec, id, spec.example)
        before = session.scalar(select(func.count()).select_from(Entry))
    with database.altering() as session:
        operations = Operations(MigrationContext.configure(session.connection()))
        with operations.batch_alter_table(
            "record", recreate="never" if on_postgresql() else "always"
        ) as batch:
            batch.add_column(Column("colour", String(10)))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Entry)) == before
        assert session.get_one(spec.model, id)


def test_a_change_that_would_leave_a_row_pointing_at_nothing_is_taken_back(
    database: Database,
) -> None:
    orphan = Table("orphan", MetaData(), Column("id", String(36), primary_key=True))
    orphan.append_column(Column("record", String(36)))
    with pytest.raises(Exception, match="point at nothing|foreign key"), database.altering() as s:
        orphan.create(s.connection())
        s.execute(insert(orphan), [{"id": new_id(), "record": new_id()}])
        operations = Operations(MigrationContext.configure(s.connection()))
        with operations.batch_alter_table("orphan") as batch:
            batch.create_foreign_key("fk_orphan_record", "record", ["record"], ["id"])
    with database.writing() as session:
        assert not inspect(session.connection()).has_table("orphan")
