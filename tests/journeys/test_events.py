"""Gatherings: counted by two phones, handed to residents behind a lock, walked with findings.

Each test is one walk through the app on the real server; what it counts are taps.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from server.access import today_of
from server.database import Database
from tests.journeys.birkegata import picture, state_of, stored
from tests.journeys.gathering import (
    MEETING,
    NAME,
    WALK,
    counted,
    gathering,
)
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]


def tap(page: Page, words: str) -> None:
    """Tap a button by its whole name."""
    page.get_by_role("button", name=words, exact=True).click()


def ready(worker: FieldWorker) -> FieldWorker:
    """Log in and wait until all that is theirs has come."""
    worker.begin()
    expect(worker.page.get_by_text("Klar for dagen. Hentet")).to_be_visible()
    return worker


def open_event(worker: FieldWorker, name: str) -> None:
    """From I dag to an event."""
    for words in ("Saker og tiltak", "Arrangement", name):
        worker.page.get_by_role("button", name=words).first.click()
    expect(worker.page.get_by_role("heading", name=name, level=1)).to_be_visible()


def answer_a_point(page: Page) -> None:
    """Answer one point of the list that such a meeting has, and no other list."""
    expect(page.get_by_text("Sjekkliste: Dugnad")).to_have_count(0)
    page.get_by_text("Sjekkliste: Beboermøte").click()
    point = page.get_by_role("group", name="Det er sagt at vi ikke snakker om enkeltpersoner")
    point.get_by_text("Gjort", exact=True).click()


def test_two_phones_that_count_without_a_network_add_up_and_the_minutes_are_due_in_a_week(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    gathering(database)
    kari, amir = ready(field_worker("kari")), ready(field_worker("amir"))
    wire.server.kill()
    wire.cut()
    for worker in (kari, amir):
        open_event(worker, NAME)
    page = kari.page
    looks.at(page, "arrangement", large=True)
    page.evaluate(COUNT_TAPS)
    for _ in range(3):
        tap(page, "Én til: Voksne")
    assert taps(page) == 3, "one tap is one head"
    tap(page, "Én færre: Voksne")
    tap(page, "Én til: Barn")
    tap(amir.page, "Én til: Voksne")
    expect(page.get_by_role("button", name="Én færre: Ungdom")).to_be_disabled()
    page.get_by_label("Med beboernes egne ord").fill("Heisen står igjen.")
    tap(page, "Legg til innspillet")
    expect(page.get_by_text("Innspillet er lagt til. Lagret på telefonen.")).to_be_visible()
    answer_a_point(page)
    page.locator("input[type=file]").first.set_input_files(picture())
    expect(page.get_by_role("group", name="Før", exact=True).get_by_role("img")).to_be_visible()
    kari.expect_saved()
    kari.phone.kill()
    kari.wake()
    open_event(kari, NAME)
    page = kari.page
    adults = page.get_by_role("group", name="Voksne")
    expect(adults.get_by_role("status")).to_have_text("2")
    page.get_by_role("button", name="Endre", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Gjennomført", exact=True).click()
    dialog.get_by_role("button", name="Lagre", exact=True).click()
    expect(page.get_by_text("Referatet deles innen")).to_be_visible()
    tap(page, "Referatet er delt")
    expect(page.get_by_text("Skriv referatet som kan deles, først.")).to_be_visible()
    page.get_by_label("Referat som kan deles").fill("Vi ble enige om en benk.")
    tap(page, "Referatet er delt")
    expect(page.get_by_text("Referatet ble delt")).to_be_visible()
    looks.at(page, "arrangement-etterpa", large=True)
    for worker in (kari, amir):
        worker.back()
    amir.page.get_by_role("button", name=NAME).first.click()
    wire.server.start()
    wire.mend()

    def both_there() -> bool:
        for worker in (kari, amir):
            worker.sync()
        return counted(database, "heads", "adult") == 3 and bool(
            stored(database, "event")[MEETING].get("minutes_shared_on")
        )

    wait_until(both_there, "both counts are at the office")
    body = stored(database, "event")[MEETING]
    assert counted(database, "heads", "child") == 1
    assert body["checks/BEBOERMOTE-04"] == "done"
    week = timedelta(days=7)
    assert body["minutes_due_on"] == (today_of(datetime.now(UTC)) + week).isoformat()
    assert state_of(body, "handling") == "held"
    said = [one for one in stored(database, "resident_input").values() if "Heisen" in one["words"]]
    assert [(one["event"], one["channel"]) for one in said] == [(MEETING, "meeting")]

    count = amir.page.get_by_role("group", name="Voksne").get_by_role("status")
    expect(count).to_have_text("3")
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_finding_on_a_walk_is_three_taps_and_a_photo(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    gathering(database)
    kari = ready(field_worker("kari"))
    wire.server.kill()
    wire.cut()
    open_event(kari, "Kveldsrunden")
    page = kari.page
    looks.at(page, "vandring", large=True)
    page.evaluate(COUNT_TAPS)
    tap(page, "Nytt funn")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("textbox", name="Hvor?")).to_be_focused()
    page.keyboard.type("Undergangen")
    page.keyboard.press("Enter")
    page.keyboard.type("Lyset virker ikke.")
    sheet.get_by_text("Utrygt", exact=True).click()
    sheet.locator("input[type=file]").set_input_files(picture())
    expect(sheet.get_by_role("img")).to_be_visible()
    assert taps(page) == 2
    sheet.get_by_text("Hva det handler om, hva som er bra").click()
    sheet.get_by_label("Hva foreslår beboerne?").fill("Lys på begge sider.")
    looks.at(page, "funn", large=True)
    sheet.get_by_role("button", name="Ferdig", exact=True).click()
    assert taps(page) == 4, "three taps, and one for what else residents said"
    expect(page.get_by_role("button", name="Lyset virker ikke.")).to_be_visible()
    kari.expect_written()
    kari.phone.kill()
    kari.wake()
    wire.server.start()
    wire.mend()

    def there() -> bool:
        kari.sync()
        found = list(stored(database, "finding").values())
        pictures = list(stored(database, "attachment").values())
        return len(found) == 1 and "proposal" in found[0] and len(pictures) == 1

    wait_until(there, "the finding and its photo are at the office")
    (found,) = stored(database, "finding").values()
    assert (found["event"], found["meet"], found["feels"]) == (WALK, "Undergangen", "unsafe")
    assert found["proposal"] == "Lys på begge sider."
    assert not looks.amiss, "\n".join(looks.amiss)
