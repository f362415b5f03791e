"""What the measured phones send and how: real requests on loopback, visits as a day makes them."""

from __future__ import annotations

import gzip
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

from bench.line import Line
from bench.stage import Device, Stage, name_id

PUBLIC_KEY = (
    "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
)
MOMENT = "2026-11-23T09:12:00.000Z"


@dataclass
class Phone:
    """One phone of the load: its number, its cursor and its open connection."""

    device: Device
    stage: Stage
    packed: bool = False
    n: int = 0
    cursor: str | None = None
    incarnation: str | None = None
    policy: str | None = None
    line: Line = field(init=False)

    def __post_init__(self) -> None:
        self.line = Line(self.stage.port)

    def register(self) -> None:
        """Tell the server about this phone, as the app does after login."""
        self.ask(
            "PUT",
            f"/api/v1/replicas/{self.device.replica}",
            {
                "installation": name_id("installation", self.device.replica),
                "public_key": PUBLIC_KEY,
                "app": "bench",
                "contract": 1,
            },
        )
        self.hang_up()

    def mutation(
        self,
        record: str,
        change: dict[str, Any],
        op: str,
        seen: Any = None,
        kind: str = "planned_visit",
    ) -> Any:
        """One mutation, numbered."""
        self.n += 1
        return {
            "mid": ordered_id(),
            "replica": self.device.replica,
            "n": self.n,
            "author": self.device.user,
            "contract": 1,
            "kind": kind,
            "id": record,
            "op": op,
            "set": change,
            "seen": seen or {},
            "happened_at": MOMENT,
            "captured_at": MOMENT,
            "offset_ms": 0,
        }

    def new(self) -> Any:
        """A new record: a visit that is agreed, of six fields, under an id as phones make it."""
        return self.mutation(ordered_id(), agreed(self.device), "create")

    def sync(self, push: Sequence[Any], limit: int = 500) -> Any:
        """One round trip; keeps the cursor."""
        reply = self.ask(
            "POST",
            "/api/v1/sync",
            {
                "user": self.device.user,
                "replica": self.device.replica,
                "incarnation": self.incarnation,
                "contract": 1,
                "phone_now": MOMENT,
                "push": list(push),
                "cursor": self.cursor,
                "limit": limit,
                "health": {},
                "policy": self.policy,
            },
        )
        self.cursor = reply.get("cursor", self.cursor)
        self.incarnation = reply["incarnation"]
        self.policy = reply.get("policy", {}).get("version", self.policy)
        return reply

    def ask(self, method: str, path: str, value: Any) -> Any:
        """One request; anything but an answer that is meant is an error."""
        body = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
        headers = {
            "Cookie": f"oppgang={self.device.cookie}",
            "Content-Type": "application/json",
            "X-Oppgang": "1",
        }
        if self.packed:
            headers["Accept-Encoding"] = "zstd"
        if len(body) > 1000:
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        answer, content = self.line.ask(method, path, body, headers)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} gave {answer.status}: {content[:500]!r}")
        return json.loads(content) if content else None

    def hang_up(self) -> None:
        """Close the connection, so that the next round may be another thread's."""
        self.line.hang_up()


def ordered_id() -> str:
    """An id as phones give mutations and records: a UUIDv7, milliseconds first and then chance."""
    value = (time.time_ns() // 1_000_000) << 80 | 7 << 76 | 2 << 62
    return str(UUID(int=value | secrets.randbits(12) << 64 | secrets.randbits(62)))


def agreed(device: Device) -> dict[str, Any]:
    """The content of an agreed visit; the words vary so that they do not compress to nothing."""
    mark = name_id("mark", device.replica, time.perf_counter_ns())
    return {
        "dwelling": name_id("dwelling", device.area),
        "planned_on": "2027-03-15",
        "planned_at": "10:30",
        "purpose": "follow_up",
        "meet": f"Eksempel {mark[:12]}",
    }


@dataclass
class Figures:
    """What one workload cost."""

    name: str
    units: int
    cpu_s: float
    wall_s: float
    latencies_s: list[float] = field(default_factory=list)
    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0

    def percentile_ms(self, part: float) -> float:
        """The round trip that this part of them (0 to 1) was quicker than, in ms; 0 without any."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0

    def with_more(self, other: Figures) -> None:
        """Take in what another round of the same cost."""
        self.units += other.units
        self.cpu_s += other.cpu_s
        self.wall_s += other.wall_s
        self.latencies_s += other.latencies_s
        self.bytes_in += other.bytes_in
        self.bytes_out += other.bytes_out
        self.requests += other.requests


class Served(Protocol):
    """A running server."""

    def cpu_s(self) -> float:
        """CPU seconds that all its processes have used so far."""


class Calling(Protocol):
    """Who sends over one line at a time."""

    line: Line


Caller = TypeVar("Caller", bound=Calling)
Work = Callable[[Caller], Iterator[float]]
"""Does a phone's part, and gives the seconds that each round trip took."""


def measured(
    name: str, stage: Served, phones: Sequence[Caller], units: int, work: Work[Caller]
) -> Figures:
    """Run `work(phone)` for all phones on 8 connections, and see what it cost."""
    return run(name, stage, phones, units, work, connections=8)


def run(
    name: str,
    stage: Served,
    phones: Sequence[Caller],
    units: int,
    work: Work[Caller],
    connections: int,
) -> Figures:
    """The same with any number of connections; each takes the next phone until none is left."""
    waiting, lock, latencies = list(reversed(phones)), threading.Lock(), [0.0][:0]
    failures: list[BaseException] = []

    def carry() -> None:
        while True:
            with lock:
                if not waiting or failures:
                    return
                phone = waiting.pop()
            try:
                latencies.extend(work(phone))
                phone.line.hang_up()
            except BaseException as error:
                failures.append(error)

    lines = [phone.line for phone in phones]
    before = [(line.bytes_in, line.bytes_out, line.requests) for line in lines]
    cpu, wall = stage.cpu_s(), time.monotonic()
    threads = [threading.Thread(target=carry) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    wall, cpu = time.monotonic() - wall, stage.cpu_s() - cpu
    came = sum(line.bytes_in for line in lines) - sum(b for b, _, _ in before)
    went = sum(line.bytes_out for line in lines) - sum(b for _, b, _ in before)
    asked = sum(line.requests for line in lines) - sum(b for _, _, b in before)
    return Figures(name, units, cpu, wall, latencies, came, went, asked)


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act()` takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
