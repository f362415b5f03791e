"""Planning: what the rules make, that it is made once, and that a person's word stands above it."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server.intake import SERVER
from server.ledger import MutationRow, first_break
from server.planning.calendar import is_worked
from server.planning.generation import HORIZON, generate, set_deadlines, upcoming
from server.planning.rule_book import change_rule, rule_book
from server.shapes import Json
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import TODAY, all_of, building, deviation, take_away, tenancy, write


def one(world: World, kind: str, purpose: str) -> tuple[str, dict[str, Any]]:
    [found] = [each for each in all_of(world, kind).items() if each[1]["purpose"] == purpose]
    return found


def test_a_new_tenancy_gets_a_visit_in_its_window_with_the_team_as_visitors(world: World) -> None:
    id = tenancy(world, "2026-11-20", **{f"team/{USERS['kari']}": True})
    generate(world.database, NOW)
    _, plan = one(world, "planned_visit", "move_in")
    assert plan == {
        "dwelling": world.dwelling,
        "tenancy": id,
        "purpose": "move_in",
        "planned_on": "2026-12-14",
        "due_on": "2026-12-20",
        "rule": "MOVE_IN_VISIT",
        f"visitors/{USERS['kari']}": True,
        "confided_to": id,
        f"confided/{USERS['kari']}": True,
    }


def test_the_follow_up_comes_when_its_time_is_near(world: World) -> None:
    tenancy(world, "2026-11-20")
    for weeks in range(9):
        generate(world.database, NOW + timedelta(weeks=weeks))
    plans = all_of(world, "planned_visit").values()
    assert {plan["purpose"] for plan in plans} == {"move_in", "follow_up"}
    _, follow_up = one(world, "planned_visit", "follow_up")
    assert follow_up["due_on"] == "2027-02-18"
    assert date(2027, 2, 4) <= date.fromisoformat(follow_up["planned_on"]) <= date(2027, 2, 18)


@pytest.mark.parametrize("started_on", [f"2026-11-{day:02d}" for day in range(1, 29)])
def test_every_proposed_day_is_a_working_day_within_the_window(
    world: World, started_on: str
) -> None:
    tenancy(world, started_on)
    for weeks in range(12):
        generate(world.database, NOW + timedelta(weeks=weeks))
    plans = all_of(world, "planned_visit").values()
    assert len(plans) == 2
    for plan in plans:
        planned_on, due_on = (date.fromisoformat(plan[p]) for p in ("planned_on", "due_on"))
        assert is_worked(planned_on)
        assert TODAY < planned_on <= due_on


@pytest.mark.parametrize(
    "values",
    [
        {"started_on": "2020-01-01"},
        {"started_on": "2026-11-01", "ended_on": "2026-11-20"},
        {"started_on": "2026-11-01", "ended": True},
    ],
)
def test_old_and_ended_tenancies_bring_no_visits(world: World, values: dict[str, Any]) -> None:
    tenancy(world, **values)
    generate(world.database, NOW)
    assert all_of(world, "planned_visit") == {}


def test_a_visit_that_somebody_has_planned_already_is_not_planned_again(world: World) -> None:
    id = tenancy(world, "2026-11-20")
    plan = {"dwelling": world.dwelling, "tenancy": id, "purpose": "move_in"}
    write(world, "planned_visit", new_id(), {**plan, "planned_on": "2026-12-01"})
    generate(world.database, NOW)
    assert len(all_of(world, "planned_visit")) == 1


def test_rounds_cover_the_buildings_of_each_area(world: World) -> None:
    east = {building(world, world.east), building(world, world.east, "Storgata 14")}
    building(world, world.west, "Vestre vei 3")
    generate(world.database, NOW)
    rounds = all_of(world, "round").values()
    weekly = [each for each in rounds if each["rule"] == "HMS_WEEKLY"]
    mine = [each for each in weekly if each["area"] == world.east]
    assert [r["planned_on"] for r in sorted(mine, key=lambda r: str(r["planned_on"]))] == [
        "2026-11-23",
        "2026-11-30",
        "2026-12-07",
        "2026-12-14",
        "2026-12-21",
    ]
    assert all({f"buildings/{id}" for id in east} <= set(each) for each in mine)
    assert {each["area"] for each in weekly} == {world.east, world.west}
    assert {each["checklist"] for each in rounds} == {"HMSFELLES", "VINTER", "UTE"}
    assert {each["frequency"] for each in weekly} == {"weekly"}


def test_a_round_of_all_points_comes_once_each_quarter(world: World) -> None:
    building(world, world.east)
    for weeks in range(14):
        generate(world.database, NOW + timedelta(weeks=weeks))
    [(_, quarterly)] = [
        each for each in all_of(world, "round").items() if each[1]["rule"] == "HMS_QUARTERLY"
    ]
    assert quarterly["planned_on"] == "2027-01-15"
    assert (quarterly["checklist"], quarterly["frequency"]) == ("HMSFELLES", "quarterly")


def test_a_rule_may_make_one_round_for_each_building(world: World) -> None:
    houses = {building(world, world.east), building(world, world.east, "Storgata 14")}
    with world.database.writing() as session:
        change_rule(session, "WINTER_WEEKLY", {"in_use": "nei"}, USERS["lise"], NOW)
        change_rule(session, "HMS_WEEKLY", {"each": "building"}, USERS["lise"], NOW)
    with world.database.reading() as session:
        made = upcoming(session, rule_book(session), TODAY, TODAY + timedelta(days=6))
    assert {write.subject for write in made} == houses
    assert {write.set["name"] for write in made} == {
        "HMS-runde hver uke, Storgata 12",
        "HMS-runde hver uke, Storgata 14",
    }


def test_the_preview_is_what_is_then_made_and_writes_nothing(world: World) -> None:
    building(world, world.east)
    tenancy(world, "2026-11-20")
    with world.database.reading() as session:
        shown = upcoming(session, rule_book(session), TODAY, TODAY + HORIZON)
    assert all_of(world, "round") == {}
    assert generate(world.database, NOW) == len(shown) > 0
    made = {**all_of(world, "round"), **all_of(world, "planned_visit")}
    for body in made.values():
        body.pop("confided_to", None)  # what intake adds to what was planned
    assert made == {write.id: dict(write.set) for write in shown}


def test_four_schedulers_at_once_make_everything_exactly_once(world: World) -> None:
    for number in range(3):
        building(world, world.east, f"Storgata {number}")
        tenancy(world, f"2026-11-{number + 10}", ended_on=None)
        deviation(world, "high")
    ended = tenancy(world, "2026-01-01", ended_on="2026-11-20")
    gate, broken = threading.Barrier(4), list[BaseException]()

    def schedule() -> None:
        try:
            gate.wait()
            generate(world.database, NOW)
            set_deadlines(world.database, NOW)
        except BaseException as fault:
            broken.append(fault)

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    with world.database.reading() as session:
        mine = MutationRow.replica == SERVER
        count = select(func.count()).select_from(MutationRow).where(mine)
        written = session.execute(count).scalar_one()
        unsettled = session.execute(count.where(MutationRow.state != "applied")).scalar_one()
        doubled = session.execute(
            select(MutationRow.record)
            .where(mine)
            .group_by(MutationRow.record)
            .having(func.count() > 1)
        ).all()
        assert first_break(session) is None
    rounds, plans = all_of(world, "round"), all_of(world, "planned_visit")
    assert (unsettled, doubled) == (0, [])
    assert written == len(rounds) + len(plans) + 3 + 1
    assert all_of(world, "tenancy")[ended]["ended"] is True
    assert {body["due_on"] for body in all_of(world, "deviation").values()} == {"2026-11-25"}


@pytest.mark.parametrize("change", ["moved", "given", "cancelled", "deleted"])
def test_what_a_person_did_to_a_generated_visit_stands(world: World, change: str) -> None:
    tenancy(world, "2026-11-20")
    generate(world.database, NOW)
    id, _ = one(world, "planned_visit", "move_in")
    values: dict[str, dict[str, Json]] = {
        "moved": {"planned_on": "2026-12-24"},
        "given": {f"visitors/{USERS['amir']}": True},
        "cancelled": {"cancelled": True},
    }
    if change == "deleted":
        assert take_away(world, "planned_visit", id).state == "applied"
    else:
        assert write(world, "planned_visit", id, values[change]).state == "applied"
    before = all_of(world, "planned_visit")
    assert generate(world.database, NOW + timedelta(days=1)) == 0
    assert all_of(world, "planned_visit") == before
