"""Regular offers: a visit is planned to offer again what got no yes; a no never ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from server.planning.generation import generate, set_deadlines
from server.planning.rule_book import change_rule
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import all_of, take_away, tenancy, write


def offer(world: World, home: str, **values: Any) -> str:
    """Write what was offered a while ago, and not taken."""
    id = new_id()
    body: dict[str, Any] = {
        "dwelling": world.dwelling,
        "tenancy": home,
        "what": "economy",
        "offered_on": "2026-09-01",
        "answer": "not_now",
        "again_on": "2026-12-05",
        **values,
    }
    body = {path: value for path, value in body.items() if value is not None}
    assert write(world, "offer", id, body).state == "applied"
    return id


@pytest.fixture
def home(world: World) -> str:
    """A household that Kari works with, and that has lived there long."""
    return tenancy(world, "2020-01-01", **{f"team/{USERS['kari']}": True})


def planned(world: World) -> list[dict[str, Any]]:
    """Make what the rules make, and give the visits."""
    generate(world.database, NOW)
    return list(all_of(world, "planned_visit").values())


def test_the_day_to_offer_again_brings_a_visit_that_does_not_say_what_was_offered(
    world: World, home: str
) -> None:
    id = offer(world, home)
    [plan] = planned(world)
    assert {path: plan[path] for path in ("purpose", "planned_on", "due_on", "rule")} == {
        "purpose": "follow_up",
        "planned_on": "2026-12-07",
        "due_on": "2026-12-19",
        "rule": "OFFER_VISIT",
    }
    assert plan["tenancy"] == home and plan[f"visitors/{USERS['kari']}"] is True
    assert id not in plan.values() and "economy" not in plan.values()
    assert len(planned(world)) == 1, "a second scheduler makes no second visit"


def test_a_day_that_the_rule_wrote_brings_it_as_well(world: World, home: str) -> None:
    offer(world, home, again_on=None)
    set_deadlines(world.database, NOW)
    assert [plan["planned_on"] for plan in planned(world)] == ["2026-12-01"]


@pytest.mark.parametrize("answer", ["no", "not_reached"])
def test_a_no_never_ends_it(world: World, home: str, answer: str) -> None:
    offer(world, home, answer=answer)
    assert len(planned(world)) == 1


def test_what_has_got_its_answer_is_not_offered_again(world: World, home: str) -> None:
    offer(world, home, answer="yes")
    assert planned(world) == []


def test_a_later_offer_of_the_same_takes_over_and_another_does_not(world: World, home: str) -> None:
    offer(world, home)
    offer(world, home, offered_on="2026-10-01", again_on="2027-06-01")
    assert planned(world) == []
    offer(world, home, what="activity", offered_on="2026-10-01")
    assert len(planned(world)) == 1


def test_one_visit_serves_two_offers(world: World, home: str) -> None:
    for what in ("economy", "activity"):
        offer(world, home, what=what)
    assert len(planned(world)) == 1


@pytest.mark.parametrize(("on", "made"), [("2026-12-20", 0), ("2026-12-22", 1)])
def test_a_visit_that_is_agreed_near_the_day_serves(
    world: World, home: str, on: str, made: int
) -> None:
    offer(world, home)
    plan = {"dwelling": world.dwelling, "tenancy": home, "purpose": "other", "planned_on": on}
    assert write(world, "planned_visit", new_id(), plan).state == "applied"
    assert len(planned(world)) == 1 + made


@pytest.mark.parametrize("values", [{"ended": True}, {"ended_on": "2026-12-01"}])
def test_who_has_moved_is_offered_nothing(world: World, home: str, values: dict[str, Any]) -> None:
    offer(world, home)
    assert write(world, "tenancy", home, values).state == "applied"
    assert planned(world) == []


def test_a_visit_that_was_taken_away_is_not_made_again(world: World, home: str) -> None:
    offer(world, home)
    planned(world)
    [id] = all_of(world, "planned_visit")
    take_away(world, "planned_visit", id)
    generate(world.database, NOW + timedelta(days=1))
    assert planned(world) == []


def test_a_rule_that_is_not_in_use_makes_none(world: World, home: str) -> None:
    offer(world, home)
    with world.database.writing() as session:
        change_rule(session, "OFFER_VISIT", {"in_use": "nei"}, USERS["lise"], NOW)
    assert planned(world) == []
