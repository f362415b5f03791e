"""Which fields stand open to whom, and where a form for something new opens: by place and state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from server.database import Database
from server.demo.municipality import STAFF
from server.records.record import Envelope
from server.roles import Role
from server.shapes import write_instant
from tests.office.conftest import Enter
from tests.office.folders import written
from tests.office.reader import Reader
from tests.office.test_cases import a_complaint
from tests.office.test_companies import COMPANY
from tests.office.test_elsewhere import wears_two_hats
from tests.office.test_homes import HOME
from tests.office.test_inbox import FAULT, VISIT, sent_in
from tests.office.test_pages import ids
from tests.office.test_safety_pages import TODAY, alert


def open_to(reader: Reader, record: str) -> set[str]:
    """Give the names in the form for a record; none where there is no such page."""
    page = reader.open(f"/office/records/{record}/edit")
    assert page.status in (200, 404)
    return set(page.form("Lagre").fields) if page.status == 200 else set()


def test_what_the_server_alone_says_is_in_no_form(enter: Enter, database: Database) -> None:
    """An administrator writes colleagues by their accounts, never as a record beside them."""
    home = open_to(enter("ingrid"), HOME.id)
    assert "address" in home and "fire_checked_on" not in home
    colleague, admin = ids(database, "colleague")[0], enter("admin")
    page = admin.open(f"/office/records/{colleague}")
    assert page.status == 200 and not any(link.endswith("/edit") for link in page.links)
    assert open_to(admin, colleague) == set()
    assert admin.open("/office/new/colleague").status == 404


def test_the_day_that_a_warning_ends_is_open_to_who_leads_here(
    enter: Enter, database: Database
) -> None:
    wears_two_hats(database, Role.LEADER, here=Role.OFFICE)
    id = alert(database, TODAY + timedelta(days=9))
    for login, leads in (("lise", True), ("ola", False), ("ingrid", False)):
        assert ("valid_until" in open_to(enter(login), id)) is leads, login


def test_what_was_sent_in_is_open_to_its_author_until_the_day_it_closes(
    enter: Enter, database: Database
) -> None:
    visit, kari = sent_in(database, "visit", VISIT), enter("kari")
    with database.writing() as session:
        row = session.get_one(Envelope, visit)
        assert row.locked_at is not None and row.locked_at > datetime.now(UTC)
    assert "language" in open_to(kari, visit) and "language" not in open_to(enter("lise"), visit)
    with database.writing() as session:
        session.get_one(Envelope, visit).locked_at = datetime.now(UTC) - timedelta(minutes=1)
    assert "language" not in open_to(kari, visit)


def test_what_was_sent_back_is_put_right_on_the_phone(enter: Enter, database: Database) -> None:
    """There it is handed in anew; at a desk it would stand changed and sent back still."""
    complaint, kari = a_complaint(database), enter("kari")
    assert "words" in open_to(kari, complaint)
    status = {"state": "returned", "by": STAFF["ingrid"].id, "at": write_instant(datetime.now(UTC))}
    status["comments"] = {"words": "Når var det?"}  # type: ignore[assignment]
    written(database, "complaint", {"status": status}, id=complaint, login="ingrid")
    fields = open_to(kari, complaint)
    assert "acknowledged_on" in fields and "words" not in fields


@pytest.mark.parametrize(
    ("login", "record", "led"),
    [("ingrid", "company", True), ("amir", "company", False), ("kari", "draft", False)],
)
def test_a_page_leads_to_a_form_where_there_is_one(
    login: str, record: str, led: bool, enter: Enter, database: Database
) -> None:
    """Who reads the register does not keep it, and a draft is on the phone that it was begun on."""
    id = COMPANY if record == "company" else written(database, "deviation", FAULT)
    reader = enter(login)
    page = reader.open(f"/office/records/{id}")
    assert page.status == 200 and (f"/office/records/{id}/edit" in page.links) is led
    assert bool(open_to(reader, id)) is led


@pytest.mark.parametrize(
    "begun",
    [
        f"planned_visit?dwelling={HOME.id}",
        f"assignment?dwelling={HOME.id}",
        f"event?building={HOME.building}",
    ],
)
def test_nothing_is_begun_in_a_home_by_who_may_only_elsewhere(
    begun: str, enter: Enter, database: Database
) -> None:
    """Ola is the landlord's here; what he was to choose in the form could lie in the south."""
    wears_two_hats(database, Role.OFFICE, here=Role.LANDLORD)
    path = f"/office/new/{begun}"
    assert enter("ingrid").open(path).status == 200
    ola = enter("ola")
    assert ola.open(f"/office/dwellings/{HOME.id}").status == 200
    assert ola.open(path).status == 404
