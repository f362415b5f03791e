"""From a round to the landlord and back: found, ordered, mended, told to who found it, checked.

Tap by tap, on a phone and at two desks; the landlord learns of the fault and of nothing else.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from server.database import Database
from tests.journeys.birkegata import LEAK, ROUND, TAGGED, state_of, stored
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_caretaker import (
    WEEKLY,
    answer,
    ola,
    start_round,
)
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.town import HOME

__all__ = ["ola"]

MENDED = "Taggingen er vasket bort."
HIDDEN = ("Leieforhold", "Eksempel Leietaker", "Prøve Beboer", "900 00 000", "Avtalt besøk")
VANDALISM = WEEKLY[4]


def find(worker: FieldWorker) -> None:
    """A fault at one point of the round: a tap and a line; the other points are passed."""
    page = worker.page
    start_round(worker)
    page.evaluate(COUNT_TAPS)
    answer(page, "Birkegata 1", VANDALISM, "Avvik")
    assert taps(page) == 1, "a deviation is one tap, then the words or the photo"
    sheet = page.get_by_role("dialog")
    sheet.get_by_label("Hva er galt?").fill(TAGGED)
    sheet.get_by_role("button", name="Ferdig").click()
    expect(sheet).to_have_count(0)
    worker.expect_saved()
    page.get_by_role("button", name="Ferdig", exact=True).click()
    page.get_by_role("button", name="Ferdig likevel").click()
    assert taps(page) == 4, "and three to end a round that was not walked whole"
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()


def open_on_board(eva: Desk) -> Page:
    """The landlord finds the fault on the board as soon as it is there."""
    link = eva.page.get_by_role("link", name=TAGGED)

    def there() -> bool:
        eva.go("Avvikstavle")
        return link.is_visible()

    wait_until(there, "the fault is on the board")
    link.click()
    expect(eva.page.get_by_role("heading", name="Birkegata 1", level=1)).to_be_visible()
    return eva.page


def handling(database: Database) -> list[str | None]:
    """How far the work on this fault has come, as the server has it."""
    faults = stored(database, "deviation").values()
    return [state_of(body, "handling") for body in faults if body.get("words") == TAGGED]


def test_a_fault_found_on_a_round_is_mended_by_the_landlord_and_told_back(
    ola: FieldWorker, desk: Callable[[str], Desk], database: Database
) -> None:
    find(ola)
    eva = desk("eva").begin()
    page = open_on_board(eva)
    page.get_by_label("Arbeidsordre").fill("AO-4711")
    page.get_by_role("button", name="Bestilt", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Bestilt.")
    assert handling(database) == ["ordered"]
    page.get_by_label("Hva er gjort?").fill(MENDED)
    page.get_by_label("Årsak").select_option(label="Hærverk")
    page.get_by_label("Kostnad i kroner").fill("1200")
    page.get_by_role("button", name="Rettet", exact=True).click()
    expect(page.get_by_text("Den som fant avviket, får se det på telefonen.")).to_be_visible()
    eva.go("Avvikstavle")
    expect(page.get_by_role("link", name=TAGGED)).to_have_count(0)

    told = ola.page.get_by_text("Rettet av eiendom")

    def has_come() -> bool:
        ola.sync()
        return told.first.is_visible()

    wait_until(has_come, "it is told back to who found it")
    ola.page.evaluate("window.taps = 0")
    told.first.click()
    expect(ola.page.get_by_text(MENDED)).to_be_visible()
    assert taps(ola.page) == 1, "what came of it is one tap away"

    sees_no_person(eva)
    ingrid = desk("ingrid").begin()
    ingrid.page.goto(page.url.partition("/office")[0] + "/office/deviations?state=done")
    ingrid.page.get_by_role("link", name=TAGGED).click()
    ingrid.page.get_by_role("button", name="Kontrollert", exact=True).click()
    expect(ingrid.page.get_by_role("status")).to_contain_text("Kontrollert.")
    assert handling(database) == ["verified"]


def sees_no_person(eva: Desk) -> None:
    """A home with a tenant and an agreed visit is, for the landlord, a home."""
    address = eva.page.url.partition("/office")[0]
    eva.page.goto(f"{address}/office/dwellings/{HOME}")
    expect(eva.page.get_by_role("heading", name="Storgata 12", level=1)).to_be_visible()
    words = eva.page.locator("main").inner_text()
    assert not [hidden for hidden in HIDDEN if hidden in words]


def without_severity(place: Locator) -> Locator:
    """What is chosen beforehand is taken away; gives the question."""
    asked = place.get_by_role("group", name="Hvor alvorlig?")
    place.locator("summary").click()
    asked.locator("label:has(input:checked)").click()
    expect(asked.locator("input:checked")).to_have_count(0)
    return asked


def how_far(database: Database) -> str | None:
    """How far the round has come."""
    return state_of(stored(database, "round")[ROUND], "handling")


def severities(database: Database) -> list[tuple[str | None, str | None]]:
    """How grave each fault that was found is, and whether it is handed in."""
    found = {id: one for id, one in stored(database, "deviation").items() if id != LEAK}
    return [(str(one.get("severity")), state_of(one, "status")) for one in found.values()]


def test_what_a_fault_lacks_is_asked_for_where_it_is_written_and_nothing_is_said_to_be_done_before(
    ola: FieldWorker, database: Database
) -> None:
    page, main = ola.page, ola.page.locator("main")
    ola.go("Boliger")
    page.get_by_role("button", name="Storgata 12").first.click()
    page.get_by_role("button", name="Meld avvik").click()
    ola.box("Hva er galt?").fill(TAGGED)
    asked = without_severity(main)
    main.locator("summary").click()
    expect(asked).to_be_hidden()
    page.get_by_role("button", name="Meld avvik", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("1 felt må fylles ut")
    expect(asked).to_be_in_viewport()
    expect(page.get_by_text("Avvik notert.")).to_have_count(0)
    expect(ola.box("Hva er galt?")).to_have_value(TAGGED)
    asked.get_by_text("Høy", exact=True).click()
    page.get_by_role("button", name="Meld avvik", exact=True).click()
    expect(page.get_by_text("Avvik notert.")).to_be_visible()
    ola.go("I dag")
    wait_until(lambda: severities(database) == [("high", "submitted")], "it is handed in, whole")


def test_a_round_asks_for_all_that_is_lacking_before_it_says_that_it_is_finished(
    ola: FieldWorker, database: Database, looks: Looks
) -> None:
    page, dialog = ola.page, ola.page.get_by_role("dialog")
    points = WEEKLY[4:6]
    start_round(ola)
    for point in points:
        answer(page, "Birkegata 1", point, "Avvik")
        without_severity(dialog)
        dialog.get_by_role("button", name="Ferdig", exact=True).click()
        expect(dialog.get_by_role("alert")).to_contain_text("1 felt må fylles ut")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
    for left, point in zip((2, 1), points, strict=True):
        page.get_by_role("button", name="Ferdig", exact=True).click()
        expect(dialog.get_by_text(f"{left} felt må fylles ut")).to_be_visible()
        expect(dialog.get_by_role("button", name="Ferdig likevel")).to_have_count(0)
        expect(page.get_by_text("Runden er ferdig.")).to_have_count(0)
        looks.at(page, f"round-lacking-{left}", large=True)
        dialog.get_by_role("button", name=point).click()
        asked = dialog.get_by_role("group", name="Hvor alvorlig?")
        expect(asked).to_be_in_viewport()
        asked.get_by_text("Lav", exact=True).click()
        dialog.get_by_role("button", name="Ferdig", exact=True).click()
        expect(dialog).to_have_count(0)
    page.get_by_role("button", name="Ferdig", exact=True).click()
    page.get_by_role("button", name="Ferdig likevel").click()
    expect(page.get_by_text("Runden er ferdig.")).to_be_visible()
    ola.go("Boliger")
    wait_until(lambda: severities(database) == [("low", "submitted")] * 2, "both are handed in")
    wait_until(lambda: how_far(database) == "done", "and the round is done")
    assert not looks.amiss, "\n".join(looks.amiss)
