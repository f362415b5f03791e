"""What is due and when: written for what was sent in, closed when it ends, counted when late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server import people
from server.access import actor_of, scopes_of
from server.database import Database
from server.intake import SERVER, Result, take
from server.ledger import MutationRow
from server.planning.generation import generate, set_deadlines
from server.planning.overdue import overdue
from server.records.review import Review
from server.shapes import Json, write_instant
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import all_of, deviation, tenancy, write


@pytest.mark.parametrize(
    ("severity", "due_on"),
    [
        ("critical", "2026-11-20"),
        ("high", "2026-11-25"),
        ("medium", "2026-12-04"),
        ("low", "2027-01-19"),
    ],
)
def test_a_deviation_that_is_sent_in_gets_its_deadline(
    world: World, severity: str, due_on: str
) -> None:
    id = deviation(world, severity)
    assert set_deadlines(world.database, NOW) == 1
    assert all_of(world, "deviation")[id]["due_on"] == due_on
    assert set_deadlines(world.database, NOW) == 0


def test_a_draft_has_no_deadline_yet(world: World) -> None:
    body = {"dwelling": world.dwelling, "severity": "high", "found_on": "2026-11-20"}
    write(world, "deviation", new_id(), {**body, "words": "Løs list."}, "kari")
    assert set_deadlines(world.database, NOW) == 0


@pytest.mark.parametrize("chosen", ["2026-12-24", None])
def test_a_deadline_that_a_person_has_set_or_taken_away_is_theirs(
    world: World, chosen: str | None
) -> None:
    id = deviation(world, "high")
    if chosen is None:
        set_deadlines(world.database, NOW)
    write(world, "deviation", id, {"due_on": chosen})
    assert set_deadlines(world.database, NOW) == 0
    assert all_of(world, "deviation")[id].get("due_on") == chosen


def test_the_deadline_follows_the_severity_until_a_person_sets_it(world: World) -> None:
    id = deviation(world, "low")
    for severity, due_on in (
        ("low", "2027-01-19"),
        ("high", "2026-11-25"),
        ("low", "2027-01-19"),
        ("high", "2026-11-25"),
    ):
        write(world, "deviation", id, {"severity": severity})
        set_deadlines(world.database, NOW)
        assert all_of(world, "deviation")[id]["due_on"] == due_on


def test_a_rule_that_meets_a_persons_word_gives_way_and_asks_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = deviation(world, "high")

    def meanwhile(*given: Any, **more: Any) -> list[Result]:
        monkeypatch.undo()
        write(world, "deviation", id, {"due_on": "2026-12-24"})
        return take(*given, **more)

    monkeypatch.setattr("server.planning.generation.take", meanwhile)
    set_deadlines(world.database, NOW)
    assert all_of(world, "deviation")[id]["due_on"] == "2026-12-24"
    with world.database.reading() as session:
        assert session.execute(select(func.count()).select_from(Review)).scalar_one() == 0
        state = select(MutationRow.state, MutationRow.reason).where(MutationRow.replica == SERVER)
        assert session.execute(state).all() == [("applied", "superseded")]


def asked(world: World, asked_at: datetime, received: datetime, **more: Any) -> dict[str, Any]:
    id, at = new_id(), write_instant(asked_at)
    status: Json = {"state": "submitted", "by": USERS["ingrid"], "at": write_instant(NOW)}
    body: dict[str, Json] = {"dwelling": world.dwelling, "asked_at": at, "status": status}
    more |= {"captured_at": at, "now": received}
    assert write(world, "assistance_request", id, body, "ingrid", **more).state == "applied"
    set_deadlines(world.database, received)
    return all_of(world, "assistance_request")[id]


def test_a_request_has_a_month_from_when_it_was_asked_however_late_it_arrives(
    world: World,
) -> None:
    night = datetime(2026, 10, 25, 23, 30, tzinfo=UTC)
    request = asked(world, night, NOW)
    assert request["due_on"] == "2026-11-26"
    assert request["counted_from"] == write_instant(night)
    assert request["clock_doubtful"] is False


def test_a_request_from_a_phone_in_2019_is_put_right_or_marked_and_keeps_what_it_said(
    world: World,
) -> None:
    raw = NOW.replace(year=2019)
    known = (NOW - raw) // timedelta(milliseconds=1)
    right, wrong = asked(world, raw, NOW, offset_ms=known), asked(world, raw, NOW)
    assert (right["due_on"], right["clock_doubtful"]) == ("2026-12-23", False)
    assert (wrong["due_on"], wrong["clock_doubtful"]) == ("2026-12-23", True)
    assert right["asked_at"] == wrong["asked_at"] == write_instant(raw)


def test_a_tenancy_closes_some_days_after_it_ended_and_its_plans_fall(world: World) -> None:
    id = tenancy(world, "2026-01-01")
    plan = {"dwelling": world.dwelling, "tenancy": id}
    late, out, before = new_id(), new_id(), new_id()
    write(world, "planned_visit", late, {**plan, "planned_on": "2026-12-01"})
    write(world, "planned_visit", out, {**plan, "planned_on": "2026-12-01", "purpose": "exit"})
    write(world, "planned_visit", before, {**plan, "planned_on": "2026-11-22"})
    write(world, "tenancy", id, {"ended_on": "2026-11-23"})
    chosen = new_id()
    write(world, "planned_visit", chosen, {**plan, "planned_on": "2026-12-02"})
    assert generate(world.database, NOW) == 1
    plans = all_of(world, "planned_visit")
    assert {each for each in plans if plans[each].get("cancelled")} == {late}
    assert "ended" not in all_of(world, "tenancy")[id]
    generate(world.database, NOW + timedelta(days=1))
    assert "ended" not in all_of(world, "tenancy")[id]
    generate(world.database, NOW + timedelta(days=2))
    assert all_of(world, "tenancy")[id]["ended"] is True


def test_a_tenancy_that_a_person_opened_again_stays_open_until_it_ends_anew(world: World) -> None:
    id = tenancy(world, "2026-01-01", ended_on="2026-11-01")
    generate(world.database, NOW)
    write(world, "tenancy", id, {"ended": None})
    generate(world.database, NOW)
    assert "ended" not in all_of(world, "tenancy")[id]
    write(world, "tenancy", id, {"ended_on": "2026-11-20"})
    generate(world.database, NOW)
    assert all_of(world, "tenancy")[id]["ended"] is True


def test_what_is_late_is_counted_for_those_who_may_see_it(world: World) -> None:
    deviation(world, "critical")
    deviation(world, "low")
    done = deviation(world, "critical")
    handling = {"state": "done", "by": USERS["lise"], "at": write_instant(NOW)}
    write(world, "deviation", done, {"handling": handling})
    plan = {"dwelling": world.dwelling, "planned_on": "2026-11-02", "due_on": "2026-11-10"}
    write(world, "planned_visit", new_id(), plan)
    write(world, "planned_visit", new_id(), {**plan, "done": True})
    asked(world, NOW - timedelta(days=8), NOW)
    asked(world, NOW - timedelta(days=40), NOW)
    set_deadlines(world.database, NOW)
    counted = late_for(world.database, "lise")
    assert (counted.deviations, counted.critical, counted.visits) == (1, 1, 1)
    waiting = counted.requests
    assert (waiting.open, waiting.a_week_old, waiting.past_due) == (2, 1, 1)
    assert waiting.oldest == NOW - timedelta(days=40)
    landlord = late_for(world.database, "eva")
    assert (landlord.deviations, landlord.visits, landlord.requests.open) == (1, 0, 0)
    with world.database.writing() as session:
        people.withdraw(session, USERS["lise"])
    assert late_for(world.database, "lise").deviations == 0


def late_for(database: Database, name: str) -> Any:
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[name]), NOW)
        return overdue(session, mine, NOW)
