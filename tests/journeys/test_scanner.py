"""The code on a door: read by the camera where a browser can, and written everywhere.

No camera and no reader of codes exist on the machine that runs this: both are stood in for at the
browser's own interface, and nothing of the app is.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from server.database import Database
from tests.journeys import birkegata
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.street import STREET, street
from tests.journeys.town import HOME
from tests.journeys.wire import Wire
from tests.makers import new_id

People = Callable[..., FieldWorker]
SCAN, WRITE = "Skann koden på døra", "Skriv nummeret"
BROWSER_WITH_A_READER = """
  window.codes = []
  window.BarcodeDetector = class {
    async detect() { return window.codes.map((rawValue) => ({ rawValue })) }
  }
  const canvas = document.createElement('canvas')
  const pen = canvas.getContext('2d')
  setInterval(() => pen.fillRect(Math.random() * 9, 0, 9, 9), 50)
  const getUserMedia = async () => {
    if (window.denied) throw new DOMException('denied', 'NotAllowedError')
    return canvas.captureStream(5)
  }
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia } })
"""


def begin_with_a_reader(worker: FieldWorker, card: str = STREET) -> Page:
    """Open the app in a browser that can read codes."""
    worker.begin()
    assert worker.phone.context is not None
    worker.phone.context.add_init_script(BROWSER_WITH_A_READER)
    worker.page.reload()
    worker.unlock()
    expect(worker.card(card)).to_be_visible()
    return worker.page


def show(page: Page, *codes: str) -> None:
    """Hold these codes before the camera."""
    page.evaluate("codes => { window.codes = codes }", list(codes))


def code_of(place: str) -> str:
    """What a code of ours says."""
    return f"https://oppgang.example/?sted={place}"


def test_in_a_browser_without_a_reader_a_place_is_written(wire: Wire, field_worker: People) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    expect(kari.card(STREET)).to_be_visible()
    assert page.evaluate("'BarcodeDetector' in globalThis") is False
    wire.cut()
    kari.go("Ny")
    where = page.get_by_role("group", name="Hvor?")
    expect(where.get_by_role("button").first).to_be_visible()
    expect(page.get_by_role("button", name=SCAN)).to_have_count(0)
    where.get_by_role("button", name="Et annet sted").click()
    where.get_by_role("textbox").fill("kong 12 h0203")
    where.locator("button.entry").first.click()
    expect(where.get_by_text("Kongens gate 12")).to_be_visible()
    kari.back()
    kari.go("Søk")
    expect(page.get_by_role("button", name=SCAN)).to_have_count(0)
    page.get_by_role("textbox").fill("stor 12")
    expect(page.get_by_role("button", name=STREET).first).to_be_visible()


def test_a_code_before_the_camera_opens_its_place_and_another_is_told(
    wire: Wire, field_worker: People, database: Database, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari")
    page = begin_with_a_reader(kari)
    wire.cut()
    kari.go("Søk")
    page.get_by_role("button", name=SCAN).click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_label("Hold koden i bildet").first).to_be_visible()
    show(page, "https://example.com/?id=1")
    expect(sheet.get_by_text("Dette er ikke en av våre koder.")).to_be_visible()
    looks.at(page, "scan", large=True)
    sheet.get_by_role("button", name=WRITE).click()
    expect(sheet).to_have_count(0)
    expect(page.get_by_role("textbox")).to_be_focused()
    page.get_by_role("button", name=SCAN).click()
    show(page, "noe annet", code_of(HOME))
    expect(page.get_by_role("heading", name=STREET)).to_be_visible()
    show(page)

    kari.go("Søk")
    page.get_by_role("button", name=SCAN).click()
    show(page, code_of(new_id(0xABC)))
    expect(page.get_by_text("Vi finner ikke dette, eller du har ikke tilgang.")).to_be_visible()
    show(page)
    page.evaluate("window.denied = true")
    kari.go("Søk")
    page.get_by_role("button", name=SCAN).click()
    expect(page.get_by_text("Appen får ikke bruke kameraet.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name=WRITE).click()
    expect(page.get_by_role("textbox")).to_be_focused()
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_code_on_a_house_opens_it_in_the_round(
    wire: Wire, field_worker: People, database: Database
) -> None:
    birkegata.street(database)
    ola = field_worker("ola")
    page = begin_with_a_reader(ola, "Ukesrunde Birkegata")
    wire.cut()
    ola.card("Ukesrunde Birkegata").get_by_role("button", name="Start runde").click()
    page.get_by_role("button", name=SCAN).click()
    show(page, code_of(HOME))
    expect(page.get_by_text("Dette bygget er ikke med i runden.")).to_be_visible()
    show(page, code_of(birkegata.HOUSES["Birkegata 5"]))
    page.get_by_role("button", name=SCAN).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    house = page.get_by_role("region", name="Birkegata 5")
    expect(house.get_by_role("button", expanded=True).first).to_be_visible()
