"""The screen of whoever is on duty: it shows who is warned about, and when it hears nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect

from server import safety
from server.config import Settings
from server.database import Database
from server.shapes import Json, write_instant
from tests.journeys.people import Desk
from tests.journeys.test_office_looks import look as amiss_on
from tests.journeys.town import HOME, write
from tests.journeys.wire import Wire
from tests.makers import NAMES, USERS, mutation, new_id

OUT = new_id(0xDA1)
CALM = "Ingen er over tiden, og ingen har bedt om hjelp."
DEAF = "Ingen kontakt med tjenesten siden"
SHOWN_MS = 40_000
"""The list is asked for every ten seconds; whoever looks at it has waited once or twice."""


def go_out(database: Database, now: datetime) -> None:
    """Kari is out alone for half an hour that ends in a moment."""
    about: dict[str, Json] = {
        "area": new_id(0xA1),
        "dwelling": HOME,
        "who": USERS["kari"],
        "started_at": write_instant(now - timedelta(minutes=30)),
        "ends_at": write_instant(now + timedelta(seconds=5)),
    }
    out = mutation("check_in", OUT, about, author="kari", now=now - timedelta(minutes=30))
    write(database, [out], now)


def screen(lise: Desk) -> Page:
    """From the list to the screen that has nothing else."""
    lise.begin().go("Trygt besøk")
    lise.page.get_by_role("link", name="Vis på hele skjermen").click()
    page = lise.page
    expect(page.get_by_text("Sist hørt fra tjenesten kl.")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    return page


def test_a_warning_comes_up_by_itself_and_is_followed_up_without_leaving_the_screen(
    settings: Settings, database: Database, desk: Callable[[str], Desk]
) -> None:
    safety.watch(database, settings, datetime.now(UTC))
    page = screen(desk("lise"))
    expect(page.get_by_text(CALM)).to_be_visible()
    assert amiss_on(page, "vaktskjerm-rolig") == []
    page.set_viewport_size({"width": 1280, "height": 800})
    now = datetime.now(UTC)
    go_out(database, now)
    safety.watch(database, settings, now + timedelta(minutes=1))
    line = page.get_by_role("listitem").filter(has_text=NAMES["kari"]).first
    expect(line).to_contain_text("Tiden er ute", timeout=SHOWN_MS)
    expect(page.get_by_text(CALM)).to_have_count(0)
    expect(page).to_have_title("(1) Trygt besøk – Oppgang")
    assert amiss_on(page, "vaktskjerm-varsel") == []
    page.get_by_role("button", name="Jeg følger opp").click()
    expect(page.get_by_text("Du følger opp")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)


def test_a_screen_that_hears_nothing_says_so_and_hears_again_by_itself(
    settings: Settings, database: Database, desk: Callable[[str], Desk], wire: Wire
) -> None:
    now = datetime.now(UTC)
    safety.watch(database, settings, now)
    go_out(database, now)
    page = screen(desk("lise"))
    line = page.get_by_role("listitem").filter(has_text=NAMES["kari"]).first
    expect(line).to_be_visible()
    expect(page.get_by_text(DEAF)).to_be_hidden()
    wire.cut()
    expect(page.get_by_text(DEAF)).to_be_visible(timeout=SHOWN_MS)
    expect(line).to_be_visible()
    assert amiss_on(page, "vaktskjerm-uten-kontakt") == []
    wire.mend()
    expect(page.get_by_text(DEAF)).to_be_hidden(timeout=SHOWN_MS)
    page.context.clear_cookies()
    expect(page.get_by_text("Du er logget ut.")).to_be_visible(timeout=SHOWN_MS)
    expect(line).to_be_visible()
