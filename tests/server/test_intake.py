"""Custody comes first, then judgement: what happens to every mutation that is pushed."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server import ledger
from server.database import Database
from server.intake import CONTRACT, judge_again
from server.intake.arrivals import Arrival
from server.intake.judging import Bench
from server.roles import Role
from server.shapes import Json
from sync.mutation import receipt_id, review_id
from tests.makers import NOW, USERS, World, example, mutation, new_id, visit
from tests.server.phone import Phone
from tests.server.tampering import unguard


def reply_for(phone: Phone, mid: str) -> dict[str, Any]:
    """Give what the phone was last told of one mutation."""
    return next(result for result in phone.reply["results"] if result["mid"] == mid)


def test_a_visit_is_applied_and_comes_back_in_the_same_answer(kari: Phone, world: World) -> None:
    id, body = visit()
    results = kari.sync(kari.write("visit", id, body))
    assert results[0]["state"] == "applied"
    assert kari.body(id) == body
    assert kari.reply["covered"] >= results[0]["seq"]


def test_the_bytes_are_kept_as_they_came_and_the_chain_holds(
    kari: Phone, database: Database
) -> None:
    id, body = visit()
    pushed = kari.write("visit", id, body)
    kari.sync(pushed)
    with database.reading() as session:
        entry = ledger.find(session, [pushed["mid"]])[pushed["mid"]]
        assert entry.raw.startswith(b'{"author":')
        assert ledger.first_break(session) is None


def test_a_tampered_ledger_names_its_first_bad_row(kari: Phone, database: Database) -> None:
    from sqlalchemy import update

    from server.ledger import MutationRow

    pushed = [kari.write("visit", *visit()) for _ in range(3)]
    kari.sync(*pushed)
    with database.writing() as session:
        unguard(session)
        row = update(MutationRow).where(MutationRow.mid == pushed[1]["mid"])
        session.execute(row.values(sha256="0" * 64))
    with database.reading() as session:
        broken = ledger.first_break(session)
        position = session.query(MutationRow).filter_by(mid=pushed[1]["mid"]).one().position
        assert broken == position


def test_an_answer_lost_three_times_has_one_effect(kari: Phone, database: Database) -> None:
    id, body = visit()
    pushed = kari.write("visit", id, body)
    answers = [kari.ask([pushed])["results"][0] for _ in range(3)]
    assert [a["state"] for a in answers] == ["applied"] * 3
    assert [a.get("repeated", False) for a in answers] == [False, True, True]
    assert {a["seq"] for a in answers} == {answers[0]["seq"]}
    with database.reading() as session:
        assert len(ledger.of_record(session, id)) == 1


def test_the_same_mutation_twice_in_one_push_counts_once(kari: Phone, database: Database) -> None:
    id, body = visit()
    pushed = kari.write("visit", id, body)
    results = kari.sync(pushed, pushed)
    assert [r["state"] for r in results] == ["applied", "applied"]
    with database.reading() as session:
        assert len(ledger.of_record(session, id)) == 1


def test_one_bad_mutation_among_fifty_stops_nobody(kari: Phone) -> None:
    push = [kari.write("visit", *visit()) for _ in range(50)]
    push[20]["set"]["outcome"] = "flew_away"
    results = kari.sync(*push)
    assert [r["state"] for r in results].count("applied") == 49
    assert (results[20]["state"], results[20]["reason"]) == ("held", "invalid")
    receipt = kari.body(receipt_id(push[20]["mid"]))
    assert receipt["state"] == "held" and receipt["set"]["outcome"] == "flew_away"


def test_a_mutation_that_breaks_the_judge_is_held_and_the_rest_go_on(
    kari: Phone, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    push = [kari.write("visit", *visit()) for _ in range(5)]
    poison = push[2]["mid"]
    judge = Bench.judge

    def breaks(self: Bench, arrival: Arrival) -> Any:
        if arrival.entry.mid == poison:
            raise ZeroDivisionError
        return judge(self, arrival)

    monkeypatch.setattr(Bench, "judge", breaks)
    results = kari.sync(*push)
    assert [r["state"] for r in results] == ["applied", "applied", "held", "applied", "applied"]
    assert results[2]["reason"] == "fault"
    assert reply_for_again(kari, push[2])["reason"] == "fault"
    monkeypatch.undo()
    assert judge_again(database, NOW, "fault") == 1
    assert reply_for_again(kari, push[2])["state"] == "applied"
    kari.sync()
    assert push[2]["id"] in kari.base
    assert kari.body(receipt_id(poison))["state"] == "applied"


def reply_for_again(phone: Phone, pushed: dict[str, Any]) -> dict[str, Any]:
    """Push the same once more and give today's state."""
    result: dict[str, Any] = phone.ask([pushed])["results"][0]
    return result


