"""Rapporter in a real browser: charts and tables at three widths, on paper, and without any script.

The demo year lies behind them, so that every kind of chart is drawn. Screenshots go to
`screenshots/office/`; look at them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_office_looks import address, enter, look
from tests.molds import Mold
from tests.office.conftest import app, database, settings

pytestmark = pytest.mark.drawn

__all__ = ["address", "app", "database", "settings"]

PAGES = ("", "/deviations", "/effect", "/visits", "/housing_first", "/caretaker", "/fidelity")


@pytest.fixture(scope="module")
def municipality(year: Mold) -> Mold:
    """The demo municipality with its year, to copy."""
    return year


def test_reports_are_whole_and_accessible_at_every_width(chromium: Browser, address: str) -> None:
    """No finding of axe, nothing clipped, no scrolling sideways; each chart, and too few."""
    page = enter(chromium, address, "lise")
    amiss: list[str] = []
    for path in PAGES:
        page.goto(f"{address}/reports{path}")
        amiss += look(page, "reports" + path.replace("/", "-"))
    page.goto(f"{address}/reports/conflicts?period=2019-H1")
    amiss += look(page, "reports-too-few")
    page.goto(f"{address}/reports/events?period=2019")
    amiss += look(page, "reports-empty")
    assert amiss == []


def test_a_report_is_chosen_read_and_taken_without_any_script(
    chromium: Browser, address: str
) -> None:
    """From the menu to the file, in a browser that runs nothing; the table says what is drawn."""
    page = enter(chromium, address, "eva", script=False)
    if not page.get_by_role("link", name="Rapporter").first.is_visible():
        page.get_by_text("Mer", exact=True).click()
    page.get_by_role("link", name="Rapporter").first.click()
    page.get_by_role("link", name="Avvik", exact=True).click()
    page.get_by_role("img", name="Etter alvor").wait_for()
    page.get_by_label("Periode").select_option(index=2)
    page.get_by_role("button", name="Vis").first.click()
    table = page.get_by_role("table", name="Etter alvor")
    expect(table.get_by_role("row")).to_have_count(6)
    with page.expect_download() as taken:
        page.get_by_role("link", name="Last ned Excel").click()
    assert taken.value.suggested_filename.endswith(".xlsx")


def test_on_paper_the_figures_stand_alone(chromium: Browser, address: str) -> None:
    """Neither menu nor forms nor buttons are printed; title, tables and how they count are."""
    page = enter(chromium, address, "ingrid")
    page.goto(f"{address}/reports/deviations")
    page.emulate_media(media="print")
    for gone in ("navigation", "button"):
        assert not any(each.is_visible() for each in page.get_by_role(gone).all()), gone
    assert page.get_by_role("heading", name="Slik er tallet regnet").is_visible()
    assert page.get_by_role("table").first.is_visible()
    assert not page.get_by_role("link", name="Last ned CSV").is_visible()
