"""Every screen of the phone: empty, full, offline, in error, with long words and large letters.

The pictures lie in `screenshots/phone/`, which git ignores; look at them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from server import people
from server.database import Database
from server.people import Replica
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.town import HOME as HOME_ID
from tests.journeys.town import PASSPHRASE, lives, plan, work_only_in, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

pytestmark = pytest.mark.drawn

People = Callable[..., FieldWorker]
HOME, LATER = "Storgata 12", "Kongens gate 12"
LONG_STREET = "Nordre Storhaugskogbrynåsvegen 1024B, oppgang C mot bakgården"
LONG_NAME = "Eksempelina-Karoline Prøvesen av Langenavnslekten-Øvretveit"
UNBROKEN = "ordutenmellomrom" * 12
LONG_NOTE = ("Vi gikk gjennom leiligheten sammen, og hun viste meg ventilene. " * 70)[
    :3800
] + UNBROKEN
NO_ROOM = """() => {
  IDBObjectStore.prototype.put = () => {
    throw new DOMException('no room', 'QuotaExceededError')
  }
}"""

STORAGE_CLEARED = """async () => {
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name)
}"""
"""What a full phone's browser does: the databases go, the small mark that there were some stays."""


def log_in(kari: FieldWorker, password: str) -> None:
    """Fill the form and send it."""
    kari.page.get_by_label("Navn").fill(kari.name)
    kari.page.get_by_label("Passord", exact=True).fill(password)
    kari.page.get_by_role("button", name="Logg inn").click()


