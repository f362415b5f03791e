"""Nobody gets another's rights or words: not by asking twice, by a guessed id, or by deciding."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from server import intake, people
from server.database import Database
from server.intake import judge_again
from server.roles import Role
from sync.mutation import Json, office_replica, one_per_id, receipt_id, review_id
from tests.makers import NOW, USERS, World, example, mutation, new_id, visit
from tests.server.phone import Phone

AT = "2026-11-23T08:00:00.000Z"


def status(phone: Phone, state: str, **more: Any) -> dict[str, Any]:
    """Give a status signed by the owner of a phone."""
    return {"state": state, "by": phone.user, "at": AT, **more}


def decide(phone: Phone, review: str, choice: str, record: str, **more: Any) -> dict[str, Any]:
    """Make a decision on what this phone shows."""
    decision = {
        "choice": choice,
        "record_seq": phone.base[record]["seq"],
        "by": phone.user,
        "at": AT,
        **more,
    }
    return phone.edit(review, decision=decision)


def sent_in(kari: Phone) -> str:
    """Let Kari send in a visit."""
    id, body = visit()
    kari.sync(kari.write("visit", id, {**body, "status": status(kari, "submitted")}))
    return id


def approved(kari: Phone, office: Phone) -> str:
    """Let the office approve a visit of Kari's."""
    id = sent_in(kari)
    office.sync()
    assert office.sync(office.edit(id, status=status(office, "approved")))[0]["state"] == "applied"
    kari.sync()
    return id


@pytest.mark.parametrize("replica", ["office", "phone"])
def test_a_forged_author_gets_no_rights_by_asking_again(
    kari: Phone, office: Phone, database: Database, replica: str
) -> None:
    id = sent_in(kari)
    at = kari.base[id]["seq"]
    forged = mutation(
        "visit",
        id,
        {"status": status(office, "approved")},
        author="ingrid",
        op="patch",
        seen={"status": (None, at)},
        replica=office_replica(office.user) if replica == "office" else office.replica,
        n=None if replica == "office" else 1,
    )
    for _ in range(3):
        assert kari.sync(forged)[0]["reason"] == "access"
    judge_again(database, NOW, "access", "ref", "fault")
    assert kari.sync(forged)[0]["reason"] == "access"
    assert kari.body(id)["status"]["state"] == "submitted"


def test_another_users_number_is_not_taken_by_a_forger_who_asks_again(
    kari: Phone, office: Phone
) -> None:
    id, body = visit()
    forged = mutation("visit", id, body, author="kari", replica=office.replica, n=1)
    for _ in range(2):
        assert kari.sync(forged)[0]["reason"] == "access"
    own = office.write("visit", *visit())
    assert "fork" not in office.sync(own)[0]


def test_who_is_locked_out_by_approval_does_not_open_it_by_deciding_their_own_question(
    kari: Phone, office: Phone
) -> None:
    id = approved(kari, office)
    asked = kari.sync(kari.edit(id, outcome="refused"))[0]
    assert (asked["state"], asked["reason"]) == ("review", "locked")
    review = asked["reviews"][0]
    kari.sync(decide(kari, review, "author", id))
    assert kari.body(id)["outcome"] == "completed"
    assert "decision" not in kari.body(review)
    office.sync()
    office.sync(decide(office, review, "author", id))
    kari.sync()
    assert kari.body(id)["outcome"] == "refused"


def test_the_office_can_let_an_authors_status_stand_and_undo_it(
    app: Flask, kari: Phone, amir: Phone, office: Phone
) -> None:
    plan = new_id()
    body = example(
        "planned_visit", dwelling=office.of("dwelling")[0]["id"], **{f"visitors/{kari.user}": True}
    )
    office.sync(office.write("planned_visit", plan, body))
    id, body = visit(plan)
    for phone in (kari, amir):
        phone.sync()
        phone.sync(phone.write("visit", id, body))
    kari.sync(kari.edit(id, status=status(kari, "submitted")))
    office.sync()
    office.sync(office.edit(id, status=status(office, "returned", comments={"outcome": "Sikker?"})))
    kari.sync(), amir.sync()
    again = kari.edit(id, status=status(kari, "submitted"))
    office.sync(office.edit(id, status=status(office, "submitted")))
    office.sync(office.edit(id, status=status(office, "returned", comments={"outcome": "Nei"})))
    asked = kari.sync(again)[0]
    assert (asked["state"], asked["reason"]) == ("review", "status")
    office.sync()
    review = asked["reviews"][0]
    assert office.sync(decide(office, review, "author", id))[0]["state"] == "applied"
    assert office.body(id)["status"]["state"] == "submitted"
    assert office.body(id)["status"]["by"] == kari.user
    office.sync(office.edit(review, decision=None))
    assert office.body(id)["status"]["state"] == "returned"


def test_another_status_is_signed_by_whoever_chooses_it(kari: Phone, office: Phone) -> None:
    id = sent_in(kari)
    office.sync()
    edit = kari.edit(id, status=status(kari, "submitted", comments={"outcome": "x"}))
    office.sync(office.edit(id, status=status(office, "returned", comments={"outcome": "?"})))
    asked = kari.sync(edit)[0]
    assert asked["state"] == "review"
    office.sync()
    forged = status(kari, "approved")
    office.sync(decide(office, asked["reviews"][0], "other", id, value=forged))
    assert office.body(id)["status"]["state"] == "returned"


