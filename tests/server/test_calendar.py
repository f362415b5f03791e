"""Norwegian days: holidays as the law has them, working days, and midnight where people are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.planning.calendar import (
    add_months,
    add_working_days,
    day_of,
    days_between,
    holiday,
    is_worked,
    start_of,
    worked_from,
    worked_until,
)

HOLIDAYS_2026 = {
    date(2026, 1, 1),
    date(2026, 4, 2),
    date(2026, 4, 3),
    date(2026, 4, 5),
    date(2026, 4, 6),
    date(2026, 5, 1),
    date(2026, 5, 14),
    date(2026, 5, 17),
    date(2026, 5, 24),
    date(2026, 5, 25),
    date(2026, 12, 25),
    date(2026, 12, 26),
}
"""Written by hand from lov 24. februar 1995 nr. 12 and lov 26. april 1947 nr. 1."""
EASTERS = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2038: (4, 25), 2035: (3, 25)}


def test_the_public_holidays_are_the_twelve_of_the_law() -> None:
    year = days_between(date(2026, 1, 1), date(2026, 12, 31))
    assert {day for day in year if holiday(day)} == HOLIDAYS_2026


@pytest.mark.parametrize(("year", "easter"), EASTERS.items())
def test_the_movable_feasts_follow_easter(year: int, easter: tuple[int, int]) -> None:
    sunday = date(year, *easter)
    for days in (-3, -2, 0, 1, 39, 49, 50):
        assert holiday(sunday + timedelta(days=days)), days
    assert holiday(sunday - timedelta(days=1)) is None


def test_holidays_are_named_in_norwegian_whatever_language_the_machine_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LANGUAGE", "en_US")
    assert holiday(date(2031, 5, 17)) == "Grunnlovsdag"
    assert holiday(date(2031, 12, 25)) == "Første juledag"


@pytest.mark.parametrize("day", [date(2026, 12, 24), date(2026, 12, 31), date(2026, 4, 1)])
def test_half_days_are_worked(day: date) -> None:
    assert is_worked(day)


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 11, 20), 3, date(2026, 11, 25)),
        (date(2026, 11, 21), 1, date(2026, 11, 23)),
        (date(2026, 4, 1), 1, date(2026, 4, 7)),
        (date(2026, 4, 1), 3, date(2026, 4, 9)),
        (date(2026, 4, 30), 1, date(2026, 5, 4)),
        (date(2026, 5, 13), 2, date(2026, 5, 18)),
        (date(2027, 5, 14), 1, date(2027, 5, 18)),
        (date(2026, 12, 24), 1, date(2026, 12, 28)),
        (date(2026, 11, 20), 0, date(2026, 11, 20)),
    ],
)
def test_working_days_are_counted_from_the_day_after(start: date, count: int, due: date) -> None:
    assert add_working_days(start, count) == due


@given(st.dates(date(1950, 1, 1), date(2090, 12, 31)))
def test_the_nearest_working_days_lie_around_every_day(day: date) -> None:
    before, after = worked_until(day), worked_from(day)
    assert before <= day <= after
    assert is_worked(before) and is_worked(after)
    assert (before == after == day) == is_worked(day)
    assert after - before <= timedelta(days=8)


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_a_month_later_has_the_same_number_or_is_the_months_last(
    day: date, months: int, expected: date
) -> None:
    assert add_months(day, months) == expected


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 3, 28, 22, 59, tzinfo=UTC), date(2026, 3, 28)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 21, 59, tzinfo=UTC), date(2026, 3, 29)),
        (datetime(2026, 3, 29, 22, 0, tzinfo=UTC), date(2026, 3, 30)),
        (datetime(2026, 10, 25, 22, 59, tzinfo=UTC), date(2026, 10, 25)),
        (datetime(2026, 10, 25, 23, 0, tzinfo=UTC), date(2026, 10, 26)),
    ],
)
def test_a_day_begins_at_midnight_in_norway_also_when_the_clocks_are_moved(
    moment: datetime, day: date
) -> None:
    assert day_of(moment) == day


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)]
)
def test_a_day_may_have_23_or_25_hours(day: date, hours: int) -> None:
    begins, ends = start_of(day).astimezone(UTC), start_of(day + timedelta(days=1)).astimezone(UTC)
    assert ends - begins == timedelta(hours=hours)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        day_of(datetime(2026, 1, 1))  # noqa: DTZ001
