"""Who decides or leads in one area and works in another does there what those who work there do."""

from __future__ import annotations

from datetime import datetime, timedelta

from server import people
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.records.record import Envelope
from server.roles import Role
from tests.office.conftest import Enter
from tests.office.folders import body_of
from tests.office.reader import Reader
from tests.office.test_elsewhere import OLA, household, mark, wears_two_hats
from tests.office.test_inbox import FAULT, VISIT, sent_in
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
