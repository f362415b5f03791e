"""Who decides or leads in one area and works in another does there what those who work there do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server import people
from server.database import Database
from server.demo.municipality import AREAS, NORTH, SOUTH, STAFF
from server.records.record import Envelope
from server.roles import Role
from server.shapes import write_instant
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.reader import Reader
from tests.office.test_cases import TITLE, a_case, a_complaint, day
from tests.office.test_companies import COMPANY, SHARED, a_talk
from tests.office.test_decisions import count_taken
from tests.office.test_elsewhere import OLA, household, mark, wears_two_hats
from tests.office.test_homes import HOME
from tests.office.test_inbox import FAULT, VISIT, sent_in
from tests.office.test_pages import ids
from tests.office.test_requests import ask
from tests.office.test_safety_pages import TODAY, alert


def sealed(database: Database, reader: Reader, id: str) -> dict[str, str | list[str]]:
    """Give what a form about one record would carry, as it stands."""
    form = next(form for form in reader.open("/office/planner").forms if "form" in form.fields)
    with database.reading() as session:
        seal = f"{id}:{session.get_one(Envelope, id).seq}"
    return {**mark(reader), "form": form.one("form"), "seal": seal}


def test_to_decide_elsewhere_ends_no_tenancy_here(enter: Enter, database: Database) -> None:
    """What is personal would leave every phone, and a team would be another."""
    wears_two_hats(database, Role.OFFICE)
    tenancy, ola = household(database), enter("ola")
    assert ola.open(f"/office/records/{tenancy}").status == 200
    sent = {**sealed(database, ola, tenancy), "ended_on": TODAY.isoformat()}
    for step in ("end", "resume", "team"):
        assert ola.post(f"/office/tenancies/{tenancy}/{step}", sent).status == 404
    body = body_of(database, tenancy)
    assert "ended" not in body and body[f"team/{OLA}"] is True


def test_to_lead_elsewhere_ends_no_alert_here(enter: Enter, database: Database) -> None:
    wears_two_hats(database, Role.LEADER, here=Role.OFFICE)
    until = TODAY + timedelta(days=9)
    id, ola = alert(database, until), enter("ola")
    page = ola.open("/office/safety/alerts")
    assert page.status == 200 and not any(f"/{id}/" in form.action for form in page.forms)
    sent = sealed(database, ola, id)
    for step in ("gone", "renewed"):
        assert ola.post(f"/office/safety/alerts/{id}/{step}", sent).status == 404
    assert body_of(database, id)["valid_until"] == until.isoformat()


def test_to_lead_elsewhere_puts_nobody_on_duty_here(enter: Enter, database: Database) -> None:
    """A warning would go to somebody else than those who lead here."""
    wears_two_hats(database, Role.LEADER, here=Role.OFFICE)
    ola = enter("ola")
    sent = {**mark(ola), "user": OLA}
    assert ola.post(f"/office/safety/duty/{NORTH}", sent).status == 404
    assert ola.post(f"/office/safety/duty/{SOUTH}", {**mark(ola), "user": ""}).status == 200
    with database.reading() as session:
        assert people.chosen_for(session, NORTH) != OLA


def test_nobody_is_put_on_duty_who_could_not_see_who_is_out(
    enter: Enter, database: Database
) -> None:
    """A caretaker would be warned of what they may not open, and nobody else would be."""
    lise, ola = enter("lise"), STAFF["ola"].id
    sent = {**mark(lise), "user": ola}
    assert lise.post(f"/office/safety/duty/{NORTH}", sent).status == 404
    with database.reading() as session:
        assert people.chosen_for(session, NORTH) != ola


def test_to_answer_elsewhere_answers_nobody_here(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Ola is in the household's team and reads what they asked for; a decision is the office's."""
    wears_two_hats(database, Role.OFFICE)
    wish, ola = ask(database, now, 3, tenancy=household(database)), enter("ola")
    assert ola.open(f"/office/records/{wish}").status == 200
    where = f"/office/requests/{wish}"
    for login, listed in (("ola", False), ("ingrid", True)):
        page = enter(login).open("/office/requests")
        assert page.status == 200 and (where in page.links) is listed, login
    assert ola.open(where).status == 404
    sent = {**sealed(database, ola, wish), "step": "answered", "on": TODAY.isoformat()}
    assert ola.post(where, sent).status == 404
    body = body_of(database, wish)
    assert "handling" not in body and "answered_on" not in body


def test_to_decide_elsewhere_offers_no_decision_here(enter: Enter, database: Database) -> None:
    """A record's page leads to where it is decided about, and says so to who may decide there."""
    wears_two_hats(database, Role.OFFICE)
    visit, fault = sent_in(database, "visit", VISIT), sent_in(database, "deviation", FAULT)
    for login, decides in (("ingrid", True), ("ola", False)):
        pages = {id: enter(login).open(f"/office/records/{id}") for id in (visit, fault)}
        assert (f"/office/inbox/{fault}" in pages[fault].links) is decides, login
        assert f"/office/inbox/{visit}" in pages[visit].links, login
        assert ("Godkjenn eller send tilbake" in pages[visit].words) is decides, login
        assert ("Hele besøket" in pages[visit].words) is not decides, login


