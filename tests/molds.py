"""Databases that are laid out once for a run, for all its processes, and copied for each test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.config import Settings, read_settings
from server.database import Database
from tests.postgres import NOTHING, Cluster


def settings_for(data: Path, keys: Path, url: str | None = None) -> Settings:
    """Give test settings for a data folder, on a database of its own."""
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(data), "OPPGANG_KEYS": str(keys)}
    return read_settings(given | ({"OPPGANG_DATABASE_URL": url} if url else {}))


@dataclass(frozen=True)
class Mold:
    """A database that nobody has open any more, and where copies of it come from."""

    settings: Settings
    cluster: Cluster | None

    @property
    def name(self) -> str:
        """What PostgreSQL calls it."""
        return self.settings.database_url.rpartition("/")[2]

    @contextmanager
    def copy(self, into: Path) -> Iterator[Settings]:
        """A copy with this data folder; on PostgreSQL it is dropped at the end."""
        if self.cluster is None:
            self.pour(into)
            yield settings_for(into, self.settings.keys)
            return
        name = self.cluster.create(self.name)
        try:
            yield settings_for(into, self.settings.keys, self.cluster.url(name))
        finally:
            self.cluster.drop(name)

    def pour(self, into: Path) -> None:
        """Copy the files of an SQLite database."""
        for file in self.settings.data.glob("oppgang.db*"):
            shutil.copy(file, into / file.name)


@dataclass(frozen=True)
class Workshop:
    """Where the molds of a run lie: whoever asks for one first makes it, and all others have it."""

    folder: Path
    """The same for all processes of the run."""
    cluster: Cluster | None

    @property
    def begun(self) -> datetime:
        """When this run began, to all its processes."""
        mark = self.folder / "begun"
        with suppress(FileExistsError):
            mark.open("x").close()
        return datetime.fromtimestamp(mark.stat().st_mtime, UTC)

    @property
    def keys(self) -> Path:
        """One folder of keys for the whole run; they are nobody's secret."""
        return self.folder / "keys"

    def once(self, name: str, work: Callable[[], str]) -> str:
        """What the process that asks first has worked out; all others wait for it, and have it."""
        made = self.folder / f"{name}.made"
        with (self.folder / f"{name}.turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            if not made.exists():
                made.write_text(work())
        return made.read_text()

    def mold(self, name: str, fill: Callable[[Database], object], of: Mold | None = None) -> Mold:
        """The mold of this name: a copy of another, or nothing at all, with more laid into it."""
        data = self.folder / name

        def make() -> str:
            url = self._begin(data, of)
            lay(settings_for(data, self.keys, url), fill)
            return url or ""

        url = self.once(name, make)
        return Mold(settings_for(data, self.keys, url or None), self.cluster)

    def _begin(self, data: Path, of: Mold | None) -> str | None:
        shutil.rmtree(data, ignore_errors=True)
        data.mkdir()
        if self.cluster is not None:
            return self.cluster.url(self.cluster.create(of.name if of else NOTHING, prefix="mold"))
        if of is not None:
            of.pour(data)
        return None


def lay(settings: Settings, fill: Callable[[Database], object]) -> None:
    """Lay into a database, and leave it closed."""
    database = Database(settings)
    fill(database)
    database.close()
