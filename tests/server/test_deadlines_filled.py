"""Days that follow from what was written: filled in, moved on, held back, and told beside it."""

from __future__ import annotations

from datetime import date

from server.planning.generation import set_deadlines
from server.shapes import Json
from tests.makers import NOW, World, new_id
from tests.server.owing import KINDS, found, late, lay, said
from tests.server.planned import TODAY, all_of, write


def test_what_is_offered_assessed_or_met_anew_ends_what_was_owed_before(world: World) -> None:
    home = {"dwelling": "HOME", "tenancy": "tenancy", "again_on": None}
    old = lay(world, "offer", {**home, "offered_on": "2026-08-01"})
    stays = {"tenancy": all_of(world, "offer")[old]["tenancy"], "again_on": None}
    lay(
        world, "fidelity_assessment", {"area": "EAST", "assessed_on": "2026-01-10", "next_on": None}
    )
    lay(world, "key_handover", {"dwelling": "HOME", "due_back_on": "2026-11-17"})
    set_deadlines(world.database, NOW)
    assert late(world).keys() >= {"OFFER_AGAIN", "FIDELITY", "KEY_BACK"}
    lay(world, "offer", {**stays, "dwelling": "HOME", "offered_on": "2026-11-20", "what": "other"})
    set_deadlines(world.database, NOW)
    assert "OFFER_AGAIN" in late(world)
    lay(world, "offer", {**stays, "dwelling": "HOME", "offered_on": "2026-11-20"})
    lay(
        world, "fidelity_assessment", {"area": "EAST", "assessed_on": "2026-11-20", "next_on": None}
    )
    back = {"dwelling": "HOME", "action": "in", "happened_on": "2026-11-23", "due_back_on": None}
    lay(world, "key_handover", back)
    set_deadlines(world.database, NOW)
    assert late(world) == {}


def test_a_visit_that_was_sent_in_ends_what_its_plan_owed(world: World) -> None:
    plan = lay(world, "planned_visit", {"dwelling": "HOME", "planned_on": "2026-11-17"})
    there = {"dwelling": "HOME", "planned_visit": plan, "visited_on": "2026-11-17"}
    visit = lay(world, "visit", {**there, "status": None})
    assert late(world) == {"VISIT_NOTE": 1, "VISIT_NOTE_LATE": 1}
    write(world, "visit", visit, {"status": said("submitted")})
    assert late(world) == {}


def test_a_note_that_is_not_finished_is_its_authors_to_see_and_the_leader_sees_the_plan(
    world: World,
) -> None:
    plan = lay(world, "planned_visit", {"dwelling": "HOME", "planned_on": "2026-11-20"})
    body = {"dwelling": world.dwelling, "planned_visit": plan, "visited_on": "2026-11-20"}
    visit = new_id()
    write(world, "visit", visit, {**body, "purpose": "other"}, "kari")
    assert found(world, "VISIT_NOTE", TODAY, "kari") == [(visit, "2026-11-21")]
    assert found(world, "VISIT_NOTE", TODAY) == []
    assert found(world, "VISIT_NOTE_LATE", TODAY) == [(plan, "2026-11-22")]


def test_a_safety_alert_is_held_to_half_a_year_from_its_approval_whoever_wrote_more(
    world: World,
) -> None:
    id = lay(world, "safety_alert", {"dwelling": "HOME", "valid_until": "2028-01-01"})
    set_deadlines(world.database, NOW)
    assert all_of(world, "safety_alert")[id]["valid_until"] == "2028-01-01"
    write(world, "safety_alert", id, {"status": said("submitted")})
    write(world, "safety_alert", id, {"status": said("approved")})
    set_deadlines(world.database, NOW)
    assert all_of(world, "safety_alert")[id]["valid_until"] == "2027-05-23"
    assert set_deadlines(world.database, NOW) == 0
    assert found(world, "SAFETY_ALERT_ENDS", date(2027, 5, 23)) == [(id, "2027-05-23")]
    late_then = late(world, date(2028, 1, 1))
    assert not any(KINDS[code] == "safety_alert" for code in late_then)


