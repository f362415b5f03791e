"""A whole day's work on two phones without a network from start to end, on an imported stock.

Five visits with the real checklists, a round of three buildings, twelve assignments, thirty
photos; both phones are killed once, and come to the office at the same time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, expect
from sqlalchemy import func, select

from server import seeds
from server.database import Database
from server.records import REGISTRY
from server.shapes import state_of
from tests.journeys.birkegata import alive
from tests.journeys.custody import wait_until
from tests.journeys.kept import kept, sent
from tests.journeys.people import FieldWorker
from tests.journeys.stock import HOUSES, JOBS, VISITS, agree, import_stock
from tests.journeys.thumb import answered_by_one_tap
from tests.journeys.wire import Wire
from tests.photos import photo

People = Callable[[str], FieldWorker]
PHOTOS = 30
LOOKED_INTO = {"move_in": "Ingen synlig fukt", "follow_up": "Ventilasjonen virker"}
WEEKLY = (
    "Trapperom og rømningsveier er frie",
    "Branndører lukker seg selv",
    "Brannsentralen viser ingen feil",
    "Ingen tegn til opphold",
    "Ingen hærverk",
    "Ingen sprøyter",
)
TAGGED = "Ingen hærverk"


def camera(name: str) -> Any:
    """What the phone's camera gives."""
    return {"name": f"{name}.jpg", "mimeType": "image/jpeg", "buffer": photo()}


def take(within: Locator, count: int) -> None:
    """Take photos, one after the other, and see each of them."""
    for number in range(count):
        within.locator("input[type=file]").first.set_input_files(camera(str(number)))
        expect(within.get_by_role("img")).to_have_count(number + 1)


def visit(kari: FieldWorker, address: str, purpose: str) -> None:
    """One visit from the first question to Ferdig, with a deviation and two photos."""
    page = kari.page
    kari.start_visit(address)
    page.get_by_role("group", name="Trygt å gå alene?").get_by_text("Ja", exact=True).click()
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick(LOOKED_INTO[purpose], "Avvik")
    page.get_by_role("textbox", name="Hva er galt?").first.fill(f"Fukt hos {address}.")
    take(page.locator("main"), 2)
    expect(kari.box("Oppsummering")).to_be_visible()
    for button in ("Alt i orden her", "Alt gjort"):
        left = page.get_by_role("button", name=button, exact=True)
        while left.count():
            left.first.click()
    kari.box("Oppsummering").fill(f"Alt vel i {address}.")
    kari.expect_saved()
    kari.finish()


def walk_round(ola: FieldWorker, addresses: list[str]) -> None:
    """The round: every point of every house, and four photos in each of two of them."""
    page = ola.page
    ola.card("Ukesrunde Østlia").get_by_role("button", name="Start runde").click()
    for number, address in enumerate(addresses):
        house = page.get_by_role("region", name=address, exact=True)
        for point in WEEKLY:
            bad = point == TAGGED and number > 0
            group = house.get_by_role("group", name=point)
            group.get_by_text("Avvik" if bad else "I orden", exact=True).click()
            if bad:
                sheet = page.get_by_role("dialog")
                sheet.get_by_label("Hva er galt?").fill(f"Tagging i {address}.")
                take(sheet, 4)
                sheet.get_by_role("button", name="Ferdig").click()
                expect(sheet).to_have_count(0)
    ola.expect_saved()
    ola.finish()


def do_job(ola: FieldWorker, number: int) -> None:
    """One assignment, together with whoever lives there, and a photo of it."""
    page, words = ola.page, f"Oppdrag nummer {number}"
    card = page.get_by_role("article").filter(has=page.get_by_text(words, exact=True))
    card.get_by_role("button", name="Åpne oppdraget").click()
    page.get_by_role("group", name="Hvem gjorde det?").get_by_text("Sammen", exact=True).click()
    minutes = page.get_by_role("group", name="Minutter").get_by_role("radio", name="30")
    minutes.evaluate("chip => chip.scrollIntoView({ block: 'center' })")
    minutes.check()
    take(page.locator("main"), 1)
    ola.expect_saved()
    ola.finish()


