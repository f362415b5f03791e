"""What dominates each workload: the whole app in this process, without sockets, under cProfile.

The profiler slows Python down more than the libraries below it, so shares are a hint and the
CPU beside each name, taken without the profiler, is the figure.
"""

from __future__ import annotations

import argparse
import cProfile
import gc
import gzip
import io
import pstats
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import zstandard

from bench.load import Phone
from bench.stage import Device, Stage, name_id
from bench.sync import expect_applied, lay_ground
from server import create_app
from server.config import read_settings
from server.database import Database
from server.migrations import upgrade
from tests import postgres

AREAS, EACH = 20, 10
PUSHES, BATCH = 10, 100
STEADY_ROUNDS = 2
IDLE_ROUNDS = 200
PULLS = 4


@dataclass
class Inside(Phone):
    """A phone whose requests go straight into the app, with nothing of its own inside the clock."""

    app: Any = None
    spent_s: float = 0.0
    watch: cProfile.Profile | None = None

    def ask(self, method: str, path: str, value: Any) -> Any:
        """One request; only the app's part is timed, or profiled."""
        body = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        environ = self._environ(method, path, gzip.compress(body, 1))
        told: list[Any] = []
        started = time.thread_time()
        if self.watch is not None:
            self.watch.enable()
        content = b"".join(self.app(environ, lambda *answer: told.append(answer)))
        if self.watch is not None:
            self.watch.disable()
        self.spent_s += time.thread_time() - started
        status, headers = told[0][:2]
        if dict(headers).get("Content-Encoding") == "zstd":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        if not status.startswith("20"):
            raise RuntimeError(f"{method} {path} gave {status}: {content[:500]!r}")
        return orjson.loads(content) if content else None

    def _environ(self, method: str, path: str, packed: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(packed)),
            "HTTP_HOST": "127.0.0.1",
            "HTTP_COOKIE": f"oppgang={self.device.cookie}",
            "HTTP_X_OPPGANG": "1",
            "HTTP_CONTENT_ENCODING": "gzip",
            "HTTP_ACCEPT_ENCODING": "zstd" if self.packed else "identity",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(packed),
            "wsgi.errors": io.StringIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }


Steps = Callable[[Sequence[Inside]], int]
"""Does a workload and gives how many units it was."""


def main(words: list[str]) -> None:
    """Profile every workload on one database."""
    parser = argparse.ArgumentParser(prog="./run bench profile")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--only", help="the beginning of a workload's name")
    parser.add_argument("--top", type=int, default=25, help="how many functions to list")
    parser.add_argument("--sort", choices=("tottime", "cumtime"), default="tottime")
    asked = parser.parse_args(words)
    with inside(asked.database) as (stage, app):
        devices = stage.devices(AREAS, EACH)
        lay_ground(stage, devices)
        for name, per, steps, who in workloads(devices):
            phones = [Inside(one, stage, packed="zstd" in name, app=app) for one in who]
            for phone in phones:
                phone.register()
            wanted = not asked.only or name.startswith(asked.only)
            show(name, per, steps, phones, asked.top if wanted else 0, asked.sort)


def workloads(devices: Sequence[Device]) -> Iterator[tuple[str, str, Steps, Sequence[Device]]]:
    """The workloads of `./run bench sync`, smaller; each on what the ones before it left."""
    yield "W1 push", "µs a record", push, devices[:2]
    yield "W2 pull", "µs a record", pull, fresh(devices[:1], "pull")
    yield "W2 pull, zstd", "µs a record", pull, fresh(devices[:1], "packed")
    yield "W3 steady, zstd", "µs a sync", steady, fresh(devices, "steady")
    yield "W4 nothing to do", "µs a sync", idle, fresh(devices[:1], "idle")


def fresh(devices: Sequence[Device], what: str) -> list[Device]:
    """The same people on phones that know nothing yet."""
    return [Device(one.user, name_id(what, one.replica), one.area, one.cookie) for one in devices]


def push(phones: Sequence[Inside]) -> int:
    """Batches of new records."""
    for _ in range(PUSHES):
        for phone in phones:
            expect_applied(phone.sync([phone.new() for _ in range(BATCH)], limit=1))
    return PUSHES * BATCH * len(phones)


def pull(phones: Sequence[Inside]) -> int:
    """Everything from the beginning, a few times."""
    came = 0
    for phone in phones:
        for _ in range(PULLS):
            phone.cursor, more = None, True
            while more:
                reply = phone.sync([], limit=1000)
                came += len(reply["puts"])
                more = reply["more"]
    return came


def steady(phones: Sequence[Inside]) -> int:
    """Three new records and two edits a phone, and the team's news."""
    settle(phones)
    for _ in range(STEADY_ROUNDS):
        for phone in phones:
            batch = [phone.new() for _ in range(3)]
            for number in (1, 2):
                seen = {"meet": {"value": None, "seq": 0}}
                edit = {"meet": f"+47 400 00 {number:03}"}
                batch.append(phone.mutation(batch[number]["id"], edit, "patch", seen))
            expect_applied(phone.sync(batch, limit=500))
    return STEADY_ROUNDS * len(phones)


def idle(phones: Sequence[Inside]) -> int:
    """Nothing to send and nothing new."""
    settle(phones)
    for phone in phones:
        for _ in range(IDLE_ROUNDS):
            phone.sync([])
    return IDLE_ROUNDS * len(phones)


def settle(phones: Sequence[Inside]) -> None:
    """Bring phones to the head of the feed, outside of the clock."""
    for phone in phones:
        watch, phone.watch = phone.watch, None
        while phone.sync([], limit=1000)["more"]:
            pass
        phone.watch, phone.spent_s = watch, 0.0


def show(name: str, per: str, steps: Steps, phones: Sequence[Inside], top: int, order: str) -> None:
    """Run once for the clock and once for the profiler, and print both."""
    gc.collect()
    for phone in phones:
        phone.spent_s = 0.0
    units = steps(phones)
    spent = sum(phone.spent_s for phone in phones)
    print(f"\n{name}: {1e6 * spent / units:.1f} {per} in this process", flush=True)
    if not top:
        return
    watch = cProfile.Profile(time.thread_time)
    for phone in phones:
        phone.watch = watch
    units = steps(phones)
    text = io.StringIO()
    stats = pstats.Stats(watch, stream=text)
    stats.strip_dirs().sort_stats(order).print_stats(top)
    lines = text.getvalue().splitlines()
    start = next(i for i, line in enumerate(lines) if "ncalls" in line)
    print(f"of {units} units under the profiler:")
    print("\n".join(line for line in lines[start:] if line.strip()))


@contextmanager
def inside(name: str) -> Iterator[tuple[Stage, Any]]:
    """The app in this process on a fresh database of its own."""
    with tempfile.TemporaryDirectory(prefix="oppgang-bench-") as folder:
        environment = {"OPPGANG_MODE": "test", "OPPGANG_DATA": str(Path(folder))}
        if name == "sqlite":
            with opened(name, environment) as both:
                yield both
            return
        with postgres.cluster(durable=True) as cluster:
            environment["OPPGANG_DATABASE_URL"] = cluster.url(cluster.create())
            with opened(name, environment) as both:
                yield both


@contextmanager
def opened(name: str, environment: dict[str, str]) -> Iterator[tuple[Stage, Any]]:
    """The app on this database, migrated."""
    settings = read_settings(environment)
    database = Database(settings)
    upgrade(database)
    app = create_app(settings, database)
    try:
        yield Stage(name, 0, database, settings, ()), app
    finally:
        database.close()
