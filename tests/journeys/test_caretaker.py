"""The caretaker's day: a round, its deviations, an assignment done together, a quick note.

Each test is one walk through the app on the real server; what it counts are taps.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from server.database import Database
from tests.journeys.birkegata import (
    DRAIN,
    LEAK,
    ROUND,
    TAGGED,
    alive,
    picture,
    state_of,
    stored,
    street,
    the_office_has_it,
)
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.planted import LISTEN
from tests.journeys.stage import wait_until
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
WEEKLY = (
    "Trapperom og rømningsveier er frie",
    "Branndører lukker seg selv",
    "Brannsentralen viser ingen feil",
    "Ingen tegn til opphold",
    "Ingen hærverk",
    "Ingen sprøyter",
)
CALM = "Hun vil gjerne lære å rense sluken selv."


@pytest.fixture
def ola(wire: Wire, database: Database, field_worker: People) -> FieldWorker:
    """The caretaker, with the street on his phone."""
    street(database)
    worker = field_worker("ola").begin()
    expect(worker.card("Ukesrunde Birkegata")).to_be_visible()
    return worker


def start_round(ola: FieldWorker, button: str = "Start runde") -> None:
    """Open the round from I dag."""
    ola.card("Ukesrunde Birkegata").get_by_role("button", name=button).click()
    expect(ola.page.get_by_role("heading", name="Ukesrunde Birkegata")).to_be_visible()


def house(page: Page, address: str) -> Locator:
    """One building of the round."""
    return page.get_by_role("region", name=address)


def answer(page: Page, address: str, point: str, words: str) -> None:
    """One tap at one checkpoint."""
    group = house(page, address).get_by_role("group", name=point)
    group.get_by_text(words, exact=True).click()


def test_a_round_of_three_houses_without_coverage_survives_a_kill_and_reaches_those_it_concerns(
    ola: FieldWorker, wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    page = ola.page
    wire.server.kill()
    wire.cut()
    start_round(ola)
    looks.at(page, "round-begun", large=True)
    page.evaluate(COUNT_TAPS)
    for point in WEEKLY:
        answer(page, "Birkegata 1", point, "I orden")
    assert taps(page) == len(WEEKLY), "a checkpoint is one tap"
    expect(house(page, "Birkegata 1").get_by_text("6 av 6")).to_be_visible()
    expect(house(page, "Birkegata 1").get_by_role("group")).to_have_count(0)

    answer(page, "Birkegata 3", WEEKLY[0], "Avvik")
    assert taps(page) == len(WEEKLY) + 1, "a deviation is one tap, then the photo"
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("Ring 900 00 000 først. Skriv etterpå.")).to_be_visible()
    assert sheet.get_by_role("link", name="Ring").get_attribute("href") == "tel:90000000"
    expect(sheet.get_by_text("Kritisk · Boligselskapet")).to_be_visible()
    sheet.locator("input[type=file]").set_input_files(picture())
    expect(sheet.get_by_role("img")).to_be_visible()
    looks.at(page, "round-deviation", large=True)
    sheet.get_by_role("button", name="Ferdig").click()
    answer(page, "Birkegata 3", WEEKLY[1], "I orden")
    ola.expect_saved()
    ola.phone.kill()

    ola.wake()
    page = ola.page
    start_round(ola, "Fortsett runde")
    expect(house(page, "Birkegata 1").get_by_text("6 av 6")).to_be_visible()
    expect(house(page, "Birkegata 3").get_by_text("2 av 6").first).to_be_visible()
    expect(house(page, "Birkegata 3").get_by_role("group", name=WEEKLY[2])).to_be_in_viewport()
    for point in (WEEKLY[2], WEEKLY[3], WEEKLY[5]):
        answer(page, "Birkegata 3", point, "I orden")
    answer(page, "Birkegata 3", WEEKLY[4], "Avvik")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text("først. Skriv etterpå.")).to_have_count(0)
    sheet.get_by_label("Hva er galt?").fill(TAGGED)
    sheet.get_by_role("button", name="Ferdig").click()
    expect(sheet).to_have_count(0)
    for point in WEEKLY:
        answer(page, "Birkegata 5", point, "Ikke relevant" if point == WEEKLY[4] else "I orden")
    ola.expect_saved()
    looks.at(page, "round-answered", large=True)
    ola.finish()
    expect(page.get_by_text("Runden er ferdig. Lagret på telefonen.")).to_be_visible()

    do_together(ola, looks)
    note_a_talk(ola)

    wire.server.start()
    wire.mend()
    wait_until(lambda: all_there(ola, database), "all of the day is at the office")
    the_office_has_it(database)

    eva = field_worker("eva")
    eva.phone.start()
    eva.page.evaluate(LISTEN)
    eva.page.get_by_label("Navn").fill("eva")
    eva.page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    eva.page.get_by_role("button", name="Logg inn").click()
    expect(eva.page.get_by_text(TAGGED)).to_be_visible()
    assert CALM not in str(eva.page.evaluate("window.heard")), "the landlord hears no talk"
    assert not looks.amiss, "\n".join(looks.amiss)


def do_together(ola: FieldWorker, looks: Looks) -> None:
    """The drain is cleared with whoever lives there."""
    page = ola.page
    open_the_drain(ola)
    page.get_by_text("Miljøvaktmester – oppdrag i bolig").click()
    expect(page.get_by_text("Beboeren har sagt ja")).to_be_visible()
    looks.at(page, "assignment", large=True)
    page.get_by_role("group", name="Hvem gjorde det?").get_by_text("Sammen", exact=True).click()
    page.get_by_role("group", name="Minutter").get_by_role("radio", name="45").click(force=True)
    page.get_by_role("group", name="Materialer").get_by_role("button", name="Legg til").click()
    page.get_by_label("Materialer 1").fill("Vannlås, 1 stk.")
    for _ in range(2):
        page.get_by_role("group", name="Sekker avfall").get_by_role("button", name="Flere").click()
    ola.expect_saved()
    ola.finish()


def open_the_drain(ola: FieldWorker) -> None:
    """Open the assignment from its card, or from the card that opens first."""
    ola.page.get_by_text("Tett sluk på badet.").first.click()
    done_by = ola.page.get_by_role("group", name="Hvem gjorde det?")
    opens = ola.card("Tett sluk på badet.").get_by_role("button", name="Åpne oppdraget")
    expect(done_by.or_(opens).first).to_be_visible()
    if not done_by.is_visible():
        opens.click()


def note_a_talk(ola: FieldWorker) -> None:
    """＋, the words, where, and «Notat»: three taps to a quick log that is handed in."""
    page = ola.page
    page.evaluate(COUNT_TAPS)
    ola.go("Ny")
    expect(page.get_by_label("Skriv det viktigste")).to_be_focused()
    page.keyboard.type(CALM)
    ola.expect_saved()
    assert taps(page) == 1, "saved after one tap"
    page.get_by_role("group", name="Hvor?").get_by_role("button", name="Storgata 12").click()
    page.get_by_role("button", name="Notat", exact=True).click()
    assert taps(page) == 3
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()


def all_there(ola: FieldWorker, database: Database) -> bool:
    """The round is done, the assignment too, and all that was found and said is handed in."""
    ola.page.mouse.move(0, 0)  # a pointer that rests on «Angre» keeps it there
    ola.sync()
    handed_in = [
        state_of(body, "status")
        for kind in ("conversation", "deviation", "checklist_run")
        for body in stored(database, kind).values()
    ]
    return (
        state_of(stored(database, "round")[ROUND], "handling") == "done"
        and state_of(stored(database, "assignment")[DRAIN], "handling") == "done"
        and handed_in == ["submitted"] * 7
    )


def test_what_looks_alike_is_added_to_and_what_the_landlord_mends_is_told_to_who_found_it(
    ola: FieldWorker, database: Database, field_worker: People, looks: Looks
) -> None:
    page = ola.page
    ola.go("Ny")
    looks.at(page, "quick-note", large=True)
    page.get_by_label("Skriv det viktigste").fill("Røret lekker i kjelleren igjen")
    page.get_by_role("button", name="Birkegata 1, hele bygget").click()
    page.get_by_role("button", name="Avvik", exact=True).click()
    alike = page.get_by_text("Et avvik som ligner, ble meldt")
    expect(alike).to_be_visible()
    looks.at(page, "deviation-alike", large=True)
    page.get_by_role("button", name="Legg til på det").click()
    expect(page.get_by_text("Lekkasje fra røret i kjelleren.")).to_be_visible()
    expect(page.get_by_text("Røret lekker i kjelleren igjen")).to_be_visible()
    looks.at(page, "deviation", large=True)
    wait_until(lambda: added(ola, database, LEAK), "the words are at the office")

    eva = field_worker("eva").begin(home="Avvik")
    eva.page.get_by_text("Lekkasje fra røret i kjelleren.").first.click()
    eva.page.get_by_role("button", name="Rettet", exact=True).click()
    eva.page.get_by_label("Hva ble gjort?").fill("Røret er byttet.")
    looks.at(eva.page, "deviation-mended-sheet")
    eva.page.get_by_role("dialog").get_by_role("button", name="Ferdig").click()
    wait_until(lambda: mended(eva, database, LEAK), "the fault is closed")

    ola.back()
    told = page.get_by_text("Rettet av eiendom")
    ola.sync()
    expect(told.first).to_be_visible()
    told.first.click()
    expect(page.get_by_text("Røret er byttet.")).to_be_visible()
    looks.at(page, "deviation-mended", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_note_with_a_photo_becomes_a_deviation_and_is_taken_back_whole(
    ola: FieldWorker, database: Database, looks: Looks
) -> None:
    page = ola.page
    ola.go("Ny")
    page.get_by_label("Skriv det viktigste").fill("Lyset er borte i trappa")
    page.locator("input[type=file]").set_input_files(picture())
    expect(page.locator("main").get_by_role("img")).to_be_visible()
    page.get_by_role("button", name="Avvik", exact=True).click()
    expect(page.get_by_label("Hva er galt?")).to_have_value("Lyset er borte i trappa")
    expect(page.locator("main").get_by_role("img")).to_be_visible()
    back = page.get_by_role("button", name="Angre")
    back.dispatch_event("focusin")  # the offer stands for as long as somebody is at it
    looks.at(page, "deviation-new", large=True)
    back.click()
    expect(page.get_by_label("Skriv det viktigste")).to_have_value("Lyset er borte i trappa")
    expect(page.locator("main").get_by_role("img")).to_be_visible()
    ola.back()
    page.get_by_role("button", name="Hva er dette?").click()
    expect(page.get_by_label("Skriv det viktigste")).to_have_value("Lyset er borte i trappa")
    page.get_by_role("button", name="Oppdrag", exact=True).click()
    expect(page.get_by_label("Hva skal gjøres?")).to_have_value("Lyset er borte i trappa")
    page.get_by_role("button", name="Birkegata 3, hele bygget").click()
    looks.at(page, "assignment-new", large=True)
    page.get_by_role("button", name="Klart").click()
    page.get_by_role("button", name="Ikke i dag").click()
    looks.at(page, "assignment-not-today")
    page.get_by_role("dialog").get_by_role("button").first.click()
    expect(page.get_by_text("Flyttet til")).to_be_visible()

    def put_off() -> bool:
        ola.sync()
        jobs = [body for id, body in alive(database, "assignment").items() if id != DRAIN]
        return [state_of(job, "handling") for job in jobs] == ["not_today"] and not alive(
            database, "conversation"
        )

    wait_until(put_off, "the job is put off, and the note is gone")
    assert not alive(database, "deviation").keys() - {LEAK}
    assert not looks.amiss, "\n".join(looks.amiss)


def added(ola: FieldWorker, database: Database, record: str) -> bool:
    """Words have been added to a record, and no deviation beside it is left."""
    ola.sync()
    words = [one for one in alive(database, "addendum").values() if one["record"] == record]
    return len(words) == 1 and len(alive(database, "deviation")) == 1


def mended(eva: FieldWorker, database: Database, record: str) -> bool:
    """The landlord has closed it, and the office has that."""
    eva.sync()
    return state_of(stored(database, "deviation")[record], "handling") == "done"
