"""Deadlines: a row and a fact give a day; clocks that are wrong take time from nobody."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from server.database import Database
from server.planning.deadlines import (
    OLDEST,
    BadRule,
    Deadline,
    read_deadline,
    read_deadlines,
    seed,
    started,
)
from server.planning.rounds import read_rounds
from server.planning.rule_book import change_rule, rule_book
from server.records import REGISTRY
from tests.makers import NOW, USERS

RULES = read_deadlines(seed("deadlines").values())
ROUNDS = read_rounds(seed("rounds").values())
NINE = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR_MS = 3_600_000


def row(**changes: str) -> Deadline:
    return read_deadline({**seed("deadlines")["DEV_HIGH"], **changes})


@pytest.mark.parametrize(
    ("code", "start", "due"),
    [
        ("DEV_CRITICAL", date(2026, 11, 21), date(2026, 11, 21)),
        ("DEV_HIGH", date(2026, 11, 20), date(2026, 11, 25)),
        ("DEV_HIGH", date(2026, 3, 30), date(2026, 4, 7)),
        ("DEV_MEDIUM", date(2026, 11, 20), date(2026, 12, 4)),
        ("DEV_LOW", date(2026, 11, 20), date(2027, 1, 19)),
        ("MOVE_IN_VISIT", date(2026, 11, 1), date(2026, 12, 1)),
        ("MOVE_IN_FOLLOWUP", date(2026, 11, 1), date(2027, 1, 30)),
        ("REQUEST_PROVISIONAL_ANSWER", date(2026, 1, 31), date(2026, 2, 28)),
        ("TENANCY_CLOSES", date(2026, 11, 30), date(2026, 12, 2)),
        ("SAFETY_ALERT_EXPIRY", date(2026, 8, 31), date(2027, 2, 28)),
        ("APPEAL", date(2026, 11, 20), date(2026, 12, 11)),
    ],
)
def test_a_deadline_is_its_row_and_its_fact(code: str, start: date, due: date) -> None:
    assert RULES[code].due_on(start) == due


@pytest.mark.parametrize(
    ("asked_at", "due"),
    [
        (datetime(2026, 3, 28, 22, 30, tzinfo=UTC), date(2026, 4, 28)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 29)),
        (datetime(2026, 1, 30, 23, 30, tzinfo=UTC), date(2026, 2, 28)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), date(2027, 2, 1)),
    ],
)
def test_a_request_late_at_night_counts_from_the_norwegian_day(
    asked_at: datetime, due: date
) -> None:
    assert RULES["REQUEST_PROVISIONAL_ANSWER"].due_on(asked_at) == due


def test_a_deadline_in_days_ends_at_norwegian_midnight_and_one_in_hours_to_the_minute() -> None:
    evening = datetime(2026, 3, 28, 23, 30, tzinfo=UTC)
    due_at = RULES["DEV_CRITICAL"].due_at(evening)
    assert due_at.astimezone(UTC) == datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert RULES["BREACH"].due_at(evening) == evening + timedelta(hours=72)
    assert RULES["BREACH"].due_on(evening) == date(2026, 4, 1)


def test_the_clock_starts_when_it_was_captured_and_not_when_it_arrived() -> None:
    captured = NINE - timedelta(days=9)
    start = started(captured, captured, 0, NINE)
    assert (start.at, start.doubtful) == (captured, False)


def test_what_is_said_to_have_happened_earlier_counts_from_then() -> None:
    assert started(NINE - timedelta(days=3), NINE, 0, NINE).at == NINE - timedelta(days=3)
    told = started(date(2026, 11, 20), NINE, 0, NINE)
    assert RULES["DEV_HIGH"].due_on(told.at) == date(2026, 11, 25)


def test_what_is_said_to_happen_later_gives_nobody_more_time() -> None:
    captured = NINE - timedelta(days=9)
    assert started(NINE - timedelta(days=2), captured, 0, NINE).at == captured
    assert started(NINE + timedelta(days=300), NINE, 0, NINE).at == NINE


@pytest.mark.parametrize("year", [2019, 2040])
def test_a_clock_that_is_known_to_be_wrong_is_put_right(year: int) -> None:
    raw = NINE.replace(year=year) - timedelta(days=2)
    offset_ms = (NINE - NINE.replace(year=year)) // timedelta(milliseconds=1)
    start = started(raw, raw, offset_ms, NINE)
    assert (start.at, start.doubtful) == (NINE - timedelta(days=2), False)
    assert RULES["DEV_CRITICAL"].due_on(started(raw.date(), raw, offset_ms, NINE).at) == date(
        2026, 11, 21
    )


@pytest.mark.parametrize(
    "raw",
    [
        NINE.replace(year=2019),
        NINE.replace(year=2040),
        NINE + timedelta(hours=1),
        NINE - OLDEST - timedelta(days=1),
        datetime.min.replace(tzinfo=UTC),
        datetime.max.replace(tzinfo=UTC),
    ],
)
def test_a_clock_that_cannot_be_right_is_marked_and_arrival_counts(raw: datetime) -> None:
    start = started(raw, raw, 0, NINE)
    assert (start.at, start.doubtful) == (NINE, True)


def test_an_odd_day_beside_a_sound_clock_leaves_capture_to_count_and_is_marked() -> None:
    captured = NINE - timedelta(hours=2)
    start = started(date(2019, 11, 20), captured, 0, NINE)
    assert (start.at, start.doubtful) == (captured, True)


def test_an_offset_beyond_all_years_is_no_fault() -> None:
    assert started(NINE, NINE, 2**53 - 1, NINE).doubtful


def test_every_severity_has_a_deadline() -> None:
    severities = REGISTRY["deviation"].fields["severity"].choices
    said = {
        value
        for rule in RULES.values()
        for each in rule.where
        if each.field == "severity"
        for value in each.values
    }
    assert said == set(severities)


@pytest.mark.parametrize(
    "changes",
    [
        {"count": "-1"},
        {"count": "tre"},
        {"count": "9999"},
        {"count": "¹"},
        {"unit": "fortnights"},
        {"effect": "harm"},
        {"effect": ""},
        {"where": "severity"},
        {"where": "severity="},
        {"met": "^"},
        {"met": "visit."},
        {"effect": "watch"},
        {"target": ""},
        {"second": "-1"},
    ],
)
def test_a_row_that_cannot_be_a_rule_says_which(changes: dict[str, str]) -> None:
    with pytest.raises(BadRule, match="DEV_HIGH"):
        row(**changes)


@pytest.mark.parametrize(
    ("code", "first", "last", "days"),
    [
        ("HMS_WEEKLY", date(2026, 11, 23), date(2026, 12, 6), ["2026-11-23", "2026-11-30"]),
        ("HMS_WEEKLY", date(2027, 3, 22), date(2027, 4, 4), ["2027-03-22", "2027-03-30"]),
        ("HMS_WEEKLY", date(2026, 11, 24), date(2026, 11, 29), []),
        ("HMS_QUARTERLY", date(2027, 1, 1), date(2027, 12, 31), 4),
        ("WINTER_WEEKLY", date(2027, 4, 1), date(2027, 10, 31), []),
        ("WINTER_WEEKLY", date(2026, 11, 1), date(2026, 11, 30), 4),
        ("OUTDOOR_WEEKLY", date(2026, 11, 1), date(2027, 3, 31), []),
        ("OUTDOOR_WEEKLY", date(2027, 6, 1), date(2027, 6, 30), 5),
        ("OUTDOOR_MONTHLY", date(2027, 1, 1), date(2027, 12, 31), 12),
        ("OUTDOOR_QUARTERLY", date(2027, 1, 1), date(2027, 12, 31), 4),
        ("OUTDOOR_SEASON", date(2026, 1, 1), date(2026, 12, 31), ["2026-04-17", "2026-10-14"]),
    ],
)
def test_rounds_are_walked_on_working_days_in_their_season(
    code: str, first: date, last: date, days: list[str] | int
) -> None:
    found = [day.isoformat() for _, day in ROUNDS[code].days(first, last)]
    assert (len(found) if isinstance(days, int) else found) == days


def test_a_period_has_one_name_however_it_is_looked_at() -> None:
    whole = dict(ROUNDS["HMS_WEEKLY"].days(date(2026, 12, 1), date(2027, 1, 31)))
    pieces: dict[str, date] = {}
    for day in range(62):
        on = date(2026, 12, 1) + timedelta(days=day)
        pieces |= dict(ROUNDS["HMS_WEEKLY"].days(on, on))
    assert pieces == whole
    assert "2026-W53" in whole


def test_spring_and_autumn_have_one_name_each_from_whichever_day_they_are_looked_at() -> None:
    whole = dict(ROUNDS["OUTDOOR_SEASON"].days(date(2026, 1, 1), date(2027, 12, 31)))
    assert list(whole) == ["2026-spring", "2026-autumn", "2027-spring", "2027-autumn"]
    for name, on in whole.items():
        assert list(ROUNDS["OUTDOOR_SEASON"].days(on, on)) == [(name, on)]


def test_a_municipality_changes_a_rule_and_who_and_when_is_kept(database: Database) -> None:
    with database.writing() as session:
        change_rule(session, "DEV_HIGH", {"count": "5"}, USERS["lise"], NOW)
        change_rule(session, "HMS_WEEKLY", {"in_use": "nei"}, USERS["lise"], NOW)
        change_rule(session, "DEV_HIGH", {"unit": "days"}, USERS["lise"], NOW)
    with database.reading() as session:
        book = rule_book(session)
    assert book.deadlines["DEV_HIGH"].due_on(date(2026, 11, 20)) == date(2026, 11, 25)
    assert "HMS_WEEKLY" not in book.rounds and "HMS_QUARTERLY" in book.rounds


@pytest.mark.parametrize(
    ("code", "columns"),
    [
        ("NO_SUCH", {"count": "5"}),
        ("DEV_HIGH", {"count": "many"}),
        ("DEV_HIGH", {"kind": "visit"}),
        ("DEV_HIGH", {"target": "found_on"}),
        ("HMS_WEEKLY", {"unit": "days"}),
        ("HMS_WEEKLY", {"months": "13"}),
        ("HMS_WEEKLY", {"words": "x" * 300}),
    ],
)
def test_a_change_that_makes_no_rule_changes_nothing(
    database: Database, code: str, columns: dict[str, str]
) -> None:
    with database.writing() as session, pytest.raises(BadRule, match=code):
        change_rule(session, code, columns, USERS["lise"], NOW)
    with database.reading() as session:
        book = rule_book(session)
    assert book.deadlines == RULES and book.rounds == ROUNDS


@pytest.mark.parametrize("months", ["11-", "-3", "11-3-4", "0"])
def test_half_a_season_is_no_season(months: str) -> None:
    with pytest.raises(BadRule) as bad:
        read_rounds([{**seed("rounds")["WINTER_WEEKLY"], "months": months}])
    assert bad.value.column == "months"
