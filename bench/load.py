"""What the measured phones send and how: real requests on loopback, visits as a day makes them."""

from __future__ import annotations

import gzip
import http.client
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import zstandard

from bench.stage import Device, Stage, name_id

PUBLIC_KEY = (
    "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
)
MOMENT = "2026-11-23T09:12:00.000Z"
TEXT = "Vi gikk gjennom røykvarsler, slokkeutstyr og rømningsvei, og avtalte ny rist til sluket. "


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
    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0
    _line: http.client.HTTPConnection | None = None

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
        answer, content = self._exchange(method, path, body, headers)
        self.requests += 1
        self.bytes_out += len(body) + sum(len(k) + len(v) + 4 for k, v in headers.items()) + 60
        self.bytes_in += (
            len(content) + sum(len(k) + len(v) + 4 for k, v in answer.getheaders()) + 17
        )
        if answer.headers.get("Content-Encoding") == "zstd":
            content = zstandard.ZstdDecompressor().decompressobj().decompress(content)
        elif answer.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path} gave {answer.status}: {content[:500]!r}")
        return json.loads(content) if content else None

    def _exchange(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send and read; on a connection that lay idle and was closed meanwhile, once more.

        A server lets idle connections go, and a browser then opens another without a word.
        """
        idle = self._line
        try:
            return self._send(method, path, body, headers)
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.hang_up()
            if idle is None:
                raise
            return self._send(method, path, body, headers)

    def _send(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.stage.port, timeout=120)
        self._line.request(method, path, body, headers)
        answer = self._line.getresponse()
        return answer, answer.read()

    def hang_up(self) -> None:
        """Close the connection, so that the next round may be another thread's."""
        if self._line is not None:
            self._line.close()
            self._line = None


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

    def p95_ms(self) -> float:
        """The 95th percentile of the round trips, in ms; 0 when none was timed."""
        ordered = sorted(self.latencies_s)
        return 1000 * ordered[int(len(ordered) * 0.95)] if ordered else 0.0


def measured(name: str, stage: Stage, phones: Sequence[Phone], units: int, work: Work) -> Figures:
    """Run `work(phone)` for all phones on 8 connections, and see what it cost."""
    return run(name, stage, phones, units, work, connections=8)


Work = Callable[[Phone], Iterator[float]]
"""Does a phone's part, and gives the seconds that each round trip took."""


def run(
    name: str, stage: Stage, phones: Sequence[Phone], units: int, work: Work, connections: int
) -> Figures:
    """The same with any number of connections; each takes the next phone until none is left."""
    waiting, lock, latencies = list(reversed(phones)), threading.Lock(), [[0.0][:0] for _ in phones]
    failures: list[BaseException] = []

    def carry() -> None:
        while True:
            with lock:
                if not waiting or failures:
                    return
                phone = waiting.pop()
            try:
                latencies[0].extend(work(phone))
                phone.hang_up()
            except BaseException as error:
                failures.append(error)

    before = [(p.bytes_in, p.bytes_out, p.requests) for p in phones]
    cpu, wall = stage.cpu_s(), time.monotonic()
    threads = [threading.Thread(target=carry) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    wall, cpu = time.monotonic() - wall, stage.cpu_s() - cpu
    came = sum(p.bytes_in for p in phones) - sum(b for b, _, _ in before)
    went = sum(p.bytes_out for p in phones) - sum(b for _, b, _ in before)
    asked = sum(p.requests for p in phones) - sum(b for _, _, b in before)
    return Figures(name, units, cpu, wall, latencies[0], came, went, asked)


def timed(act: Callable[[], object]) -> float:
    """Seconds that `act()` takes."""
    started = time.perf_counter()
    act()
    return time.perf_counter() - started
