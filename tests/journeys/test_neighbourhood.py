"""A neighbourhood, its board and its site on the phone, and the week that a caretaker has had.

Each test is one walk through the app on the real server; what it counts are taps.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.database import Database
from tests.journeys.birkegata import DRAIN, ROUND, state_of, stored, street
from tests.journeys.gathering import BENCHES, BOARD, RAW, SAID, SHORT, gathering
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_events import ready
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
SHARE = """() => {
  window.shared = ''
  navigator.share = async (what) => { window.shared += what?.text ?? '' }
}"""
TALK = "Styret tar vårdugnaden selv i år."


def walk(page: Page, *buttons: str) -> None:
    """Tap one button after the other, each by a part of its name."""
    for words in buttons:
        page.get_by_role("button", name=words).first.click()


def test_residents_read_what_came_of_it_and_never_what_was_written_of_a_neighbour(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    gathering(database)
    kari = ready(field_worker("kari"))
    wire.server.kill()
    wire.cut()
    page = kari.page
    walk(page, "Saker og tiltak", "Nabolag")
    looks.at(page, "nabolag")
    walk(page, "Birketunet", "Dere sa – vi gjorde")
    card = page.get_by_role("article").filter(has_text=SHORT)
    expect(card).to_contain_text("Nytt lys i trappa")
    expect(card).to_contain_text("2 stemmer")
    assert RAW not in page.content()
    looks.at(page, "dere-sa", large=True)
    kari.back()
    looks.at(page, "nabolag-ett", large=True)
    kari.back()
    page.get_by_role("button", name="Benkene").click()
    page.evaluate(COUNT_TAPS)
    page.get_by_role("button", name="I bruk", exact=True).click()
    expect(page.get_by_text("Notert. Lagret på telefonen.")).to_be_visible()
    assert taps(page) == 1
    looks.at(page, "moteplass", large=True)
    kari.back()
    page.get_by_role("button", name=SHORT).first.click()
    expect(page.get_by_text(RAW)).to_be_visible()
    page.get_by_role("button", name="Rett", exact=True).click()
    tally = page.get_by_role("group", name="Stemmer").first
    tally.get_by_role("button", name="Én til: Stemmer").click()
    looks.at(page, "innspill", large=True)
    page.get_by_role("button", name="Ferdig", exact=True).click()
    wire.server.start()
    wire.mend()

    def there() -> bool:
        kari.sync()
        place, input = (
            stored(database, "meeting_place")[BENCHES],
            stored(database, "resident_input"),
        )
        votes = [v for path, v in input[SAID].items() if path.startswith("votes/")]
        return place.get("in_use") is True and sorted(votes) == [1, 2]

    wait_until(there, "the bench is in use, and one more stands behind it")
    assert stored(database, "resident_input")[SAID]["words"] == RAW, "their words stand"
    assert stored(database, "meeting_place")[BENCHES]["checked_on"]
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_board_is_called_and_what_was_said_is_logged_and_a_site_has_its_figures(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    gathering(database)
    kari = ready(field_worker("kari"))
    wire.server.kill()
    wire.cut()
    page = kari.page
    walk(page, "Saker og tiltak", "Borettslag og tiltakssteder", "Birkehagen borettslag")
    assert page.get_by_role("link", name="Ring").get_attribute("href") == "tel:90000222"
    expect(page.get_by_text("Runde hver uke.")).to_be_visible()
    expect(page.get_by_text("Ingen kontakt er notert.")).to_be_visible()
    looks.at(page, "boligselskap", large=True)
    walk(page, "Legg til kontakt med styret")
    page.get_by_label("Notat for oss").fill(TALK)
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(page.get_by_text("Siste kontakt")).to_be_visible()
    kari.back()
    walk(page, "Birkegården")
    figures = page.get_by_role("region", name="Måltall")
    expect(figures).to_contain_text("31")
    expect(figures).to_contain_text("9")
    expect(figures).to_contain_text("Før, 1.1.2025 til 31.12.2025")
    looks.at(page, "tiltakssted", large=True)
    walk(page, "Legg til erfaring")
    page.get_by_label("Hva lærte vi?").fill("Kveldsbesøk treffer flere.")
    page.get_by_label("Hva endrer vi?").fill("To kvelder i uka.")
    page.get_by_role("button", name="Ferdig", exact=True).click()
    wire.server.start()
    wire.mend()

    def there() -> bool:
        kari.sync()
        return bool(stored(database, "cooperation_log")) and bool(stored(database, "learning"))

    wait_until(there, "the talk and the learning are at the office")
    (talk,) = stored(database, "cooperation_log").values()
    assert (talk["housing_company"], talk["words"]) == (BOARD, TALK)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_week_is_made_of_what_was_done_in_it_and_asks_for_the_time_that_is_missing(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    ola = ready(field_worker("ola"))
    wire.server.kill()
    wire.cut()
    page = ola.page
    page.get_by_text("Tett sluk på badet.").first.click()
    page.get_by_role("group", name="Hvem gjorde det?").get_by_text("Sammen", exact=True).click()
    page.get_by_role("group", name="Minutter").get_by_role("radio", name="45").click(force=True)
    page.get_by_role("group", name="Sekker avfall").get_by_role("button", name="Flere").click()
    ola.finish()
    ola.card("Ukesrunde Birkegata").get_by_role("button", name="Start runde").click()
    page.get_by_role("button", name="Ferdig", exact=True).click()
    page.get_by_role("button", name="Ferdig likevel").click()
    walk(page, "Saker og tiltak", "Ukeskjema")
    expect(page.get_by_role("heading", name="Ukeskjema")).to_be_visible()
    sheet = page.get_by_role("main")
    expect(sheet).to_contain_text("45 min")
    page.get_by_role("group", name="Runde: Ukesrunde Birkegata").get_by_text("2 t").click()
    expect(sheet).to_contain_text("2 t 45 min")
    expect(page.get_by_text("Hvor lang tid tok det?")).to_have_count(0)
    looks.at(page, "ukeskjema", large=True)
    page.evaluate(SHARE)
    page.get_by_role("button", name="Del som tekst").click()
    page.wait_for_function("window.shared !== ''")
    shared = str(page.evaluate("window.shared"))
    assert "Timer: 2 t 45 min" in shared and "Sekker avfall: 1" in shared
    assert "Kongens gate" not in shared and "sluk" not in shared, "it names no home"
    wire.server.start()
    wire.mend()

    def there() -> bool:
        ola.sync()
        walked = stored(database, "round")[ROUND]
        done = state_of(stored(database, "assignment")[DRAIN], "handling") == "done"
        return done and walked.get("minutes") == 120

    wait_until(there, "the hours of the round are at the office")
    assert not looks.amiss, "\n".join(looks.amiss)
