"""What stands in Innboks, why, and in which order: what the policies send there, nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF, homes
from server.intake.reviewing import is_sampled
from server.planning.calendar import day_of
from server.records.record import Envelope
from server.shapes import write_instant
from sync.mutation import office_replica, one_per_id
from tests.makers import mutation, new_id
from tests.office.conftest import Enter
from tests.office.reader import Reader, asked
from tests.office.test_decisions import ASK, count_taken

HOME = next(home for home in homes() if home.area == NORTH)
TODAY = day_of(datetime.now(UTC)).isoformat()
VISIT = {
    "dwelling": HOME.id,
    "purpose": "follow_up",
    "visited_on": TODAY,
    "outcome": "completed",
}
ALERT = {
    "dwelling": HOME.id,
    "category": "dog",
    "advice": "Ring først, så settes hunden på kjøkkenet.",
    "valid_until": day_of(datetime.now(UTC) + timedelta(days=150)).isoformat(),
}
FAULT = {
    "dwelling": HOME.id,
    "words": "Det ryker fra sikringsskapet.",
    "severity": "critical",
    "found_on": TODAY,
}
RUN = {"checklist": "NYVRI1", "subject": "dwelling", "answers/NYVRI1-15": "deviation"}


def unsampled() -> str:
    """Give an id that chance leaves alone."""
    return next(id for id in iter(new_id, "") if not is_sampled(id))


def sent_in(
    database: Database,
    kind: str,
    set: dict[str, Any],
    *,
    login: str = "kari",
    id: str = "",
    at: datetime | None = None,
) -> str:
    """Let somebody who has been here for long send a record in whole."""
    from server.access import actor_of
    from server.intake import take

    person, now, id = STAFF[login], at or datetime.now(UTC), id or unsampled()
    status = {"state": "submitted", "by": person.id, "at": write_instant(now)}
    with database.reading() as session:
        actor = actor_of(session, person.id)
    made = mutation(kind, id, {**set, "status": status}, author=person.id, now=now)
    (result,) = take(database, actor, office_replica(person.id), [made], now)
    assert result.state == "applied", result
    return id


def state(database: Database, id: str) -> str:
    """Give where a record is in its life."""
    import orjson

    with database.reading() as session:
        body = orjson.loads(session.get_one(Envelope, id).body)
    return str(body["status"]["state"])


def heads(reader: Reader) -> list[str]:
    """Give what the inbox lists, in its order."""
    page = reader.open("/office/inbox")
    return [
        given["value"].partition("@")[0]
        for _, given in page.controls
        if given.get("name") == "head"
    ]


def test_an_ordinary_visit_is_not_there_and_can_be_sent_back_from_its_own_page(
    enter: Enter, database: Database
) -> None:
    """Nobody must read it; whoever does, can still ask for a correction until it closes."""
    ingrid, id = enter("ingrid"), sent_in(database, "visit", VISIT)
    assert id not in heads(ingrid)
    record = ingrid.open(f"/office/records/{id}")
    assert "Godkjenn eller send tilbake" in record.words
    page = ingrid.open(f"/office/inbox/{id}")
    assert "Hva skal rettes? Skriv vennlig og konkret." in page.words
    form = page.form("Send tilbake")
    ingrid.send(form, "Send tilbake", typed={f"{id}|visited_on": ASK})
    assert state(database, id) == "returned"


def test_a_visit_that_has_closed_by_itself_is_decided_about_no_more(
    enter: Enter, database: Database
) -> None:
    """After a week what nobody asked about stands, also for a form that was drawn before."""
    ingrid = enter("ingrid")
    id = sent_in(database, "visit", VISIT, at=datetime.now(UTC) - timedelta(days=8))
    page = ingrid.open(f"/office/inbox/{id}")
    assert page.status == 200 and not page.has("Godkjenn") and not page.has("Send tilbake")
    assert "Godkjenn eller send tilbake" not in ingrid.open(f"/office/records/{id}").words
    with database.reading() as session:
        seal = f"{id}:{session.get_one(Envelope, id).seq}"
    form, taken = ingrid.open("/office/inbox").form("Godkjenn de valgte"), count_taken(database)
    marks = {name: form.one(name) for name in ("csrf", "form")}
    sent = {**marks, "seal": seal, "decision": "approved"}
    assert ingrid.post(f"/office/inbox/{id}/decision", sent).status == 409
    assert count_taken(database) == taken and state(database, id) == "submitted"


def test_a_visit_waits_when_what_was_said_there_does(enter: Enter, database: Database) -> None:
    """One line for the visit, with the reason of its part; one decision moves both."""
    ingrid, id = enter("ingrid"), sent_in(database, "visit", VISIT)
    talk = sent_in(
        database, "conversation", {"visit": id, "dwelling": HOME.id, "summary": "Alt vel."}
    )
    assert heads(ingrid).count(id) == 1 and talk not in heads(ingrid)
    page = ingrid.open(f"/office/inbox/{id}")
    assert "Fortrolig" in page.words
    after = ingrid.send(page.form("Godkjenn"), "Godkjenn")
    assert (state(database, id), state(database, talk)) == ("approved", "approved")
    assert id not in heads(ingrid)
    ingrid.send(after.form("Angre avgjørelsen"))
    assert id in heads(ingrid) and state(database, talk) == "submitted"


def test_who_asked_for_help_comes_first_with_how_long_they_have_waited(
    enter: Enter, database: Database
) -> None:
    """The clock of the one who asked, and the day an answer is due, before all else."""
    ingrid, now = enter("ingrid"), datetime.now(UTC)
    asked = {
        "dwelling": HOME.id,
        "asked_at": write_instant(now - timedelta(hours=16, minutes=5)),
        "words": "Trenger to soverom.",
        "due_on": "2031-03-09",
    }
    id = sent_in(database, "assistance_request", asked)
    assert heads(ingrid)[0] == id
    page = ingrid.open("/office/inbox")
    assert "Ba om hjelp · 16 timer · frist 9.3.2031" in page.words
    assert "Trenger to soverom." in page.words


def test_what_hangs_on_no_visit_stands_by_itself_with_its_reason(
    enter: Enter, database: Database
) -> None:
    """A call, a critical fault and a warning each have a line; a small fault has none.

    What could not wait for anybody to read it is marked.
    """
    ingrid = enter("ingrid")
    talk = sent_in(database, "conversation", {"dwelling": HOME.id, "summary": "Ringte."})
    fault = sent_in(database, "deviation", FAULT)
    small = sent_in(database, "deviation", {**FAULT, "severity": "low"})
    alert = sent_in(database, "safety_alert", ALERT)
    found, html = heads(ingrid), ingrid.open("/office/inbox").html
    assert {talk, fault, alert} <= set(found) and small not in found
    for mark, reason in (("", "Fortrolig"), ("danger", "Kritisk avvik"), ("", "Sikkerhetsmerknad")):
        assert f'<span class="tag {mark}">{reason}' in html, reason
    page = ingrid.open(f"/office/inbox/{fault}")
    ingrid.send(page.form("Godkjenn"), "Godkjenn")
    assert state(database, fault) == "approved"


def test_what_chance_drew_and_what_somebody_new_wrote_says_so(
    enter: Enter, database: Database
) -> None:
    """The two reasons that lie in no record."""
    from sqlalchemy import update

    from server.people import User

    ingrid = enter("ingrid")
    drawn = sent_in(database, "visit", VISIT, id=next(i for i in iter(new_id, "") if is_sampled(i)))
    assert "Stikkprøve" in ingrid.open(f"/office/inbox/{drawn}").words
    with database.writing() as session:
        began = datetime.now(UTC) - timedelta(days=3)
        session.execute(update(User).where(User.id == STAFF["amir"].id).values(created_at=began))
    fresh = sent_in(database, "visit", VISIT, login="amir")
    assert {drawn, fresh} <= set(heads(ingrid))
    assert "Ny medarbeider" in ingrid.open(f"/office/inbox/{fresh}").words


def test_a_critical_fault_found_on_a_visit_stands_under_the_visit(
    enter: Enter, database: Database
) -> None:
    """The fault itself names no visit: it is known by an id that whoever has the answers can make.

    One decision moves both, and so does taking it back.
    """
    ingrid, id = enter("ingrid"), sent_in(database, "visit", VISIT)
    run = sent_in(database, "checklist_run", {**RUN, "visit": id, "dwelling": HOME.id})
    code = "NYVRI1-15"
    fault = sent_in(
        database,
        "deviation",
        FAULT,
        id=one_per_id("deviation", [run, code]),
    )
    found = heads(ingrid)
    assert id in found and fault not in found
    page = ingrid.open(f"/office/inbox/{id}")
    assert "Kritisk avvik" in page.words and str(FAULT["words"]) in page.words
    after = ingrid.send(page.form("Godkjenn"), "Godkjenn")
    assert {state(database, each) for each in (id, run, fault)} == {"approved"}
    ingrid.send(after.form("Angre avgjørelsen"))
    assert {state(database, each) for each in (id, run, fault)} == {"submitted"}


def test_only_a_leader_is_offered_to_approve_a_safety_alert(
    enter: Enter, database: Database
) -> None:
    """The office can send it back; a form made up for approving it leaves nothing behind."""
    ingrid, lise = enter("ingrid"), enter("lise")
    id = sent_in(database, "safety_alert", ALERT)
    taken = count_taken(database)
    page = ingrid.open(f"/office/inbox/{id}")
    assert not page.has("Godkjenn") and "En leder må godkjenne dette." in page.words
    forged = page.form("Send tilbake")
    refused = ingrid.send(forged, typed={"decision": "approved"})
    assert refused.status == 403 and state(database, id) == "submitted"
    bulk = ingrid.open("/office/inbox")
    (chosen,) = [
        given["value"]
        for _, given in bulk.controls
        if given.get("name") == "head" and given["value"].startswith(id)
    ]
    left = ingrid.send(bulk.form("Godkjenn de valgte"), typed={"head": [chosen]})
    assert "må godkjennes av en leder" in left.words and state(database, id) == "submitted"
    assert count_taken(database) == taken
    lise.send(lise.open(f"/office/inbox/{id}").form("Godkjenn"), "Godkjenn")
    assert state(database, id) == "approved"


@pytest.mark.parametrize("other", [False, True])
def test_a_reviewer_of_one_area_decides_there_and_nowhere_else(
    other: bool, enter: Enter, database: Database
) -> None:
    """To read visits elsewhere gives no right to decide about them, with a form made up for it."""
    from server import people
    from server.roles import Role

    ola = STAFF["ola"]
    with database.writing() as session:
        people.withdraw(session, ola.id)
        people.grant(session, new_id(), ola.id, Role.OFFICE, SOUTH if other else NORTH)
        people.grant(session, new_id(), ola.id, Role.BOMILJO, NORTH if other else SOUTH)
    id = sent_in(database, "visit", VISIT, id=next(i for i in iter(new_id, "") if is_sampled(i)))
    reader = enter("ola")
    page = reader.open(f"/office/inbox/{id}")
    assert page.status == 200
    offered = {id in heads(reader), page.has("Godkjenn"), page.has("Send tilbake")}
    assert offered == {not other}
    form = enter("ingrid").open(f"/office/inbox/{id}").form("Godkjenn")
    sent = {"csrf": page.form("Logg ut").one("csrf"), "seal": form.one("seal")}
    sent |= {"form": form.one("form"), "decision": "approved"}
    taken, found = count_taken(database), 404 if other else 302
    for step in ("decision", "undo"):
        assert reader.post(f"/office/inbox/{id}/{step}", sent, follow=False).status == found
    assert (count_taken(database) == taken) is other


def test_the_inbox_asks_the_same_number_of_questions_however_much_waits(
    enter: Enter, database: Database
) -> None:
    """One line more is no more query, wherever its home is."""
    ingrid, those = enter("ingrid"), [home for home in homes() if home.area == NORTH][:8]

    def queries() -> int:
        with asked() as questions:
            assert ingrid.open("/office/inbox").status == 200
        return len(questions)

    talk = {"summary": "Ringte.", "channel": "phone"}
    sent_in(database, "conversation", {**talk, "dwelling": those[0].id})
    sent_in(database, "deviation", FAULT)
    before = queries()
    for home in those:
        sent_in(database, "conversation", {**talk, "dwelling": home.id}, login="lise")
        sent_in(database, "deviation", {**FAULT, "dwelling": home.id})
    assert 0 < queries() <= before
