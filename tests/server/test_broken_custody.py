"""Nothing written is lost, overwritten unseen, or kept waiting by what another sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid5

import pytest
from flask import Flask

from server import intake, ledger
from server.database import Database, head
from server.intake import judge_again
from server.intake.arrivals import Arrival
from server.intake.judging import Bench
from server.intake.people_here import GAPS_MAX
from server.people import Replica
from sync.mutation import INTEGER_MAX, NS, receipt_id
from tests.makers import NOW, World, example, mutation, new_id, visit
from tests.server.phone import Phone

AT = "2026-11-23T08:00:00.000Z"


def decision(phone: Phone, choice: str, seq: int) -> dict[str, Any]:
    """Give a decision made on a record that stood at `seq`."""
    return {"choice": choice, "record_seq": seq, "by": phone.user, "at": AT}


@pytest.mark.parametrize("ahead", ["just", "far"])
def test_nobody_has_seen_what_is_not_written_yet(
    kari: Phone, amir: Phone, world: World, database: Database, ahead: str
) -> None:
    kari.sync(kari.edit(world.dwelling, access="A"))
    with database.reading() as session:
        future = head(session) + 1 if ahead == "just" else INTEGER_MAX
    blind = amir.write(
        "dwelling", world.dwelling, {"access": "B"}, op="patch", seen={"access": (None, future)}
    )
    told = amir.sync(blind)[0]
    assert (told["state"], told["reason"]) == ("review", "ask")
    deletion = amir.write("dwelling", world.dwelling, {}, op="delete")
    told = amir.sync(
        {**deletion, "seen": {"*": {"seq": future + 100 if ahead == "just" else future}}}
    )[0]
    assert (told["state"], told["reason"]) == ("review", "delete")
    amir.sync()
    assert amir.body(world.dwelling)["access"] == "A"


def test_a_decision_on_what_is_not_written_yet_decides_nothing(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    mine, theirs = kari.edit(world.dwelling, access="A"), amir.edit(world.dwelling, access="B")
    kari.sync(mine)
    review = amir.sync(theirs)[0]["reviews"][0]
    office.sync()
    office.sync(office.edit(review, decision=decision(office, "author", INTEGER_MAX)))
    assert office.body(world.dwelling)["access"] == "A"
    assert "decision" not in office.body(review)


def test_what_one_batch_wrote_was_not_seen_by_the_next_in_it(
    kari: Phone, amir: Phone, world: World
) -> None:
    """Within one turn a record has no seq yet; a later mutation cannot have seen that state."""
    from tests.server.phone import KEY  # one key signs for all test phones

    assert KEY
    other = Phone(kari.app, "kari")
    other.sync()
    first, second = other.edit(world.dwelling, access="A"), kari.edit(world.dwelling, access="B")
    second["seen"]["access"]["seq"] = INTEGER_MAX
    told = kari.sync(first, second)
    assert [result["state"] for result in told] == ["applied", "review"]


def test_what_waits_for_a_number_is_told_what_it_waits_for(kari: Phone) -> None:
    """`<replica>/<n>` is longer than an id, on a database that minds the size of a column too."""
    id, body = visit()
    created = kari.write("visit", id, body)
    sent_in = {"state": "submitted", "by": kari.user, "at": AT}
    missing = kari.write("visit", id, {"status": sent_in}, op="patch", seen={"status": (None, 0)})
    back = {"state": "submitted", "by": kari.user, "at": "2026-11-23T09:00:00.000Z"}
    later = kari.write("visit", id, {"outcome": None, "status": back}, op="patch", seen={})
    told = kari.sync(created, later)
    assert told[0]["state"] == "applied"
    assert told[1]["reason"] == "ref", told[1]
    assert kari.sync({**missing, "set": {"told": True}, "seen": {}})[0]["state"] == "applied"
    assert kari.sync(later)[0]["reason"] != "fault"


def test_what_waits_and_breaks_does_not_stop_what_it_waits_for(
    kari: Phone, amir: Phone, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    id, body = visit()
    created = kari.write("visit", id, body)
    poison = kari.write("visit", id, {"told": False}, op="patch", seen={"told": (None, 0)})
    assert kari.sync(poison)[0]["reason"] == "ref"
    judge = Bench.judge

    def breaks(self: Bench, arrival: Arrival) -> Any:
        if arrival.entry.mid == poison["mid"]:
            raise ZeroDivisionError
        return judge(self, arrival)

    monkeypatch.setattr(Bench, "judge", breaks)
    neighbour = kari.write("visit", *visit())
    assert [r["state"] for r in kari.sync(created, neighbour)] == ["applied", "applied"]
    monkeypatch.undo()
    judge_again(database, NOW, "ref", "fault")
    kari.sync()
    assert kari.body(id)["told"] is False


def test_an_edit_of_a_deleted_record_is_judged_again_when_a_decision_restores_it(
    kari: Phone, amir: Phone, office: Phone, world: World
) -> None:
    office.sync(), amir.sync()
    late = amir.edit(world.dwelling, local_label="Gul")
    kari.sync(kari.edit(world.dwelling, access="A"))
    asked = office.sync(office.mark(world.dwelling, "delete"))[0]
    assert asked["reason"] == "delete"
    review = asked["reviews"][0]
    seq = office.base[world.dwelling]["seq"]
    office.sync(office.edit(review, decision=decision(office, "author", seq)))
    assert world.dwelling not in office.base
    assert amir.sync(late)[0]["reason"] == "gone"
    office.sync(office.edit(review, decision=None))
    assert office.body(world.dwelling)["local_label"] == "Gul"
    amir.sync()
    assert amir.body(receipt_id(late["mid"]))["state"] == "applied"


def test_a_number_used_twice_is_a_fork_also_when_it_is_judged_later(
    kari: Phone, office: Phone, world: World, database: Database
) -> None:
    """The rolled-back phone did not know its own first answer, whatever the number says."""
    plan = new_id()
    body = example("planned_visit", dwelling=world.dwelling, planned_on="2026-11-24")
    id, made = visit()
    kari.sync(kari.write("visit", id, made))
    first = kari.edit(id, outcome="refused")
    twice = kari.edit_paths(id, {"outcome": "no_answer", "planned_visit": plan})
    twice["n"] = first["n"]
    kari.n -= 1
    kari.sync(first)
    told = kari.sync(twice)[0]
    assert (told["reason"], told["fork"]) == ("ref", True)
    office.sync(office.write("planned_visit", plan, body))
    kari.sync()
    assert kari.body(id)["outcome"] == "refused"
    assert kari.body(receipt_id(twice["mid"]))["state"] == "review"


def test_a_phone_that_counts_wildly_costs_no_long_list(kari: Phone, database: Database) -> None:
    kari.n = 10_000_000
    kari.sync(kari.write("visit", *visit()))
    far = []
    for n in range(1000, 1000 + 2 * (GAPS_MAX + 50), 2):
        kari.n = n
        far.append(kari.write("visit", new_id(), {"told": True}))
    kari.sync(*far)
    with database.reading() as session:
        row = session.get(Replica, kari.replica)
        assert row is not None and row.gaps.count("[") <= GAPS_MAX + 1
    assert kari.sync(far[0])[0]["repeated"]


def test_the_same_words_twice_in_one_push_by_another_author_are_theirs_alone(
    app: Flask, kari: Phone, amir: Phone
) -> None:
    pushed = kari.write("visit", *visit())
    forged = {**pushed, "author": amir.user, "replica": amir.replica}
    told = kari.sync(pushed, forged, pushed)
    assert [r["state"] for r in told] == ["applied", "held", "applied"]
    assert amir.sync(amir.write("visit", *visit()))[0]["state"] == "applied"
    assert mutation("visit", new_id(), {})["contract"] == intake.CONTRACT


@pytest.mark.parametrize("when", ["before", "first", "last"])
def test_who_takes_the_name_of_what_a_plan_brings_does_not_stop_the_plan(
    kari: Phone, office: Phone, world: World, database: Database, when: str
) -> None:
    """The name of what follows from a mutation can be worked out by whoever knows its mid."""
    home, plan = new_id(), new_id()
    office.sync(
        office.write("tenancy", home, {"dwelling": world.dwelling, "started_on": "2026-11-01"})
    )
    body = example("planned_visit", dwelling=world.dwelling, tenancy=home)
    planned = office.write("planned_visit", plan, {**body, f"visitors/{kari.user}": True})
    follows = uuid5(NS, f"decided|{planned['mid']}|{home}|team/{kari.user}")
    taking = [
        office.write("visit", *visit(), mid=str(mid))
        for mid in (follows, uuid5(NS, f"beside|{follows}"))
    ]
    if when == "before":
        office.sync(*taking)
    push = {"before": [planned], "first": [*taking, planned], "last": [planned, *taking]}[when]
    assert {told["state"] for told in office.sync(*push)} == {"applied"}
    assert office.body(home)[f"team/{kari.user}"] is True
    with database.reading() as session:
        wrote = [line["path"] for one in ledger.of_record(session, home) for line in one.effect]
    assert wrote.count(f"team/{kari.user}") == 1, "what followed stands in the history"
    repeated = office.sync(planned, *taking)
    assert [(told["state"], told["repeated"]) for told in repeated] == [("applied", True)] * 3
