"""Deadlines: a day when something is due is a rule's row and a fact, and nothing else.

The rows are read here and what they mean is worked out; no database, no clock, no rule in code.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from importlib import resources
from typing import TypeAlias, TypeVar

from server.planning.calendar import add_months, add_working_days, day_of, noon_of, start_of
from server.planning.conditions import Condition, Met, read_met, read_where
from server.shapes import Json

Row: TypeAlias = Mapping[str, str]
"""One row of a table of rules, as it is written."""
Choice = TypeVar("Choice", bound=StrEnum)
Condition_ = TypeVar("Condition_", bound=Met)

CLOCKS_DIFFER = timedelta(minutes=10)
"""How far ahead of ours the clock of a phone may seem and still be believed."""
OLDEST = timedelta(days=180)
"""A registration that says to be older than this came from a clock that was wrong."""
COUNT_MAX = 3_660
ANY_DAY = date(2024, 1, 1)
"""To see whether a rule's earliest day lies before its last."""
NO = "nei"


class BadRule(ValueError):
    """A row that cannot be a rule: which one, which column, and what is wrong with it."""

    def __init__(self, code: str, column: str, words: str) -> None:
        super().__init__(f"{code}: {words}")
        self.column = column


class Unit(StrEnum):
    """What a deadline is counted in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


class Effect(StrEnum):
    """What the server does with a deadline."""

    DUE = "due"
    """Writes the day into the field `target`, unless a person has; late until it is met."""
    BEFORE = "before"
    """Writes into `target` the last day that lies so long before the fact; late until met."""
    WATCH = "watch"
    """Writes nothing: the day is the fact and the time after it; late until it is met."""
    DATE = "date"
    """A day that comes and that nobody is late with: somebody's right ends, or a thing does."""
    LIMIT = "limit"
    """The day in the field `target` may not lie later than this."""
    TELL = "tell"
    """Writes the fact into a field of the record it refers to: `target` is reference.field."""
    AGAIN = "again"
    """Plans a new try, up to as many in a row as `target` says; then the leader decides."""
    MARK = "mark"
    """Sets the flag `target` when the day has come."""
    VISIT = "visit"
    """Plans a visit for the purpose `target`."""


OWED = frozenset({Effect.DUE, Effect.BEFORE, Effect.WATCH, Effect.VISIT, Effect.AGAIN})
"""What somebody is late with when its day is over."""
FILLED = frozenset({Effect.DUE, Effect.BEFORE, Effect.DATE})
"""What writes its day into a field, where it names one."""
WITHOUT_TARGET = frozenset({Effect.WATCH, Effect.DATE})
AS_IT_STANDS = "="
CREATED = "created_at"
"""A fact that every record has: when the server first had it."""


@dataclass(frozen=True)
class Deadline:
    """One row: so long after this fact of such a record, this is due."""

    code: str
    words: str
    kind: str
    where: tuple[Condition, ...]
    """What a record must have; none for every record of the kind."""
    starts: tuple[str, ...]
    """The fields that the time may be counted from; the first that is there counts."""
    as_it_stands: bool
    """Counted from the day that stands there, and not from when it was captured: a plan."""
    count: int
    unit: Unit
    effect: Effect
    target: str
    earliest: int
    """How many days after the start it may be done at the earliest."""
    met: tuple[Met, ...]
    """What ends it; none where it ends when the record is no longer such a one."""
    lies_with: str
    """Whose it is: a field that names people, its own or of what it refers to, or a desk."""
    second: int
    """How many days after the deadline the leader is shown it."""
    law: str

    @property
    def start(self) -> str:
        """Give the field that the time is counted from, the first of them."""
        return self.starts[0]

    def start_in(self, body: Mapping[str, Json]) -> str | None:
        """Give the field that the time is counted from in this body; None when none is there."""
        return next((name for name in self.starts if body.get(name) is not None), None)

    def covers(self, body: Mapping[str, Json]) -> bool:
        """Say whether the rule is about a record with this body."""
        return all(condition.holds(body) for condition in self.where)

    def due_at(self, start: datetime) -> datetime:
        """Give the moment when it is too late: hours are exact, days end at Norwegian midnight."""
        if self.unit is Unit.HOURS:
            return start + timedelta(hours=self.count)
        return start_of(self.due_on(start) + timedelta(days=1))

    def due_on(self, start: date | datetime) -> date:
        """Give the last day on which it is in time."""
        if self.unit is Unit.HOURS:
            return day_of(_moment(start) + timedelta(hours=self.count))
        day = day_of(start) if isinstance(start, datetime) else start
        if self.unit is Unit.WORKING_DAYS:
            return add_working_days(day, self.count)
        if self.unit is Unit.MONTHS:
            return add_months(day, self.count)
        return day + timedelta(days=self.count)

    def latest_start(self, due_on: date) -> date:
        """Give the last day to begin on so that it is due on this day or before."""
        return _latest_start(self, due_on)


