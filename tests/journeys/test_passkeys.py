"""A passkey is made and used by a real browser: at a desk, and on a phone by the same page."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server import by_passkey
from server.database import Database
from tests.journeys.bad_wires import slow
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import Server, give_thumb
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire, running
from tests.makers import NOW, USERS

MAKE, ENTER = "Lag passnøkkel på denne enheten", "Logg inn med passnøkkel"


@pytest.fixture
def wire(server: Server) -> Iterator[Wire]:
    """Server and wire up; the server knows the address that the browsers type."""
    line = Wire(server)
    server.settings["OPPGANG_ORIGIN"] = line.address
    with running(server, line):
        yield line


def make(page: Page) -> None:
    """Make a passkey on the page Min innlogging."""
    expect(page.get_by_role("heading", name="Min innlogging")).to_be_visible()
    page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_text("Laget i dag").first).to_be_visible()


def test_a_desk_makes_a_passkey_and_comes_in_by_it_until_it_is_taken_away(
    desk: Callable[[str], Desk], database: Database
) -> None:
    ingrid = desk("ingrid").begin()
    page = ingrid.page
    give_thumb(page)
    page.goto(f"{ingrid.phone.address}/me")
    make(page)
    page.get_by_role("button", name="Logg ut", exact=True).click()
    page.get_by_role("button", name=ENTER).click()
    expect(page.get_by_role("heading", name="Oversikt")).to_be_visible()
    page.goto(f"{ingrid.phone.address}/me")
    expect(page.get_by_text("Passnøkkel, Linux, fra i dag").first).to_be_visible()

    page.get_by_role("button", name=MAKE).click()
    expect(page.get_by_text("Denne enheten har allerede en passnøkkel")).to_be_visible()

    page.get_by_role("button", name="Logg ut", exact=True).click()
    by_passkey.drop(database, USERS["admin"], USERS["ingrid"], NOW)
    page.get_by_role("button", name=ENTER).click()
    expect(page.get_by_text("Passnøkkelen ble ikke godtatt.")).to_be_visible()
    expect(page.get_by_label("Passord", exact=True)).to_be_visible()


def test_who_holds_no_passkey_is_told_so_and_goes_by_password(
    desk: Callable[[str], Desk],
) -> None:
    ingrid = desk("ingrid")
    page = ingrid.phone.start()
    give_thumb(page)
    page.get_by_role("button", name=ENTER).click()
    expect(page.get_by_text("Ingen passnøkkel ble brukt.")).to_be_visible()
    expect(page.get_by_role("button", name="Prøv igjen")).to_be_visible()
    page.get_by_role("button", name="Logg inn med passord").click()
    page.get_by_label("Navn").fill("ingrid")
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page.get_by_role("heading", name="Oversikt")).to_be_visible()


def test_a_phone_makes_a_passkey_and_comes_back_in_by_it(
    field_worker: Callable[[str], FieldWorker], shots: Path
) -> None:
    kari, looks = field_worker("kari").begin().ready(), Looks(shots)
    page = kari.page
    give_thumb(page)
    kari.go("Meg")
    looks.at(page, "meg", large=True)
    page.get_by_role("link", name="Min innlogging").click()
    looks.at(page, "min-innlogging", large=True)
    make(page)
    looks.at(page, "min-innlogging-laget", large=True)
    ours = [one for one in looks.amiss if one.startswith("meg") or "sideways" in one]
    assert not ours, "the office's page keeps its own measures, and is never wider than a phone"
    page.get_by_role("link", name="Til telefonappen").click()
    kari.unlock()
    kari.go("Meg")
    page.get_by_role("button", name="Logg ut").click()
    page.get_by_role("dialog").get_by_role("button", name="Logg ut").click()
    page.get_by_role("link", name=ENTER).click()
    kari.unlock()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()


def test_who_logs_out_on_a_bad_line_and_in_by_a_passkey_at_once_stays_in(
    field_worker: Callable[[str], FieldWorker], wire: Wire
) -> None:
    """The log-out that is still under way would end the new login, or spoil its page."""
    kari = field_worker("kari").begin().ready()
    page = kari.page
    give_thumb(page)
    kari.go("Meg")
    page.get_by_role("link", name="Min innlogging").click()
    make(page)
    page.get_by_role("link", name="Til telefonappen").click()
    kari.unlock()
    kari.go("Meg")
    arrives = threading.Event()
    wire.loses, wire.fault = "/api/v1/logout", slow(arrives)
    page.get_by_role("button", name="Logg ut").click()
    page.get_by_role("dialog").get_by_role("button", name="Logg ut").click()
    page.get_by_role("link", name=ENTER).click()
    page.wait_for_timeout(1000)
    expect(page.get_by_role("link", name=ENTER)).to_be_visible()
    arrives.set()
    kari.unlock()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    wire.fault = None
    kari.sync()
    expect(page.get_by_role("link", name=ENTER)).to_be_hidden()


def test_a_phone_without_a_vault_is_led_from_the_passkey_to_making_one(
    field_worker: Callable[[str], FieldWorker], database: Database
) -> None:
    kari = field_worker("kari")
    page = kari.phone.start()
    give_thumb(page)
    page.goto(f"{kari.phone.address}/office/login")
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn", exact=True).click()
    expect(page.get_by_role("heading", name="Oversikt")).to_be_visible()
    page.goto(f"{kari.phone.address}/office/me")
    make(page)
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("button", name=ENTER)).to_be_visible()
    page.goto(kari.phone.address)
    page.get_by_role("link", name=ENTER).click()
    page.get_by_role("button", name="Bruk finger eller ansikt").click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    kari.ready()