def test_other_bytes_under_a_known_mid_are_kept_beside_the_first(
    kari: Phone, database: Database
) -> None:
    id, body = visit()
    first = kari.write("visit", id, body)
    other = {**first, "set": {**body, "outcome": "refused"}}
    results = kari.sync(first) + kari.sync(other) + kari.sync(other)
    assert [r["state"] for r in results] == ["applied", "held", "held"]
    assert results[1]["reason"] == "mid_clash" and results[1]["mid"] == first["mid"]
    with database.reading() as session:
        stored = [e for e in ledger.of_record(session, id) if e.clash_of or e.mid == first["mid"]]
        assert len(stored) == 2


def test_a_number_used_twice_is_judged_and_told_as_a_fork(kari: Phone) -> None:
    first, second = kari.write("visit", *visit()), kari.write("visit", *visit())
    second["n"] = first["n"]
    kari.sync(first)
    result = kari.sync(second)[0]
    assert result["state"] == "applied" and result["fork"] is True


def test_another_users_replica_is_held_and_tells_nothing(kari: Phone, amir: Phone) -> None:
    forged = {**kari.write("visit", *visit()), "author": USERS["amir"]}
    foreign = {**kari.write("visit", *visit()), "replica": amir.replica}
    results = kari.sync(forged, foreign)
    assert {(r["state"], r["reason"]) for r in results} == {("held", "access")}
    amir.sync()
    assert forged["id"] not in amir.base and foreign["id"] not in amir.base


def test_the_answer_for_one_mid_is_never_given_to_another(kari: Phone, amir: Phone) -> None:
    mine = kari.write("visit", *visit())
    kari.sync(mine)
    result = amir.sync(mine)[0]
    assert (result["state"], result.get("reason"), result.get("seq")) == ("held", "access", None)


def test_what_it_refers_to_may_come_later(kari: Phone) -> None:
    id, body = visit()
    run = kari.write("checklist_run", new_id(), example("checklist_run", visit=id, dwelling=None))
    header = kari.write("visit", id, body)
    held = kari.sync(run)[0]
    assert (held["state"], held["reason"]) == ("held", "ref")
    kari.sync(header)
    assert run["id"] in kari.base
    assert reply_for_again(kari, run)["state"] == "applied"
    assert kari.body(receipt_id(run["mid"]))["state"] == "applied"


def test_missing_and_forbidden_look_the_same(kari: Phone, world: World) -> None:
    absent = kari.write("visit", *with_dwelling(new_id()))
    forbidden = kari.write("visit", *with_dwelling(world.dwelling_west))
    results = kari.sync(absent, forbidden)
    assert [(r["state"], r["reason"]) for r in results] == [("held", "ref")] * 2


def with_dwelling(dwelling: str) -> tuple[str, dict[str, Any]]:
    """Give a visit to some dwelling."""
    id, body = visit()
    return id, {**body, "dwelling": dwelling}


def test_an_update_never_creates(kari: Phone) -> None:
    patch = kari.write("visit", new_id(), {"outcome": "refused"}, op="patch")
    assert kari.sync(patch)[0]["reason"] == "ref"
    assert patch["id"] not in kari.base


