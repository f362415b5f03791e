"""The restore drill: last night's backup onto an empty machine, and forty phones come back.

What goes along is the backup with what lies beside it, and the keys from escrow; nothing else.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import pytest
from sqlalchemy.orm import Session

from server import cli
from server.config import Settings
from server.database import INCARNATION_STEP, Database, head, renew_incarnation
from server.intake.papers import Desk
from server.keeping import backup
from server.migrations import upgrade
from tests.fresh import Fresh, fresh_databases
from tests.simulation.checks import check
from tests.simulation.copies import Copy
from tests.simulation.layout import name
from tests.simulation.phones import Phones
from tests.simulation.run import Run, settle
from tests.simulation.town import Town

PHONES = 40
BEFORE, AFTER = 40, 120
"""Steps of the day before the backup, and of the day after it."""


class Machines(Town):
    """A town whose server burns down, and stands again on another machine."""

    def __init__(self, other: Settings) -> None:
        with patch.object(Database, "create", upgrade):
            super().__init__()
        self.settings = replace(other, data=self.settings.data, database_url="sqlite://")
        self.other = other

    def copy_away(self, now: datetime) -> Path:
        """Back up, and go on."""
        path = self.settings.data / "backups" / backup.backup_name(now)
        backup.write_backup(self.database, self.settings, path, now)
        return path

    def memberships(self) -> Iterator[tuple[str, set[str], set[str]]]:
        """As on the first machine; a desk may lock, which PostgreSQL lets no reader do."""
        with self.database.writing() as session:
            desk = Desk(session)
            desk.fetch({one.id for one in self.records()})
            for id, paper in sorted(desk.papers.items()):
                yield id, set(paper.before), set(desk.scopes(paper))

    def restore(self, copy: Copy, now: datetime) -> None:
        """Lay a backup in on the other machine, as its operator does."""
        brought = self.other.data / "brought"
        shutil.copytree(copy.parent, brought)
        told = {
            "OPPGANG_MODE": "test",
            "OPPGANG_DATA": str(self.other.data),
            "OPPGANG_KEYS": str(self.other.keys),
            "OPPGANG_DATABASE_URL": self.other.database_url,
        }
        self._lives += 1
        life = name(f"life {self._lives}")

        def named(session: Session, _: str) -> None:
            renew_incarnation(session, life)

        with patch.dict(os.environ, told), patch.object(backup, "renew_incarnation", named):
            assert cli.main(["restore", str(brought / copy.name)]) == 0
        self.database.close()
        self.settings, self.database = self.other, Database(self.other)


class Drill(Run):
    """A day with all phones; nothing is restored by chance."""

    def _draw_size(self) -> int:
        return PHONES

    def do_restore(self) -> None:
        """Not by chance."""

    def some_steps(self, first: int, last: int) -> None:
        """Let people, phones and the network do what they do."""
        self.steps, self.only = last, range(first, last + 1)
        self.play()


@pytest.fixture
def fresh(tmp_path: Path, keys: Path) -> Iterator[Fresh]:
    with fresh_databases(tmp_path, keys) as factory:
        yield factory


def test_forty_phones_come_back_to_last_nights_backup_and_nothing_is_missing(fresh: Fresh) -> None:
    empty, other = fresh()
    empty.close()
    town = Machines(other)
    with Phones() as phones:
        run = Drill(4, town, phones)
        assert len(run.vaults) == PHONES
        run.some_steps(1, BEFORE)
        run.copy = town.copy_away(run.now)
        kept = {row.mid for row in town.ledger()}
        run.now += timedelta(hours=20)
        run.some_steps(BEFORE + 1, BEFORE + AFTER)
        for _ in range(3):
            run.do_erase()
        with town.database.reading() as session:
            before = head(session)
        burnt = {row.mid for row in town.ledger()} - kept
        Run.do_restore(run)
        with town.database.reading() as session:
            assert head(session) > before + INCARNATION_STEP // 2, "no number comes a second time"
        assert not burnt & {row.mid for row in town.ledger()}
        settle(run)
        check(run)
        came = burnt & {row.mid for row in town.ledger()}
        assert len(came) > 10 and run.erased
        for mid in (burnt & run.custody.keys()) - came:
            assert run.typed[mid][0].record in run.erased, f"{mid} had been answered, and is gone"
    town.close()
