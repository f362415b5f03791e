"""Files that are no photos, or too much: told in words, or made a photo; nothing is lost."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

from playwright.sync_api import expect

from server.config import Settings
from server.database import Database
from server.photos.attachments import store_of
from tests.journeys.custody import wait_until
from tests.journeys.kept import sent
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.test_photos import POINT, stored, take, thumbs
from tests.journeys.wire import Wire
from tests.photos import BOTTOM, TOP, bomb, encoded, moving, opened, photo, said_to_be, scene
from tests.server.test_picture_process import POLYGLOT

UNREADABLE = "Bildet kan ikke leses og ble ikke lagt til. Teksten er lagret. Ta bildet på nytt."
TOO_MANY = "Bildet er på 169 megapiksler. Grensen er 50. Teksten er lagret."
TOO_LARGE = "Fila er på 25,1 MB. Grensen er 25 MB. Resten er lagret. Velg en mindre fil."
HEIC = "Bildet er i formatet HEIC, som nettleseren ikke kan åpne. Teksten er lagret."
COUNT_DECODED = """() => {
  const own = window.createImageBitmap
  window.decoded = 0
  window.createImageBitmap = (...given) => { window.decoded += 1; return own(...given) }
}"""
SAID = "Kondens på vinduet."


def zipped() -> bytes:
    """An archive, to hang behind a photo."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("side.html", "<script>alert(1)</script>")
    return out.getvalue()


PHOTO = photo()
CMYK = encoded(scene().convert("CMYK"), "JPEG")
POLYGLOTS = {"page.jpg": PHOTO + b"<html><script>alert(1)</script>", "zip.jpg": PHOTO + zipped()}
TAKEN = {"cmyk.jpg": CMYK, "moving.png": moving("PNG"), "moving.webp": moving("WEBP"), **POLYGLOTS}
REFUSED = {
    "empty.jpg": (b"", UNREADABLE),
    "bomb.png": (bomb(), TOO_MANY),
    "cut.jpg": (PHOTO[:-2_000], UNREADABLE),
    "bomb.jpg": (said_to_be(encoded(scene(), "JPEG"), 13_000, 13_000), TOO_MANY),
    "cut.png": (moving("PNG")[:-500], UNREADABLE),
    "large.jpg": (PHOTO + bytes(25_000_001 - len(PHOTO)), TOO_LARGE),
    "moving.gif": (moving("GIF"), UNREADABLE),
    "camera.heic": (photo(format="HEIF"), HEIC),
    "two kinds.webp": (POLYGLOT, UNREADABLE),
}


def test_hostile_files_are_told_in_words_or_become_photos_and_the_visit_loses_nothing(
    wire: Wire,
    field_worker: Callable[[str], FieldWorker],
    database: Database,
    settings: Settings,
    looks: Looks,
) -> None:
    assert zipfile.is_zipfile(io.BytesIO(POLYGLOTS["zip.jpg"]))
    kari = field_worker("kari").begin()
    expect(kari.card("Storgata 12")).to_be_visible()
    wire.cut()
    kari.start_visit("Storgata 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick(POINT, "Avvik")
    kari.box("Hva er galt?").fill(SAID)
    page = kari.page
    page.evaluate(COUNT_DECODED)
    for name, (content, words) in REFUSED.items():
        take(kari, content, name)
        told = page.get_by_role("alert").filter(has_text=words)
        expect(told, name).to_be_in_viewport()
        if name == "camera.heic":
            looks.at(page, "bilde-ikke-lagt-til", large=True)
        expect(thumbs(kari), name).to_have_count(0)
    assert page.evaluate("window.decoded") == 1, "only what the browser alone can judge"
    for count, (name, content) in enumerate(TAKEN.items(), 1):
        take(kari, content, name)
        expect(thumbs(kari), name).to_have_count(count)
    expect(kari.box("Hva er galt?")).to_have_value(SAID)
    kari.expect_saved()
    kari.finish()
    wire.mend()
    kari.logged_in_until(lambda: len(stored(database)) == len(TAKEN), "all of them are stored")
    for id in stored(database):
        whole = store_of(settings).open(f"pictures/{id}") or b""
        assert not any(sign in whole for sign in (b"script", b"PK\x03\x04", b"Exif"))
        above, below = (opened(whole).getpixel((20, y)) for y in (20, opened(whole).height - 20))
        assert redder(above, below), (id, above, below)
    wait_until(lambda: sent(database, "deviation"), "the time for Angre is out")
    assert SAID in str(sent(database, "deviation"))
    assert looks.amiss == []


def redder(above: object, below: object) -> bool:
    """Say whether it is the scene, upright and in its colours, as far as inks keep them."""
    assert isinstance(above, tuple) and isinstance(below, tuple)
    return bool(above[0] - below[0] > (TOP[0] - BOTTOM[0]) / 2 and below[2] - above[2] > 40)