def test_two_phones_with_different_paths_both_stand(kari: Phone, amir: Phone, world: World) -> None:
    door, floor = kari.edit(world.dwelling, access="Port 4"), amir.edit(world.dwelling, floor=3)
    assert kari.sync(door)[0]["state"] == amir.sync(floor)[0]["state"] == "applied"
    kari.sync()
    assert kari.body(world.dwelling) == amir.body(world.dwelling)
    assert kari.body(world.dwelling)["access"] == "Port 4"
    assert kari.body(world.dwelling)["floor"] == 3


def test_the_same_path_apart_becomes_a_review_that_both_can_follow(
    app: Flask, kari: Phone, amir: Phone, world: World
) -> None:
    mine, theirs = (
        kari.edit(world.dwelling, access="Port 4"),
        amir.edit(world.dwelling, access="Heis"),
    )
    kari.sync(mine)
    asked = amir.sync(theirs)[0]
    review = review_id(world.dwelling, "access", amir.replica)
    assert (asked["state"], asked["reviews"]) == ("review", [review])
    assert amir.body(world.dwelling)["access"] == "Port 4"
    assert amir.body(review)["value"] == "Heis"
    office = Phone(app, "ingrid")
    office.sync()
    assert office.sync(decide(office, review, "author", world.dwelling))[0]["state"] == "applied"
    kari.sync(), amir.sync()
    assert kari.body(world.dwelling)["access"] == amir.body(world.dwelling)["access"] == "Heis"
    assert amir.body(receipt_id(theirs["mid"]))["state"] == "applied"
    assert amir.body(review)["decision"]["was"] == "Port 4"
    office.sync(office.edit(review, decision=None))
    kari.sync(), amir.sync()
    assert kari.body(world.dwelling)["access"] == "Port 4"
    assert "decision" not in amir.body(review)
    assert amir.body(receipt_id(theirs["mid"]))["state"] == "review"


def decide(phone: Phone, review: str, choice: str, record: str) -> dict[str, Any]:
    """Make a decision on what this phone shows."""
    decision = {
        "choice": choice,
        "record_seq": phone.base[record]["seq"],
        "by": phone.user,
        "at": "2026-11-23T08:00:00.000Z",
    }
    return phone.edit(review, decision=decision)


def test_a_decision_on_a_record_that_moved_on_reopens(
    app: Flask, kari: Phone, amir: Phone, world: World
) -> None:
    mine, theirs = (
        kari.edit(world.dwelling, access="Port 4"),
        amir.edit(world.dwelling, access="Heis"),
    )
    kari.sync(mine)
    amir.sync(theirs)
    review = review_id(world.dwelling, "access", amir.replica)
    office = Phone(app, "ingrid")
    office.sync()
    late = decide(office, review, "author", world.dwelling)
    kari.sync(kari.edit(world.dwelling, access="Port 5"))
    office.sync(late)
    assert "decision" not in office.body(review)
    assert office.body(world.dwelling)["access"] == "Port 5"


def test_an_author_who_saw_the_other_answer_settles_the_question(
    kari: Phone, amir: Phone, world: World
) -> None:
    kari.sync(), amir.sync()
    theirs = amir.edit(world.dwelling, access="Heis")
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    amir.sync(theirs)
    review = review_id(world.dwelling, "access", amir.replica)
    amir.sync(amir.edit(world.dwelling, access="Port 4 og heis"))
    assert amir.body(world.dwelling)["access"] == "Port 4 og heis"
    assert amir.body(review)["decision"]["choice"] == "withdrawn"
    assert amir.body(receipt_id(theirs["mid"]))["state"] == "applied"


def test_a_later_answer_to_an_open_question_replaces_the_first_and_keeps_it(
    kari: Phone, amir: Phone, world: World
) -> None:
    first, second = (amir.edit(world.dwelling, access=words) for words in ("Heis", "Trapp"))
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    amir.sync(first)
    amir.sync(second)
    review = amir.body(review_id(world.dwelling, "access", amir.replica))
    assert review["value"] == "Trapp"
    assert review[f"history/{first['mid']}"]["value"] == "Heis"


