"""What is refused to those who may come there: it is of another sort, not yet so, or so no more."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server import acts
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.people import grant
from server.planning.calendar import day_of
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json, write_instant
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.insights import approved, begin, give
from tests.office.planned import change, home_in, visit, write
from tests.office.reader import Reader
from tests.office.test_cases import a_case, a_complaint, day
from tests.office.test_decisions import count_taken
from tests.office.test_deviations import fault
from tests.office.test_events import an_event
from tests.office.test_inbox import ALERT, sent_in
from tests.office.test_neighbourhoods import a_place, said
from tests.office.test_pages import ids
from tests.office.test_requests import ask
from tests.office.test_sites import a_site, copied

NOW = datetime.now(UTC)


def marks(reader: Reader, path: str = "/office/planner") -> dict[str, str]:
    """What a form of the reader's carries beside what is typed."""
    form = next(form for form in reader.open(path).forms if "form" in form.fields)
    return {name: form.one(name) for name in ("csrf", "form")}


def test_a_draft_is_no_incident_and_no_request_yet(enter: Enter, database: Database) -> None:
    """Its author has it on the phone; at the office nobody follows up what was not sent in."""
    told = {"area": NORTH, "happened_at": write_instant(NOW), "type": "threat", "words": "Truet."}
    begun = written(database, "staff_incident", told, login="lise")
    asked = {"dwelling": home_in(database, NORTH), "asked_at": write_instant(NOW), "words": "Hei."}
    draft = written(database, "assistance_request", asked, login="lise")
    lise = enter("lise")
    assert lise.open(f"/office/records/{begun}").status == 200
    assert lise.open(f"/office/safety/incidents/{begun}").status == 404
    assert lise.open(f"/office/records/{draft}").status == 200
    assert lise.open(f"/office/requests/{draft}").status == 404


@pytest.mark.parametrize("step", ["gone", "renewed"])
def test_an_alert_that_nobody_approved_is_neither_renewed_nor_taken_away(
    step: str, enter: Enter, database: Database
) -> None:
    """It is approved or sent back in the inbox, where it is read."""
    until = (day_of(NOW) + timedelta(days=9)).isoformat()
    alert = sent_in(database, "safety_alert", {**ALERT, "valid_until": until})
    lise = enter("lise")
    with database.reading() as session:
        seal = f"{alert}:{session.get_one(Envelope, alert).seq}"
    sent = {**marks(lise), "seal": seal}
    assert lise.post(f"/office/safety/alerts/{alert}/{step}", sent).status == 404
    body = body_of(database, alert)
    assert (body["valid_until"], body["status"]["state"]) == (until, "submitted")


def test_nobody_is_on_duty_where_no_area_is(enter: Enter, database: Database) -> None:
    lise, nowhere = enter("lise"), new_id()
    sent = {"csrf": marks(lise)["csrf"], "user": STAFF["lise"].id}
    assert lise.post(f"/office/safety/duty/{nowhere}", sent).status == 404
    with database.reading() as session:
        found = acts.latest(session, "duty_set")
    assert found is None or found[0].about != nowhere


def test_a_number_that_the_page_did_not_show_is_not_taken_away(
    enter: Enter, database: Database
) -> None:
    lise = enter("lise")
    page = lise.open("/office/safety/numbers")
    form = page.form("Ta bort")
    number = form.action.split("/")[-2]
    assert lise.send(form, typed={"seal": ""}).status == 403
    assert number in lise.open("/office/safety/numbers").html


def test_a_complaint_that_is_in_a_case_is_put_in_no_other(enter: Enter, database: Database) -> None:
    first, second = a_case(database), a_case(database)
    complaint, kari = a_complaint(database), enter("kari")
    form = kari.open(f"/office/folders/{complaint}").form("Legg til")
    assert kari.send(form, typed={"case": first}).status == 200
    with database.reading() as session:
        seal = f"{complaint}:{session.get_one(Envelope, complaint).seq}"
    sent = {**marks(kari), "seal": seal, "case": second}
    assert kari.post(form.action, sent).status == 404
    assert body_of(database, complaint)["case"] == first


def test_a_deviation_takes_no_step_of_what_lies_in_a_folder(
    enter: Enter, database: Database
) -> None:
    """It is handled on its own page, by its own rules."""
    id = fault(database, "Lys mangler.")
    ingrid, before = enter("ingrid"), body_of(database, id).get("handling")
    with database.reading() as session:
        seal = f"{id}:{session.get_one(Envelope, id).seq}"
    sent = {**marks(ingrid), "seal": seal, "state": "done"}
    assert ingrid.post(f"/office/steps/{id}", sent).status == 404
    assert body_of(database, id).get("handling") == before


def test_the_summary_for_a_board_is_of_a_company_and_of_no_other_folder(
    enter: Enter, database: Database
) -> None:
    site, ingrid = a_site(database), enter("ingrid")
    assert ingrid.open(f"/office/folders/{site}").status == 200
    assert ingrid.open(f"/office/companies/{site}/shared").status == 404


