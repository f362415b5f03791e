"""A phone that is lost: what was on it, counted, and a draft for the privacy officer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server import hand, people
from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from server.demo.pen import phone_of
from server.records.barrier import BARRIER
from server.shapes import Json, write_instant
from tests.authenticator import Authenticator
from tests.makers import example, new_id
from tests.office.conftest import Enter
from tests.office.passkeys import make
from tests.office.reader import Page

KARI = STAFF["kari"]


def lost(enter: Enter, login: str) -> Page:
    """Open the page of Kari's phone."""
    return enter(login).open(f"/office/devices/{phone_of(KARI)}/lost")


def test_the_draft_counts_what_could_be_read_and_says_until_when(enter: Enter) -> None:
    ingrid = enter("ingrid")
    before = ingrid.open(f"/office/devices/{phone_of(KARI)}/lost")
    assert "Telefonen er ikke stengt." in before.words and "logget ut" not in before.words
    forms = [form for form in ingrid.open("/office/devices").forms if phone_of(KARI) in form.action]
    page = ingrid.send(forms[0], "Steng telefonen")
    link = f"/office/devices/{phone_of(KARI)}/lost"
    assert link in page.links
    page = ingrid.open(link)
    assert "Telefonen er ikke stengt." not in page.words
    assert "Fristen til Datatilsynet er" in page.words and "Ingen registreringer" in page.words
    north = [home for home in homes() if home.area == NORTH]
    assert f"{len(north)} leieforhold" in page.words
    assert north[0].address in page.words
    assert all(home.address not in page.words for home in homes() if home.area != NORTH)
    assert "hjemmebesøk" in page.words and "900 00 000" not in page.words


def test_a_phone_that_is_closed_opens_neither_the_app_nor_the_office(enter: Enter) -> None:
    """The phone's login opens the office too; it is the owner's logins that end, and no other's."""
    kari, ingrid = enter("kari"), enter("ingrid")
    assert kari.open("/office/homes").status == 200
    for owner in ("ingrid", "kari"):
        theirs = phone_of(STAFF[owner])
        page = ingrid.open("/office/devices")
        forms = [form for form in page.forms if theirs in form.action]
        if forms:
            ingrid.send(forms[0], "Steng telefonen")
    assert kari.client.get("/office/homes").status_code == 302
    assert kari.client.get("/api/v1/me").status_code == 401
    assert ingrid.open("/office/devices").status == 200
    assert (
        "ble eieren logget ut overalt"
        in ingrid.open(f"/office/devices/{phone_of(KARI)}/lost").words
    )


def test_deleted_is_said_by_the_phone_alone(enter: Enter, database: Database) -> None:
    """Until it has told so, the office reads until when it can be read, as far as it is known."""
    mine, now = phone_of(KARI), datetime.now(UTC)
    with database.writing() as session:
        people.revoke_replica(session, mine, now)
        people.note_health(session, mine, {"readable_until": now - timedelta(hours=1)})
    admin = enter("admin")
    for page in (admin.open("/office/devices"), lost(enter, "admin")):
        assert "Det som er på den, kan ikke leses mer." in page.words
    with database.writing() as session:
        people.note_emptied(session, mine, now)
    for page in (admin.open("/office/devices"), lost(enter, "admin")):
        assert "Slettet i dag kl." in page.words and "kan ikke leses mer" not in page.words
    assert "den har sagt fra at alt er slettet." in lost(enter, "admin").words


def test_what_its_owner_alone_may_know_of_was_not_on_it_and_is_no_count(
    enter: Enter, database: Database
) -> None:
    """Behind a barrier is on no phone: the page is as if it were not there, to the byte."""
    now, home = datetime.now(UTC), next(home for home in homes() if home.area == NORTH)
    before = lost(enter, "admin").plain
    let: dict[str, Json] = {"dwelling": home.id, "started_on": "2026-11-01"}
    named: dict[str, Json] = {f"{BARRIER}/{KARI.id}": True, f"team/{KARI.id}": True}
    hand.write(database, "tenancy", new_id(), "create", {**let, **named}, KARI.id, now)
    assert lost(enter, "admin").plain == before


def test_who_keeps_the_system_counts_and_reads_no_address(enter: Enter) -> None:
    page = lost(enter, "admin")
    assert "leieforhold" in page.words
    assert all(home.address not in page.words for home in homes())


def test_nobody_else_opens_it(enter: Enter) -> None:
    for login in ("kari", "ola", "eva", "hege"):
        assert lost(enter, login).status == 404
    assert enter("ingrid").open(f"/office/devices/{STAFF['kari'].id}/lost").status == 404


def test_a_passkey_that_may_lie_on_it_is_told_of(enter: Enter) -> None:
    assert "passnøkkel" not in lost(enter, "ingrid").words
    assert make(enter("kari"), Authenticator()).status == 200
    for login, links in (("ingrid", 0), ("lise", 1)):
        page = lost(enter, login)
        assert "har passnøkkel, og den kan ligge på telefonen." in page.words
        assert page.html.partition("<main")[2].count('href="/office/people"') == links


def test_a_few_of_what_the_reader_does_not_see_are_not_counted(
    enter: Enter, database: Database
) -> None:
    """That there is a case between neighbours, or that somebody was threatened, is a secret."""
    now, lise = datetime.now(UTC), STAFF["lise"]
    told: dict[str, Json] = {"state": "submitted", "by": lise.id, "at": write_instant(now)}
    incident: dict[str, Json] = {**example("staff_incident", area=NORTH), "status": told}
    bare = {p: v for p, v in incident.items() if p not in ("dwelling", "check_in", "visit")}
    before = enter("ingrid").open(f"/office/devices/{phone_of(KARI)}/lost")
    for number in range(5):
        hand.write(database, "staff_incident", new_id(), "create", bare, KARI.id, now)
        words = lost(enter, "ingrid").words
        assert ("hendelse" in words.partition("Det telefonen kunne ha")[2]) == (number == 4)
        assert f"{number + 1} hendelse" in lost(enter, "lise").words, "its leader reads them"
    assert "færre enn 5" in before.words, "said whether there are any or not"
