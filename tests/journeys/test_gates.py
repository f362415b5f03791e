"""The gates of the phone: at each there is a way on, and none takes away what somebody is at."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from server.database import Database
from tests.journeys.bad_wires import slow
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_forgotten import log_in, talks
from tests.journeys.test_locked_note import begin_note, notes_at_the_office
from tests.journeys.test_locks import (
    HOME,
    WORDS,
    expect_locked,
    lock,
    log_out,
    write_a_little,
)
from tests.journeys.test_update import Newer, expect_newer, find_newer
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
THROW_OUT = """indexedDB.databases().then((all) => Promise.all(all.map(({ name }) =>
  new Promise((done) => { indexedDB.deleteDatabase(name).onsuccess = done }))))"""


class Later(Newer):
    """At first there is no newer version to be had."""

    version = 0

    def getresponse(self) -> http.client.HTTPResponse:
        """Give the answer as it is, while there is nothing newer."""
        if self.asked == "/sw.js" and self.version == 0:
            return http.client.HTTPConnection.getresponse(self)
        return super().getresponse()


def test_an_update_waits_for_the_note_that_is_written_at_the_lock(
    field_worker: People, monkeypatch: pytest.MonkeyPatch, database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    page.evaluate("navigator.serviceWorker.ready")
    page.reload()
    kari.unlock()
    kari.go("I dag")
    monkeypatch.setattr(http.client, "HTTPConnection", Later)
    kari.sync()
    page.get_by_role("button", name="Oppdater").click()
    lock(kari)
    page.evaluate("globalThis.before = true")
    begin_note(page)
    field = page.get_by_label("Skriv det viktigste")
    field.press_sequentially("Hun ringer ")
    monkeypatch.setattr(Later, "version", 1)
    find_newer(page)
    page.wait_for_timeout(1_000)
    field.press_sequentially("i morgen")
    expect(field).to_have_value("Hun ringer i morgen")
    expect(page.get_by_role("dialog").get_by_text("Lagret på telefonen")).to_be_visible()
    assert page.evaluate("globalThis.before") is True
    with page.expect_event("load"):
        page.get_by_role("button", name="Ferdig").click()
    expect_newer(page)
    kari.unlock()
    wait_until(
        lambda: notes_at_the_office(database) == ["Hun ringer i morgen"],
        "the note is at the office",
    )


def test_a_part_of_the_app_that_does_not_come_is_asked_for_again(field_worker: People) -> None:
    kari = field_worker("kari")
    page = kari.phone.launch()
    page.add_init_script("delete Navigator.prototype.serviceWorker")  # it is not there yet
    further = "**/assets/Further-*.js"
    page.route(further, lambda asked: asked.abort())
    page.goto(kari.phone.address)
    log_in(page)
    kari.go("Boliger")
    page.wait_for_timeout(500)
    title = page.get_by_role("heading", name="Boliger", exact=True)
    expect(title).to_have_count(0)
    page.unroute(further)
    expect(title).to_be_visible()


def test_whoever_remembers_the_passphrase_while_all_is_sent_keeps_what_is_here(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin().ready()
    page = kari.page
    page.evaluate("navigator.serviceWorker.ready")
    wire.cut()
    write_a_little(kari)
    kari.back()
    lock(kari)
    go = threading.Event()
    wire.loses, wire.fault = "/api/v1/parcels", slow(go)
    wire.mend()
    page.get_by_role("button", name="Glemt passordfrasen?").click()
    page.get_by_role("button", name="Send alt og begynn på nytt").click()
    wait_until(lambda: wire.faults > 0, "it is on its way")
    page.get_by_role("dialog").get_by_role("button", name="Avbryt").click()
    kari.unlock()
    kari.go("I dag")
    kari.go_on(HOME)
    box = kari.box("Oppsummering")
    box.press("End")
    box.press_sequentially(" kald.")
    kari.expect_saved()
    go.set()
    wait_until(lambda: WORDS in talks(database), "what was sealed is at the office")
    page.wait_for_timeout(1_000)
    expect(box).to_have_value(WORDS + " kald.")
    kari.phone.kill()
    wire.fault = None
    kari.wake()
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS + " kald.")


def test_on_a_shared_phone_the_one_who_forgot_says_whose_vault_goes(
    field_worker: People, looks: Looks
) -> None:
    kari = field_worker("kari").begin().ready()
    page = kari.page
    kari.go("Meg")
    log_out(page)
    page.get_by_label("Navn").fill("amir")
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    lock(kari)
    page.get_by_role("button", name="Glemt passordfrasen?").click()
    whose = page.get_by_label("Hvem har glemt passordfrasen?")
    expect(whose.get_by_role("option")).to_have_count(2)
    both = whose.get_by_role("option").all_inner_texts()
    assert len(set(both)) == 2
    chosen = whose.evaluate("(one) => one.selectedOptions[0].text")
    other = next(one for one in both if one != chosen)
    whose.select_option(label=other)
    looks.at(page, "forgotten-whose", large=True)
    page.get_by_role("button", name="Send alt og begynn på nytt").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect_locked(page)
    left = page.evaluate(
        """new Promise((done) => {
          const opening = indexedDB.open('oppgang')
          opening.onsuccess = () => {
            const asked = opening.result.transaction('vaults').objectStore('vaults').getAll()
            asked.onsuccess = () => done(asked.result.map((one) => one.initials))
          }
        })"""
    )
    assert left == [chosen]
    assert not looks.amiss, "\n".join(looks.amiss)


def go_on(page: Page) -> None:
    """What stopped the app was read."""
    page.get_by_role("button", name="Gå videre").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()


def test_what_the_browser_threw_out_is_told_until_it_was_read_and_bars_nobody(
    field_worker: People, looks: Looks
) -> None:
    kari = field_worker("kari").begin().ready()
    page = kari.page
    page.goto(f"{kari.phone.address}/office/")
    page.evaluate(THROW_OUT)
    for _ in range(2):
        page.goto(kari.phone.address)
        expect(page.get_by_role("heading", name="Noe mangler på telefonen")).to_be_visible()
    looks.at(page, "thrown-out", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)
    go_on(page)
    page.reload()
    expect(page.get_by_role("heading", name="Noe mangler på telefonen")).to_have_count(0)