@pytest.fixture
def day(wire: Wire, database: Database) -> tuple[list[str], list[str]]:
    """An imported stock, and a day agreed on it: addresses to visit, and houses to walk."""
    now = datetime.now(UTC)
    seeds.lay_in(database, now)
    import_stock(database, now - timedelta(days=1))
    return agree(database, now)


def test_a_whole_day_on_two_phones_without_a_network_reaches_the_office_whole(
    wire: Wire, field_worker: People, database: Database, day: tuple[list[str], list[str]]
) -> None:
    addresses, houses = day
    kari, ola = field_worker("kari").begin(), field_worker("ola").begin()
    for one, something in ((kari, addresses[-1]), (ola, "Oppdrag nummer 12")):
        expect(one.page.get_by_text(something).first).to_be_visible()
    wait_until(lambda: all(is_ready(one) for one in (kari, ola)), "the area is on both phones")
    wire.server.kill()
    wire.cut()

    for number, address in enumerate(addresses):
        visit(kari, address, "move_in" if number < 3 else "follow_up")
        if number == 2:
            kill(kari)
    walk_round(ola, houses)
    for number in range(1, JOBS + 1):
        do_job(ola, number)
        if number == JOBS // 2:
            kill(ola)
    assert kept(database, "visit") == [], "the office has heard nothing yet"

    wire.server.start()
    wire.mend()
    for one in (kari, ola):
        one.go("Meg")
        one.sync()
    with suppress(AssertionError):
        wait_until(lambda: whole(database, kari, ola), "all is there", 240)
    assert there(database) == {**WANTED, "photos": PHOTOS}
    runs = sent(database, "checklist_run")
    answers = Counter(path.partition("-")[0] for run in runs for path in run if "/" in path)
    assert answers["answers/HMSFELLES"] == HOUSES * len(WEEKLY)
    for checklist, visits in (("NYVRI1", 3), ("NYVRI2", 2)):
        assert answers[f"answers/{checklist}"] == visits * answered_by_one_tap(checklist)
    deviations = {id: one["words"] for id, one in alive(database, "deviation").items()}
    damp, tagged = {f"Fukt hos {a}." for a in addresses}, {f"Tagging i {h}." for h in houses[1:]}
    assert set(deviations.values()) == damp | tagged
    talks = {one["summary"] for one in kept(database, "conversation")}
    assert talks == {f"Alt vel i {address}." for address in addresses}
    pictures = Counter(str(one["record"]) for one in kept(database, "attachment"))
    assert {id: pictures[id] for id in deviations} == {
        id: 4 if words in tagged else 2 for id, words in deviations.items()
    }
    assert {pictures[id] for id in alive(database, "assignment")} == {1}
    assert {job.get("minutes") for job in kept(database, "assignment")} == {30}


WANTED = {
    "visit": VISITS,
    "conversation": VISITS,
    "deviation": VISITS + HOUSES - 1,
    "assignment": JOBS,
    "round": 1,
}


def kill(one: FieldWorker) -> None:
    """The browser is killed once the time for Angre is out, and started again."""
    one.go("Meg")
    one.let_undo_pass()
    one.phone.kill()
    one.wake()
    one.go("I dag")


def is_ready(one: FieldWorker) -> bool:
    """Whether the phone says that it has come to the end of what is its own to have."""
    one.sync()
    return one.page.get_by_text("Klar for dagen. Hentet kl.").first.is_visible()


def there(database: Database) -> dict[str, int]:
    """How much of the day the office has, whole."""
    done = {
        kind: sum(state_of(one.get("handling")) == "done" for one in kept(database, kind))
        for kind in ("assignment", "round")
    }
    handed_in = {kind: len(sent(database, kind)) for kind in WANTED if kind not in done}
    return {**handed_in, **done, "photos": _stored(database)}


def _stored(database: Database) -> int:
    attachment: Any = REGISTRY["attachment"].model
    stored = select(func.count()).select_from(attachment).where(attachment.stored.is_not(None))
    with database.reading() as session:
        return session.scalar(stored) or 0


def whole(database: Database, *phones: FieldWorker) -> bool:
    """Let the phones be looked at, and see whether all of it has come."""
    for one in phones:
        if one.page.get_by_role("button", name="Logg inn").is_visible():
            one.log_in_again()  # a browser that is killed may have lost its login
        one.sync()
    return there(database) == {**WANTED, "photos": PHOTOS}