def test_to_be_on_duty_elsewhere_takes_nobody_over_here(enter: Enter, database: Database) -> None:
    """Ola is out alone here: his colleagues are to see that somebody looks for him."""
    wears_two_hats(database, Role.OFFICE)
    now = write_instant(datetime.now(UTC))
    out: dict[str, str] = {"area": NORTH, "who": OLA, "started_at": now, "ends_at": now}
    id, ola = written(database, "check_in", out, login="ola"), enter("ola")
    page = ola.open("/office/safety")
    assert STAFF["ola"].name in page.words and not any(id in form.action for form in page.forms)
    assert any(id in form.action for form in enter("ingrid").open("/office/safety").forms)
    sent = sealed(database, ola, id)
    for step in ("taken", "ended"):
        assert ola.post(f"/office/safety/{id}/{step}", sent).status == 404
    assert not body_of(database, id).keys() & {"taken_by", "ended_at"}


def test_an_absence_is_written_where_one_is_the_office_and_they_work(
    enter: Enter, database: Database
) -> None:
    wears_two_hats(database, Role.OFFICE)
    ola, kari, hege = enter("ola"), STAFF["kari"].id, STAFF["hege"].id
    days = {"from": day(1), "until": day(2)}
    before, taken = set(ids(database, "absence")), count_taken(database)
    form = {**sealed(database, ola, HOME.id), **days}
    assert ola.post("/office/planner/absences", {**form, "who": kari}).status == 422
    assert ola.post("/office/planner/absences", {**form, "who": new_id()}).status == 422
    assert count_taken(database) == taken
    assert ola.post("/office/planner/absences", {**form, "who": hege, "cover": hege}).status == 200
    (made,) = set(ids(database, "absence")) - before
    body = body_of(database, made)
    assert (body["area"], body["colleague"]) == (SOUTH, hege) and "covered_by" not in body


def test_what_a_board_gets_is_given_by_who_works_with_it_there(
    enter: Enter, database: Database
) -> None:
    """Ola is the landlord's there: he reads the event, and is told nothing of talks or silence."""
    wears_two_hats(database, Role.LANDLORD)
    talk = a_talk(database, days=-190, shared=SHARED, shared_on=day(-1))
    about = {"area": SOUTH, "type": "dugnad", "name": "Vårdugnad", "held_on": day(-5)}
    about["shared_minutes"] = SHARED
    fresh = written(database, "event", about, login="lise")
    event = written(database, "event", {**about, "minutes_shared_on": day(-1)}, login="lise")
    ola, amir = enter("ola"), enter("amir")
    assert ola.open(f"/office/records/{event}").status == 200
    for path in (f"shared/{event}", f"shared/{talk}", f"companies/{COMPANY}/shared"):
        assert ola.open(f"/office/{path}").status == 404
        assert amir.open(f"/office/{path}").status == 200
    assert ola.post(f"/office/shared/{fresh}", sealed(database, ola, fresh)).status == 404
    assert "minutes_shared_on" not in body_of(database, fresh)
    silence = "Ingen kontakt på et halvt år"
    for path in ("/office/companies", f"/office/folders/{COMPANY}"):
        assert silence not in ola.open(path).words and silence in amir.open(path).words


def test_nobody_is_in_a_team_who_works_with_households_elsewhere_alone(
    enter: Enter, database: Database
) -> None:
    """Ola mends here: a case of neighbours would be open to him by a slip of somebody's thumb."""
    wears_two_hats(database, Role.BOMILJO, here=Role.CARETAKER)
    complaint, ingrid = a_complaint(database), enter("ingrid")
    form = ingrid.open(f"/office/folders/{complaint}").form("Lag sak")
    assert f'value="{OLA}"' not in ingrid.open(f"/office/folders/{complaint}").html
    ingrid.send(form, "Lag sak", typed={"title": TITLE, "team": [OLA, STAFF["kari"].id]})
    (case,) = ids(database, "conflict_case")
    body = body_of(database, case)
    assert f"team/{OLA}" not in body and body[f"team/{STAFF['kari'].id}"] is True


def test_who_wrote_a_complaint_and_follows_nobody_up_any_more_makes_no_case_of_it(
    enter: Enter, database: Database
) -> None:
    complaint, kari, user = a_complaint(database), enter("kari"), STAFF["kari"].id
    form = kari.open(f"/office/folders/{complaint}").form("Lag sak")
    with database.writing() as session:
        people.withdraw(session, user)
        people.grant(session, new_id(), user, Role.CARETAKER, NORTH)
    page, taken = kari.open(f"/office/folders/{complaint}"), count_taken(database)
    assert page.status == 200 and not page.has("Lag sak")
    assert kari.send(form, "Lag sak", typed={"title": TITLE}).status == 404
    assert count_taken(database) == taken and not ids(database, "conflict_case")


def test_a_complaint_is_put_in_no_case_that_is_over(enter: Enter, database: Database) -> None:
    over, complaint = a_case(database, closed_on=day(-1)), a_complaint(database)
    kari = enter("kari")
    form = kari.open(f"/office/folders/{complaint}").form("Lag sak")
    assert kari.send(form, "Lag sak", typed={"case": over}).status == 404
    assert "case" not in body_of(database, complaint)


def test_to_lead_elsewhere_gives_the_figures_of_elsewhere_alone(
    enter: Enter, database: Database
) -> None:
    """What staff were exposed to is for who leads them, whoever sees to their office."""
    wears_two_hats(database, Role.LEADER, here=Role.OFFICE)
    ola = enter("ola")
    for form in ("", "/csv"):
        for name, areas in (("staff_safety", {SOUTH}), ("arrears", {NORTH, SOUTH})):
            answer = ola.client.get(f"/office/reports/{name}{form}")
            said = next(line for line in answer.text.splitlines() if "Område: " in line)
            assert {area for area in AREAS if AREAS[area] in said} == areas, (name, form)