def test_a_package_is_copied_to_no_area_where_one_may_not_begin_it(
    enter: Enter, database: Database
) -> None:
    """Hege follows up everywhere, and is the office's in the north alone."""
    with database.writing() as session:
        grant(session, new_id(), STAFF["hege"].id, Role.OFFICE, NORTH)
    site = a_site(database)
    _, page = copied(enter("hege"), site)
    assert page.status == 422 and "Velg fra lista." in page.words
    assert len(ids(database, "programme_site")) == 1


def test_what_is_given_out_has_a_form_that_is_known(enter: Enter) -> None:
    where = begin(enter("lise"))
    lise = approved(enter, where)
    assert give(lise, where, "exe")[0] == 403
    assert give(lise, where, "json")[0] == 200


def test_what_was_changed_since_it_was_shown_is_neither_answered_nor_given_notice_of(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Whoever writes is to see first what stands there now."""
    ingrid = enter("ingrid")
    plan = visit(database, now, (day_of(now) + timedelta(days=60)).isoformat())
    wish = ask(database, now, 3)
    letter = ingrid.open(f"/office/plans/{plan}/notice").forms
    form = next(form for form in letter if form.action.endswith(f"{plan}/notice"))
    answer = ingrid.open(f"/office/requests/{wish}").form("Lagre")
    change(database, "lise", plan, now, planned_at="12:00")
    change(database, "lise", wish, now, due_on=f"{day_of(now)}")
    assert ingrid.send(form).status == 409
    assert ingrid.send(answer, typed={"step": "provisional"}).status == 409
    assert "notice" not in body_of(database, plan)


def test_a_step_is_one_of_those_that_there_are(enter: Enter, database: Database) -> None:
    event, kari = an_event(database), enter("kari")
    with database.reading() as session:
        seal = f"{event}:{session.get_one(Envelope, event).seq}"
    sent = {**marks(kari), "seal": seal, "state": "nonsense"}
    assert kari.post(f"/office/steps/{event}", sent).status == 403
    assert "handling" not in body_of(database, event)


def test_what_is_done_with_one_sort_of_record_is_done_with_no_other(
    enter: Enter, database: Database
) -> None:
    """Nothing is written and nothing kept of it: it would stand as what cannot be used."""
    lise, site, event = enter("lise"), a_site(database), an_event(database)
    place, wish = a_place(database), said(database, None, type="idea")
    wrong = {
        f"safety/{event}/taken": event,
        f"safety/{event}/ended": event,
        f"complaints/{site}/case": site,
        f"inputs/{event}/challenge?in={place}": event,
        f"inputs/{wish}/challenge?in={site}": wish,
        f"shared/{site}": site,
        f"sites/{place}/copy": place,
    }
    taken, cases = count_taken(database), ids(database, "conflict_case")
    for path, id in wrong.items():
        with database.reading() as session:
            seal = f"{id}:{session.get_one(Envelope, id).seq}"
        sent = {**marks(lise), "seal": seal, "title": "Bråk"}
        assert lise.post(f"/office/{path}", sent).status == 404, path
    assert (count_taken(database), ids(database, "conflict_case")) == (taken, cases)
    for path in (f"shared/{site}", f"sites/{place}/copy"):
        assert lise.open(f"/office/{path}").status == 404, path


def test_an_address_of_one_sort_shows_nothing_of_another(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Each is let in to all of these, at their own addresses."""
    home, on = home_in(database, NORTH), day_of(now).isoformat()
    house = str(body_of(database, home)["building"])
    plan = visit(database, now, on)
    values: dict[str, Json] = {"dwelling": home, "planned_on": on, "basis": "inspection_notice"}
    notice = write(database, "ingrid", "access_notice", now, **values, reason="Kontroll.")
    walk = write(database, "ingrid", "round", now, area=NORTH, checklist="HMSFELLES", planned_on=on)
    ingrid = enter("ingrid")
    for kind, there in (
        ("notices/{}", {plan, home, house, walk}),
        ("plans/{}/notice", {notice, home, house, walk}),
        ("dwellings/{}", {plan, notice, house, walk}),
        ("buildings/{}", {plan, notice, home, walk}),
        ("photos/{}?small=1", {plan, notice, home, house, walk}),
    ):
        for id in (plan, notice, home, house, walk):
            status = ingrid.open(f"/office/{kind.format(id)}").status
            assert status == (404 if id in there else 200), (kind, id)
    with database.reading() as session:
        seal = f"{walk}:{session.get_one(Envelope, walk).seq}"
    sent = {**marks(ingrid), "seal": seal, "reason": "Kontroll.", "basis": "inspection_notice"}
    assert ingrid.post(f"/office/plans/{walk}/notice", sent).status == 404
    assert "notice" not in body_of(database, walk)


def test_a_case_that_is_over_keeps_the_day_and_the_outcome_that_it_ended_with(
    enter: Enter, database: Database
) -> None:
    ended = {"closed_on": day(-3), "outcome": "solved"}
    case, kari = a_case(database, **ended), enter("kari")
    for outcome in ("", "moved"):
        with database.reading() as session:
            seal = f"{case}:{session.get_one(Envelope, case).seq}"
        sent = {**marks(kari), "seal": seal, "state": "closed", "outcome": outcome}
        assert kari.post(f"/office/steps/{case}", sent).status == 200
    body = body_of(database, case)
    assert body["handling"]["state"] == "closed"
    assert {path: body[path] for path in ended} == ended
