"""The office in a real browser: every page at three widths, with axe, by keyboard, scriptless.

Screenshots go to `screenshots/office/`, which git ignores; look at them.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from server.database import Database
from server.demo.municipality import STAFF
from tests.journeys.looks import axe_findings, photograph
from tests.journeys.stage import PATIENCE_MS
from tests.office.conftest import app, database, municipality, settings
from tests.office.test_deviations import fault
from tests.office.test_homes import HOME
from tests.office.test_inbox import ALERT, sent_in
from tests.office.test_records import LONG, UNBROKEN

pytestmark = pytest.mark.drawn

__all__ = ["app", "database", "municipality", "settings"]

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "screenshots" / "office"
WIDTHS = ((1280, 800), (820, 1180), (360, 640))
TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"
CLIPPED = """[...document.querySelectorAll('main *, header *')].filter(element => {
  const style = getComputedStyle(element);
  if (element.closest('.unseen, thead') || element.matches('input, textarea')) return false;
  return style.overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
}).map(element => element.outerHTML.slice(0, 100))"""

SQUEEZED = """() => [...document.querySelectorAll('body *')].filter((element) => {
  const own = [...element.childNodes].filter((node) => node.nodeType === 3)
  const told = own.map((node) => node.data.trim()).join(' ')
  const { width } = element.getBoundingClientRect()
  const apart = element.closest('.unseen, .hidden, thead, svg, option, script')
  if (told.length < 8 || apart) return false
  const drawn = element.getClientRects().length > 0
  return drawn && width < 3 * parseFloat(getComputedStyle(element).fontSize)
}).map((element) => `«${element.textContent.trim().slice(0, 40)}» has no room for a word`)"""


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of the office on a free port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/office"
    server.shutdown()
    thread.join()


def enter(chromium: Browser, address: str, login: str, *, script: bool = True) -> Page:
    """Log somebody in, as they would."""
    context = chromium.new_context(
        locale="nb-NO", java_script_enabled=script, bypass_csp=script, viewport=None
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/login")
    page.get_by_label("Navn").fill(login)
    page.get_by_label("Passord").fill(STAFF[login].passphrase)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("heading", name="Oversikt").wait_for()
    return page


def look(page: Page, name: str) -> list[str]:
    """Photograph a page at each width, and give what is amiss."""
    amiss: list[str] = []
    for width, height in WIDTHS:
        page.set_viewport_size({"width": width, "height": height})
        photograph(page, SCREENSHOTS / f"{name}-{width}.png")
        amiss += [f"{name} at {width}: {finding}" for finding in axe_findings(page)]
        amiss += [f"{name} at {width}: clipped {each}" for each in page.evaluate(CLIPPED)]
        amiss += [f"{name} at {width}: {each}" for each in page.evaluate(SQUEEZED)]
        if page.evaluate(TOO_WIDE) > 0:
            amiss.append(f"{name} at {width}: scrolls sideways")
    return amiss


def first_line(page: Page) -> str:
    """Give the address of the first line of a list."""
    return str(page.locator("a[data-line]").first.get_attribute("href")).removeprefix("/office")


def test_every_page_is_whole_and_accessible_at_every_width(chromium: Browser, address: str) -> None:
    """No finding of axe, nothing clipped, no scrolling sideways; full, long, empty and in error."""
    page = enter(chromium, address, "ingrid")
    amiss = look(page, "overview")
    for name in ("inbox", "answers", "held", "devices"):
        page.goto(f"{address}/{name}")
        amiss += look(page, name)
    page.goto(address + "/inbox")
    visit = first_line(page)
    page.goto(address + visit)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.locator("details.ask > summary").nth(1).click()
    page.locator("textarea[data-comment]").nth(1).fill(LONG[:1000] + UNBROKEN)
    amiss += look(page, "visit-asking")
    page.get_by_role("button", name="Godkjenn", exact=True).click()
    page.get_by_role("alert").wait_for()
    amiss += look(page, "visit-error")
    page.get_by_role("button", name="Send tilbake").click()
    page.get_by_text("Sendt tilbake:").wait_for()
    amiss += look(page, "inbox-decided")
    page.goto(address + visit)
    amiss += look(page, "visit-returned")
    page.get_by_role("link", name="Historikk").first.click()
    page.get_by_label("Nytt tillegg").fill(LONG[:2000] + UNBROKEN)
    page.get_by_role("button", name="Lagre tillegget").click()
    page.get_by_text("Ingen tillegg.").wait_for(state="detached")
    amiss += look(page, "record-long")
    page.goto(address + "/answers")
    page.goto(address + first_line(page))
    amiss += look(page, "answer")
    page.get_by_label("Et annet svar").check()
    page.get_by_label("Hvorfor?").fill(LONG[:400])
    page.get_by_role("button", name="Lagre avgjørelsen").click()
    page.get_by_role("alert").wait_for()
    amiss += look(page, "answer-error")
    page.get_by_label("Amir Haddad:").check()
    page.get_by_role("button", name="Lagre avgjørelsen").click()
    page.get_by_role("button", name="Angre avgjørelsen").wait_for()
    amiss += look(page, "answers-decided")
    page.goto(address + "/nowhere")
    amiss += look(page, "missing")
    page = enter(chromium, address, "eva")
    amiss += look(page, "empty")
    page.goto(address + "/answers")
    amiss += look(page, "answers-empty")
    page.get_by_role("button", name="Logg ut").click()
    amiss += look(page, "login")
    assert amiss == []


def test_homes_and_deviations_are_whole_and_accessible_at_every_width(
    chromium: Browser, address: str, database: Database
) -> None:
    """The board and the dossiers with long words, wrong words, as the office and the landlord."""
    told = {"dwelling": HOME.id, "due_on": "2026-01-05"}
    worst = fault(database, LONG[:900] + UNBROKEN[:90], severity="critical", **told)
    for words in ("Barnevogn sperrer trappa.", "Tett sluk i kjelleren.", UNBROKEN[:300]):
        fault(database, words, dwelling=HOME.id)
    sent_in(database, "safety_alert", ALERT)
    page = enter(chromium, address, "ingrid")
    amiss: list[str] = []
    for name, path in (
        ("inbox-alert", "/inbox"),
        ("homes", "/homes"),
        ("homes-area", f"/homes?area={HOME.area}"),
        ("homes-search", "/homes?q=selje h0101"),
        ("homes-nothing", "/homes?q=xyzzy"),
        ("building", f"/buildings/{HOME.building}"),
        ("dwelling", f"/dwellings/{HOME.id}"),
        ("edit", f"/records/{HOME.id}/edit"),
        ("deviations", "/deviations"),
        ("deviations-late", "/deviations?late=1&by=due"),
        ("deviations-none", "/deviations?severity=low&late=1"),
        ("deviation", f"/deviations/{worst}"),
    ):
        at, _, words = path.partition("?q=")
        page.goto(address + at)
        if words:
            page.get_by_role("searchbox").fill(words)
            page.get_by_role("button", name="Søk", exact=True).click()
            page.wait_for_url("**?s=*")
        amiss += look(page, name)
    page.get_by_label("Hva er gjort?").fill(LONG[:400])
    page.get_by_label("Kostnad i kroner").fill("12")
    page.get_by_label("Arbeidsordre").fill("to ord")
    page.get_by_role("button", name="Rettet").click()
    page.get_by_role("alert").first.wait_for()
    amiss += look(page, "deviation-error")
    page.get_by_label("Arbeidsordre").fill("AO-4711")
    page.get_by_role("button", name="Rettet").click()
    page.get_by_text("Den som fant avviket").wait_for()
    amiss += look(page, "deviation-mended")
    page = enter(chromium, address, "eva")
    for name, path in (
        ("landlord-deviations", "/deviations"),
        ("landlord-dwelling", f"/dwellings/{HOME.id}"),
    ):
        page.goto(address + path)
        amiss += look(page, name)
    assert amiss == []


def test_the_board_is_worked_through_by_keyboard_and_without_any_script(
    chromium: Browser, address: str, database: Database
) -> None:
    """J and K walk the lines, Enter opens one; ordering many needs no script at all."""
    for words in ("Barnevogn sperrer trappa.", "Tett sluk i kjelleren."):
        fault(database, words, severity="critical", dwelling=HOME.id)
    page = enter(chromium, address, "eva")
    page.goto(address + "/deviations")
    lines = [str(each.get_attribute("href")) for each in page.locator("a[data-line]").all()]
    for key in "jjk":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{lines[0]}")
    page = enter(chromium, address, "eva", script=False)
    page.goto(address + "/deviations")
    for box in page.locator("input[data-choose]").all()[:2]:
        box.check()
    page.get_by_role("textbox", name="Arbeidsordre").fill("AO-1")
    page.get_by_role("button", name="Bestilt").click()
    page.get_by_text("2 avvik er bestilt.").wait_for()


def test_the_inbox_is_worked_through_by_keyboard(chromium: Browser, address: str) -> None:
    """J and K walk, R opens the question, A approves; in a box they are letters, and can be off."""
    page = enter(chromium, address, "ingrid")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(address + "/inbox")
    lines = [str(each.get_attribute("href")) for each in page.locator("a[data-line]").all()]
    page.keyboard.press("j")
    page.wait_for_url(f"**{lines[1]}")
    page.keyboard.press("j")
    page.wait_for_url(f"**{lines[2]}")
    page.keyboard.press("k")
    page.wait_for_url(f"**{lines[1]}")
    page.keyboard.press("r")
    page.keyboard.type("ja, kaffe")
    box = page.locator("textarea:focus")
    assert box.input_value() == "ja, kaffe"
    box.fill("")
    page.locator("h1").click()
    with page.expect_navigation():
        page.keyboard.press("a")
    page.get_by_text("Godkjent:").wait_for()
    page.keyboard.press("?")
    page.get_by_label("Bruk hurtigtaster").uncheck()
    page.get_by_role("button", name="Lukk").click()
    before = page.url
    page.keyboard.press("j")
    page.keyboard.press("a")
    assert page.url == before and page.locator("a[data-line]").count() == len(lines) - 1


def test_a_visit_is_returned_and_approved_without_any_script(
    chromium: Browser, address: str
) -> None:
    """The whole work of the office, in a browser that runs nothing."""
    page = enter(chromium, address, "ingrid", script=False)
    page.goto(address + "/inbox")
    waiting = page.locator("a[data-line]").count()
    page.goto(address + first_line(page))
    page.locator("details.ask > summary").nth(2).click()
    page.locator("details[open] textarea").fill("Hva så du?")
    page.get_by_role("button", name="Send tilbake").click()
    page.get_by_text("Sendt tilbake:").wait_for()
    page.get_by_role("button", name="Angre avgjørelsen").click()
    page.get_by_role("button", name="Godkjenn", exact=True).click()
    page.get_by_text("Godkjent:").wait_for()
    page.locator("input[data-choose]").first.check()
    page.get_by_role("button", name="Godkjenn de valgte").click()
    page.get_by_text("Godkjent:").wait_for()
    expect(page.locator("a[data-line]")).to_have_count(waiting - 2)


def test_the_policy_lets_the_office_run_its_own_script_and_style(
    chromium: Browser, address: str
) -> None:
    """With the strict headers in force nothing is blocked, and nothing comes from elsewhere."""
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{address}/login")
    page.get_by_label("Navn").fill("ingrid")
    page.get_by_label("Passord").fill(STAFF["ingrid"].passphrase)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("button", name="Hurtigtaster").click()
    page.get_by_role("dialog").wait_for()
    assert said == []
    origin = address.removesuffix("/office")
    assert all(url.startswith((origin, "data:")) for url in asked)
