"""Somebody out alone, for tests: what their phone sends, what the watch does, what stands then."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson

from server import people, safety
from server.access import actor_of
from server.config import Settings
from server.database import Database, head
from server.intake import take
from server.ledger import MutationRow
from server.records.record import Envelope
from server.safety.alone import Outing, outing_of
from server.shapes import Json, write_instant
from server.smtp import Line, Smtp
from sync.mutation import office_replica
from tests.makers import AREA_EAST, DWELLING_EAST, NOW, USERS, mutation, new_id

KARI = USERS["kari"]
HALF_AN_HOUR = timedelta(minutes=30)


def at_once(count: int, do: Callable[[int], object]) -> None:
    """Let so many do something at the same time, each told its number; return when all have."""
    gate = threading.Barrier(count)

    def one(number: int) -> None:
        gate.wait()
        do(number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@dataclass
class Alone:
    """Kari's visit, and the server that watches over it."""

    database: Database
    settings: Settings
    id: str = field(default_factory=new_id)

    def watches(self, now: datetime) -> None:
        """Let a scheduler look once."""
        safety.watch(self.database, self.settings, now)

    def starts(
        self,
        at: datetime = NOW,
        *,
        lasts: timedelta = HALF_AN_HOUR,
        comes: datetime | None = None,
        clock: timedelta = timedelta(0),
        offset: timedelta = timedelta(0),
        **more: Json,
    ) -> None:
        """Start at a true moment, by a phone whose clock is wrong by `clock`."""
        shown = at + clock
        body: dict[str, Json] = {
            "area": AREA_EAST,
            "dwelling": DWELLING_EAST,
            "who": KARI,
            "started_at": write_instant(shown),
            "ends_at": write_instant(shown + lasts),
        }
        self._push("create", {**body, **more}, shown, comes or at, offset)

    def says(self, at: datetime, *, comes: datetime | None = None, **values: Json) -> None:
        """Change it from the phone."""
        self._push("patch", values, at, comes or at, timedelta(0))

    def takes_away(self, at: datetime) -> None:
        """Delete it from the phone, having seen it as it stands."""
        self._push("delete", {}, at, at, timedelta(0))

    def _push(
        self, op: str, values: Mapping[str, Json], shown: datetime, comes: datetime, by: timedelta
    ) -> None:
        offset_ms = round(by.total_seconds() * 1000)
        made = mutation("check_in", self.id, values, op=op, now=shown, offset_ms=offset_ms)
        with self.database.reading() as session:
            actor, seq = actor_of(session, KARI), head(session)
        if op == "delete":
            made["seen"] = {"*": {"seq": seq}}
        (result,) = take(self.database, actor, office_replica(KARI), [made], comes)
        assert result.state == "applied", result

    @property
    def body(self) -> dict[str, Any]:
        """Give the record as the server has it."""
        with self.database.reading() as session:
            found: dict[str, Any] = orjson.loads(session.get_one(Envelope, self.id).body)
        return found

    @property
    def outing(self) -> Outing:
        """Give it as the watch sees it."""
        with self.database.reading() as session:
            found = outing_of(session, self.id)
        assert found is not None
        return found

    @property
    def warned_at(self) -> str | None:
        """Give when somebody was warned last."""
        return self.body.get("escalated_at")

    @property
    def warnings(self) -> int:
        """Count the warnings that took effect."""
        with self.database.reading() as session:
            rows = session.query(MutationRow).filter(MutationRow.record == self.id)
            effects = [orjson.loads(row.effect or b"[]") for row in rows]
        return sum(
            line["path"] == "escalated_at" and line["outcome"] == "written"
            for effect in effects
            for line in effect
        )

    def reads_mail(self, login: str, address: str) -> None:
        """Let somebody say where they read mail."""
        with self.database.writing() as session:
            people.keep_address(session, USERS[login], address, NOW)


def local(port: int) -> Smtp:
    """Give a mail server on this machine."""
    return Smtp("127.0.0.1", port, Line.NONE, "oppgang@example.org")
