"""Norwegian days: which day a moment falls on, which days are worked, and how to count them.

It reads no clock; whoever asks says which moment or which day it is about.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from holidays import country_holidays

OSLO = ZoneInfo("Europe/Oslo")
MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
SATURDAY = 5


def day_of(moment: datetime) -> date:
    """Give the day it is in Norway at a moment; refuses a moment without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(OSLO).date()


def start_of(day: date) -> datetime:
    """Give the moment when a day begins in Norway; a day may last 23 or 25 hours."""
    return datetime.combine(day, time(), OSLO)


def noon_of(day: date) -> datetime:
    """Give the middle of a day in Norway: what stands for a day where a moment is needed."""
    return datetime.combine(day, time(12), OSLO)


def holiday(day: date) -> str | None:
    """Name the public holiday that a day is (lov om helligdager, and 1 and 17 May), or None.

    Easter Eve, Whitsun Eve and Christmas Eve are no public holidays.
    """
    return _holidays(day.year).get(day)


def is_worked(day: date) -> bool:
    """Say whether a day is a working day: Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and holiday(day) is None


def worked_from(day: date) -> date:
    """Give the first working day that is not before a day."""
    while not is_worked(day):
        day += timedelta(days=1)
    return day


def worked_until(day: date) -> date:
    """Give the last working day that is not after a day."""
    while not is_worked(day):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """Give the working day that is `count` working days after a day, which itself never counts."""
    for _ in range(count):
        day = worked_from(day + timedelta(days=1))
    return day


def add_months(day: date, count: int) -> date:
    """Give the day of the same number months later, or that month's last (domstolloven § 148)."""
    years, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def days_between(first: date, last: date) -> list[date]:
    """Give every day from the first to the last, both included."""
    return [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]


@cache
def _holidays(year: int) -> dict[date, str]:
    return dict(country_holidays("NO", years=year, language="no"))