def test_own_edits_out_of_order_are_no_question(kari: Phone, world: World) -> None:
    first, second = (kari.edit(world.dwelling, access=words) for words in ("En", "To"))
    assert kari.sync(second)[0]["state"] == "applied"
    late = kari.sync(first)[0]
    assert (late["state"], late["reason"]) == ("applied", "superseded")
    assert kari.body(world.dwelling)["access"] == "To"


def test_a_deletion_over_an_unseen_edit_asks_and_the_record_stays(
    kari: Phone, amir: Phone, world: World
) -> None:
    gone = amir.mark(world.dwelling, "delete")
    kari.sync(kari.edit(world.dwelling, access="Port 4"))
    assert amir.sync(gone)[0]["reason"] == "delete"
    assert world.dwelling in amir.base


def test_a_deleted_record_leaves_and_comes_back_when_it_is_restored(
    kari: Phone, amir: Phone, world: World
) -> None:
    seq = kari.base[world.dwelling]["seq"]
    assert kari.sync(kari.mark(world.dwelling, "delete"))[0]["state"] == "applied"
    amir_edit = amir.edit(world.dwelling, access="Heis")
    assert amir.sync(amir_edit)[0]["reason"] == "gone"
    assert world.dwelling not in amir.base
    back = kari.write("dwelling", world.dwelling, {}, op="restore")
    back["seen"] = {"*": {"seq": seq + 100}}
    assert kari.sync(back)[0]["state"] == "applied"
    amir.sync()
    assert amir.body(world.dwelling)["access"] == "Heis"


def test_access_withdrawn_holds_the_edit_and_takes_the_data_away(
    kari: Phone, amir: Phone, app: Flask, database: Database, world: World
) -> None:
    from server import people

    edit = kari.edit(world.dwelling, access="Port 4")
    with database.writing() as session:
        people.withdraw(session, USERS["kari"])
    held = kari.sync(edit)[0]
    assert (held["state"], held["reason"]) == ("held", "access")
    assert world.dwelling not in kari.base
    assert kari.body(receipt_id(edit["mid"]))["set"] == {"access": "Port 4"}
    office = Phone(app, "ingrid")
    office.sync()
    assert office.body(receipt_id(edit["mid"]))["reason"] == "access"
    with database.writing() as session:
        people.grant(session, new_id(), USERS["kari"], Role.BOMILJO, world.east)
    judge_again(database, NOW, "access", author=USERS["kari"])
    kari.sync()
    assert kari.body(world.dwelling)["access"] == "Port 4"
    office.sync()
    assert receipt_id(edit["mid"]) not in office.base


def test_a_draft_is_its_authors_own_until_it_is_sent_in(kari: Phone, amir: Phone) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    amir.sync()
    assert id not in amir.base
    kari.sync(kari.edit(id, status=status("submitted", kari)))
    amir.sync()
    assert amir.body(id)["status"]["state"] == "submitted"


def status(state: str, phone: Phone) -> dict[str, Json]:
    """Give a status as a phone writes it."""
    return {"state": state, "by": phone.user, "at": "2026-11-23T08:00:00.000Z"}


def test_an_incomplete_visit_cannot_be_sent_in(kari: Phone) -> None:
    id, body = visit()
    body["outcome"] = None
    kari.sync(kari.write("visit", id, body))
    result = kari.sync(kari.edit(id, status=status("submitted", kari)))[0]
    assert (result["state"], result["reason"]) == ("review", "invariant")
    assert "status" not in kari.body(id)


def test_only_reviewers_approve_and_an_approved_record_is_locked(app: Flask, kari: Phone) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    kari.sync(kari.edit(id, status=status("submitted", kari)))
    own = kari.sync(kari.edit(id, status=status("approved", kari)))[0]
    assert (own["state"], own["reason"]) == ("held", "access")
    office = Phone(app, "ingrid")
    office.sync()
    assert office.sync(office.edit(id, status=status("approved", office)))[0]["state"] == "applied"
    kari.sync()
    late = kari.sync(kari.edit(id, outcome="refused"))[0]
    assert (late["state"], late["reason"]) == ("review", "locked")
    assert kari.body(id)["outcome"] == "completed"
    assert office.sync(office.edit(id, status=status("submitted", office)))[0]["state"] == "applied"
    kari.sync()
    again = kari.edit(id, told=False)
    assert kari.sync(again)[0]["state"] == "applied"


