"""A server to measure: real processes on a database of its own, its people, and what it costs.

It sends no load itself.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from server import people
from server.config import Settings, read_settings
from server.database import Database
from server.migrations import upgrade
from server.roles import Role
from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SPACE = UUID("6f1d8f2e-2f1c-5d0e-9a5b-0f6d3a1c9b11")
UP_SECONDS_MAX = 60.0


def name_id(*parts: object) -> str:
    """An id that is the same in every run."""
    return str(uuid5(SPACE, "|".join(map(str, parts))))


@dataclass(frozen=True)
class Device:
    """A phone of the load: its user, its replica and a session that is already open."""

    user: str
    replica: str
    area: str
    cookie: str


@dataclass(frozen=True)
class Stage:
    """A running server: where it is, and the processes whose CPU counts."""

    name: str
    port: int
    database: Database
    settings: Settings
    roots: tuple[int, ...]

    def cpu_s(self) -> float:
        """CPU seconds used so far by the server and the database, dead children included."""
        return sum(cpu_s(pid) for pid in tree(self.roots))

    def devices(self, areas: int, each: int) -> list[Device]:
        """People with one area each, who may write visits there, and their open sessions."""
        both = [(area, number) for area in range(areas) for number in range(each)]
        with self.database.writing() as session:
            return [self._device(session, *one, Role.BOMILJO) for one in both]

    def device(self, area: int | str, number: int, role: Role = Role.BOMILJO) -> Device:
        """One person more, who may be of another role; nobody twice."""
        with self.database.writing() as session:
            return self._device(session, area, number, role)

    def _device(self, session: Session, area: int | str, number: int, role: Role) -> Device:
        now, user = datetime.now(UTC), name_id("user", area, number)
        where = name_id("area", area)
        people.add_user(session, user, f"Person {area}-{number}", now)
        people.grant(session, name_id("grant", area, number), user, role, where)
        token = people.open_session(session, user, now)
        return Device(user, name_id("replica", area, number), where, token)


def tree(roots: tuple[int, ...]) -> set[int]:
    """The processes and all that they started."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int(stat_of(int(folder.name))[1])
            except OSError:
                continue
    found, fresh = set(roots), set(roots)
    while fresh:
        fresh = {pid for pid, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return found


def stat_of(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def cpu_s(pid: int) -> float:
    """CPU seconds of a process and of its children that have ended."""
    try:
        return sum(map(int, stat_of(pid)[11:15])) / TICKS_PER_S
    except OSError:
        return 0.0


@contextmanager
def stages(databases: tuple[str, ...]) -> Iterator[Iterator[Stage]]:
    """One fresh stage per database, one after the other."""

    def each() -> Iterator[Stage]:
        for name in databases:
            with stage(name) as one:
                yield one

    yield each()


@contextmanager
def stage(name: str) -> Iterator[Stage]:
    """A server on a fresh database: `sqlite` (encrypted, FULL sync) or `postgresql` (fsync)."""
    with tempfile.TemporaryDirectory(prefix="oppgang-bench-") as folder:
        if name == "sqlite":
            with served(name, Path(folder), {}, ()) as one:
                yield one
            return
        with postgres.cluster(durable=True) as cluster:
            database = cluster.create()
            settings = {"OPPGANG_DATABASE_URL": cluster.url(database)}
            with served(name, Path(folder), settings, (cluster.pid,)) as one:
                yield one


@contextmanager
def served(
    name: str, folder: Path, more: dict[str, str], others: tuple[int, ...]
) -> Iterator[Stage]:
    """The web server on this database, up and answering; killed at the end."""
    environment = {**os.environ, "OPPGANG_MODE": "test", "OPPGANG_DATA": str(folder), **more}
    settings = read_settings(environment)
    database = Database(settings)
    upgrade(database)
    port = postgres.free_port() + 7
    process = subprocess.Popen(
        [sys.executable, "-m", "server", "web", "--port", str(port)],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
    )
    try:
        wait_until_up(port)
        yield Stage(name, port, database, settings, (process.pid, *others))
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        database.close()


def wait_until_up(port: int) -> None:
    """Return when the server answers."""
    deadline = time.monotonic() + UP_SECONDS_MAX
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
