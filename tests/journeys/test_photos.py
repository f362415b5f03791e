"""A photo without coverage: small on the phone, resumed where it broke, upright in the office."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from time import monotonic

from playwright.sync_api import Locator, expect
from sqlalchemy import text

from server.config import Settings
from server.database import Database
from server.photos.attachments import store_of
from tests.journeys.birkegata import alive
from tests.journeys.custody import wait_until
from tests.journeys.kept import sent
from tests.journeys.looks import Looks, photograph
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.thumb import COUNT_TAPS, Thumb, taps
from tests.journeys.wire import Wire
from tests.photos import BOTTOM, TOP, noise, opened, photo, scene

People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]
POINT = "Ingen synlig fukt"
BREAKS_AFTER = 200_001
SIZE_MAX_BYTES = 350_000
QUICK_SECONDS_MAX = 120
"""Bounded at all; how fast it is on a machine with nothing else to do is not told here."""
MARK = (192, 0, 32)
UPRIGHT = "image => image.naturalHeight > image.naturalWidth"
TAKEN = re.compile("Bilde tatt")


def camera() -> bytes:
    """A photo that takes more than one part: red above, noise in the middle, blue below."""
    image = scene(1500, 2000)
    image.paste(noise(1100, 900), (200, 550))
    return photo(image)


def thumbs(kari: FieldWorker) -> Locator:
    """The thumbnails on the screen."""
    return kari.page.get_by_role("img", name=TAKEN)


def take(kari: FieldWorker, content: bytes, name: str = "IMG_0001.jpg") -> None:
    """Press Ta bilde, and have the camera give this."""
    kari.page.get_by_label("Ta bilde").first.set_input_files(
        {"name": name, "mimeType": "image/jpeg", "buffer": content}
    )


def stored(database: Database) -> list[str]:
    """The ids of the attachments that the feed says are stored."""
    with database.reading() as session:
        rows = session.execute(text("SELECT id FROM attachment WHERE stored IS NOT NULL"))
        return [row[0] for row in rows]


def owner(database: Database, id: str) -> str:
    """The record that an attachment belongs to."""
    with database.reading() as session:
        found = session.execute(text("SELECT record FROM attachment WHERE id = :id"), {"id": id})
        return str(found.scalar_one())


def test_a_photo_taken_offline_survives_a_kill_and_a_broken_line_and_is_upright_in_the_office(
    wire: Wire,
    field_worker: People,
    desk: Desks,
    database: Database,
    settings: Settings,
    shots: Path,
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card("Storgata 12")).to_be_visible()
    wire.cut()
    kari.start_visit("Storgata 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick(POINT, "Avvik")
    kari.box("Hva er galt?").fill("Kondens på vinduet.")
    expect(
        kari.page.get_by_text("aldri av personer, medisiner eller papirer").first
    ).to_be_visible()
    take(kari, camera())
    expect(thumbs(kari)).to_have_count(1)
    take(kari, b"ikke noe bilde", "tekst.jpg")
    expect(kari.page.get_by_text("Bildet kan ikke leses og ble ikke lagt til.")).to_be_visible()
    kari.expect_saved()
    photograph(kari.page, shots / "phone" / "photo-on-the-phone.png")
    kari.phone.kill()

    kari.wake()
    kari.go_on("Storgata 12")
    expect(thumbs(kari)).to_have_count(1)
    thumbs(kari).click()
    whole = kari.page.get_by_role("dialog").get_by_role("img", name=TAKEN)
    expect(whole).to_be_visible()
    wait_until(lambda: whole.evaluate(UPRIGHT), "it is upright")
    kari.page.get_by_role("dialog").get_by_role("button", name="Lukk").click()
    kari.finish()

    wire.cut_in_patch = BREAKS_AFTER
    wire.carries_photos.clear()
    wire.mend()
    chip = kari.page.get_by_role("button", name="Åpne Utboks")
    expect(chip).to_contain_text("Mottatt · 1 bilde venter")
    wire.carries_photos.set()
    kari.logged_in_until(lambda: wire.cut_in_patch is None, "the line broke in a part")
    kari.sync()
    expect(chip).to_contain_text("Sist mottatt")
    (id,) = stored(database)
    wait_until(lambda: sent(database, "deviation"), "the time for Angre is out")
    assert (wire.parts[0], wire.parts[-1]) == (0, BREAKS_AFTER)
    assert first(wire, "POST", "/api/v1/sync") < first(wire, "PATCH", f"/api/v1/attachments/{id}")
    assert store_of(settings).open(f"originals/{id}") is None
    for folder in ("pictures", "thumbnails"):
        content = store_of(settings).open(f"{folder}/{id}")
        assert content and not opened(content).getexif()
        assert b"Exif" not in content and b"kamera" not in content

    ingrid = desk("ingrid").begin()
    ingrid.page.goto(f"{wire.address}/office/records/{owner(database, id)}")
    expect(ingrid.page.get_by_role("img", name=TAKEN)).to_be_visible()
    photograph(ingrid.page, shots / "office" / "photo-in-the-office.png")
    answer = ingrid.page.request.get(f"{wire.address}/office/photos/{id}")
    assert answer.headers["content-type"] == "image/jpeg"
    picture = opened(io.BytesIO(answer.body()).getvalue())
    assert picture.height > picture.width
    assert near(picture.getpixel((20, 20)), TOP)
    assert near(picture.getpixel((20, picture.height - 20)), BOTTOM)


def test_a_fault_is_pointed_at_in_two_taps_without_coverage_and_what_was_taken_stands(
    wire: Wire, field_worker: People, database: Database, settings: Settings, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card("Storgata 12")).to_be_visible()
    wire.cut()
    kari.start_visit("Storgata 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick(POINT, "Avvik")
    kari.box("Hva er galt?").fill("Kondens på vinduet.")
    take(kari, camera())
    expect(thumbs(kari)).to_have_count(1)
    plain = thumbs(kari).get_attribute("src")
    page = kari.page
    page.evaluate(COUNT_TAPS)
    point_at(kari, 0.5, 0.9)
    assert taps(page) == 2
    said = page.get_by_role("status").filter(has_text="Merket er lagret.")
    expect(thumbs(kari)).not_to_have_attribute("src", str(plain))
    expect(thumbs(kari)).to_have_count(1)
    said.get_by_role("button", name="Angre").click()
    expect(thumbs(kari)).to_have_attribute("src", str(plain))
    page.get_by_role("button", name="Merk:").click()
    surface = page.get_by_role("button", name="Merk på:")
    expect(surface).to_be_visible()
    looks.at(page, "merk-pa-bildet")
    surface.press("ArrowDown")
    surface.press("Enter")
    expect(thumbs(kari)).not_to_have_attribute("src", str(plain))
    kari.expect_saved()
    looks.at(page, "merket-bilde", large=True)
    kari.phone.kill()

    kari.wake()
    kari.go_on("Storgata 12")
    expect(thumbs(kari)).to_have_count(1)
    point_at(kari, 0.5, 0.9)
    thumbs(kari).click()
    dialog = kari.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Vis uten merke").click()
    dialog.get_by_role("button", name="Vis uten merke").click()
    expect(dialog.get_by_role("button", name="Vis uten merke")).to_have_count(0)
    dialog.get_by_role("button", name="Lukk").click()
    kari.finish()
    wire.mend()
    kari.logged_in_until(lambda: len(stored(database)) == 3, "all three are stored")
    left = sorted(alive(database, "attachment").items(), key=lambda one: str(one[1]["taken_at"]))
    taken, once, twice = (id for id, _ in left)
    assert [body.get("drawn_on") for _, body in left] == [None, taken, once]
    pictures = [store_of(settings).open(f"pictures/{id}") or b"" for id in (taken, twice)]
    assert all(0 < len(each) <= SIZE_MAX_BYTES for each in pictures)
    before, after = map(opened, pictures)
    spot = (before.width // 2, round(0.9 * before.height - 0.09 * before.height))
    assert near(before.getpixel(spot), BOTTOM)
    assert near(after.getpixel(spot), MARK), after.getpixel(spot)
    assert looks.amiss == []


def test_a_photo_and_a_line_are_safe_after_two_taps_and_said_to_be_a_fault_with_a_third(
    wire: Wire, field_worker: People
) -> None:
    kari = field_worker("kari").begin().ready()
    wire.cut()
    thumb, page, began = Thumb(kari), kari.page, monotonic()
    thumb.tap(page.get_by_role("navigation").get_by_role("button", name="Ny"))
    with page.expect_file_chooser() as chooser:
        thumb.tap(page.get_by_text("Ta bilde", exact=True))
    chooser.value.set_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": camera()})
    expect(thumbs(kari)).to_have_count(1)
    expect(page.get_by_label("Skriv det viktigste")).to_be_focused()
    thumb.write("Lampa i kjelleren er knust.")
    kari.expect_saved()
    assert monotonic() - began < QUICK_SECONDS_MAX
    thumb.press("Avvik")
    assert thumb.taps == 3
    expect(page.get_by_label("Hva er galt?")).to_have_value("Lampa i kjelleren er knust.")
    expect(thumbs(kari)).to_have_count(1)


def point_at(kari: FieldWorker, x: float, y: float) -> None:
    """Two taps: Merk, and the place in the picture; then the marked one stands for the other."""
    before = str(thumbs(kari).get_attribute("src"))
    kari.page.get_by_role("button", name="Merk:").click()
    surface = kari.page.get_by_role("button", name="Merk på:")
    expect(surface).to_be_visible()
    shown = surface.locator("img")
    wait_until(lambda: shown.evaluate("it => it.naturalWidth > 0"), "the picture is there")
    box = surface.bounding_box()
    assert box
    surface.click(position={"x": x * box["width"], "y": y * box["height"]})
    expect(kari.page.get_by_role("dialog")).to_have_count(0)
    expect(thumbs(kari)).not_to_have_attribute("src", before)


def first(wire: Wire, verb: str, path: str) -> int:
    """When the first of such requests was answered, as its place among all."""
    return next(
        at for at, (v, p, status) in enumerate(wire.seen) if (v, p) == (verb, path) and status < 300
    )


def near(pixel: object, colour: tuple[int, int, int]) -> bool:
    """Say whether a pixel has a colour, as far as two JPEGs keep it."""
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 40 for one, other in zip(pixel, colour, strict=True))
