"""Recurring work and closed doors: made once, in time, around holidays and clock changes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from server.intake import SERVER
from server.jobs import Job
from server.ledger import MutationRow
from server.planning.calendar import OSLO, start_of
from server.planning.deadlines import read_deadlines, seed
from server.planning.generation import generate, set_deadlines, upcoming
from server.planning.owed import owed
from server.planning.rule_book import rule_book
from server.planning.series import day_held, nominal_days
from server.shapes import Json
from tests.makers import NOW, USERS, World, new_id
from tests.server.owing import lay, said
from tests.server.planned import all_of, building, deviation, take_away, tenancy, write

AHEAD = timedelta(days=28)
RULES = read_deadlines(seed("deadlines").values())


def days(world: World, kind: str, on: str) -> list[str]:
    return sorted(str(body[on]) for body in all_of(world, kind).values())


def every_fortnight(world: World, until: str, **more: Json) -> str:
    id = new_id()
    body: dict[str, Json] = {
        "dwelling": world.dwelling, "planned_on": "2026-11-24", "planned_at": "09:00",
        "purpose": "follow_up", "repeats": "biweekly", "repeats_until": until,
        f"visitors/{USERS['kari']}": True, **more,
    }  # fmt: skip
    assert write(world, "planned_visit", id, body).state == "applied"
    return id


def test_a_visit_every_other_week_is_planned_on_till_its_last_day(world: World) -> None:
    head = every_fortnight(world, "2027-01-10")
    for weeks in range(10):
        generate(world.database, NOW + timedelta(weeks=weeks))
    assert days(world, "planned_visit", "planned_on") == [
        "2026-11-24", "2026-12-08", "2026-12-22", "2027-01-05",
    ]  # fmt: skip
    plans = all_of(world, "planned_visit")
    made = [body for id, body in plans.items() if id != head]
    assert all(b["series"] == head and b["planned_at"] == "09:00" for b in made)
    assert all(b[f"visitors/{USERS['kari']}"] is True for b in made)


def test_a_time_that_was_moved_or_taken_away_is_not_made_again_and_an_end_ends_it(
    world: World,
) -> None:
    head = every_fortnight(world, "2027-06-30")
    week = NOW + timedelta(weeks=1)
    generate(world.database, week)
    times = {b["planned_on"]: id for id, b in all_of(world, "planned_visit").items()}
    take_away(world, "planned_visit", times["2026-12-08"])
    write(world, "planned_visit", times["2026-12-22"], {"planned_on": "2026-12-21"})
    assert generate(world.database, week) == 0
    assert days(world, "planned_visit", "planned_on") == ["2026-11-24", "2026-12-21"]
    write(world, "planned_visit", head, {"cancelled": True})
    assert generate(world.database, NOW + AHEAD) == 0


def test_nothing_recurs_for_a_tenancy_that_ends_or_without_a_last_day(world: World) -> None:
    over = tenancy(world, "2026-01-01", ended_on="2026-12-01")
    every_fortnight(world, "2027-06-30", tenancy=over)
    every_fortnight(world, "2027-06-30", repeats_until=None)
    generate(world.database, NOW)
    assert len(all_of(world, "planned_visit")) == 2


@pytest.mark.parametrize(
    ("nominal", "visit", "activity"),
    [
        (date(2027, 5, 6), date(2027, 5, 7), None),
        (date(2027, 3, 25), date(2027, 3, 30), None),
        (date(2026, 12, 26), date(2026, 12, 28), None),
        (date(2026, 12, 12), date(2026, 12, 12), date(2026, 12, 12)),
    ],
)
def test_a_holiday_moves_a_visit_and_takes_an_activity(
    nominal: date, visit: date, activity: date | None
) -> None:
    assert day_held(nominal, moves=True) == visit
    assert day_held(nominal, moves=False) == activity


def test_an_activity_each_week_comes_again_with_its_place_and_people(world: World) -> None:
    home = building(world, world.east)
    body: dict[str, Json] = {
        "building": home, "type": "cooking", "held_on": "2026-12-11", "repeats": "weekly",
        "repeats_until": "2027-01-08", "heads": 11, f"who/{USERS['ola']}": True,
    }  # fmt: skip
    head = new_id()
    write(world, "activity", head, body)
    for weeks in range(6):
        generate(world.database, NOW + timedelta(weeks=weeks))
    assert days(world, "activity", "held_on") == [
        "2026-12-11", "2026-12-18", "2027-01-08",
    ]  # fmt: skip
    again = next(b for id, b in all_of(world, "activity").items() if id != head)
    assert again["building"] == home and again[f"who/{USERS['ola']}"] is True
    assert "heads" not in again


def test_the_months_last_day_stays_within_each_month() -> None:
    found = list(nominal_days(date(2026, 12, 31), "monthly", date(2027, 4, 30)))
    assert [f"{day:%m-%d}" for day in found] == ["01-31", "02-28", "03-31", "04-30"]


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_the_night_the_clock_changes_makes_the_same_work_as_the_day_after(
    world: World, night: date
) -> None:
    every_fortnight(world, f"{night + timedelta(days=90)}", planned_on=f"{night:%Y-%m-%d}")
    building(world, world.east)
    seen: list[list[tuple[str, Any]]] = []
    for hour in range(5):
        at = start_of(night).astimezone(NOW.tzinfo) + timedelta(hours=hour)
        with world.database.reading() as session:
            made = upcoming(session, rule_book(session), night, night + AHEAD)
        seen.append([(w.mutation("x", 1)["mid"], w.on) for w in made])
        generate(world.database, at)
    assert seen[0] and len(seen[0]) == len({mid for mid, _ in seen[0]}) and seen[1:] == [[]] * 4


@pytest.mark.parametrize("night", [date(2027, 3, 28), date(2027, 10, 31)])
def test_a_nightly_job_has_one_period_in_a_night_of_23_or_25_hours(night: date) -> None:
    job = Job("plan", time(2, 15), lambda *_: None)
    periods = [
        job.period(start_of(night).astimezone(NOW.tzinfo) + timedelta(minutes=15 * quarter))
        for quarter in range(4 * 26)
    ]
    own = [period for period in periods if period == f"{night:%Y-%m-%d}"]
    assert own and len(set(filter(None, periods))) <= 2
    assert RULES["DEV_CRITICAL"].due_at(start_of(night)).astimezone(OSLO).hour == 0


def closed_door(world: World, on: str, **more: Json) -> str:
    body: dict[str, Json] = {"dwelling": "HOME", "planned_visit": None, "visited_on": on, **more}
    body |= {"outcome": "no_answer", "purpose": "follow_up", "next_contact_on": None}
    return lay(world, "visit", {**body, **more, "status": said("submitted")})


def test_a_closed_door_gets_a_new_try_in_five_working_days_and_the_third_goes_to_the_leader(
    world: World,
) -> None:
    tries = ["2026-11-23"]
    closed_door(world, tries[0])
    for _ in range(2):
        assert generate(world.database, NOW) == 1
        plan, body = max(all_of(world, "planned_visit").items(), key=lambda p: p[1]["planned_on"])
        assert tries[-1] < body["planned_on"] <= body["due_on"]
        assert (
            body["due_on"] == RULES["VISIT_AGAIN"].due_on(date.fromisoformat(tries[-1])).isoformat()
        )
        tries.append(str(body["planned_on"]))
        last = closed_door(world, tries[-1], planned_visit=plan)
    assert generate(world.database, NOW) == 0
    with world.database.reading() as session:
        everywhere = [f"area:{world.east}:visit"]
        rule = rule_book(session).deadlines["VISIT_AGAIN"]
        assert [o.record for o in owed(session, everywhere, rule, None, date.max)] == [last]
    write(world, "visit", last, {"tries_ended_on": "2026-12-05"})
    with world.database.reading() as session:
        assert owed(session, everywhere, rule, None, date.max) == []


def test_a_new_try_is_on_the_day_agreed_and_none_is_made_where_somebody_planned_one(
    world: World,
) -> None:
    closed_door(world, "2026-11-23", next_contact_on="2026-12-03")
    generate(world.database, NOW)
    assert days(world, "planned_visit", "planned_on") == ["2026-12-03"]
    assert generate(world.database, NOW) == 0


def at_once(work: Callable[[], object], count: int = 3) -> None:
    gate, faults = threading.Barrier(count), list[BaseException]()

    def run() -> None:
        try:
            gate.wait(20)
            work()
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert faults == []


def test_three_schedulers_with_connections_of_their_own_make_everything_exactly_once(
    world: World,
) -> None:
    every_fortnight(world, "2027-06-30")
    closed_door(world, "2026-11-23")
    building(world, world.east)
    tenancy(world, "2026-11-20")
    deviation(world, "high")
    counts: list[int] = []

    def schedule() -> None:
        counts.append(generate(world.database, NOW) + set_deadlines(world.database, NOW))

    at_once(schedule)
    made = {kind: len(all_of(world, kind)) for kind in ("planned_visit", "round")}
    assert generate(world.database, NOW) == set_deadlines(world.database, NOW) == 0
    assert {kind: len(all_of(world, kind)) for kind in made} == made
    assert sum(counts) == len(written_by_rules(world))


def written_by_rules(world: World) -> set[str]:
    """Give the mids of what the server wrote in its own name."""
    with world.database.reading() as session:
        rows = select(MutationRow.mid).where(
            MutationRow.replica == SERVER, MutationRow.state == "applied"
        )
        return set(session.scalars(rows))
