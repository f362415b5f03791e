"""Who is out alone, by what they sent: when their time is over by a clock that is right, and why.

It reads records and the ledger, and writes nothing; what is due follows from them alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server import ledger
from server.intake.papers import read_versions
from server.planning.deadlines import started
from server.records.check_in import CheckIn
from server.records.places import SEALED
from server.records.record import Envelope, ScopeMember, members_of
from server.shapes import Json, read_instant

OVER, OUT = "over", "out"
"""Why somebody is warned: the time ran out, or «Må ut nå»."""


@dataclass(frozen=True)
class Outing:
    """One check-in as the server knows it."""

    id: str
    seq: int
    area: str | None
    barred: frozenset[str]
    """Those who alone may know of it, where the home is behind a barrier; it is in no area then."""
    body: Mapping[str, Json]
    versions: Mapping[str, tuple[int, str, int | None]]
    due_at: datetime
    """When the time is over, by the server's clock."""
    clock_doubtful: bool
    """The phone's clock could not be believed: it is counted from when it came."""

    def since(self, path: str) -> int:
        """Give the seq at which a path was last written, 0 for never."""
        version = self.versions.get(path)
        return version[0] if version else 0

    @property
    def ended(self) -> bool:
        """Say whether somebody has said that it is over."""
        return self.body.get("ended_at") is not None

    @property
    def who(self) -> str:
        """Give who is out."""
        return str(self.body.get("who"))

    @property
    def wants_out(self) -> bool:
        """Say whether «Må ut nå» was pressed and it is not over."""
        return self.body.get("out_now") is True and not self.ended

    @property
    def warned(self) -> bool:
        """Say whether somebody was warned since the time was last set."""
        return self.body.get("escalated_at") is not None and (
            self.since("escalated_at") > self.since("ends_at")
        )

    @property
    def taken(self) -> bool:
        """Say whether somebody follows it up, and said so after the last warning."""
        return self.body.get("taken_by") is not None and (
            self.since("taken_by") > self.since("escalated_at")
        )

    @property
    def promised(self) -> tuple[str, ...]:
        """Give whom the phone was told that we would warn."""
        return members_of(self.body, "warns")

    def is_over(self, now: datetime) -> bool:
        """Say whether the time has run out without a word."""
        return not self.ended and self.due_at <= now

    def trigger(self, now: datetime) -> str | None:
        """Name the reason for a warning that is due now; the same reason has the same name.

        Each press of «Må ut nå» is one, and each end that passed, unless a warning was given
        after that end was set.
        """
        if self.wants_out:
            return f"{OUT}|{self.since('out_now')}"
        if self.is_over(now) and not self.warned:
            return f"{OVER}|{self.since('ends_at')}"
        return None


def outings(session: Session) -> list[Outing]:
    """Give every check-in that has not ended."""
    return list(_read(session, CheckIn.ended_at.is_(None)))


def ended_lately(session: Session, since: datetime) -> list[Outing]:
    """Give those that ended, or were changed after their end, since a moment."""
    return list(_read(session, CheckIn.ended_at.is_not(None), Envelope.changed_at >= since))


def outing_of(session: Session, id: str) -> Outing | None:
    """Give one check-in, None when it is not there."""
    return next(_read(session, Envelope.id == id), None)


def due_at(
    ends_at: datetime, captured_at: datetime, offset_ms: int, received_at: datetime
) -> tuple[datetime, bool]:
    """Say when the time is over, and whether the phone's clock could not be believed (I-13).

    The end and the moment it was written are by the same clock, so what lies between them is
    true however wrong that clock is. It is counted from when it was written by a clock that is
    right, and never from later than when it came.
    """
    start = started(captured_at, captured_at, offset_ms, received_at)
    lasts = max(ends_at - captured_at, timedelta(0))
    try:
        return min(start.at, received_at) + lasts, start.doubtful
    except OverflowError:
        return received_at, True


def _read(session: Session, *rules: ColumnElement[bool]) -> Iterator[Outing]:
    found = (
        select(Envelope.id, Envelope.seq, Envelope.area, Envelope.body, Envelope.versions)
        .join(CheckIn, CheckIn.id == Envelope.id)
        .where(Envelope.deleted.is_(False), CheckIn.ends_at.is_not(None), *rules)
        .order_by(Envelope.id)
    )
    for row in session.execute(found).all():
        body = orjson.loads(row.body)
        over, doubtful = _due(session, row.id, body)
        versions = read_versions(row.versions)
        barred = _named(session, row.id) if row.area is None else frozenset()
        yield Outing(row.id, row.seq, row.area, barred, body, versions, over, doubtful)


def _named(session: Session, id: str) -> frozenset[str]:
    """Give those who alone may know of a record that is in no area; empty without a barrier."""
    query = select(ScopeMember.scope).where(ScopeMember.id == id, ScopeMember.present)
    scopes = session.scalars(query.where(ScopeMember.scope.startswith(SEALED)))
    return frozenset(scope.removeprefix(SEALED) for scope in scopes)


def _due(session: Session, id: str, body: Mapping[str, Json]) -> tuple[datetime, bool]:
    ends_at = read_instant(str(body["ends_at"]))
    for entry in reversed(ledger.of_record(session, id)):
        if entry.raw and any(
            line["path"] == "ends_at" and line["outcome"] == "written" for line in entry.effect
        ):
            said: Any = orjson.loads(entry.raw)
            captured_at = read_instant(said["captured_at"])
            return due_at(ends_at, captured_at, said["offset_ms"], entry.received_at)
    return ends_at, True
