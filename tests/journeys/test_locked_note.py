"""＋ at the lock: written without unlocking, read by nobody before it, and lost by no kill."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from server.database import Database
from server.shapes import Json
from tests.journeys.disk import copy, search
from tests.journeys.kept import kept
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_forgotten import log_in, start_anew
from tests.journeys.test_locks import IDLE_MS, expect_locked, lock
from tests.journeys.wire import Wire
from tests.makers import USERS

WORDS = "Porttelefonen knitrer og nabosønnen venter utenfor"
PLANTED = ["Porttelefonen", "knitrer", "nabosønnen"]
WAITS = "1 notat venter til du låser opp"


def begin_note(page: Page) -> None:
    """Tap ＋ at the lock; the field is there at once."""
    page.get_by_role("button", name="Noter uten å låse opp").click()


def notes_at_the_office(database: Database) -> list[Json]:
    """Give what Kari has written in notes that the office has."""
    return [talk.get(f"notes/{USERS['kari']}") for talk in kept(database, "conversation")]


def test_a_note_is_written_at_the_lock_and_comes_up_when_it_is_unlocked(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    database: Database,
    tmp_path: Path,
    shots: Path,
) -> None:
    kari = field_worker("kari", disk="noted").begin()
    page, looks = kari.page, Looks(shots)
    page.evaluate("navigator.serviceWorker.ready")
    wire.cut()
    lock(kari)
    begin_note(page)
    field = page.get_by_label("Skriv det viktigste")
    field.press_sequentially(WORDS)
    expect(page.get_by_role("dialog").get_by_text("Lagret på telefonen")).to_be_visible()
    looks.at(page, "locked-note")

    kari.phone.kill()
    assert search(copy(kari.phone.disk, tmp_path / "stolen"), PLANTED[:1], PLANTED[1:]) == set()
    page = kari.phone.start()
    expect_locked(page)
    expect(page.get_by_role("heading", name="Låst. 1 er ikke sendt ennå.")).to_be_visible()
    expect(page.get_by_text(WAITS)).to_be_visible()
    looks.at(page, "lock-with-a-note")
    begin_note(page)
    expect(page.get_by_label("Skriv det viktigste")).to_have_value("")
    page.get_by_role("button", name="Ferdig").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    assert notes_at_the_office(database) == []

    wire.mend()
    kari.unlock()
    wait_until(lambda: notes_at_the_office(database) == [WORDS], "the note is at the office")
    kari.go("I dag")
    lock(kari)
    expect(page.get_by_text("venter til du låser opp")).to_have_count(0)
    assert looks.amiss == []


def test_with_the_passphrase_forgotten_the_note_is_a_draft_on_the_next_vault(
    wire: Wire, field_worker: Callable[..., FieldWorker], database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    page.evaluate("navigator.serviceWorker.ready")
    wire.cut()
    lock(kari)
    begin_note(page)
    page.get_by_label("Skriv det viktigste").press_sequentially(WORDS)
    page.get_by_role("button", name="Ferdig").click()
    expect(page.get_by_text(WAITS)).to_be_visible()
    start_anew(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Alt på telefonen er trygt.")).to_be_visible()
    assert notes_at_the_office(database) == []
    wire.mend()
    dialog.get_by_role("button", name="Send alt og begynn på nytt").click()
    wait_until(lambda: notes_at_the_office(database) == [WORDS], "the note is at the office")
    log_in(page)
    kari.go("I dag")
    page.get_by_role("button", name="1 notat venter: Hva er dette?").click()
    expect(page.get_by_role("textbox").first).to_have_value(WORDS)


def test_a_note_that_is_left_lying_at_the_lock_closes_and_keeps_its_words(
    field_worker: Callable[..., FieldWorker], database: Database
) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    page.clock.install()
    page.reload()
    kari.unlock()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    lock(kari)
    begin_note(page)
    page.get_by_label("Skriv det viktigste").press_sequentially(WORDS)
    page.clock.run_for(IDLE_MS)
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text(WAITS)).to_be_visible()
    kari.unlock()
    page.clock.resume()
    wait_until(lambda: notes_at_the_office(database) == [WORDS], "the note is at the office")
