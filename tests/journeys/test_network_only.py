"""«Bare på nett»: without a network nothing of the office opens, and nothing written is lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from server import people
from server.database import Database
from tests.journeys.disk import copy, search
from tests.journeys.looks import Looks, axe_findings, photograph
from tests.journeys.people import Desk, FieldWorker, saved_mark
from tests.journeys.planted import TELEPHONE, Victim
from tests.journeys.stage import wait_until
from tests.journeys.test_disk import start_again, summaries, type_a_visit
from tests.journeys.test_locks import HOME, IDLE_MS, WORDS, expect_locked, write_a_little
from tests.journeys.wire import Wire
from tests.makers import USERS

ONLY = "Appen åpner bare med nett."
WHY = "Arbeider med strengt fortrolige adresser"
KEYS_ON_DISK = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name)
  const found = []
  for (const name of names.filter((name) => name.startsWith('oppgang-'))) {
    const opening = indexedDB.open(name)
    const db = await new Promise((done) => (opening.onsuccess = () => done(opening.result)))
    const asking = db.transaction('envelope').objectStore('envelope').get('envelope')
    const envelope = await new Promise((done) => (asking.onsuccess = () => done(asking.result)))
    db.close()
    found.push(...Object.keys(envelope.lease))
  }
  return found.sort()
}"""
BOTH = ["personal", "technical"]


def decide(admin: Desk, victim: Victim, button: str, why: str) -> None:
    """Set it, or lift it, from the list of users."""
    admin.go("Brukere")
    admin.page.locator(f"#u-{victim.id}").get_by_role("link", name="Bare på nett").click()
    admin.page.get_by_label("Hvorfor?").fill(why)
    admin.page.get_by_role("button", name=button).click()
    expect(admin.page.get_by_text(why)).to_be_visible()


def bring_up(page: Page) -> None:
    """Take the phone out: it has contact."""
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def lock(page: Page) -> None:
    """Lock from Meg."""
    page.get_by_role("button", name="Meg", exact=True).click()
    page.get_by_role("button", name="Lås appen", exact=True).click()
    expect(page.get_by_label("Passordfrase")).to_be_visible()


def expect_nothing_of_the_office(page: Page, victim: Victim) -> None:
    """No screen that the thumb comes to holds a word that the office sent."""
    for place in ("I dag", "Boliger", "I dag"):
        page.get_by_role("navigation").get_by_role("button", name=place, exact=True).click()
        expect(page.get_by_role("heading", name=place, exact=True)).to_be_visible()
        shown = page.inner_text("body")
        assert [word for word in (*victim.sent_down, TELEPHONE) if word in shown] == []


def note_quickly(page: Page, words: str) -> None:
    """Noter raskt, and leave it as it is."""
    page.get_by_role("navigation").get_by_role("button", name="Ny", exact=True).click()
    field = page.get_by_label("Skriv det viktigste")
    expect(field).to_be_focused()
    field.press_sequentially(words)
    expect(saved_mark(page).first).to_be_visible()
    page.get_by_role("button", name="Tilbake").first.click()


def comes_back(page: Page, victim: Victim, what: Locator) -> None:
    """Wait for what contact opens; a browser that was killed may have lost its login, or not."""
    bring_up(page)
    asked = page.get_by_role("button", name="Logg inn")
    wait_until(lambda: what.is_visible() or asked.is_visible(), "contact opens the app, or asks")
    if asked.is_visible():
        asked.click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Navn").fill(victim.login)
        dialog.get_by_label("Passord", exact=True).fill(victim.passphrase)
        dialog.get_by_role("button", name="Logg inn").click()
    expect(what).to_be_visible()


