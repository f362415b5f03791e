"""A backup from before an upgrade is what one has on the worst day: every older one restores."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert

from server import migrations
from server.database import INCARNATION_STEP, Clock, Database, cursor_key, head
from server.keeping.backup import restore_backup, write_backup
from server.migrations import differences, upgrade
from tests.fresh import Fresh
from tests.makers import NOW

OLDER = [each.revision for each in ScriptDirectory(str(migrations.FOLDER)).walk_revisions()][1:]
CLOCK = {"id": 1, "seq": 41, "incarnation": "before", "chain": "0" * 64}
"""The clock's row as it stood in the first version."""


@pytest.mark.parametrize("schema", OLDER)
def test_a_backup_of_every_older_version_restores(
    schema: str, fresh: Fresh, tmp_path: Path
) -> None:
    old, settings = fresh()
    upgrade(old, schema)
    _start(old)
    assert write_backup(old, settings, tmp_path / "old.backup", NOW).schema == schema
    empty, other = fresh()
    restore_backup(empty, other, tmp_path / "old.backup")
    with empty.reading() as session:
        assert head(session) == 41 + INCARNATION_STEP
        assert len(cursor_key(session)) == 64
        assert len(session.get_one(Clock, 1).import_key) == 64
    assert differences(empty) == []


def _start(old: Database) -> None:
    """Lay in the clock's row without this version's columns."""
    tables = MetaData()
    tables.reflect(old.engine)
    with old.writing() as session:
        clock = tables.tables["clock"]
        keys = {column.name: "0" * 64 for column in clock.columns if column.name == "cursor_key"}
        session.execute(insert(clock).values(CLOCK | keys))