def test_nobody_signs_in_anothers_name(kari: Phone) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    forged = {"state": "submitted", "by": USERS["amir"], "at": "2026-11-23T08:00:00.000Z"}
    assert kari.sync(kari.edit(id, status=forged))[0]["reason"] == "invalid"


def test_two_phones_make_the_same_visit_of_one_plan(kari: Phone, amir: Phone, world: World) -> None:
    plan = new_id()
    planned = example(
        "planned_visit", dwelling=world.dwelling, **{f"visitors/{USERS['kari']}": True}
    )
    kari.sync(kari.write("planned_visit", plan, planned))
    amir.sync()
    id, mine = visit(plan, outcome="completed")
    _, theirs = visit(plan, outcome="no_answer")
    kari.sync(kari.write("visit", id, mine))
    result = amir.sync(amir.write("visit", id, theirs))[0]
    assert result["state"] == "review"
    assert amir.body(id)["outcome"] == "completed"
    assert len(result["reviews"]) == 1


def test_moving_a_dwelling_moves_what_hangs_on_it(app: Flask, kari: Phone, world: World) -> None:
    id, body = visit()
    kari.sync(kari.write("visit", id, body))
    kari.sync(kari.edit(id, status=status("submitted", kari)))
    amir = Phone(app, "amir")
    amir.sync()
    assert id in amir.base
    leader = Phone(app, "lise")
    leader.sync()
    moved = leader.sync(leader.edit(world.dwelling, area=world.west))[0]
    assert moved["state"] == "applied"
    amir.sync()
    assert id not in amir.base and world.dwelling not in amir.base
    leader.sync()
    assert f"area:{world.west}:visit" in leader.base[id]["in"]


def test_field_staff_may_not_hand_a_dwelling_over(kari: Phone, world: World) -> None:
    assert kari.sync(kari.edit(world.dwelling, area=world.west))[0]["state"] == "held"


def test_a_newer_contract_waits_for_the_upgrade(kari: Phone) -> None:
    id, body = visit()
    newer = {**kari.write("visit", id, body), "contract": CONTRACT + 1}
    assert kari.sync(newer)[0]["reason"] == "schema"


def test_server_paths_are_out_of_reach(kari: Phone) -> None:
    forged = kari.write("receipt", new_id(), {"mid": new_id(), "state": "applied"})
    assert kari.sync(forged)[0]["state"] == "held"


def test_a_revoked_phone_is_answered_410_and_judges_nothing(
    kari: Phone, database: Database
) -> None:
    from server import people

    with database.writing() as session:
        people.revoke_replica(session, kari.replica, NOW)
    assert kari.post([kari.write("visit", *visit())]).status_code == 410


def test_a_closed_phone_is_told_so_though_its_owner_was_logged_out_with_it(
    app: Flask, kari: Phone, database: Database
) -> None:
    """A phone that is not closed, and the login of anybody else that ended, are told no more."""
    from server import people

    amir, other = Phone(app, "amir"), Phone(app, "kari")
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, NOW)
        for user in (kari.user, amir.user):
            people.close_sessions(session, user, NOW)
    assert kari.post([kari.write("visit", *visit())]).status_code == 410
    assert other.post([]).status_code == 401
    amir.replica = kari.replica
    assert amir.post([]).status_code == 401


def test_the_office_writes_without_a_number(app: Flask, world: World, database: Database) -> None:
    from server.access import actor_of
    from server.intake import take

    with database.reading() as session:
        ingrid = actor_of(session, USERS["ingrid"])
    made = mutation(
        "dwelling", new_id(), {"area": world.east, "address": "Ny vei 1"}, author="ingrid"
    )
    assert take(database, ingrid, made["replica"], [made], NOW)[0].state == "applied"
