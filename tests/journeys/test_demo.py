"""The demo municipality: every screen of a phone opens for all in it, and none stumbles."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.config import Mode
from server.demo.municipality import PEOPLE
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import Server, told
from tests.journeys.wire import Wire, running
from tests.molds import Mold

PLACES = ("I dag", "Boliger", "Søk", "Meg")
IN_CONFIDENCE = ("Nabokonflikt", "Oppfølging i bolig")
FOR_ALL = (
    *("Housing First", "Arrangement", "Nabolag"),
    *("Borettslag og tiltakssteder", "Nøkler"),
)
PASSPHRASES = {person.login: person.passphrase for person in PEOPLE}


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory, year: Mold) -> Iterator[Wire]:
    """One server with the demo municipality, as an operator starts it, where everybody looks."""
    folder = tmp_path_factory.mktemp("demo")
    with year.copy(folder) as settings:
        given = {**told(settings), "OPPGANG_MODE": Mode.DEMO}
        line = Wire(Server(given, folder / "server.log", cold=True))
        with running(line.server, line):
            yield line


@pytest.mark.parametrize("name", ["kari", "amir", "ola"])
def test_every_screen_of_the_phone_opens(
    name: str, field_worker: Callable[[str], FieldWorker], shots: Path
) -> None:
    looks = Looks(shots)
    one = field_worker(name).begin(PASSPHRASES[name])
    stumbles = listen(one.page)
    expect(one.page.get_by_text("Eksempeldata").first).to_be_visible()
    for place in PLACES:
        one.go(place)
        expect(one.page.get_by_role("heading", name=place, level=1, exact=True)).to_be_visible()
        one.open_outbox()
        looks.at(one.page, f"demo-{name}-outbox")
        one.back()
    one.go("Ny")
    expect(one.page.get_by_role("heading", name="Noter raskt", level=1)).to_be_visible()
    one.back()
    one.go("Meg")
    for place in ("Må sjekkes", "Sendt tilbake til deg"):
        one.page.get_by_role("button", name=place).click()
        expect(one.page.get_by_role("heading", name=place, level=1)).to_be_visible()
        looks.at(one.page, f"demo-{name}-{place.split()[0].lower()}", large=True)
        one.back()
    assert stumbles == []


@pytest.mark.parametrize(
    ("name", "programmes"),
    [("kari", IN_CONFIDENCE + FOR_ALL), ("ola", FOR_ALL), ("hege", IN_CONFIDENCE + FOR_ALL)],
)
def test_every_programme_of_a_role_holds_something_of_the_year_that_opens(
    name: str, programmes: tuple[str, ...], field_worker: Callable[[str], FieldWorker]
) -> None:
    one = field_worker(name).begin(PASSPHRASES[name]).ready()
    page, stumbles = one.page, listen(one.page)
    page.get_by_role("button", name="Saker og tiltak").click()
    ways = page.get_by_role("region", name="Alt arbeid").get_by_role("button")
    expect(ways.locator("strong")).to_have_text(programmes)
    for number, programme in enumerate(programmes):
        ways.nth(number).click()
        expect(page.get_by_role("heading", name=programme, level=1, exact=True)).to_be_visible()
        record = page.locator("main button.entry").first
        words = record.locator("strong").inner_text()
        record.click()
        expect(page.get_by_role("heading", name=words, level=1, exact=True)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("paragraph").nth(1)).to_be_visible()
        one.back()
        one.back()
    assert stumbles == []


def listen(page: Page) -> list[str]:
    """Everything that goes wrong in a page's own script from now on."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard
