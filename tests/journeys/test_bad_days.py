"""Bad days: ten days of Easter without a network, a disk that is full, storage that is thrown out.

The clock is the page's and the server's; quota and eviction are the browser's own, asked for by its
debugging protocol, so that what the app meets is what a phone gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout
from sqlalchemy import select

from server.database import Database
from server.people import Replica
from server.shapes import Json
from tests.journeys.kept import kept, sent
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import Server, wait_until
from tests.journeys.test_photos import camera, stored, take, thumbs
from tests.journeys.thumb import type_at_caret
from tests.journeys.town import HOME, PASSPHRASE, plan, write
from tests.journeys.warm import MOMENT
from tests.journeys.wire import Wire
from tests.makers import USERS, new_id

People = Callable[..., FieldWorker]
Desks = Callable[[str], Desk]
WEDNESDAY = datetime(2027, 3, 24, 8, 0, tzinfo=UTC)
"""The day before Maundy Thursday; the clocks are moved on Easter Sunday, four days later."""
DAYS_AWAY = (1, 5)
LAST_DAY, TOO_LONG = 7.5, 10
"""Three working days after Easter the phone may be read no longer; it says so the day before."""
WARNED = re.compile(r"Koble til nett innen 1\.4\. kl\. 10\.\d\d\. Da kan du fortsatt lese om")
OVER = "Telefonen har vært for lenge uten kontakt"
STREET = "Storgata 12"
ROOM_BYTES = 2_000_000
EVICTED = "indexeddb,cache_storage,service_workers"
"""What Chromium throws out when the disk is full; local storage and cookies stay."""
FILL = """async () => {
  const opening = indexedDB.open('filler', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('things')
  const db = await new Promise((done) => (opening.onsuccess = () => done(opening.result)))
  let kept = 0
  for (let size = 1_000_000; size >= 100; ) {
    const written = await new Promise((done) => {
      const tx = db.transaction('things', 'readwrite', { durability: 'strict' })
      const bytes = crypto.getRandomValues(new Uint8Array(Math.min(size, 65_536)))
      tx.objectStore('things').put(bytes, kept)
      tx.oncomplete = () => done(true)
      tx.onabort = () => done(tx.error.name !== 'QuotaExceededError')
    })
    if (written) kept += 1
    else size = Math.floor(Math.min(size, 65_536) / 2)
  }
  db.close()
  return kept
}"""
"""Fills what is left of the room until the browser itself refuses a hundred bytes."""
USED = "navigator.storage.estimate().then((room) => room.usage)"


@pytest.fixture
def easter(database: Database, server: Server) -> None:
    """The server begins on the Wednesday before Easter, where Kari has a visit in Storgata."""
    server.settings[MOMENT] = WEDNESDAY.isoformat()
    mine: dict[str, Json] = {f"visitors/{USERS['kari']}": True}
    write(database, [plan(new_id(0xEA5), HOME, "12:00", mine, WEDNESDAY)], WEDNESDAY)


def note(kari: FieldWorker, words: str) -> None:
    """Noter raskt, as one does at a door."""
    kari.go("Ny")
    expect(kari.page.get_by_label("Skriv det viktigste")).to_be_focused()
    kari.page.keyboard.type(words)
    kari.expect_saved()
    where = kari.page.get_by_role("group", name="Hvor?")
    where.get_by_role("button", name=STREET).first.click()
    kari.page.get_by_role("button", name="Notat", exact=True).click()
    expect(kari.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    kari.let_undo_pass()


def on_day(kari: FieldWorker, days: float) -> None:
    """Take the phone out of its drawer, so many days after it had contact."""
    kari.phone.kill()
    kari.phone.clock = WEDNESDAY + timedelta(days=days)
    kari.wake()
    expect(kari.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()


def test_ten_days_of_easter_without_a_network_lose_no_word_and_no_day(
    easter: None, wire: Wire, field_worker: People, database: Database, shots: Path
) -> None:
    """What may be read ends on the way; what is written does not, and what was shut comes back."""
    kari, looks = field_worker("kari"), Looks(shots)
    kari.phone.clock = WEDNESDAY
    kari.begin()
    expect(kari.card(STREET)).to_be_visible()
    wire.cut()
    wire.server.kill()
    kari.start_visit(STREET)
    kari.box("Oppsummering").fill("Onsdag før påske.")
    kari.expect_saved()
    for days in DAYS_AWAY:
        on_day(kari, days)
        note(kari, f"Dag {days} uten nett.")
    on_day(kari, LAST_DAY)
    expect(kari.page.get_by_text(WARNED)).to_be_visible()
    looks.at(kari.page, "leses-ikke-lenge", large=True)
    for days in (TOO_LONG, 1, TOO_LONG):
        on_day(kari, days)
        expect(kari.page.get_by_text(OVER)).to_be_visible()
        expect(kari.page.get_by_text(STREET)).to_have_count(0)
        expect(kari.page.get_by_text("Ikke klar ennå.")).to_be_visible()
        expect(kari.page.get_by_text("Virker uten nett")).to_have_count(0)
    looks.at(kari.page, "leses-ikke", large=True)
    kari.go("Ny")
    type_at_caret(kari.page, f"Dag {TOO_LONG} uten nett.")
    kari.expect_saved()
    kari.back()
    kari.open_outbox()
    expect(kari.page.get_by_text("registreringer er forseglet")).to_be_visible()
    kari.back()

    assert kari.phone.clock is not None
    wire.server.settings[MOMENT] = kari.phone.clock.isoformat()
    wire.server.start()
    wire.mend()
    kari.sync()
    kari.log_in_again()
    expect(kari.page.get_by_text(OVER)).to_have_count(0)
    kari.expect_all_received()
    kari.go("Boliger")
    expect(kari.page.get_by_text(STREET).first).to_be_visible()
    wait_until(lambda: all_said(database), "every day is at the office")
    assert looks.amiss == []
    days_said = sorted(str(one["talked_on"]) for one in sent(database, "conversation"))
    assert days_said == ["2027-03-25", "2027-03-29"]
    assert "2027-04-03" in [one["talked_on"] for one in kept(database, "conversation")]
    (talk,) = [one for one in kept(database, "conversation") if one.get("summary")]
    assert (talk["summary"], talk["talked_on"]) == ("Onsdag før påske.", "2027-03-24")
    expect(kari.page.get_by_text("Klokka på telefonen viser")).to_have_count(0)


def all_said(database: Database) -> bool:
    """Does the office have the words of every day?"""
    said = " ".join(str(one) for one in kept(database, "conversation"))
    days = [f"Dag {days} uten nett." for days in (*DAYS_AWAY, TOO_LONG)]
    return all(words in said for words in ("Onsdag før påske.", *days))


def open_with_little_room(kari: FieldWorker) -> CDPSession:
    """Start the app in a browser that has little more room than the app has taken."""
    used = int(kari.page.evaluate(USED))
    kari.phone.kill()
    page = kari.phone.launch()
    assert kari.phone.context is not None
    line = kari.phone.context.new_cdp_session(page)
    said = {"origin": kari.phone.address, "quotaSize": used + ROOM_BYTES}
    line.send("Storage.overrideQuotaForOrigin", said)
    page.goto(kari.phone.address)
    kari.unlock()
    return line


def test_a_disk_that_is_full_under_a_photo_loses_neither_words_nor_the_next_photo(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(STREET)).to_be_visible()
    wire.cut()
    kari.start_visit(STREET)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.box("Hva er galt?").fill("Kondens på vinduet.")
    kari.expect_saved()
    line = open_with_little_room(kari)
    kari.go_on(STREET)
    assert kari.page.evaluate(FILL) > 0, "other things take what was left"
    take(kari, camera())
    full = kari.page.get_by_text("Telefonen er full, og bildet er ikke lagret.")
    expect(full).to_be_visible()
    expect(full).to_contain_text("Frigjør plass, og ta bildet på nytt.")
    expect(thumbs(kari)).to_have_count(0)
    looks.at(kari.page, "photo-no-room")
    kari.box("Hva er galt?").press_sequentially(" Og i kjelleren, ")
    kari.box("Hva er galt?").press_sequentially("overalt " * 30)
    expect(kari.page.get_by_text("og det siste er ikke lagret.").first).to_be_visible()
    looks.at(kari.page, "words-no-room")

    kari.page.evaluate("indexedDB.deleteDatabase('filler')")
    line.send("Storage.overrideQuotaForOrigin", {"origin": kari.phone.address})
    with suppress(PlaywrightTimeout):  # the phone tries by itself too, and the button goes
        kari.page.get_by_role("button", name="Lagre", exact=True).first.click(timeout=5_000)
    kari.expect_saved()
    take(kari, camera())
    expect(kari.page.get_by_text("Bildet er lagt til. Lagret på telefonen.")).to_be_visible()
    kari.phone.kill()
    kari.wake()
    kari.go_on(STREET)
    expect(thumbs(kari)).to_have_count(1)
    kept_words = re.compile(r"^Kondens på vinduet\. Og i kjelleren,")
    expect(kari.box("Hva er galt?")).to_have_value(kept_words)
    kari.finish()
    wire.mend()
    there = "the one photo is at the office"
    kari.logged_in_until(lambda: len(stored(database)) == 1, there)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_storage_that_the_browser_threw_out_is_told_and_the_office_sees_what_never_came(
    wire: Wire, field_worker: People, desk: Desks, database: Database, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(STREET)).to_be_visible()
    note(kari, "Dette kom fram.")
    wait_until(lambda: sent(database, "conversation"), "the note is in")
    kari.go("I dag")
    kari.start_visit(STREET)
    kari.box("Oppsummering").fill("Dette kommer aldri fram.")
    kari.expect_saved()
    kari.sync()
    wait_until(lambda: never_came(database), "the office knows of the open form")
    kari.phone.kill()
    evict(kari)

    page = kari.phone.start()
    told = page.get_by_text("Telefonen har slettet det appen hadde lagret.")
    expect(told).to_contain_text("Det kontoret har mottatt, er trygt.")
    expect(told).to_contain_text("Koble til nett for å se hva som mangler, og ring kontoret.")
    looks.at(page, "storage-evicted", large=True)
    page.get_by_role("button", name="Gå videre").click()
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("article").filter(has_text=STREET)).to_be_visible()
    assert "Dette kom fram." in str(kept(database, "conversation"))
    assert "Dette kommer aldri fram." not in str(kept(database, "conversation"))

    (lost,) = never_came(database)
    lise = desk("lise").begin()
    lise.page.goto(f"{wire.address}/office/devices")
    row = lise.page.locator(f"#r-{lost}")
    expect(row).to_contain_text("Kari")
    expect(row.locator("[data-label='Ikke kommet inn']")).to_contain_text("registrering")
    others = lise.page.locator("tbody tr").filter(has_text="Kari")
    expect(others).to_have_count(2)
    expect(others.last.locator("[data-label='Ikke kommet inn']")).to_have_text("Ingen")
    assert not looks.amiss, "\n".join(looks.amiss)


def never_came(database: Database) -> list[str]:
    """The phones that have told of more than they have sent."""
    with database.reading() as session:
        behind = Replica.announced_n > Replica.highest_n
        return list(session.scalars(select(Replica.id).where(behind)))


def evict(kari: FieldWorker) -> None:
    """Let the browser throw out what the app has stored while none of its pages is open."""
    page = kari.phone.launch()
    assert kari.phone.context is not None
    line = kari.phone.context.new_cdp_session(page)
    said = {"origin": kari.phone.address, "storageTypes": EVICTED}
    line.send("Storage.clearDataForOrigin", said)
    kari.phone.close()
