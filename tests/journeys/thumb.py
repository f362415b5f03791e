"""A thumb that walks through a move-in visit and counts its taps; it expects nothing."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from server.checklists import CHECKLISTS
from tests.journeys.people import FieldWorker

HOUSE = "Storgata 12"
MOLD, PRAM = "Mugg bak skapet på soverommet.", "Barnevogn i første etasje."
AGREED = "Barnevogna settes i boden."
SECTIONS = (
    "Velkommen",
    "Brann og rømning",
    "Bad, luft og strøm",
    "Fellesareal og avfall",
    "Veien videre",
)
WRITTEN_IN = "textarea:focus, input:focus:not([type=radio], [type=checkbox])"
"""What the caret stands in."""
COUNT_TAPS = """() => {
  window.taps = 0
  addEventListener('click', (event) => { if (event.isTrusted) window.taps += 1 }, true)
}"""


def type_at_caret(page: Page, words: str) -> None:
    """Type where the caret is going to be: what was just tapped may still be on its way there."""
    expect(page.locator(WRITTEN_IN)).to_have_count(1)
    page.keyboard.type(words)


def answered_by_one_tap(checklist: str) -> int:
    """How many points «Alt i orden her» and «Alt gjort» answer: no critical one, and no opinion."""
    items = CHECKLISTS[checklist]["items"]
    calm = [one for one in items if one.get("severity_if_deviation") != "critical"]
    return sum(one["answer"] in ("check", "told") for one in calm)


def taps(page: Page) -> int:
    """How many times the glass was touched since `COUNT_TAPS` was run on this page."""
    return int(page.evaluate("window.taps"))


class Thumb:
    """Taps, and counts them; typing is counted by nobody."""

    def __init__(self, kari: FieldWorker) -> None:
        self.kari, self.taps = kari, 0

    def tap(self, what: Locator) -> None:
        """One touch of the screen."""
        what.click()
        self.taps += 1

    def press(self, name: str, within: Locator | None = None) -> None:
        """One touch of a button."""
        place = within or self.kari.page
        self.tap(place.get_by_role("button", name=name, exact=True))

    def answer(self, point: str, answer: str) -> None:
        """One touch of an answer."""
        group = self.kari.page.get_by_role("group", name=point)
        self.tap(group.get_by_text(answer, exact=True).first)

    def write(self, words: str) -> None:
        """Type where the caret stands."""
        type_at_caret(self.kari.page, words)

    def section(self, name: str) -> Locator:
        """One section of the checklist."""
        return self.kari.page.get_by_role("region", name=name)


def begin_and_answer(thumb: Thumb, house: str = HOUSE) -> None:
    """From I dag to the last point of the checklist, with two deviations."""
    card = thumb.kari.page.get_by_role("article", name=house, exact=True)
    thumb.tap(card.get_by_role("button", name="Start besøk"))
    answer_all(thumb)


def answer_all(thumb: Thumb, *, moldy: bool = True) -> None:
    """From the visit's first question to its last point: a pram in the stairs, and perhaps mold."""
    page = thumb.kari.page
    thumb.answer("Trygt å gå alene?", "Ja")
    page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    thumb.taps += 2
    thumb.press("Alt gjort", thumb.section("Velkommen"))
    thumb.answer("Røykvarsleren er på plass", "I orden")
    thumb.answer("Rømningsveien ut av boligen", "I orden")
    if moldy:
        thumb.answer("Ingen synlig fukt", "Avvik")
        expect(page.locator(":focus")).to_have_attribute("name", "words")
        thumb.write(MOLD)
    thumb.answer("Trapperommet er fritt", "Avvik")
    expect(page.get_by_text("først. Skriv etterpå.")).to_be_visible()
    expect(page.locator(":focus")).to_have_attribute("name", "words")
    thumb.write(PRAM)
    for section in SECTIONS[1:]:
        thumb.press("Alt i orden her", thumb.section(section))
        thumb.press("Alt gjort", thumb.section(section))


def agree_and_end(thumb: Thumb) -> None:
    """What came of it: an agreement, advice, and the next visit."""
    page = thumb.kari.page
    thumb.press("Legg til en avtale")
    thumb.write(AGREED)
    thumb.tap(page.get_by_role("group", name="Hvem gjør det?").get_by_text("Leietakeren"))
    thumb.tap(page.get_by_role("checkbox", name="Råd").locator(".."))
    thumb.tap(page.get_by_role("button", name="Avtal besøk"))
