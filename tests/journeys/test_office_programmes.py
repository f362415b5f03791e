"""The programmes' pages in a real browser, with the whole demo year: three widths, axe, keyboard,
paper, and a day's work without any script.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from server.config import Settings
from server.demo.municipality import homes, made_up_id
from tests.journeys.test_office_looks import address, app, enter, first_line, look
from tests.molds import Mold

__all__ = ["address", "app"]

MADE = (
    "event",
    "neighbourhood",
    "measure",
    "resident_input",
    "conflict_case",
    "complaint",
    "housing_company",
    "programme_site",
)
PLACES = ("neighbourhoods", "events", "companies", "sites")
A4 = {"width": 794, "height": 1123}
LEFT_OUT = """[...document.querySelectorAll('header.top, .trail, .skip, .actions')].filter(
  element => getComputedStyle(element).display !== 'none').length"""


@pytest.fixture
def settings(tmp_path: Path, year: Mold) -> Iterator[Settings]:
    """Settings whose database holds the year."""
    with year.copy(tmp_path) as made:
        yield made


def lists(page: Page, address: str, login: str, *names: str) -> list[str]:
    """Look at a list, and at the first folder that it leads to; gives what is amiss."""
    amiss: list[str] = []
    for name in names:
        page.goto(f"{address}/{name}")
        told = name.partition("=")[2] or name
        amiss += look(page, f"programmes-{login}-{told}")
        if page.locator("a[data-line]").count():
            page.goto(address + first_line(page))
            for part in page.locator("details.part > summary").all()[:2]:
                part.click()
            amiss += look(page, f"programmes-{login}-{told}-folder")
    return amiss


@pytest.mark.parametrize(
    ("login", "names"),
    [
        ("lise", ("cases?show=cases", "cases?show=complaints", "cases?show=plans")),
        ("lise", ("cases?show=offers", "cases?show=referrals")),
        ("lise", ("cases?show=arrears", "cases?show=participants")),
        ("lise", PLACES),
        ("kari", ("cases?show=parties",)),
        ("eva", PLACES),
    ],
)
def test_the_lists_and_folders_are_whole_at_every_width(
    login: str, names: tuple[str, ...], chromium: Browser, address: str
) -> None:
    """The leader sees most: every list, a folder of each with two parts opened."""
    page = enter(chromium, address, login)
    assert lists(page, address, login, *names) == []


def test_the_forms_are_whole_at_every_width(chromium: Browser, address: str) -> None:
    """Empty and refused: sets, lines, points of a checklist, and what is wrong beside its field."""
    page, amiss = enter(chromium, address, "lise"), list[str]()
    for kind in MADE:
        page.goto(f"{address}/new/{kind}")
        page.get_by_role("button", name="Lagre").click()
        page.get_by_role("alert").first.wait_for()
        amiss += look(page, f"programmes-new-{kind}")
    page.goto(f"{address}/sites")
    page.goto(address + first_line(page))
    page.get_by_role("link", name="Kopier pakka").click()
    amiss += look(page, "programmes-copy")
    page.get_by_label("Navn").fill("Brygghustrappa")
    page.get_by_label("Område").select_option(index=1)
    page.get_by_label("Startet").fill("2031-01-06")
    page.get_by_role("button", name="Vis hva som blir laget").click()
    page.get_by_role("heading", name="Dette blir laget").wait_for()
    amiss += look(page, "programmes-copy-preview")
    assert amiss == []


def test_what_is_printed_fits_on_paper_without_the_frame(chromium: Browser, address: str) -> None:
    """«Dere sa – vi gjorde», the minutes and the summary of a company: the sheet and no more."""
    page, amiss = enter(chromium, address, "ingrid"), list[str]()
    for start, link in (
        ("neighbourhoods", "Vis og skriv ut"),
        ("companies", "Vis det styret kan få"),
        ("events", "Vis det styret har fått"),
    ):
        page.goto(f"{address}/{start}")
        lines = page.locator("ul:not([aria-label^=Hverdags]) a[data-line]")
        page.goto(address + str(lines.last.get_attribute("href")).removeprefix("/office"))
        page.get_by_role("link", name=link).first.click()
        page.get_by_role("article").wait_for()
        amiss += look(page, f"programmes-print-{start}")
        page.set_viewport_size(A4)  # type: ignore[arg-type]
        page.emulate_media(media="print")
        amiss += look(page, f"programmes-paper-{start}")
        assert page.evaluate(LEFT_OUT) == 0
        page.emulate_media(media="screen")
    assert amiss == []


def test_a_complaint_becomes_a_case_without_any_script(chromium: Browser, address: str) -> None:
    """From the list to the case, a party and a talk, in a browser that runs nothing."""
    page = enter(chromium, address, "amir", script=False)
    page.goto(f"{address}/cases?show=complaints")
    page.goto(address + first_line(page))
    page.get_by_label("Kort om saken, uten navn").fill("Røyk på badet")
    page.get_by_role("button", name="Lag sak").click()
    page.get_by_role("heading", name="Røyk på badet").wait_for()
    page.get_by_role("link", name="Ny part").click()
    page.get_by_label("Side").select_option(label="A")
    page.get_by_role("button", name="Lagre").click()
    page.get_by_role("link", name="Ny samtale").click()
    page.get_by_label("Hva ble sagt?").fill("Det lukter bare om kvelden.")
    page.get_by_role("button", name="Lagre").click()
    page.locator("details.part > summary").first.click()
    page.get_by_text("Det lukter bare om kvelden.").wait_for()


def test_a_list_is_walked_by_keyboard(chromium: Browser, address: str) -> None:
    """J and K walk the lines, Enter opens the folder, and Tab reaches what opens in it."""
    page = enter(chromium, address, "lise")
    page.goto(f"{address}/cases?show=participants")
    hrefs = [str(each.get_attribute("href")) for each in page.locator("a[data-line]").all()]
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{hrefs[0]}")
    summary = page.locator("details.part > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.locator("details.part[open] dl").first.wait_for()


def test_the_pages_beside_the_programmes_are_whole_at_every_width(
    chromium: Browser, address: str
) -> None:
    """Deadlines, requests, absences, what was made, a notice, the log, a barrier, a code."""
    page, amiss = enter(chromium, address, "lise"), list[str]()
    for name, path in (
        ("deadlines-late", "deadlines?view=late"),
        ("deadlines-week", "deadlines?view=week"),
        ("deadlines-long", "deadlines?view=long"),
        ("requests", "requests"),
        ("absences", "planner/absences"),
        ("planner-made", "planner/made"),
        ("planner-dues", "planner?view=week"),
        ("notice", f"notices/{made_up_id('access_notice', 'fire')}"),
        ("log", "log"),
        ("log-record", f"log/records/{homes()[0].id}"),
        ("barrier", f"barriers/{homes()[0].id}"),
        ("door-codes", f"buildings/{homes()[0].building}/codes"),
        ("my-login", "me"),
    ):
        answer = page.goto(f"{address}/{path}")
        assert answer is not None and answer.ok, path
        for dues in page.locator("details.dues > summary").all()[:3]:
            dues.click()
        amiss += look(page, f"beside-{name}")
    page.get_by_role("button").filter(has_text="kode").first.click()
    page.get_by_label("Kode").first.wait_for()
    amiss += look(page, "beside-my-code")
    page.goto(f"{address}/requests")
    page.goto(address + first_line(page))
    amiss += look(page, "beside-request")
    page.goto(f"{address}/planner/absences")
    page.get_by_role("button", name="Lagre").first.click()
    page.get_by_role("alert").first.wait_for()
    amiss += look(page, "beside-absence-error")
    assert amiss == []
