"""What is added to a fault that somebody has told of: on the phone as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.birkegata import street
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]


def test_what_is_being_added_to_a_deviation_survives_a_kill_and_a_slip(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    ola = field_worker("ola").begin()
    expect(ola.card("Ukesrunde Birkegata")).to_be_visible()
    open_leak(ola)
    wire.cut()
    add_words(ola, "Vannet står nå i hele kjelleren")
    looks.at(ola.page, "deviation-adding", large=True)
    ola.phone.kill()
    ola.wake()
    open_leak(ola)
    expect(ola.page.get_by_text("Vannet står nå i hele kjelleren")).to_be_visible()
    add_words(ola, "Stoppekrana er stengt")
    ola.page.keyboard.press("Escape")
    expect(ola.page.get_by_role("dialog")).to_have_count(0)
    expect(ola.page.get_by_text("Stoppekrana er stengt")).to_have_count(0)
    ola.page.get_by_role("button", name="Angre").click()
    expect(ola.page.get_by_text("Stoppekrana er stengt")).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def open_leak(ola: FieldWorker) -> None:
    """Find the leak that somebody has told of before."""
    ola.go("Søk")
    ola.page.get_by_role("textbox", name="Gate, bolignummer").fill("Birkegata 1")
    ola.page.get_by_text("Lekkasje fra røret i kjelleren.").first.click()


def add_words(ola: FieldWorker, words: str) -> None:
    """Write in the sheet, and do not press «Ferdig»."""
    ola.page.get_by_role("button", name="Legg til", exact=True).click()
    ola.page.get_by_label("Hva vil du legge til?").fill(words)
    ola.expect_saved()
