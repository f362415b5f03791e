"""A phone that never reaches the office again: its copy carries the words and the photos there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import orjson
from playwright.sync_api import Page, expect

from server.database import Database
from server.sealing import from_base64url
from tests.journeys.custody import wait_until
from tests.journeys.kept import sent
from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.test_forgotten import vaults
from tests.journeys.test_office_looks import look
from tests.journeys.test_photos import POINT, camera, owner, stored, take, thumbs
from tests.journeys.wire import Wire

HOME = "Storgata 12"
FAULT = "Kondens på vinduet."
MORE_THAN_FITS = 24_000_000
"""Bytes that with what the file writes them as are more than the whole copy may be."""
PICTURES = (b"\xff\xd8\xff", b"RIFF")
"""How a JPEG and a WebP begin."""
LAY_BESIDE = """async ([vault, size]) => {
  const open = indexedDB.open(vault)
  const base = await new Promise((done, no) => {
    open.onsuccess = () => done(open.result)
    open.onerror = () => no(open.error)
  })
  const photos = base.transaction('photos', 'readwrite').objectStore('photos')
  const all = photos.getAll()
  await new Promise((done, no) => {
    all.onsuccess = () => {
      const [one] = all.result
      const id = one.id.slice(0, -1) + (one.id.endsWith('0') ? '1' : '0')
      const put = photos.put({ ...one, id, data: new ArrayBuffer(size) })
      put.onsuccess = () => done()
      put.onerror = () => no(put.error)
    }
  })
  base.close()
}"""


def lay_beside(page: Page, size: int) -> None:
    """Lay one more photo of so many bytes beside the one that waits."""
    [vault] = vaults(page)
    page.evaluate(LAY_BESIDE, [f"oppgang-{vault}", size])


def take_out(page: Page, file: Path) -> Path:
    """Press «Ta ut kopi», and keep what the phone gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name="Ta ut kopi").click()
    download.value.save_as(file)
    return file


def test_a_copy_brings_words_and_photos_and_says_what_it_left_on_the_phone(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    database: Database,
    tmp_path: Path,
    shots: Path,
) -> None:
    looks, amiss = Looks(shots), list[str]()
    kari = field_worker("kari").begin().ready()
    page = kari.page
    wire.cut()
    kari.start_visit(HOME)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.tick(POINT, "Avvik")
    kari.box("Hva er galt?").fill(FAULT)
    take(kari, camera())
    expect(thumbs(kari)).to_have_count(1)
    kari.expect_saved()
    kari.finish()
    kari.let_undo_pass()
    kari.open_outbox()
    expect(page.get_by_text("1 bilde venter. Det sendes etter det du skrev.")).to_be_visible()
    expect(page.get_by_text("Mottatt")).to_have_count(0)
    file = take_out(page, tmp_path / "copy.json")
    expect(page.get_by_text("fikk ikke plass")).to_have_count(0)
    lay_beside(page, MORE_THAN_FITS)
    take_out(page, tmp_path / "less.json")
    expect(
        page.get_by_text("1 bilde fikk ikke plass. Det ligger trygt på telefonen.")
    ).to_be_visible()
    looks.at(page, "outbox-copy-left", large=True)
    assert FAULT.encode() not in file.read_bytes()
    [carried] = orjson.loads(file.read_bytes())["photos"]
    assert not from_base64url(carried["data"]).startswith(PICTURES), "as it lies there: encrypted"
    kari.phone.kill()

    wire.mend()
    ingrid = desk("ingrid").begin()
    ingrid.go("Enheter")
    for _ in range(2):
        ingrid.page.get_by_label("Fil").set_input_files(file)
        ingrid.page.get_by_role("button", name="Ta imot").click()
        expect(ingrid.page.get_by_text("1 bilde er tatt imot.")).to_be_visible()
    amiss += look(ingrid.page, "devices-copy-taken")
    wait_until(lambda: len(stored(database)) == 1, "the photo is stored")
    wait_until(lambda: sent(database, "deviation"), "and what it shows")
    [fault] = sent(database, "deviation")
    assert FAULT in fault.values()
    [id] = stored(database)
    ingrid.page.goto(f"{wire.address}/office/records/{owner(database, id)}")
    expect(ingrid.page.get_by_role("img", name="Bilde tatt")).to_be_visible()
    amiss += look(ingrid.page, "photo-from-a-copy")
    assert looks.amiss + amiss == []
