"""Round rules: which buildings are walked with which checklist, how often and in which months.

A rule's row and a span of days give the days to walk on; no database and no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from server.planning.calendar import add_months, add_working_days, worked_from, worked_until
from server.planning.deadlines import NO, BadRule, Row, named, one_of, whole

WORKDAY_MAX = 60
MONTHS = range(1, 13)
WEEK = timedelta(days=7)
SPRING = 4
"""The month that spring begins in; autumn begins half a year later, and lasts as long."""


class Frequency(StrEnum):
    """How often a round is walked."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEASON = "season"


class Each(StrEnum):
    """What one round is about: all the buildings of an area, or one building."""

    AREA = "area"
    BUILDING = "building"


@dataclass(frozen=True)
class RoundRule:
    """One row: this checklist, so often, on that working day of the period, in these months."""

    code: str
    words: str
    checklist: str
    frequency: Frequency
    workday: int
    """1 = the first working day of the week, month, quarter or season."""
    months: frozenset[int]
    each: Each
    law: str

    def days(self, first: date, last: date) -> Iterator[tuple[str, date]]:
        """Give each period, by name, whose day to walk lies between two days, both included."""
        for name, begins, ends in self._periods(first, last):
            day = add_working_days(worked_from(begins), self.workday - 1)
            # Easter leaves a week with fewer working days than the rule counts on.
            day = min(day, worked_until(ends - timedelta(days=1)))
            if first <= day <= last and day.month in self.months:
                yield name, day

    def _periods(self, first: date, last: date) -> Iterator[tuple[str, date, date]]:
        """Give every period that has a day in the span: its name, its first day, and the next's."""
        if self.frequency is Frequency.WEEKLY:
            begins = first - timedelta(days=first.weekday())
            while begins <= last:
                year, week, _ = begins.isocalendar()
                yield f"{year}-W{week:02d}", begins, begins + WEEK
                begins += WEEK
            return
        if self.frequency is Frequency.SEASON:
            yield from self._seasons(first, last)
            return
        months = 1 if self.frequency is Frequency.MONTHLY else 3
        begins = date(first.year, (first.month - 1) // months * months + 1, 1)
        while begins <= last:
            following = add_months(begins, months)
            part = f"{begins.month:02d}" if months == 1 else f"Q{begins.month // 3 + 1}"
            yield f"{begins.year}-{part}", begins, following
            begins = following

    def _seasons(self, first: date, last: date) -> Iterator[tuple[str, date, date]]:
        begins = date(first.year - 1, SPRING + 6, 1)
        while begins <= last:
            following = add_months(begins, 6)
            if first < following:
                part = "spring" if begins.month == SPRING else "autumn"
                yield f"{begins.year}-{part}", begins, following
            begins = following


def read_rounds(rows: Iterable[Row]) -> dict[str, RoundRule]:
    """Read rows into rules, those that are not in use left out; raises BadRule."""
    return {row["code"]: _read(row) for row in rows if row.get("in_use") != NO}


def _read(row: Row) -> RoundRule:
    workday = whole(row, "workday", WORKDAY_MAX)
    if workday < 1:
        raise BadRule(row["code"], "workday", "workday counts from 1")
    return RoundRule(
        code=row["code"],
        words=named(row),
        checklist=row["checklist"],
        frequency=one_of(Frequency, row, "frequency"),
        workday=workday,
        months=_months(row),
        each=one_of(Each, row, "each"),
        law=row["law"],
    )


def _months(row: Row) -> frozenset[int]:
    """Read «11-3» as November to March, «» as every month."""
    if not row["months"]:
        return frozenset(MONTHS)
    first, dash, last = row["months"].partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise BadRule(row["code"], "months", f"months is written 11-3, not {row['months']!r}")
    begins, ends = int(first), int(last) if dash else int(first)
    if begins not in MONTHS or ends not in MONTHS:
        raise BadRule(row["code"], "months", f"there is no such month as in {row['months']!r}")
    span = range(begins, ends + 1 if begins <= ends else ends + 13)
    return frozenset((month - 1) % 12 + 1 for month in span)