@pytest.mark.parametrize("state", ["returned", "approved"])
def test_only_the_office_rewrites_what_the_office_said(
    kari: Phone, office: Phone, state: str
) -> None:
    id = sent_in(kari)
    office.sync()
    asked = {"outcome": "Hva sa leietakeren?"}
    office.sync(office.edit(id, status=status(office, state, comments=asked)))
    kari.sync()
    told = kari.sync(kari.edit(id, status=status(kari, state)))[0]
    assert told["state"] != "applied"
    assert kari.body(id)["status"]["comments"] == asked
    office.sync()
    more = {"outcome": "Hva sa leietakeren da?"}
    told = office.sync(office.edit(id, status=status(office, state, comments=more)))[0]
    assert told["state"] == "applied"


@pytest.mark.parametrize("op", ["create", "delete"])
@pytest.mark.parametrize("who", ["amir", "ingrid", "lise"])
def test_nobody_makes_or_deletes_a_question(
    app: Flask, kari: Phone, amir: Phone, world: World, op: str, who: str
) -> None:
    mine, theirs = kari.edit(world.dwelling, access="A"), amir.edit(world.dwelling, access="B")
    kari.sync(mine)
    review = amir.sync(theirs)[0]["reviews"][0]
    phone = amir if who == "amir" else Phone(app, who)
    phone.sync()
    if op == "delete":
        told = phone.sync(phone.mark(review, "delete"))[0]
    else:
        decision: dict[str, Json] = {"choice": "standing", "record_seq": 0}
        decision |= {"by": phone.user, "at": AT}
        told = phone.sync(phone.write("review", new_id(), {"decision": decision}))[0]
    assert (told["state"], told["reason"]) == ("held", "access")
    amir.sync()
    assert amir.body(review)["value"] == "B"


def test_what_stands_is_not_told_to_an_author_who_lost_the_area(
    app: Flask, kari: Phone, amir: Phone, office: Phone, database: Database, world: World
) -> None:
    mine, theirs = kari.edit(world.dwelling, access="A"), amir.edit(world.dwelling, access="B")
    kari.sync(mine)
    review = amir.sync(theirs)[0]["reviews"][0]
    with database.writing() as session:
        people.withdraw(session, amir.user)
    amir.sync()
    kari.sync()
    kari.sync(kari.edit(world.dwelling, access="Nøkkel under potta"))
    office.sync()
    office.sync(decide(office, review, "other", world.dwelling, value="Nøkkelboks 1234"))
    office.sync(office.edit(review, decision=None))
    office.sync(decide(office, review, "author", world.dwelling))
    for _ in range(2):
        amir.sync()
        told = repr((amir.base, amir.reply))
        assert "potta" not in told and "1234" not in told
    assert amir.body(receipt_id(theirs["mid"]))["state"] == "applied"


def test_a_second_visitor_joins_the_conversation_that_the_first_began(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    plan = new_id()
    visitors: dict[str, Json] = {f"visitors/{phone.user}": True for phone in (kari, amir)}
    body = example("planned_visit", dwelling=world.dwelling, **visitors)
    office.sync(office.write("planned_visit", plan, body))
    id, body = visit(plan)
    talk = one_per_id("conversation", [id])
    kari.sync(), amir.sync()
    for phone in (kari, amir):
        note = f"notes/{new_id()}"
        results = phone.sync(
            phone.write("visit", id, body),
            phone.write("conversation", talk, {"visit": id, note: phone.name}),
        )
        assert [result["state"] for result in results] == ["applied", "applied"]
    kari.sync()
    assert {v for p, v in kari.body(talk).items() if p.startswith("notes/")} == {"kari", "amir"}


def test_who_did_not_plan_to_come_does_not_join_a_conversation(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    plan = new_id()
    body = example("planned_visit", dwelling=world.dwelling, **{f"visitors/{kari.user}": True})
    office.sync(office.write("planned_visit", plan, body))
    id, body = visit(plan)
    talk = one_per_id("conversation", [id])
    kari.sync(), amir.sync()
    kari.sync(
        kari.write("visit", id, body),
        kari.write("conversation", talk, {"visit": id, "summary": "x"}),
    )
    amir.sync(amir.write("visit", id, body))
    told = amir.sync(amir.write("conversation", talk, {"visit": id, f"notes/{new_id()}": "y"}))[0]
    assert (told["state"], told["reason"]) == ("held", "access")
    assert talk not in amir.base


def test_who_tries_to_stand_in_the_place_of_an_answer_learns_nothing(
    kari: Phone, amir: Phone, world: World
) -> None:
    hers, his = kari.edit(world.dwelling, access="A"), amir.edit(world.dwelling, access="Hemmelig")
    receipt, review = receipt_id(his["mid"]), review_id(world.dwelling, "access", amir.replica)
    for squat in (receipt, review):
        kari.sync(kari.write("visit", squat, visit()[1]))
    kari.sync(hers)
    asked = amir.sync(his)[0]
    assert asked["state"] == "review"
    kari.sync()
    assert "Hemmelig" not in repr(kari.base)
    assert not kari.base.keys() & {receipt, review}
    assert amir.sync(his)[0]["state"] == "review"


def test_grants_count_as_they_are_when_the_page_is_read(
    app: Flask, kari: Phone, database: Database, monkeypatch: pytest.MonkeyPatch, world: World
) -> None:
    """A role that ends while a push waits for its turn gives no right and no page any more."""
    real = intake.take

    def late(*args: Any, **more: Any) -> Any:
        with database.writing() as session:
            people.withdraw(session, kari.user)
        return real(*args, **more)

    monkeypatch.setattr("server.api.sync.take", late)
    kari.cursor = None
    reply = kari.ask([kari.edit(world.dwelling, access="A")])
    assert reply["results"][0]["reason"] == "access"
    assert world.dwelling not in {put["id"] for put in reply["puts"]}
    assert Role.BOMILJO.value not in repr(reply)
    assert USERS["kari"] == reply["access"]["user"]
