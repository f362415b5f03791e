"""Intake: custody first, then judgement; the only road by which anything is written.

It knows no request. What is pushed is never refused: it is applied, put to a person, or held.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid5

import structlog
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from server import ledger
from server.access import Actor
from server.contract import CONTRACT
from server.database import Database, stamp
from server.intake.arrivals import Arrival, NoMid, read_one, read_push
from server.intake.erasing import ANONYMOUS, clear, erase, with_belongings
from server.intake.papers import ParentsMoved
from server.intake.placing import go_on, mend_places, misplaced, place_withheld
from server.intake.turn import SERVER, Result, Turn
from server.ledger import CUSTODY, Entry
from server.logs import trace
from server.metrics import FAULTS
from sync.mutation import NS, digest

First = Callable[[Session], None]
TRIES = 4
NOBODY = "00000000-0000-0000-0000-000000000000"
"""Stands for the author of what nobody is known to have signed."""
AGAIN_BATCH = 200
_log = structlog.get_logger("intake")


def take(
    database: Database,
    actor: Actor,
    replica: str,
    pushes: Sequence[Any],
    now: datetime,
    *,
    server: bool = False,
    sealed: bool = False,
    first: First = lambda session: None,
) -> list[Result]:
    """Take what a person pushed into custody, judge it, and answer for each in the same order.

    `pushes` are values read by `strict_json`, or its bytes. Raises NoMid for an element that has
    no id to answer for, and Unreadable for bytes that are no JSON; then nothing was taken.
    `server`: a job writes in its own name, so rights are not asked. `sealed`: they came as
    parcels. `first` runs at the beginning of the same transaction.
    """
    arrivals = read_push(pushes, actor.user, replica, now)
    for arrival in arrivals:
        arrival.entry.sealed = sealed
    if not arrivals:
        return []
    door = _Door(database, actor, now, server, first)
    try:
        results = door.in_one_turn(arrivals)
    except Exception as fault:
        _log.error("a batch could not be judged as one", size=len(arrivals), **trace(fault))
        results = door.one_by_one(arrivals)
    if door.withheld:
        go_on(database, now)
    return results


def keep_unreadable(
    database: Database, *, mid: str, replica: str, owner: str | None, raw: bytes, now: datetime
) -> None:
    """Take bytes into custody that cannot be opened or were not signed by their replica.

    They are kept beside the mid that they claim, never under it: a forged or broken parcel must
    not stand in the way of the true one.
    """
    sha256 = digest(raw)
    entry = Entry(
        mid=str(uuid5(NS, f"unreadable|{mid}|{sha256}")),
        sha256=sha256,
        replica=replica,
        n=None,
        author=owner or NOBODY,
        record=None,
        received_at=now,
        raw=raw,
        sealed=True,
        clash_of=mid,
        state="held",
        reason="unreadable",
    )
    with database.writing() as session:
        if not ledger.find(session, [entry.mid]):
            ledger.append(session, [entry], stamp(session, 1))


def judge_again(database: Database, now: datetime, *reasons: str, author: str | None = None) -> int:
    """Judge again what is held for some reasons (after an upgrade, a new grant); give how many."""
    with database.reading() as session:
        mids = [entry.mid for entry in ledger.held(session, *reasons, author=author)]
    for start in range(0, len(mids), AGAIN_BATCH):
        for mid in mids[start : start + AGAIN_BATCH]:
            _judge_alone(database, mid, now)
    return len(mids)


@dataclass
class _Door:
    """Through which one batch comes in: whose it is, and when."""

    database: Database
    actor: Actor
    now: datetime
    server: bool
    first: First
    withheld: bool = False
    """Something moved with more below it than its turn placed anew."""

    def in_one_turn(self, arrivals: Sequence[Arrival], alone: bool = False) -> list[Result]:
        """Judge a batch in one transaction; one that lost a race for a row is simply run again."""
        for attempt in range(TRIES):
            try:
                with self.database.writing() as session:
                    turn = self._turn(session)
                    turn.alone = alone
                    results = turn.take([_copy(arrival) for arrival in arrivals])
                self.withheld |= turn.desk.withheld
                return results
            except (IntegrityError, OperationalError, ParentsMoved):
                if attempt == TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    def one_by_one(self, arrivals: Sequence[Arrival]) -> list[Result]:
        """Commit custody alone, then judge each by itself; what still breaks is held."""
        with self.database.writing() as session:
            taken = self._turn(session).take_custody([_copy(arrival) for arrival in arrivals])
        results = []
        for arrival, mid in zip(arrivals, taken, strict=True):
            try:
                results += self._with_or_without_what_waits(arrival)
            except Exception as fault:
                _log.error("a mutation could not be judged", mid=mid, **trace(fault))
                FAULTS.inc()
                _hold(self.database, mid, self.now)
                results.append(Result(arrival.entry.mid, "held", "fault", (), None, False))
        return results

    def _with_or_without_what_waits(self, arrival: Arrival) -> list[Result]:
        try:
            return self.in_one_turn([arrival])
        except Exception as fault:
            _log.warning("judged without what waits for it", mid=arrival.entry.mid, **trace(fault))
        return self.in_one_turn([arrival], alone=True)

    def _turn(self, session: Session) -> Turn:
        self.first(session)
        known = (self.actor,) if self.server else ()  # a person's grants may have ended meanwhile
        return Turn(session, self.now, self.actor.user, known, self.server)


def _judge_alone(database: Database, mid: str, now: datetime) -> None:
    for alone in (False, True):
        try:
            with database.writing() as session:
                entry = ledger.find(session, [mid])[mid]
                Turn(session, now, entry.author, alone=alone).judge_again([entry])
            return
        except Exception as fault:
            _log.error("could not be judged again", mid=mid, alone=alone, **trace(fault))
    FAULTS.inc()


def _hold(database: Database, mid: str, now: datetime) -> None:
    """Settle one entry as held/fault, with its receipt if that can be written."""
    for simply in (False, True):
        try:
            with database.writing() as session:
                entry = ledger.find(session, [mid])[mid]
                if entry.state != CUSTODY:
                    return
                if simply:
                    entry.state, entry.reason = "held", "fault"
                    ledger.settle(session, [entry])
                else:
                    Turn(session, now, entry.author).give_up(entry)
            return
        except Exception as fault:
            _log.error("a fault could not be told", mid=mid, simply=simply, **trace(fault))


def _copy(arrival: Arrival) -> Arrival:
    """Give an arrival that a turn may mark and that the next try can begin with afresh."""
    entry = arrival.entry
    fresh = Entry(
        mid=entry.mid,
        sha256=entry.sha256,
        replica=entry.replica,
        n=entry.n,
        author=entry.author,
        record=entry.record,
        received_at=entry.received_at,
        raw=entry.raw,
        sealed=entry.sealed,
    )
    return Arrival(fresh, arrival.mutation, arrival.flaw)


__all__ = [
    "ANONYMOUS",
    "CONTRACT",
    "SERVER",
    "Arrival",
    "NoMid",
    "Result",
    "clear",
    "erase",
    "judge_again",
    "keep_unreadable",
    "mend_places",
    "misplaced",
    "place_withheld",
    "read_one",
    "take",
    "with_belongings",
]
