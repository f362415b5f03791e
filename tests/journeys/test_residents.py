"""Beboermodus: a phone in residents' hands shows one meeting, and what they give on two adds up.

Each test is one walk through the app on the real server; what it counts are taps.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from server.database import Database
from tests.journeys.birkegata import stored
from tests.journeys.gathering import (
    NAME,
    RAW,
    SAID,
    SHORT,
    counted,
    gathering,
    said_by_residents,
    votes,
)
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.test_events import open_event, ready, tap
from tests.journeys.thumb import COUNT_TAPS, taps
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire
from tests.makers import USERS

People = Callable[..., FieldWorker]
TRY_THE_LINE = "dispatchEvent(new Event('online'))"
"""The phone believes it has a line again, and asks in vain while it works at something else."""
WISH = "Vi vil ha en benk ved lekeplassen"
STAFF_ONLY = (
    RAW,
    "Hemmeligsen",
    "Kari",
    "Amir",
    "Kongens gate",
    "Utboks",
    "ikke sendt",
    "Sist mottatt",
)


def hand_over(worker: FieldWorker) -> Page:
    """Lock the phone to the meeting that is open on it."""
    tap(worker.page, "Beboermodus")
    worker.page.get_by_role("dialog").get_by_role("button", name="Lås til møtet").click()
    expect(worker.page.get_by_role("button", name="For ansatte: Lås opp")).to_be_visible()
    return worker.page


def holds_nothing_of_staff(page: Page) -> None:
    """Hold the whole document against what residents may never see, and against every way out."""
    whole = str(page.evaluate("document.documentElement.outerHTML"))
    assert [words for words in STAFF_ONLY if words in whole] == []
    assert page.get_by_role("navigation").count() == 0
    assert page.get_by_role("button", name="Tilbake").count() == 0


def test_a_phone_in_residents_hands_shows_one_meeting_and_stays_locked_through_a_kill(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    gathering(database)
    kari, amir = ready(field_worker("kari")), ready(field_worker("amir"))
    wire.server.kill()
    wire.cut()
    for worker in (kari, amir):
        open_event(worker, NAME)
    looks.at(kari.page, "beboermodus-for")
    page = hand_over(kari)
    holds_nothing_of_staff(page)
    page.evaluate(COUNT_TAPS)
    page.get_by_label("Hva vil du si?").fill(WISH)
    page.get_by_role("button", name="Legg til", exact=True).click()
    expect(page.get_by_text("Takk. Det du skrev, er lagret.")).to_be_visible()
    agree(page, 3)
    short(page).get_by_role("button", name="Angre").click()
    assert taps(page) == 5, "a wish is one tap, and so is a vote"
    expect(short(page).get_by_text("4 stemmer")).to_be_visible()
    looks.at(page, "beboermodus", large=True)
    page.get_by_text("Hvordan var det?", exact=True).click()
    page.get_by_role("button", name="Midt på treet").click()
    expect(page.get_by_text("Takk. Nå kan neste svare.")).to_be_visible()
    looks.at(page, "beboermodus-ansikter", large=True)
    page.go_back()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name=NAME)).to_be_visible()
    tap(page, "For ansatte: Lås opp")
    page.get_by_label("Passordfrase").fill("feil ord helt sikkert")
    page.get_by_role("dialog").get_by_role("button", name="Lås opp", exact=True).click()
    page.evaluate(TRY_THE_LINE)
    expect(page.get_by_text("Passordfrasen stemmer ikke")).to_be_visible()
    looks.at(page, "beboermodus-ut", large=True)
    holds_nothing_of_staff(page)
    kari.phone.kill()
    kari.phone.start()
    page = kari.page
    expect(page.get_by_role("heading", name="Beboermodus er låst")).to_be_visible()
    for way in ("Logg inn som en annen", "Noter uten å låse opp"):
        assert page.get_by_role("button", name=way).count() == 0
    looks.at(page, "beboermodus-last", large=True)
    holds_nothing_of_staff(page)
    kari.unlock()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    other = hand_over(amir)
    agree(other, 1)
    wire.server.start()
    wire.mend()

    def all_counted() -> bool:
        for worker in (kari, amir):
            worker.sync()
        lines = {USERS["lise"]: 2, USERS["kari"]: 2, USERS["amir"]: 1}
        return votes(database, SAID) == sorted(lines.items())

    wait_until(all_counted, "both phones' votes are at the office")
    wait_until(lambda: said_by_residents(database) == [WISH], "the wish too")
    wait_until(lambda: counted(database, "faces", "fair") == 1, "and the face")
    holds_nothing_of_staff(other)
    wish = other.get_by_role("listitem").filter(has_text=WISH)
    expect(wish).to_be_visible()
    tap(other, "For ansatte: Lås opp")
    other.get_by_label("Passordfrase").fill(PASSPHRASE)
    other.get_by_role("dialog").get_by_role("button", name="Lås opp", exact=True).click()
    expect(other.get_by_role("heading", name=NAME, level=1)).to_be_visible()
    expect(other.get_by_role("button", name="Tilbake").first).to_be_visible()
    assert not looks.amiss, "\n".join(looks.amiss)


def test_one_person_with_two_phones_counts_on_both_and_takes_back_what_that_phone_gave(
    wire: Wire, database: Database, field_worker: People
) -> None:
    """Two phones in the room know nothing of each other, whoever handed them out."""
    gathering(database)
    one, other = ready(field_worker("kari")), ready(field_worker("kari", "kari-2"))
    wire.server.kill()
    wire.cut()
    for worker in (one, other):
        open_event(worker, NAME)
        tap(worker.page, "Én til: Voksne")
        agree(hand_over(worker), 1)
        expect(short(worker.page).get_by_text("3 stemmer")).to_be_visible()
    agree(other.page, 2)
    short(other.page).get_by_role("button", name="Angre").click()
    wire.server.start()
    wire.mend()

    def all_counted() -> bool:
        for worker in (one, other):
            worker.sync()
        kari = USERS["kari"]
        lines = [(USERS["lise"], 2), (kari, 1), (kari, 2)]
        return votes(database, SAID) == sorted(lines) and counted(database, "heads", "adult") == 2

    wait_until(all_counted, "both phones' counts are at the office")
    for worker in (one, other):
        expect(short(worker.page).get_by_text("5 stemmer")).to_be_visible()
    agree(one.page, 1)
    short(one.page).get_by_role("button", name="Angre").click()
    expect(short(one.page).get_by_role("button", name="Angre")).to_have_count(0)
    expect(short(one.page).get_by_text("5 stemmer")).to_be_visible()
    agree(one.page, 1)
    expect(short(one.page).get_by_role("button", name="Angre")).to_be_visible()
    expect(short(one.page).get_by_role("button", name="Angre")).to_have_count(0)
    assert stored(database, "review") == {}


def short(page: Page) -> Locator:
    """What somebody said, in our short words, on a phone in residents' hands."""
    return page.get_by_role("listitem").filter(has_text=SHORT)


def agree(page: Page, times: int) -> None:
    """So many stand behind it."""
    for _ in range(times):
        short(page).get_by_role("button", name="Jeg er enig").click()
