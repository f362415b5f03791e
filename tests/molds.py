"""Databases that are laid out once for a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.config import Settings, read_settings
from server.database import Database
from tests.postgres import Cluster


def settings_for(data: Path, keys: Path, url: str | None = None) -> Settings:
    """Give test settings for a data folder, on a database of its own."""
    given = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(data), "OPPGANG_KEYS": str(keys)}
    return read_settings(given | ({"OPPGANG_DATABASE_URL": url} if url else {}))


@dataclass(frozen=True)
class Mold:
    """A database that nobody has open any more, and where copies of it come from."""

    settings: Settings
    cluster: Cluster | None

    @contextmanager
    def copy(self, into: Path) -> Iterator[Settings]:
        """A copy with this data folder; on PostgreSQL it is dropped at the end."""
        if self.cluster is None:
            for file in self.settings.data.glob("oppgang.db*"):
                shutil.copy(file, into / file.name)
            yield settings_for(into, self.settings.keys)
            return
        name = self.cluster.create(self.settings.database_url.rpartition("/")[2])
        try:
            yield settings_for(into, self.settings.keys, self.cluster.url(name))
        finally:
            self.cluster.drop(name)

    @contextmanager
    def filled(self, data: Path, fill: Callable[[Database], object]) -> Iterator[Mold]:
        """One more mold: a copy of this one, with more laid into it."""
        with self.copy(data) as settings:
            lay(settings, fill)
            yield Mold(settings, self.cluster)


def first_mold(
    data: Path, keys: Path, cluster: Cluster | None, fill: Callable[[Database], object]
) -> Mold:
    """A mold made from nothing at all."""
    url = cluster.url(cluster.create(prefix="mold")) if cluster else None
    settings = settings_for(data, keys, url)
    lay(settings, fill)
    return Mold(settings, cluster)


def lay(settings: Settings, fill: Callable[[Database], object]) -> None:
    """Lay into a database, and leave it closed."""
    database = Database(settings)
    fill(database)
    database.close()
