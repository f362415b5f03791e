"""Kills the real server, or the whole database cluster, under load; every answer must be kept.

An answer that a phone has seen lets it forget: so what was answered must be there after the crash.
A kill loses no page cache: that the disk itself keeps its word, no test on one machine can show.
"""

from __future__ import annotations

import os
import pwd
import random
import resource
import signal
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import text

from server import ledger
from server.config import Settings
from server.database import Database
from server.keeping.soundness import amiss
from server.migrations import upgrade
from tests.journeys.stage import Server, told, wait_until
from tests.makers import lay_out_world
from tests.molds import lay, settings_for
from tests.postgres import Cluster, children_of, cluster
from tests.proof.clients import Client, Load, clients

PHONES = 4
FLOWS_SECONDS_MAX = 120.0
KILL_AFTER_SECONDS_MAX = 0.12
WORKER_EVERY, CLUSTER_EVERY = 3, 2
"""Of so many kills one takes a worker alone; and on PostgreSQL one the whole cluster."""
HEAVY_EVERY = 50
"""Of so many kills one is followed by reading every record anew."""
BODIES = text("SELECT id, body FROM record WHERE kind = 'visit'")
_LEDGER = text("SELECT mid, state FROM mutation")
_INDEXES = text(
    "SELECT c.oid, c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace"
    " WHERE a.amname = 'btree' AND n.nspname = 'public'"
)


@dataclass
class House:
    """A server on a database of its own, and the phones that push to it."""

    settings: Settings
    server: Server
    phones: list[Client]
    cluster: Cluster | None

    def load(self) -> Load:
        """All phones pushing at once."""
        return Load(self.phones, self.server.port)

    def workers(self) -> list[int]:
        """The processes that answer; none while the server is down."""
        process = self.server.process
        return children_of(process.pid) if process is not None and process.pid else []

    def writers(self) -> list[int]:
        """The processes that write the database's files."""
        return self.cluster.processes() if self.cluster is not None else self.workers()


@contextmanager
def house(postgresql: bool, seed: int) -> Iterator[House]:
    """Lay out a house; all of it is gone at the end."""
    with ExitStack() as stack:
        here = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oppgang-crash-")))
        for name in ("data", "keys"):
            (here / name).mkdir()
        running = stack.enter_context(cluster(durable=True, on_disk=False)) if postgresql else None
        url = running.url(running.create(prefix="crash")) if running else None
        settings = settings_for(here / "data", here / "keys", url)
        lay(settings, _begin)
        database = Database(settings)
        phones = clients(database, PHONES, seed)
        database.close()
        server = Server({**told(settings), "OPPGANG_WORKERS": "2"}, here / "server.log")
        server.start()
        stack.callback(server.kill)
        yield House(settings, server, phones, running)


def _begin(database: Database) -> None:
    upgrade(database)
    lay_out_world(database)


def kills(one: House, first: int, many: int, seed: int) -> Iterator[list[str]]:
    """Kill so many times, under load, at moments drawn from a seed; after each, what is amiss."""
    for number in range(first, first + many):
        drawn = random.Random(f"{seed}|{number}")
        with one.load() as load:
            assert load.flows.wait(FLOWS_SECONDS_MAX), f"nothing was answered before kill {number}"
            load.ends.wait(drawn.uniform(0, KILL_AFTER_SECONDS_MAX))
            kill(one, number)
        if one.server.process is None:
            yield [*lost(one), *unsound(one, everything=number % HEAVY_EVERY == 0)]
            one.server.start()
        else:  # the server itself brought its worker, or its lines to the database, back
            yield lost(one)


def kill(one: House, number: int) -> None:
    """Kill by turns the whole server, a worker of it, and the whole cluster below it."""
    if one.cluster is not None and number % CLUSTER_EVERY == 0:
        one.cluster.crash()
        if number % (2 * CLUSTER_EVERY) == 0:
            one.server.kill()
        one.cluster.start()
    elif number % WORKER_EVERY == 1:
        for pid in one.workers()[:1]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    else:
        one.server.kill()