def test_an_evaluation_moves_the_next_one_and_a_persons_day_stands_till_then(world: World) -> None:
    body = {"dwelling": "HOME", "tenancy": "tenancy", "started_on": "2026-09-01"}
    plan = lay(world, "follow_up_plan", {**body, "evaluate_on": None})
    set_deadlines(world.database, NOW)
    assert all_of(world, "follow_up_plan")[plan]["evaluate_on"] == "2026-12-01"
    write(world, "follow_up_plan", plan, {"evaluate_on": "2026-12-15"})
    set_deadlines(world.database, NOW)
    assert all_of(world, "follow_up_plan")[plan]["evaluate_on"] == "2026-12-15"
    whole = all_of(world, "follow_up_plan")[plan]
    there = {"dwelling": world.dwelling, "tenancy": whole["tenancy"], "plan": plan}
    done = said("submitted")
    lay(world, "evaluation", {**there, "held_on": "2026-11-20", "status": done})
    for _ in range(2):
        set_deadlines(world.database, NOW)
    whole = all_of(world, "follow_up_plan")[plan]
    assert (whole["evaluated_on"], whole["evaluate_on"]) == ("2026-11-20", "2027-02-20")


def test_a_home_is_checked_for_fire_by_a_check_and_never_by_a_closed_door(world: World) -> None:
    assert "FIRE_CHECK" not in late(world)
    year_later = date(2027, 11, 24)
    assert late(world, year_later)["FIRE_CHECK"] == 2
    done = said("submitted")
    run: dict[str, Json] = {
        "dwelling": world.dwelling, "checklist": "BRANNBOLIG", "edition": 1,
        "subject": "dwelling", "status": done,
    }  # fmt: skip
    write(world, "checklist_run", new_id(), {**run, "answers/BRANNBOLIG-01": "not_checked"})
    set_deadlines(world.database, NOW)
    assert "fire_checked_on" not in all_of(world, "dwelling")[world.dwelling]
    write(world, "checklist_run", new_id(), {**run, "answers/BRANNBOLIG-01": "ok"})
    set_deadlines(world.database, NOW)
    assert all_of(world, "dwelling")[world.dwelling]["fire_checked_on"] == "2026-11-23"
    assert set_deadlines(world.database, NOW) == 0
    assert (world.dwelling, "2027-11-23") in found(world, "FIRE_CHECK", date(2027, 11, 23))


def test_the_days_that_come_are_written_and_nobody_is_late_with_them(world: World) -> None:
    home = {"dwelling": "HOME", "tenancy": "tenancy", "outcome": None, "closed_on": None}
    case = lay(
        world,
        "arrears_case",
        {**home, "petition_on": None, "notice_on": "2026-11-20", "protested_on": "2026-11-22"},
    )
    asked = {"dwelling": "HOME", "visit": None, "status": said("submitted")}
    request = lay(world, "assistance_request", {**asked, "answered_on": "2026-11-20"})
    for _ in range(2):
        set_deadlines(world.database, NOW)
    standing = all_of(world, "arrears_case")[case]
    assert (standing["protest_due_on"], standing["suit_due_on"]) == ("2026-12-20", "2027-03-20")
    assert all_of(world, "assistance_request")[request]["appeal_due_on"] == "2026-12-11"
    assert late(world, date(2027, 12, 1)).keys().isdisjoint({"APPEAL", "SUIT"})


def test_a_notice_is_to_be_given_on_a_working_day_a_week_before_or_more(world: World) -> None:
    given = {"dwelling": "HOME", "notified_on": None}
    sunday = lay(world, "access_notice", {**given, "planned_on": "2026-12-06"})
    easter = lay(world, "access_notice", {**given, "planned_on": "2027-04-05"})
    emergency = lay(
        world, "access_notice",
        {**given, "planned_on": "2026-12-06", "basis": "emergency_no_notice"},
    )  # fmt: skip
    set_deadlines(world.database, NOW)
    notices = all_of(world, "access_notice")
    assert notices[sunday]["notify_by_on"] == "2026-11-27"
    assert notices[easter]["notify_by_on"] == "2027-03-24"
    assert "notify_by_on" not in notices[emergency]