def test_the_doors_are_whole_and_say_what_went_wrong(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    with database.writing() as session:
        people.set_password(session, USERS["kari"], "kari", "for kort")
    kari = field_worker("kari")
    page = kari.phone.start()
    looks.at(page, "login", large=True)
    log_in(kari, "galt passord")
    expect(page.get_by_text("Navn eller passord stemmer ikke.")).to_be_visible()
    looks.at(page, "login-wrong")
    log_in(kari, "for kort")
    phrase = page.get_by_label("Passordfrase")
    phrase.fill("kort")
    page.get_by_role("button", name="Lås telefonen med denne").click()
    looks.at(page, "vault-short", large=True)
    phrase.fill(PASSPHRASE)
    page.get_by_role("button", name="Lås telefonen med denne").click()
    expect(kari.card(HOME)).to_be_visible()

    kari.go("Meg")
    page.get_by_role("button", name="Lås appen").click()
    expect(page.get_by_role("heading", name="Låst.")).to_be_visible()
    looks.at(page, "lock", large=True)
    phrase.fill("noe helt annet her")
    page.get_by_role("button", name="Lås opp", exact=True).click()
    expect(page.get_by_text("Passordfrasen stemmer ikke.")).to_be_visible()
    looks.at(page, "lock-wrong")
    page.get_by_role("button", name="Glemt passordfrasen?").click()
    looks.at(page, "lock-forgotten", large=True)
    assert kari.phone.context is not None
    other = kari.phone.context.new_page()
    other.goto(kari.phone.address)
    expect(other.get_by_role("button", name="Bruk denne")).to_be_visible()
    looks.at(other, "two-tabs")
    other.close()
    page.evaluate(STORAGE_CLEARED)
    page.reload()
    expect(page.get_by_text("Telefonen har slettet det appen hadde lagret.")).to_be_visible()
    looks.at(page, "storage-lost", large=True)
    page.get_by_role("button", name="Gå videre").click()
    log_in(kari, "for kort")
    before = phones(database)
    phrase.fill(PASSPHRASE)
    page.get_by_role("button", name="Lås telefonen med denne").click()
    expect(page.get_by_role("heading", name="Meg")).to_be_visible()
    wait_until(lambda: phones(database) - before, "the office knows the new phone")
    revoke(database)
    page.reload()
    kari.unlock()
    expect(page.get_by_text("Kontoret har stengt denne telefonen.")).to_be_visible()
    looks.at(page, "revoked", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)


def phones(database: Database) -> set[str]:
    """The phones that the office knows."""
    with database.reading() as session:
        return set(session.scalars(select(Replica.id)))


def revoke(database: Database) -> None:
    """Close every phone."""
    with database.writing() as session:
        for replica in session.scalars(select(Replica)):
            people.revoke_replica(session, replica.id, datetime.now(UTC))


def test_a_day_with_work_is_whole_on_every_screen(
    wire: Wire, field_worker: People, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(HOME)).to_be_visible()
    looks.at(page, "today", large=True)
    kari.go("Ny")
    looks.at(page, "new", large=True)
    kari.back()
    for place, name in (("Boliger", "dwellings"), ("Meg", "me")):
        kari.go(place)
        looks.at(page, name, large=True)
    page.get_by_role("button", name="Klar for dagen").click()
    expect(page.get_by_text("Boliger på telefonen")).to_be_visible()
    looks.at(page, "ready", large=True)
    kari.back()
    page.get_by_role("button", name="Logg ut").click()
    looks.at(page, "me-log-out")
    page.get_by_role("button", name="Avbryt").click()
    kari.go("Søk")
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("stor 12")
    looks.at(page, "search-hits", large=True)
    page.get_by_role("searchbox").or_(page.get_by_role("textbox")).first.fill("xyzxyz")
    expect(page.get_by_text("Ingen treff på")).to_be_visible()
    looks.at(page, "search-none")
    kari.go("Boliger")
    page.get_by_role("button", name=HOME).first.click()
    looks.at(page, "dwelling", large=True)
    page.goto(f"{kari.phone.address}/?sted={HOME_ID}")
    kari.unlock()
    expect(page.get_by_role("heading", name=HOME)).to_be_visible()
    assert "sted" not in page.url, "the code on the door leads to the home and leaves the address"

    kari.go("I dag")
    wire.cut()
    kari.start_visit(HOME)
    looks.at(page, "visit", large=True)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.box("Oppsummering").fill("Ingen fukt. Ventilene er åpne.")
    kari.expect_saved()
    looks.at(page, "visit-written")
    page.evaluate(NO_ROOM)
    kari.box("Oppsummering").press_sequentially(" En ting til.")
    expect(page.get_by_text("Telefonen er full").first).to_be_visible()
    looks.at(page, "visit-no-room", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_without_a_network_and_with_something_missing_it_is_whole_too(
    wire: Wire, field_worker: People, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(HOME)).to_be_visible()
    wire.cut()
    page.evaluate("dispatchEvent(new Event('offline'))")
    kari.start_visit(HOME)
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(page.get_by_text("må fylles ut eller rettes.")).to_be_visible()
    looks.at(page, "visit-missing", large=True)
    page.keyboard.press("Escape")
    kari.box("Oppsummering").fill("Ventilene er åpne.")
    kari.expect_saved()
    kari.back()
    looks.at(page, "today-begun")
    kari.sync()
    expect(page.get_by_text("Vi får ikke kontakt med kontoret.")).to_be_visible()
    looks.at(page, "today-unreachable", large=True)
    kari.open_outbox()
    looks.at(page, "outbox", large=True)
    assert kari.phone.context is not None
    kari.phone.context.set_offline(True)
    kari.go("I dag")
    expect(page.get_by_text("Uten nett – alt lagres på telefonen")).to_be_visible()
    looks.at(page, "today-offline", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_with_nothing_to_show_it_says_so(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    work_only_in(database, new_id(0xA9))
    kari = field_worker("kari").begin()
    page = kari.page
    expect(page.get_by_text("Ingen avtalte besøk i dag.")).to_be_visible()
    looks.at(page, "empty-today", large=True)
    kari.go("Ny")
    looks.at(page, "empty-new")
    kari.back()
    for place, name in (("Boliger", "dwellings"), ("Søk", "search")):
        kari.go(place)
        looks.at(page, f"empty-{name}")
    for place in ("Utboks", "Må sjekkes", "Sendt tilbake til deg"):
        kari.go("Meg")
        page.get_by_role("button", name=place, exact=True).click()
        expect(page.get_by_role("heading", name=place)).to_be_visible()
        looks.at(page, f"empty-{place.split()[0].lower()}")
    assert not looks.amiss, "\n".join(looks.amiss)


def test_long_names_streets_and_notes_are_whole(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    now, home = datetime.now(UTC), new_id(0xD9)
    area = {"area": new_id(0xA1), "address": LONG_STREET, "unit_number": "H0203"}
    write(database, [mutation("dwelling", home, area, author="lise", now=now)], now)
    mine = {f"visitors/{USERS[name]}": True for name in ("kari", "amir")}
    write(
        database, [*lives(home, LONG_NAME, now), plan(new_id(0xF9), home, "08:00", mine, now)], now
    )
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(LONG_STREET)).to_be_visible()
    looks.at(page, "long-today", large=True)
    kari.start_visit(LONG_STREET)
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.box("Hva er galt?").fill(UNBROKEN)
    kari.box("Notat").fill(LONG_NOTE)
    kari.box("Oppsummering").fill(LONG_NOTE)
    kari.expect_saved()
    looks.at(page, "long-visit", large=True)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    wire.cut()
    kari.finish()
    kari.open_outbox()
    looks.at(page, "long-outbox", large=True)
    kari.open_sent(LONG_STREET)
    looks.at(page, "long-visit-sent", large=True)
    kari.back()
    looks.at(page, "long-dwelling", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)
