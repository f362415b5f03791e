"""＋ on a home's page is about that home: a photo and a line there are three touches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.kept import sent
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_photos import camera, stored, take
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.town import HOME

STREET, LINE = "Storgata 12", "Lyset i gangen er gått."


def test_a_photo_and_a_line_from_a_homes_page_are_three_touches_and_stand_with_the_home(
    field_worker: Callable[[str], FieldWorker], database: Database, shots: Path
) -> None:
    kari, looks = field_worker("kari").begin(), Looks(shots)
    page = kari.page
    kari.go("Boliger")
    page.get_by_role("button", name=STREET).first.click()
    expect(page.get_by_role("heading", name=STREET, level=1)).to_be_visible()
    page.evaluate(COUNT_TAPS)
    kari.go("Ny")
    where = page.get_by_role("group", name="Hvor?")
    expect(where.get_by_text(STREET)).to_be_visible()
    expect(where.get_by_role("button")).to_have_text(["Endre"])
    take(kari, camera())
    touches = taps(page) + 1  # the camera's button, which a test fills without touching
    expect(page.get_by_label("Skriv det viktigste")).to_be_focused()
    page.keyboard.type(LINE)
    kari.expect_saved()
    looks.at(page, "quick-note-at-a-home")
    page.get_by_role("button", name="Notat", exact=True).click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    assert touches + 1 == 3
    wait_until(lambda: sent(database, "conversation"), "the note is at the office")
    (note,) = sent(database, "conversation")
    assert note["dwelling"] == HOME
    kari.logged_in_until(lambda: len(stored(database)) == 1, "its photo too")

    kari.go("Ny")
    expect(where.get_by_role("button").first).to_be_visible()
    expect(where.get_by_role("button", name="Endre")).to_have_count(0)
    assert looks.amiss == []
