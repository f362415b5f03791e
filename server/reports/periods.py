"""Periods of a report: months, tertials, half-years, years and free ones, in Norwegian days.

They read no clock, and are written in an address as `2026-11`, `2026-T3`, `2026-H2` or `2026`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from server.planning.calendar import MONTHS, add_months, start_of

FREE_DAYS_MAX = 3_700
EARLIEST_YEAR = 2000


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    TERTIAL = "tertial"
    HALF_YEAR = "half_year"
    YEAR = "year"
    FREE = "free"


KIND_WORDS = {
    PeriodKind.MONTH: "Måned",
    PeriodKind.TERTIAL: "Tertial",
    PeriodKind.HALF_YEAR: "Halvår",
    PeriodKind.YEAR: "År",
    PeriodKind.FREE: "Fritt valgt",
}
MONTHS_IN = {
    PeriodKind.MONTH: 1,
    PeriodKind.TERTIAL: 4,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 12,
}
ALL_KINDS = tuple(PeriodKind)
LETTERS = {PeriodKind.TERTIAL: "T", PeriodKind.HALF_YEAR: "H"}
WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})|-([TH])(\d))?")
FREE_WRITTEN = re.compile(r"(\d{4}-\d{2}-\d{2})--(\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Period:
    """Whole Norwegian days from the first to the last, both included."""

    kind: PeriodKind
    first: date
    last: date

    def __contains__(self, day: object) -> bool:
        """Say whether a day lies in the period; what is no day does not."""
        return isinstance(day, date) and self.first <= day <= self.last

    @property
    def begins(self) -> datetime:
        """Give its first moment."""
        return start_of(self.first)

    @property
    def ends(self) -> datetime:
        """Give the first moment after it."""
        return start_of(self.last + timedelta(days=1))

    @property
    def number(self) -> int:
        """Give which one of its kind it is in its year, from 1."""
        return (self.first.month - 1) // MONTHS_IN.get(self.kind, 12) + 1

    @property
    def code(self) -> str:
        """Give it as an address has it."""
        year = f"{self.first.year:04d}"
        if self.kind is PeriodKind.FREE:
            return f"{self.first:%Y-%m-%d}--{self.last:%Y-%m-%d}"
        if self.kind is PeriodKind.YEAR:
            return year
        if self.kind is PeriodKind.MONTH:
            return f"{year}-{self.first.month:02d}"
        return f"{year}-{LETTERS[self.kind]}{self.number}"

    @property
    def words(self) -> str:
        """Give it in words: «november 2026», «2. halvår 2026»."""
        year = self.first.year
        if self.kind is PeriodKind.FREE:
            return f"{day_words(self.first)} til {day_words(self.last)}"
        if self.kind is PeriodKind.YEAR:
            return f"{year}"
        if self.kind is PeriodKind.MONTH:
            return f"{MONTHS[self.first.month - 1]} {year}"
        return f"{self.number}. {KIND_WORDS[self.kind].lower()} {year}"

    def step(self, by: int) -> Period:
        """Give the period so many places on, below nothing back."""
        if self.kind is PeriodKind.FREE:
            days = timedelta(days=((self.last - self.first).days + 1) * by)
            return Period(self.kind, self.first + days, self.last + days)
        return period_of(self.kind, add_months(self.first, MONTHS_IN[self.kind] * by))

    def months(self) -> list[Period]:
        """Give the months that it touches."""
        found, day = [], self.first.replace(day=1)
        while day <= self.last:
            found.append(period_of(PeriodKind.MONTH, day))
            day = add_months(day, 1)
        return found


def period_of(kind: PeriodKind, day: date) -> Period:
    """Give the period of a kind that a day lies in; a free one is the day's year so far."""
    if kind is PeriodKind.FREE:
        return Period(kind, day.replace(month=1, day=1), day)
    months = MONTHS_IN[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(kind, first, add_months(first, months) - timedelta(days=1))


def read_period(code: str) -> Period | None:
    """Read a period out of an address; None when there is none that makes sense."""
    free, fixed = FREE_WRITTEN.fullmatch(code), WRITTEN.fullmatch(code)
    try:
        if free:
            period = free_period(*(date.fromisoformat(text) for text in free.groups()))
        elif fixed:
            period = _fixed(*fixed.groups())
        else:
            return None
    except ValueError:
        return None
    return period if period and period.first.year >= EARLIEST_YEAR else None


def free_period(first: date, last: date) -> Period | None:
    """Give the days between two; None when they are too many or the wrong way round."""
    if not 0 <= (last - first).days <= FREE_DAYS_MAX or last.year > 9000:
        return None
    return Period(PeriodKind.FREE, first, last)


def day_words(day: date) -> str:
    """Give «12.3.2026»."""
    return f"{day.day}.{day.month}.{day.year}"


def _fixed(year: str, month: str | None, letter: str | None, number: str | None) -> Period | None:
    if int(year) > 9000:
        return None
    if month:
        return period_of(PeriodKind.MONTH, date(int(year), int(month), 1))
    if letter is None or number is None:
        return period_of(PeriodKind.YEAR, date(int(year), 1, 1))
    kind = next(kind for kind, written in LETTERS.items() if written == letter)
    period = period_of(kind, date(int(year), (int(number) - 1) * MONTHS_IN[kind] + 1, 1))
    return period if period.number == int(number) else None
