"""The stated rules one by one: averted, bostabilitet, Norwegian midnights and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from server.reports.arrears import averted
from server.reports.homes_kept import Nights, Step, kept, nights
from server.reports.look import Told
from server.reports.new_tenancies import runs
from server.reports.periods import PeriodKind, period_of, read_period
from server.shapes import Json

ON = date(2026, 6, 30)
IN: Step = (date(2025, 1, 10), "moved_in")
LOST: Step = (date(2025, 7, 1), "lost_tenancy")


def record(**body: Json) -> Told:
    """Give a record with this body."""
    return Told("id", "area", body, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("case", "ended_on", "expected"),
    [
        ({"petition_on": "2026-02-01"}, None, True),
        ({"notice_on": "2026-02-01"}, None, True),
        ({"warned_on": "2026-02-01"}, None, False),
        ({"eviction_on": "2026-02-01"}, None, True),
        (
            {"noticed_on": "2026-01-02", "nav_on": "2026-01-20", "plan_on": "2026-02-01"},
            None,
            False,
        ),
        ({"petition_on": "2026-02-01"}, "2026-06-01", True),
        ({"petition_on": "2026-02-01"}, "2026-05-31", False),
        ({"petition_on": "2026-02-01", "outcome": "evicted"}, None, False),
        ({"petition_on": "2026-02-01", "closed_on": None}, None, False),
    ],
)
def test_an_eviction_is_averted_by_the_stated_rule(
    case: dict[str, Json], ended_on: str | None, expected: bool
) -> None:
    """Notice or petition, closed on 2 March, and the tenancy goes on after the ninetieth day."""
    one = record(**{"closed_on": "2026-03-02", **case})
    assert averted(one, record(ended_on=ended_on)) is expected
    assert averted(one, None) is False


@pytest.mark.parametrize(
    ("steps", "months", "expected"),
    [
        ([IN], 12, True),
        ([IN], 24, None),
        ([IN, (date(2025, 5, 1), "lost_tenancy")], 6, False),
        ([IN, (date(2025, 7, 1), "lost_tenancy"), (date(2025, 7, 31), "moved_in")], 6, True),
        ([IN, (date(2025, 7, 1), "lost_tenancy"), (date(2025, 8, 1), "moved_in")], 6, False),
        ([IN, LOST, (date(2025, 7, 12), "accepted"), (date(2025, 7, 31), "moved_in")], 6, True),
        ([IN, LOST, (date(2025, 7, 12), "accepted"), (date(2025, 8, 1), "moved_in")], 6, False),
        ([IN, (date(2025, 7, 10), "deceased")], 6, None),
        ([IN, (date(2025, 7, 11), "deceased")], 6, True),
        ([IN, (date(2025, 3, 1), "institution_stay")], 6, True),
        ([(date(2025, 1, 1), "offered")], 6, None),
    ],
)
def test_a_home_is_kept_as_the_formula_says(
    steps: list[Step], months: int, expected: bool | None
) -> None:
    """A gap of thirty days is none; the dead before the day are not counted; absence is no loss."""
    assert kept(steps, months, ON) is expected
    assert kept([*reversed(steps)], months, ON) is expected


def test_nights_away_are_possible_and_not_at_home() -> None:
    """Ten nights from moving in, three of them in an institution, none after the last."""
    steps: list[Step] = [
        IN,
        (date(2025, 1, 12), "institution_stay"),
        (date(2025, 1, 15), "back_home"),
    ]
    assert nights(steps, date(2025, 1, 1), date(2025, 1, 19), None) == Nights(7, 10)
    assert nights(steps, date(2025, 1, 1), date(2025, 1, 19), date(2025, 1, 18)) == Nights(5, 8)
    assert nights([], date(2025, 1, 1), date(2025, 1, 19), None) == Nights(0, 0)


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ({"started_on": "2026-06-30", "stage": "running"}, True),
        ({"started_on": "2026-07-01", "stage": "planned"}, False),
        ({"started_on": "2026-01-01", "ended_on": "2026-06-29", "stage": "ended"}, False),
        ({"started_on": "2026-01-01", "ended_on": "2026-06-30", "stage": "ended"}, True),
        ({"stage": "running"}, True),
        ({"stage": "planned"}, False),
    ],
)
def test_a_programme_runs_at_a_site_from_its_start_to_its_end(
    site: dict[str, Json], expected: bool
) -> None:
    """A package that was copied to a new complex is no programme there before its day."""
    assert runs(record(**site), ON) is expected


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-06-30T21:59:59.000Z", date(2026, 6, 30)),
        ("2026-06-30T22:00:00.000Z", date(2026, 7, 1)),
        ("2026-12-31T22:59:59.000Z", date(2026, 12, 31)),
        ("2026-12-31T23:00:00.000Z", date(2027, 1, 1)),
    ],
)
def test_a_moment_belongs_to_its_norwegian_day(at: str, day: date) -> None:
    """In summer the day begins at ten in the evening by UTC, in winter at eleven."""
    one = record(handling={"state": "done", "at": at}, asked_at=at)
    assert one.step_on() == day and one.day("asked_at") == day
    half = period_of(PeriodKind.HALF_YEAR, day)
    assert half.begins <= datetime.fromisoformat(at) < half.ends


@pytest.mark.parametrize(
    "code", ["2026-02", "2024-T1", "2026-H2", "2026", "2026-02-03--2026-05-04"]
)
def test_a_period_is_read_as_it_is_written(code: str) -> None:
    period = read_period(code)
    assert period is not None and period.code == code
    assert period.first in period and period.step(1).step(-1).first == period.first
    assert (period.step(1).first - period.last).days == 1
