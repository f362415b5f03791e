"""Each rule at work: its day is written or reckoned, it is late, and something ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

import pytest

from server.access import actor_of, scopes_of
from server.planning.calendar import start_of
from server.planning.generation import set_deadlines
from server.planning.overdue import overdue
from server.planning.rule_book import change_rule
from server.shapes import Json
from tests.makers import NOW, USERS, World
from tests.server.owing import KINDS, LISE, TARGETS, found, late, lay, said
from tests.server.planned import TODAY, all_of, write

NOWHERE: Mapping[str, Json] = {"building": None}


@dataclass(frozen=True)
class Case:
    """One rule, a record it is about, its last day, and what ends it."""

    code: str
    body: Mapping[str, Json]
    due_on: str
    ends: Mapping[str, Json]
    more: Mapping[str, Json] = field(default_factory=dict)


CASES = (
    Case(
        "VISIT_NOTE_LATE", {"dwelling": "HOME", "planned_on": "2026-11-17"}, "2026-11-19",
        {"done": True},
    ),
    Case(
        "COMPLAINT_ACK",
        {"dwelling": "HOME", "received_on": "2026-11-13", "status": said("submitted"), **NOWHERE},
        "2026-11-18",
        {"acknowledged_on": "2026-11-23"},
    ),
    Case(
        "PARTIES_CONTACTED", {"area": "EAST", "opened_on": "2026-11-02", **NOWHERE}, "2026-11-16",
        {"parties_contacted_on": "2026-11-20"},
    ),
    Case(
        "AGREEMENT_FU_1", {"case": "conflict_case", "agreed_on": "2026-11-02"}, "2026-11-16",
        {"first_on": "2026-11-20"},
    ),
    Case(
        "AGREEMENT_FU_2", {"case": "conflict_case", "agreed_on": "2026-10-05"}, "2026-11-16",
        {"second_on": "2026-11-20"},
    ),
    Case(
        "ACCESS_NOTICE",
        {"dwelling": "HOME", "planned_on": "2026-11-27", "notified_on": None},
        "2026-11-20",
        {"notified_on": "2026-11-23"},
    ),
    Case(
        "CHANGE_NOTICE",
        {
            "dwelling": "HOME", "planned_on": "2027-02-22", "notified_on": None,
            "basis": "change_notice",
        },
        "2026-11-20",
        {"notified_on": "2026-11-23"},
    ),
    Case(
        "ACCESS_TOLD",
        {"dwelling": "HOME", "planned_on": "2026-11-19", "basis": "emergency_no_notice"},
        "2026-11-20",
        {"told_after_on": "2026-11-23"},
    ),
    Case(
        "MINUTES", {"area": "EAST", "held_on": "2026-11-15"}, "2026-11-22",
        {"minutes_shared_on": "2026-11-23"},
    ),
    Case(
        "INPUT_FEEDBACK", {"area": "EAST", "event": None, "received_on": "2026-10-20"},
        "2026-11-19", {"answered_on": "2026-11-23"},
    ),
    Case(
        "PLAN_READY",
        {"dwelling": "HOME", "tenancy": "tenancy", "started_on": "2026-10-20", "evaluate_on": None},
        "2026-11-17",
        {"ready_on": "2026-11-20"},
    ),
    Case(
        "PLAN_EVALUATE",
        {
            "dwelling": "HOME", "tenancy": "tenancy", "started_on": "2026-08-17",
            "evaluate_on": None, "ready_on": "2026-09-01",
        },
        "2026-11-17",
        {"ended_on": "2026-11-20"},
    ),
    Case(
        "OFFER_AGAIN",
        {"dwelling": "HOME", "tenancy": "tenancy", "offered_on": "2026-08-17", "again_on": None},
        "2026-11-17",
        {"answer": "yes"},
    ),
    Case(
        "FIDELITY", {"area": "EAST", "assessed_on": "2026-05-17", "next_on": None}, "2026-11-17",
        {"next_on": "2027-05-17"},
    ),
    Case(
        "HF_CONTACT",
        {"participant": "hf_participant", "met_on": "2026-11-10", "next_on": "2026-11-17"},
        "2026-11-17",
        {"next_on": None},
    ),
    Case(
        "MEASURE_DONE",
        {"area": "EAST", "owner": LISE, "due_on": "2026-11-17"},
        "2026-11-17",
        {"handling": said("done")},
    ),
    Case(
        "ERRAND_DONE", {"dwelling": "HOME", "deviation": None, "due_on": "2026-11-17"},
        "2026-11-17", {"handling": said("rejected")},
    ),
    Case(
        "KEY_BACK", {"dwelling": "HOME", "due_back_on": "2026-11-17"}, "2026-11-17",
        {"due_back_on": "2027-01-01"},
    ),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_a_rules_day_is_there_it_is_late_after_it_and_something_ends_it(
    world: World, case: Case
) -> None:
    kind = KINDS[case.code]
    id = lay(world, kind, case.body)
    set_deadlines(world.database, NOW)
    if TARGETS[case.code]:
        assert all_of(world, kind)[id][TARGETS[case.code]] == case.due_on
    due_on = date.fromisoformat(case.due_on)
    assert found(world, case.code, TODAY) == [(id, case.due_on)]
    assert found(world, case.code, due_on - timedelta(days=1)) == []
    assert late(world)[case.code] == 1
    assert case.code not in late(world, due_on)
    assert found(world, case.code, TODAY, who="admin") == []
    write(world, kind, id, case.ends)
    set_deadlines(world.database, NOW)
    assert case.code not in late(world)


def test_what_is_beyond_the_second_limit_is_shown_to_the_leader(world: World) -> None:
    lay(world, "event", {"area": "EAST", "held_on": "2026-11-10"})
    set_deadlines(world.database, NOW)

    def counted(today: date) -> tuple[list[str], list[str]]:
        with world.database.reading() as session:
            mine = scopes_of(session, actor_of(session, USERS["lise"]), NOW)
            told = overdue(session, mine, start_of(today) + timedelta(hours=9))
            codes = [[rule.code for rule, _ in each] for each in (told.others, told.beyond)]
            return codes[0], codes[1]

    assert counted(date(2026, 11, 17)) == ([], [])
    assert counted(date(2026, 11, 18)) == (["MINUTES"], [])
    assert counted(date(2026, 11, 24)) == (["MINUTES"], [])
    assert counted(date(2026, 11, 25)) == (["MINUTES"], ["MINUTES"])


def test_a_rule_that_is_switched_off_makes_nobody_late(world: World) -> None:
    lay(world, "assignment", {"dwelling": "HOME", "deviation": None, "due_on": "2026-11-17"})
    assert late(world) == {"ERRAND_DONE": 1}
    with world.database.writing() as session:
        change_rule(session, "ERRAND_DONE", {"in_use": "nei"}, USERS["lise"], NOW)
    assert late(world) == {}
