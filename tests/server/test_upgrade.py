"""Upgrades: a backup first, nothing half, nobody else there, and a way back that works."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import inspect, text, update

from server import acts, migrations
from server.cli import main
from server.config import Settings
from server.database import Database, head
from server.intake import misplaced
from server.keeping import upgrade
from server.keeping.backup import read_through, restore_backup
from server.keeping.soundness import amiss
from server.records.record import Entry, ScopeMember
from server.records.visit import Visit
from tests.fresh import Fresh
from tests.makers import NOW, World, visit
from tests.server.phone import Phone

NEXT = '''"""A migration that only tests know."""

import sqlalchemy as sa
from alembic import op

revision = "ffffffffffff"
down_revision = {head!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this version."""
    op.create_table("weather", sa.Column("id", sa.Integer(), primary_key=True))
    {then}
'''
WORKS, FAILS = "pass", 'op.execute("INSERT INTO nowhere VALUES (1)")'


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of migrations that this Oppgang reads instead of its own; tests add to it."""
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", folder)
    yield folder


def release(folder: Path, database: Database, then: str) -> None:
    """Put a new version's migration into the folder."""
    with database.reading() as session:
        head = migrations.schema_version(session.connection())
    (folder / "versions" / "20991231_weather.py").write_text(NEXT.format(head=head, then=then))


def run(database: Database, settings: Settings) -> str:
    said: list[str] = []
    upgrade.upgrade(database, settings, "cli:test", NOW, said.append)
    database.close()
    return "\n".join(said)


def has_weather(database: Database) -> bool:
    with database.reading() as session:
        return inspect(session.connection()).has_table("weather")


def backups(settings: Settings) -> list[Path]:
    return sorted((settings.data / "backups").glob("*.backup"))


def test_it_backs_up_upgrades_checks_and_names_the_way_back(
    kari: Phone, database: Database, settings: Settings, newer: Path
) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    kari.app.extensions["oppgang"].close()
    release(newer, database, WORKS)
    with database.reading() as session:
        before = head(session)
    said = run(database, settings)
    (made,) = backups(settings)
    assert f"The backup is {made}." in said and f"./run restore '{made}'" in said
    assert read_through(made, settings.backup_key).seq == before
    assert has_weather(database) and "the ledger's chain is whole" in said


def test_there_is_nothing_to_do_twice(
    world: World, database: Database, settings: Settings, newer: Path
) -> None:
    release(newer, database, WORKS)
    run(database, settings)
    assert "There is nothing to upgrade." in run(database, settings)
    assert "There is nothing to upgrade." in run(database, settings)
    assert len(backups(settings)) == 1


def test_a_failed_migration_changes_nothing_and_leaves_the_backup(
    world: World, database: Database, settings: Settings, newer: Path
) -> None:
    release(newer, database, FAILS)
    with pytest.raises(upgrade.NotUpgraded, match="They are as they were") as told:
        run(database, settings)
    (made,) = backups(settings)
    assert f"./run restore '{made}'" in str(told.value)
    assert not has_weather(database)
    with database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM record")).scalar_one() > 0
    (newer / "versions" / "20991231_weather.py").unlink()
    assert "There is nothing to upgrade." in run(database, settings)


def test_the_way_back_leads_back(
    world: World, database: Database, settings: Settings, newer: Path, fresh: Fresh
) -> None:
    """The backup of before the upgrade restores with the version of before the upgrade."""
    release(newer, database, WORKS)
    run(database, settings)
    (newer / "versions" / "20991231_weather.py").unlink()
    empty, other = fresh()
    restore_backup(empty, other, backups(settings)[0])
    assert not has_weather(empty)
    with empty.reading() as session:
        assert amiss(session) == []


def in_use(settings: Settings) -> Database:
    """Open the database as another process has it."""
    other = Database(settings)
    with other.reading() as session:
        head(session)
    return other


def test_it_refuses_while_oppgang_runs(
    world: World, database: Database, settings: Settings, newer: Path
) -> None:
    """A process that is idle counts too: its next request would meet the new tables."""
    release(newer, database, WORKS)
    running = in_use(settings)
    with pytest.raises(upgrade.NotUpgraded, match="Oppgang is running on this database"):
        run(database, settings)
    assert backups(settings) == [] and not has_weather(database)
    running.close()
    run(database, settings)
    assert has_weather(database)


def test_a_process_that_is_ending_is_waited_for(
    world: World, database: Database, settings: Settings, newer: Path
) -> None:
    release(newer, database, WORKS)
    ending = in_use(settings)
    stopped = threading.Timer(1.5, ending.close)
    stopped.start()
    run(database, settings)
    stopped.join()
    assert has_weather(database)


def test_projections_and_places_are_made_anew_when_what_is_declared_has_changed(
    kari: Phone, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    kari.app.extensions["oppgang"].close()
    run(database, settings)
    with database.writing() as session:
        session.execute(update(Entry).values(value="old"))
        session.execute(update(ScopeMember).where(ScopeMember.id == id).values(present=False))
        assert misplaced(session) == [id]
    monkeypatch.setattr(upgrade, "fingerprint", lambda: "another contract")
    assert "Rebuilt the projections" in run(database, settings)
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM entry WHERE value = 'old'")) == 0
        assert misplaced(session) == []
        found = acts.latest(session, upgrade.ACT)
    assert found and found[1]["declared"] == "another contract"


def test_what_is_amiss_afterwards_is_said(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    kari.app.extensions["oppgang"].close()
    with database.writing() as session:
        session.execute(update(Visit).values(outcome="refused"))
    with pytest.raises(upgrade.NotUpgraded, match=f"projection of record {id}"):
        run(database, settings)


def test_without_room_for_a_backup_nothing_is_touched(
    world: World, database: Database, settings: Settings, newer: Path
) -> None:
    release(newer, database, WORKS)
    (settings.data / "backups").write_text("a file in the way")
    with pytest.raises(upgrade.NotUpgraded, match="Nothing was changed"):
        run(database, settings)
    assert not has_weather(database)


def test_production_alters_nothing_without_a_backup(
    world: World,
    database: Database,
    settings: Settings,
    newer: Path,
    keys: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`./run migrate` and `./run` send the operator to `./run upgrade`, which then does it."""
    release(newer, database, WORKS)
    database.close()
    for name, value in {
        "MODE": "production",
        "DATA": str(settings.data),
        "KEYS": str(keys),
        "DATABASE_URL": settings.database_url,
        "ORIGIN": "https://oppgang.example",
        "ESCROW": "confirmed",
    }.items():
        monkeypatch.setenv(f"OPPGANG_{name}", value)
    monkeypatch.setattr("server.config._refuse_weak_production", lambda *_: None)
    assert main(["migrate"]) == 1
    assert "./run upgrade" in capsys.readouterr().err
    assert not has_weather(database)
    database.close()
    assert main(["upgrade"]) == 0
    assert has_weather(database)
