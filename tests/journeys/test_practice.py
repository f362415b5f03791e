"""Øvingsmodus: everything can be tried, and nothing of it leaves the phone or stays on it.

Each test is one walk through the app on the real server.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.birkegata import alive
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.test_events import ready
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
TRIED = "Dette er bare en øvelse."
NAMES = "indexedDB.databases().then((all) => all.map((one) => one.name))"


def test_a_practice_asks_the_server_for_nothing_and_leaves_nothing_behind(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    kari = ready(field_worker("kari"))
    page = kari.page
    before = alive(database, "conversation")
    kari.go("Meg")
    looks.at(page, "meg-ov")
    page.get_by_role("button", name="Øv", exact=True).click()
    expect(page.get_by_text("Du øver. Ingenting sendes.")).to_be_visible()
    expect(page.get_by_text("Øvingsveien 1").first).to_be_visible()
    assert page.get_by_text("Storgata 12").count() == 0, "nothing of the real town is here"
    asked = len(wire.seen)
    looks.at(page, "ovelse", large=True)
    kari.start_visit("Øvingsveien 1")
    expect(page.get_by_text("Du øver. Ingenting sendes.")).to_be_visible()
    expect(page.get_by_text("Velkommen").first).to_be_visible()
    looks.at(page, "ovelse-besok")
    kari.back()
    kari.go("Ny")
    page.get_by_label("Skriv det viktigste").fill(TRIED)
    kari.expect_saved()
    page.get_by_role("group", name="Hvor?").get_by_role("button").first.click()
    page.get_by_role("button", name="Notat", exact=True).click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    for _ in range(3):
        kari.sync()
    expect(page.get_by_text("på telefonen").first).to_be_visible()
    page.get_by_role("button", name="Slutt å øve").click()
    expect(page.get_by_label("Passordfrase")).to_be_visible()
    assert [path for _, path, _ in wire.seen[asked:] if path.startswith("/api/v1/sync")] == []
    kari.unlock()
    expect(page.get_by_text("Storgata 12").first).to_be_visible()
    assert TRIED not in page.content()
    kari.sync()
    expect(page.get_by_role("button", name="0 på telefonen")).to_be_visible()
    assert alive(database, "conversation") == before
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_practice_that_was_killed_begins_anew(wire: Wire, field_worker: People) -> None:
    kari = ready(field_worker("kari"))
    wire.server.kill()
    wire.cut()
    kari.go("Meg")
    kari.page.get_by_role("button", name="Øv", exact=True).click()
    expect(kari.page.get_by_text("Øvingsveien 1").first).to_be_visible()
    kari.go("Ny")
    kari.page.get_by_label("Skriv det viktigste").fill(TRIED)
    kari.expect_saved()
    kari.phone.kill()
    kari.phone.start()
    page = kari.page
    expect(page.get_by_label("Passordfrase")).to_be_visible()
    page.goto(f"{wire.address}/?ovelse")
    expect(page.get_by_text("Øvingsveien 1").first).to_be_visible()
    expect(page.get_by_text("Hva er dette?")).to_have_count(0)
    practised = [name for name in page.evaluate(NAMES) if name.startswith("oppgang-ovelse-")]
    assert len(practised) == 1, "the table was cleared"