def settle(one: House) -> list[str]:
    """Let every phone send what it still has; give what is amiss then: nothing lost or doubled."""
    for phone in one.phones:
        if phone.waiting:
            wait_until(partial(phone.send, one.server.port), "all is answered", 60)
    one.server.kill()
    return [*lost(one), *doubled(one), *unsound(one, everything=True)]


def lost(one: House) -> list[str]:
    """Give every answer that a phone has seen and the database does not bear out."""
    database = Database(one.settings)
    with database.reading() as session:
        states: dict[str, str] = dict(session.execute(_LEDGER).all())
        bodies: dict[str, Any] = {id: orjson.loads(body) for id, body in session.execute(BODIES)}
    database.close()
    found = []
    for phone in one.phones:
        for mid, state in phone.told.items():
            if states.get(mid) != state:
                found.append(f"{mid} was told {state}, and is {states.get(mid, 'nowhere')}")
        for id, written in phone.made.items():
            if bodies.get(id) != written:
                found.append(f"the visit {id} was said to be written, and is {bodies.get(id)}")
    return found


def doubled(one: House) -> list[str]:
    """Give what was sent again and taken for something new; all was answered by now."""
    database = Database(one.settings)
    with database.reading() as session:
        visits = {id for id, _ in session.execute(BODIES)}
        rows = [mid for mid, _ in session.execute(_LEDGER)]
    database.close()
    known = {mid for phone in one.phones for mid in phone.told}
    made = {id for phone in one.phones for id in phone.made}
    found = [f"nobody sent the visit {id}" for id in visits - made]
    return found + ["a mid is twice in the ledger"] * (len(rows) - len(set(rows) | known))


def unsound(one: House, everything: bool) -> list[str]:
    """Give what the database says against itself; `everything` reads every record as well."""
    database = Database(one.settings)
    try:
        with database.writing() as session:
            found = _amcheck(session) if one.cluster else _quick_check(session)
        with database.reading() as session:
            broken = ledger.first_break(session)
            found += [] if broken is None else [f"the ledger's chain breaks at {broken}"]
            return found + (amiss(session) if everything else [])
    finally:
        database.close()


def _quick_check(session: Any) -> list[str]:
    said = [row[0] for row in session.execute(text("PRAGMA quick_check"))]
    torn = [str(row[0]) for row in session.execute(text("PRAGMA cipher_integrity_check"))]
    return [f"quick_check: {line}" for line in said if line != "ok"] + torn


def _amcheck(session: Any) -> list[str]:
    """Check every index against its table, where the cluster carries the extension for it."""
    asked = text("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
    if session.execute(asked).first() is None:
        for name in ("mutation", "record", "scope_member"):
            session.execute(text(f"REINDEX TABLE {name}"))  # fails on a row that is twice
        return []
    session.execute(text("CREATE EXTENSION IF NOT EXISTS amcheck"))
    for oid, _ in session.execute(_INDEXES).all():
        session.execute(text("SELECT bt_index_check(CAST(:oid AS oid), true)"), {"oid": oid})
    return []


@contextmanager
def no_file_beyond(pids: Sequence[int], size: int) -> Iterator[None]:
    """Let some processes write no file beyond a size: the kernel cuts the write there and fails it.

    That is a full disk and a broken one to whoever writes, at a point that can be counted, and it
    needs no rights and no file system of one's own.
    """
    _limit(pids, size)
    try:
        yield
    finally:
        _limit(pids, resource.prlimit(os.getpid(), resource.RLIMIT_FSIZE)[1])


def _limit(pids: Sequence[int], size: int) -> None:
    """Set the limit as whom the processes run as: the kernel asks for that, of root too."""
    hard = resource.prlimit(os.getpid(), resource.RLIMIT_FSIZE)[1]
    child = os.fork()
    if child:
        assert os.waitpid(child, 0)[1] == 0, "the limit could not be set"
        return
    done = 1
    with suppress(OSError):
        for pid in pids:
            with suppress(FileNotFoundError, ProcessLookupError):
                owner = os.stat(f"/proc/{pid}").st_uid
                if owner != os.geteuid():
                    os.setgid(pwd.getpwuid(owner).pw_gid)
                    os.setuid(owner)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, hard))
        done = 0
    os._exit(done)