def test_without_a_network_nothing_opens_and_nothing_written_is_lost(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    database: Database,
    shots: Path,
    tmp_path: Path,
) -> None:
    victim, looks = Victim(database), Looks(shots)
    worker, admin = field_worker(victim.login, disk="network-only"), desk("admin").begin()
    page = worker.phone.start()
    victim.begin(page)
    wait_until(lambda: page.evaluate(KEYS_ON_DISK) == BOTH, "the phone has its lease")
    decide(admin, victim, "Sett bare på nett", WHY)
    photograph(admin.page, shots / "office" / "bare-paa-nett.png")
    assert axe_findings(admin.page) == []
    admin.go("Enheter")
    expect(admin.page.get_by_text("Bare på nett")).to_be_visible()
    bring_up(page)
    wait_until(lambda: page.evaluate(KEYS_ON_DISK) == [], "the phone has let its keys go")

    type_a_visit(page, victim)
    summary = page.get_by_role("textbox", name="Oppsummering")
    typed = summary.input_value()
    worker.expect_saved()
    wire.cut()
    worker.phone.kill()
    page = start_again(worker)
    expect(page.get_by_text(ONLY)).to_be_visible()
    looks.at(page, "bare-paa-nett-laast", large=True)
    victim.unlock(page)
    expect(page.get_by_text(ONLY)).to_be_visible()
    expect_nothing_of_the_office(page, victim)
    looks.at(page, "bare-paa-nett-uten-nett", large=True)
    offline = victim.words.some(3)
    note_quickly(page, offline)
    lock(page)
    expect(page.get_by_text(ONLY)).to_be_visible()
    assert page.evaluate(KEYS_ON_DISK) == []
    worker.phone.kill()
    stolen = copy(worker.phone.disk, tmp_path / "stolen")
    assert search(stolen, victim.words.all, [TELEPHONE, "Storgata 12"]) == set()

    page = start_again(worker)
    victim.unlock(page)
    expect_nothing_of_the_office(page, victim)
    wire.mend()
    first = page.get_by_role("article").filter(has_text=victim.addresses[0])
    comes_back(page, victim, first)
    expect(page.get_by_text(ONLY)).to_have_count(0)
    wait_until(lambda: offline in summaries(database), "what was noted without a network arrived")
    first.get_by_role("button", name="Fortsett").click()
    expect(page.get_by_role("textbox", name="Oppsummering")).to_have_value(typed)
    assert page.evaluate(KEYS_ON_DISK) == []
    assert not looks.amiss, "\n".join(looks.amiss)


def test_with_a_network_the_lock_leads_back_to_the_word_and_lifted_it_reads_without_one(
    wire: Wire, field_worker: Callable[..., FieldWorker], database: Database, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    set_for_kari(database, True)
    kari.sync()
    wait_until(lambda: kari.page.evaluate(KEYS_ON_DISK) == [], "the phone has let its keys go")
    kari.go("Meg")
    expect(kari.page.get_by_role("button", name="Velg kort kode")).to_have_count(0)
    expect(kari.page.get_by_text("Bare på nett")).to_be_visible()
    looks.at(kari.page, "bare-paa-nett-meg", large=True)
    kari.go("I dag")
    kari.page.clock.install()
    kari.page.reload()
    kari.unlock()
    write_a_little(kari)
    kari.page.clock.run_for(IDLE_MS)
    expect_locked(kari.page)
    kari.unlock()
    expect(kari.box("Oppsummering")).to_be_focused()
    expect(kari.box("Oppsummering")).to_have_value(WORDS)
    kari.back()

    set_for_kari(database, False)
    kari.sync()
    wait_until(lambda: kari.page.evaluate(KEYS_ON_DISK) == BOTH, "the phone has its lease back")
    wire.cut()
    kari.page.reload()
    expect(kari.page.get_by_text(ONLY)).to_have_count(0)
    kari.unlock()
    expect(kari.card(HOME)).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def set_for_kari(database: Database, holds: bool) -> None:
    """What an administrator decides about Kari."""
    with database.writing() as session:
        now = datetime.now(UTC)
        people.set_network_only(session, USERS["kari"], holds, WHY, USERS["admin"], now)