@lru_cache(maxsize=4096)
def _latest_start(rule: Deadline, due_on: date) -> date:
    """Halve the span: a later start is never due earlier."""
    low, high = due_on - timedelta(days=31 * rule.count + 40), due_on
    while low < high:
        middle = low + (high - low + timedelta(days=1)) // 2
        if rule.due_on(middle) <= due_on:
            low = middle
        else:
            high = middle - timedelta(days=1)
    return low


@dataclass(frozen=True)
class Start:
    """When a clock began to run, and whether the phone's own clock could not be believed."""

    at: datetime
    doubtful: bool


def started(
    stated: date | datetime, captured_at: datetime, offset_ms: int, received_at: datetime
) -> Start:
    """Say when a clock began: when it was captured, by a clock that is right (I-13).

    `stated` is what the person said, `captured_at` the phone's raw clock and `offset_ms` what it
    was last known to be wrong by. The earlier of the two counts, so that no network and no queue
    takes time from anybody. What lies in the future or too far back is not believed: then capture
    counts, and at last arrival. What the phone said stays where it was written.
    """
    said = _moment(stated)
    for tried, moment in enumerate((min(said, captured_at), captured_at)):
        try:
            at = moment + timedelta(milliseconds=offset_ms)
        except OverflowError:
            continue
        if received_at - OLDEST <= at <= received_at + CLOCKS_DIFFER:
            return Start(at, doubtful=tried > 0)
    return Start(received_at, doubtful=True)


def seed(table: str) -> dict[str, Row]:
    """Read the rows that a table of rules begins with, by code: `deadlines` or `rounds`."""
    text = (resources.files("server") / "data" / f"{table}.csv").read_text("utf-8")
    return {row["code"]: row for row in csv.DictReader(text.splitlines(), delimiter=";")}


def read_deadlines(rows: Iterable[Row]) -> dict[str, Deadline]:
    """Read rows into rules, those that are not in use left out; raises BadRule."""
    return {row["code"]: read_deadline(row) for row in rows if row.get("in_use") != NO}


def read_deadline(row: Row) -> Deadline:
    """Read one row; raises BadRule."""
    effect, starts = one_of(Effect, row, "effect"), row["from"].removeprefix(AS_IT_STANDS)
    if not row["target"] and effect not in WITHOUT_TARGET:
        raise BadRule(row["code"], "target", f"{effect} has a target")
    if row["target"] and effect is Effect.WATCH:
        raise BadRule(row["code"], "target", "what is watched has no target")
    deadline = Deadline(
        code=row["code"],
        words=named(row),
        kind=row["kind"],
        where=_conditions(row, "where", read_where),
        starts=tuple(starts.split("|")),
        as_it_stands=row["from"].startswith(AS_IT_STANDS),
        count=whole(row, "count", COUNT_MAX),
        unit=one_of(Unit, row, "unit"),
        effect=effect,
        target=row["target"],
        earliest=whole(row, "earliest", COUNT_MAX) if row["earliest"] else 0,
        met=_conditions(row, "met", read_met),
        lies_with=row["lies_with"],
        second=whole(row, "second", COUNT_MAX) if row["second"] else 0,
        law=row["law"],
    )
    if deadline.due_on(ANY_DAY) < ANY_DAY + timedelta(days=deadline.earliest):
        raise BadRule(row["code"], "earliest", "earliest is later than the deadline itself")
    return deadline


def _conditions(
    row: Row, column: str, read: Callable[[str], tuple[Condition_, ...]]
) -> tuple[Condition_, ...]:
    try:
        return read(row[column])
    except ValueError as bad:
        raise BadRule(row["code"], column, str(bad)) from bad


def one_of(choices: type[Choice], row: Row, column: str) -> Choice:
    """Read one of some words; raises BadRule."""
    try:
        return choices(row[column])
    except ValueError as bad:
        raise BadRule(row["code"], column, str(bad)) from bad


def named(row: Row) -> str:
    """Read the words that a rule is known by; raises BadRule when there are none."""
    if not row["words"].strip():
        raise BadRule(row["code"], "words", "a rule has words")
    return row["words"]


def whole(row: Row, column: str, most: int) -> int:
    """Read a whole number that is not negative and not above `most`; raises BadRule."""
    text = row[column]
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) > most:
        words = f"{column} is a whole number up to {most}, not {text!r}"
        raise BadRule(row["code"], column, words)
    return int(text)


def _moment(stated: date | datetime) -> datetime:
    return stated if isinstance(stated, datetime) else noon_of(stated)
