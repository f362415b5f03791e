"""The sequence proof: whoever tails by number misses nothing, and a naive sequence would miss.

Eight connections write while one tails the feed; the naive way is run beside it, so that a day on
which the proof proves nothing is seen.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.database import Database, stamp
from server.records.record import ScopeMember
from tests.makers import new_id

WRITERS, TURNS, ROWS = 8, 25, 3
SCOPE = "org"

Numbers = Callable[[Session, int], int]


def put(session: Session, first: int, count: int) -> None:
    """Write `count` rows with the numbers from `first`."""
    rows = [
        {"scope": SCOPE, "id": new_id(), "seq": first + k, "present": True} for k in range(count)
    ]
    session.execute(insert(ScopeMember), rows)


def write_in_order(database: Database, chance: random.Random) -> None:
    """Work first, take the numbers last, write the stamped rows, commit."""
    with database.writing() as session:
        session.execute(select(ScopeMember.id).limit(1)).all()
        time.sleep(chance.random() / 500)
        put(session, stamp(session, ROWS), ROWS)
        time.sleep(chance.random() / 500)


@dataclass
class NaiveNumbers:
    """A sequence that is handed out at insert and outside the commit's lock, as BIGSERIAL does."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def take(self, count: int) -> int:
        """Take numbers at once, whoever commits first."""
        with self.lock:
            return [next(self.numbers) for _ in range(count)][0]

    def write(self, database: Database, chance: random.Random) -> None:
        """Take the numbers, work, and only then wait for the turn to write."""
        first = self.take(ROWS)
        time.sleep(chance.random() / 500)
        with database.writing() as session:
            put(session, first, ROWS)
            time.sleep(chance.random() / 500)


def race(database: Database, write: Callable[[Database, random.Random], None]) -> list[int]:
    """Let eight write and one tail; give the numbers in the order in which the tail got them."""
    done = threading.Event()
    tailed: list[int] = []
    failures: list[BaseException] = []

    def worker(number: int) -> None:
        chance = random.Random(number)
        try:
            for _ in range(TURNS):
                write(database, chance)
        except BaseException as failure:
            failures.append(failure)

    def tail() -> None:
        last_look = False
        while True:
            with database.reading() as session:
                after = tailed[-1] if tailed else 0
                found = session.scalars(
                    select(ScopeMember.seq)
                    .where(ScopeMember.scope == SCOPE, ScopeMember.seq > after)
                    .order_by(ScopeMember.seq)
                ).all()
            tailed.extend(found)
            if last_look:
                return
            last_look = done.is_set()
            time.sleep(0.001)

    writers = [threading.Thread(target=worker, args=(n,)) for n in range(WRITERS)]
    reader = threading.Thread(target=tail)
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    reader.join()
    assert not failures, failures
    return tailed


def test_a_tail_by_number_gets_every_row_once_and_the_naive_sequence_loses_some(
    database: Database,
) -> None:
    expected = list(range(1, WRITERS * TURNS * ROWS + 1))
    assert race(database, write_in_order) == expected

    with database.writing() as session:
        session.query(ScopeMember).delete()
    naive = race(database, NaiveNumbers().write)
    assert len(set(naive)) == len(naive)
    assert len(naive) < len(expected), "the naive way lost nothing: this race proves nothing"
