"""«Vis til beboer» in the resident's language: its fixed words, and what was agreed as written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from playwright.sync_api import expect

from server.database import Database
from server.shapes import Json
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.thumb import AGREED, HOUSE, Thumb, agree_and_end
from tests.journeys.town import PLAN, write
from tests.journeys.wire import Wire
from tests.makers import mutation

People = Callable[[str], FieldWorker]
OURS, TIGRINYA, ARABIC = "Dette har vi avtalt", "ዝተሰማማዕናሉ", "هذا ما اتفقنا عليه"
CHOICE = "Språk på skjermen"
HONEST = "ingen translatør har lest dem. Avtalene står slik de er skrevet."


def test_the_resident_reads_the_fixed_words_in_their_own_language_and_the_agreement_as_written(
    wire: Wire, field_worker: People, database: Database, shots: Path
) -> None:
    looks, spoken = Looks(shots), dict[str, Json](interpreter="Tigrinja")
    now = datetime.now(UTC)
    write(
        database, [mutation("planned_visit", PLAN, spoken, op="patch", author="lise", now=now)], now
    )
    kari = field_worker("kari").begin().ready()
    page = kari.page
    wire.cut()
    kari.start_visit(HOUSE)
    agree_and_end(Thumb(kari))
    expect(page.get_by_label(CHOICE)).to_have_value("ti")
    expect(page.get_by_text(HONEST)).to_be_visible()
    page.get_by_role("button", name="Vis til beboer").click()
    expect(page.get_by_role("heading", name=TIGRINYA)).to_be_visible()
    expect(page.get_by_text(OURS, exact=True)).to_be_visible()
    expect(page.get_by_text(AGREED)).to_be_visible()
    expect(page.get_by_text("Leietakeren")).to_have_count(0)
    looks.at(page, "vis-til-beboer-tigrinja", large=True)
    page.get_by_role("button", name="Lås opp").click()
    kari.unlock()
    page.get_by_label(CHOICE).select_option("ar")
    page.get_by_role("button", name="Vis til beboer").click()
    heading = page.get_by_role("heading", name=ARABIC)
    expect(heading).to_have_css("direction", "rtl")
    expect(page.get_by_text(AGREED)).to_have_css("direction", "ltr")
    looks.at(page, "vis-til-beboer-arabisk", large=True)
    page.get_by_role("button", name="Lås opp").click()
    kari.unlock()
    page.get_by_label(CHOICE).select_option("nb")
    expect(page.get_by_text(HONEST)).to_have_count(0)
    page.get_by_role("button", name="Vis til beboer").click()
    expect(page.get_by_role("heading", name=OURS)).to_be_visible()
    assert looks.amiss == []
