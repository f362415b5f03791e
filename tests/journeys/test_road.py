"""The road: a thumb without coverage, a killed phone, custody, the office, and back."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.custody import mutations, wait_until
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.wire import Wire

NOTE = "Trives godt, men synes det er lytt om kvelden."
HALF = "Ventilen på badet er"
People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]


def test_a_visit_without_coverage_survives_every_kill_and_is_approved(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card("Storgata 12")).to_be_visible()
    wire.server.kill()
    wire.cut()

    kari.start_visit("Storgata 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick("Røykvarsleren er på plass", "I orden")
    kari.tick("Ingen synlig fukt", "Avvik")
    kari.box("Hva er galt?").fill("Kondens på vinduet.")
    kari.box("Notat").fill(NOTE)
    kari.expect_saved()
    kari.phone.kill()

    kari.phone.start()
    expect(kari.page.get_by_role("heading", name="Låst.")).to_be_visible()
    kari.unlock()
    kari.go_on("Storgata 12")
    expect(kari.box("Notat")).to_have_value(NOTE)
    kari.box("Oppsummering").press_sequentially(HALF, delay=30)
    kari.expect_saved()
    kari.box("Oppsummering").press_sequentially(" tett", delay=30)
    kari.phone.kill()

    kari.wake()
    kari.go_on("Storgata 12")
    expect(kari.box("Oppsummering")).to_have_value(re.compile(f"^{re.escape(HALF)}"))
    expect(kari.box("Notat")).to_have_value(NOTE)
    expect(kari.answer("Ingen synlig fukt", "Avvik")).to_be_checked()
    kari.finish()
    expect(kari.page.get_by_text("Ferdig. Lagret på telefonen.").first).to_be_visible()
    expect(kari.page.get_by_text("Mottatt", exact=True)).to_have_count(0)
    assert mutations(database) == 0

    wire.server.start()
    wire.mend()
    expect(kari.page.get_by_text("Mottatt", exact=True).first).to_be_visible()
    assert mutations(database) >= 3

    ingrid = desk("ingrid").begin()
    ingrid.open_visit("Storgata 12")
    expect(ingrid.page.get_by_text(NOTE)).to_be_visible()
    expect(ingrid.page.get_by_text(HALF)).to_be_visible()
    ingrid.approve()
    ingrid.go("Innboks")
    expect(ingrid.page.get_by_text("Ingenting venter på deg.")).to_be_visible()


def test_what_the_office_sends_back_opens_at_its_field_and_is_approved_when_mended(
    field_worker: People, desk: Desks
) -> None:
    kari = field_worker("kari").begin()
    kari.start_visit("Storgata 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.box("Oppsummering").fill("Alt var bra.")
    kari.expect_saved()
    kari.finish()
    expect(kari.page.get_by_text("Mottatt", exact=True).first).to_be_visible()
    kari.expect_all_received()
    kari.page.evaluate(COUNT_TAPS)
    kari.open_outbox()
    expect(kari.page.get_by_text("Alt er sendt. Sist mottatt kl.")).to_be_visible()
    assert taps(kari.page) == 1, "«er det sendt?» is one tap"
    kari.back()

    ingrid = desk("ingrid").begin()
    ingrid.open_visit("Storgata 12")
    ingrid.send_back("Oppsummering", "Skriv hva du så.")

    kari.sync()
    back = kari.page.get_by_role("button", name="er sendt tilbake til deg")
    expect(back).to_be_visible()
    kari.page.evaluate("window.taps = 0")
    back.click()
    expect(kari.page.get_by_text("Skriv hva du så.").first).to_be_visible()
    kari.page.get_by_role("button", name="Rett").first.click()
    expect(kari.box("Oppsummering")).to_be_focused()
    expect(kari.page.get_by_text("Skriv hva du så.").first).to_be_visible()
    assert taps(kari.page) == 2, "what came back is two taps away, at its field"
    kari.box("Oppsummering").fill("Ingen fukt. Ventilene er åpne.")
    kari.expect_saved()
    kari.finish()
    assert taps(kari.page) == 3, "and one sends it in again"
    expect(kari.page.get_by_text("Mottatt", exact=True).first).to_be_visible()

    ingrid.open_visit("Storgata 12")
    expect(ingrid.page.get_by_text("Ingen fukt. Ventilene er åpne.").first).to_be_visible()
    ingrid.approve()


def test_an_answer_lost_three_times_after_the_commit_has_one_effect(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    kari.start_visit("Storgata 12")
    wire.lose_answers = 3
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.box("Oppsummering").fill("Bare én gang.")
    kari.expect_saved()
    kari.finish()
    expect(kari.page.get_by_text("Mottatt", exact=True).first).to_be_visible()
    assert wire.lose_answers == 0
    wait_until(lambda: mutations(database) >= 2, "the visit is in custody")
    assert mutations(database, "mid") == mutations(database)
    assert mutations(database, "replica || '/' || n") == mutations(database)
