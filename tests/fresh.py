"""New, empty databases of the kind under test, with settings of their own, and no rows."""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Protocol

from server.config import Settings, read_settings
from server.database import Database
from tests import postgres


class Fresh(Protocol):
    """Gives one more empty database, of the kind under test or of the one that is asked for."""

    def __call__(self, postgresql: bool | None = None) -> tuple[Database, Settings]: ...


def on_postgresql() -> bool:
    """Whether this run is the one on PostgreSQL."""
    return os.environ.get("OPPGANG_TEST_DATABASE", "sqlite") == "postgresql"


@cache
def shared_cluster() -> postgres.Cluster:
    """One PostgreSQL for all tests of this process; it ends with the process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postgres.cluster())


@contextmanager
def fresh_databases(folder: Path, keys: Path) -> Iterator[Fresh]:
    """A function that gives one more empty database each time; all share keys, and end together."""
    with ExitStack() as stack:
        made = 0

        def fresh(postgresql: bool | None = None) -> tuple[Database, Settings]:
            nonlocal made
            made += 1
            data = folder / str(made)
            data.mkdir()
            environment = {
                "OPPGANG_MODE": "test",
                "OPPGANG_DATA": str(data),
                "OPPGANG_KEYS": str(keys),
            }
            if on_postgresql() if postgresql is None else postgresql:
                cluster = shared_cluster()
                name = cluster.create(prefix="fresh")
                stack.callback(cluster.drop, name)
                environment["OPPGANG_DATABASE_URL"] = cluster.url(name)
            settings = read_settings(environment)
            database = Database(settings)
            stack.callback(database.close)
            return database, settings

        yield fresh
