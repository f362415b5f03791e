"""A job in two photos: what it was and what it became, each in its place wherever it is shown."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, expect

from server.database import Database
from tests.journeys.birkegata import DRAIN, alive, state_of, street
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.test_caretaker import open_the_drain
from tests.journeys.wire import Wire
from tests.photos import photo, scene

BEFORE, AFTER = scene(900, 1_200), scene(600, 1_000)
SIZES = {"before": BEFORE.size, "after": AFTER.size}
PHASES = {"Før": "before", "Etter": "after"}
SIZE = "(image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"


def test_a_job_has_a_photo_before_and_one_after_that_survive_a_kill_and_reach_the_office(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    database: Database,
) -> None:
    street(database)
    ola = field_worker("ola").begin()
    expect(ola.card("Ukesrunde Birkegata")).to_be_visible()
    wire.cut()
    open_the_drain(ola)
    take(ola, "Før", photo(BEFORE))
    expect(pictures(ola, "Før")).to_have_count(1)
    expect(pictures(ola, "Etter")).to_have_count(0)
    take(ola, "Etter", photo(AFTER))
    expect(pictures(ola, "Etter")).to_have_count(1)
    ola.expect_saved()
    ola.phone.kill()

    ola.wake()
    open_the_drain(ola)
    assert shapes(ola) == SIZES
    group = ola.page.get_by_role("group", name="Hvem gjorde det?")
    group.get_by_text("Sammen", exact=True).click()
    ola.expect_saved()
    ola.finish()
    wire.mend()
    ola.logged_in_until(lambda: all_stored(ola, database), "the job and its photos are stored")
    taken = list(alive(database, "attachment").values())
    assert all(one["record"] == DRAIN for one in taken)
    told = {one["phase"]: (one["stored"]["width"], one["stored"]["height"]) for one in taken}
    assert told == SIZES

    ingrid = desk("ingrid").begin()
    ingrid.page.goto(f"{wire.address}/office/records/{DRAIN}")
    for phase, said in PHASES.items():
        shown = ingrid.page.get_by_role("listitem").filter(has_text=phase)
        expect(shown.get_by_role("img")).to_have_count(1)
        assert width_over_height(shown) == round(SIZES[said][0] / SIZES[said][1], 1)


def take(ola: FieldWorker, phase: str, content: bytes) -> None:
    """Take a photo beside one of the two headings."""
    camera = part(ola, phase).get_by_label("Ta bilde")
    camera.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": content})


def part(ola: FieldWorker, phase: str) -> Locator:
    return ola.page.get_by_role("group", name=phase, exact=True)


def pictures(ola: FieldWorker, phase: str) -> Locator:
    return part(ola, phase).get_by_role("img")


def shapes(ola: FieldWorker) -> dict[str, tuple[int, int]]:
    """The size of the one photo under each heading, as the phone has it whole."""
    found = {}
    for phase, said in PHASES.items():
        pictures(ola, phase).click()
        whole = ola.page.get_by_role("dialog").get_by_role("img")
        expect(whole).to_be_visible()
        size = whole.evaluate(SIZE)
        found[said] = (int(size[0]), int(size[1]))
        ola.page.get_by_role("dialog").get_by_role("button", name="Lukk").click()
    return found


def width_over_height(shown: Locator) -> float:
    ratio = "(image) => image.decode().then(() => image.naturalWidth / image.naturalHeight)"
    return round(float(shown.get_by_role("img").evaluate(ratio)), 1)


def all_stored(ola: FieldWorker, database: Database) -> bool:
    ola.page.mouse.move(0, 0)  # a pointer that rests on «Angre» keeps it there
    ola.sync()
    taken = alive(database, "attachment").values()
    handled = state_of(alive(database, "assignment")[DRAIN], "handling")
    return sum("stored" in one for one in taken) == len(PHASES) and handled == "done"
