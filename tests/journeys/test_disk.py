"""The stolen phone: nothing that the office sent, and nothing that was typed, can be read on it."""

from __future__ import annotations

import base64
import gzip
import json
import random
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.database import Database
from server.records.envelope import Envelope
from tests.journeys.disk import Find, copy, search
from tests.journeys.people import FieldWorker, saved_mark
from tests.journeys.planted import TELEPHONE, Victim, Words
from tests.journeys.stage import ROOT, wait_until
from tests.journeys.wire import Wire

CHECKS = [
    item["text_nb"]
    for item in json.loads((ROOT / "server/data/checklists.json").read_text())["checklists"][0][
        "items"
    ]
    if item["answer"] == "check"
]
PREFERENCES = "Default/Preferences"
OPEN_PAGE = "data:text/html,<title>En side uten vern</title><input>"
CONTROLS = """async ([stored, packed, zipped]) => {
  localStorage.setItem('control', stored)
  const half = packed.slice(0, 7) + '-' + packed.slice(5)
  const opening = indexedDB.open('control', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('values')
  const db = await new Promise((done) => (opening.onsuccess = () => done(opening.result)))
  for (let n = 0; n < 3000; n++) await new Promise((done) => {
    const tx = db.transaction('values', 'readwrite', { durability: 'relaxed' })
    const noise = crypto.getRandomValues(new Uint8Array(4000))
    const words = `${half} `.repeat(999) + packed + ` ${half}`.repeat(99)
    tx.objectStore('values').put(n === 0 ? words : noise, n)
    tx.oncomplete = done
  })
  db.close()
  const plain = new Blob(['hei '.repeat(99) + zipped]).stream()
  const stream = plain.pipeThrough(new CompressionStream('gzip'))
  const cache = await caches.open('control')
  await cache.put('/control', new Response(await new Response(stream).arrayBuffer()))
}"""


class Controls:
    """Words put on the same disk in ways that must be found: else the search is worth nothing."""

    def __init__(self) -> None:
        self.words = Words("the controls")
        self.stored, self.packed, self.zipped = (self.words.one() for _ in range(3))

    def plant(self, page: Page) -> None:
        """Into the app's own origin: local storage, packed database blocks, a packed cache."""
        page.evaluate(CONTROLS, [self.stored, self.packed, self.zipped])

    def type(self, worker: FieldWorker) -> str:
        """Type in a field without protection, and wait until the browser has put it on the disk.

        What was typed in the app before that has then had its chance to get there as well. A
        headless shell, such as npm carries, keeps no sessions at all: there is nothing to wait for.
        """
        assert worker.phone.context is not None
        word, sessions = self.words.one(), worker.phone.disk / "Default" / "Sessions"
        tab = worker.phone.context.new_page()
        tab.goto(OPEN_PAGE)
        tab.locator("input").press_sequentially(word)
        on_disk = word.encode("utf-16-le")
        wait_until(
            lambda: (
                not sessions.exists()
                or any(on_disk in file.read_bytes() for file in sessions.glob("Session_*"))
            ),
            "the browser's session file holds what is typed",
        )
        tab.close()
        return word

    def stored_on(self, disk: Path) -> bool:
        """Has the browser written the local storage out?"""
        files = (disk / "Default" / "Local Storage").rglob("*.log")
        return any(self.stored.encode() in file.read_bytes() for file in files)

    def expect_found(self, found: set[Find], typed: str, keeps_sessions: bool) -> None:
        """Every control is found, the packed ones where they are packed."""

        def ways(word: str) -> str:
            return "\n".join(f"{find.how} | {find.file}" for find in found if find.word == word)

        assert "plain, as it lies | Default/Local Storage" in ways(self.stored)
        packed = {(find.how, find.file) for find in found if find.word == self.packed}
        in_blocks = {file for how, file in packed if how == "plain, in a table's block"}
        assert in_blocks - {file for how, file in packed if how == "plain, as it lies"}, packed
        assert "plain, zlib as it lies | Default/Service Worker/CacheStorage" in ways(self.zipped)
        if keeps_sessions:
            assert "UTF-16LE, as it lies | Default/Sessions" in ways(typed)


def test_a_stolen_profile_folder_tells_nothing_in_any_state(
    wire: Wire, field_worker: Callable[..., FieldWorker], database: Database, tmp_path: Path
) -> None:
    victim, controls = Victim(database), Controls()
    worker = field_worker(victim.login, disk="stolen")
    secrets = [TELEPHONE, "Storgata 12", "Kari Nordmann", "Lise Dahl"]

    def steal(state: str) -> None:
        """Take the folder from the running browser, kill it, take it again, and search both."""
        typed = controls.type(worker)
        disk = worker.phone.disk
        wait_until(lambda: controls.stored_on(disk), "local storage is on the disk")
        keeps = (disk / "Default" / "Sessions").exists()
        settings = disk / PREFERENCES
        wait_until(lambda: settings.exists() or not keeps, "the browser wrote its settings")
        folders = [copy(disk, tmp_path / state)]
        worker.phone.kill()
        folders.append(copy(disk, tmp_path / f"{state}-killed"))
        for folder in folders:
            found = search(folder, victim.words.all + controls.words.all, secrets)
            controls.expect_found(found, typed, keeps)
            leaks = [find for find in found if find.word in {*victim.words.all, *secrets}]
            assert sorted(leaks, key=str) == [], (state, folder.name)

    page = worker.phone.start()
    victim.begin(page)
    controls.plant(page)
    wire.cut()
    type_a_visit(page, victim)
    assert len(victim.words.all) >= 200
    steal("typing")

    page = start_again(worker)
    victim.unlock(page)
    article = page.get_by_role("article").filter(has_text=victim.addresses[0])
    article.get_by_role("button", name="Fortsett").click()
    summary = page.get_by_role("textbox", name="Oppsummering")
    summary.press_sequentially(f" {victim.words.some(3)}")
    typed = summary.input_value()
    page.get_by_role("button", name="Ferdig").click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    page.get_by_role("button", name="Søk", exact=True).click()
    page.get_by_role("textbox").press_sequentially(victim.addresses[-1])
    expect(page.get_by_role("main")).to_contain_text(victim.addresses[-1])
    steal("saved")

    wire.mend()
    page = start_again(worker)
    victim.unlock(page)
    wait_until(lambda: typed in summaries(database), "what was typed came to the office")
    page.get_by_role("button", name="Meg", exact=True).click()
    page.get_by_role("button", name="Lås appen", exact=True).click()
    page.get_by_role("button", name="Vis", exact=True).click()
    page.get_by_label("Passordfrase").press_sequentially(victim.words.some(4))
    page.get_by_role("button", name="Lås opp", exact=True).click()
    expect(page.get_by_text("Passordfrasen stemmer ikke.")).to_be_visible()
    steal("locked")

    page = start_again(worker)
    victim.unlock(page)
    log_out(page)
    victim.log_in(page)
    log_out(page)
    page.get_by_label("Navn").press_sequentially(victim.words.one())
    page.get_by_label("Passord", exact=True).press_sequentially(victim.words.some(4))
    steal("logged out")


def start_again(worker: FieldWorker) -> Page:
    """Start the browser as if it had ended well: after a crash it keeps no session for a while."""
    file = worker.phone.disk / PREFERENCES
    if file.exists():
        preferences = json.loads(file.read_text())
        preferences["profile"]["exit_type"] = "Normal"
        file.write_text(json.dumps(preferences))
    return worker.phone.start()


def log_out(page: Page) -> None:
    """Log out on the phone."""
    page.get_by_role("button", name="Meg", exact=True).click()
    page.get_by_role("button", name="Logg ut", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Logg ut", exact=True).click()
    expect(page.get_by_label("Navn")).to_be_visible()


def type_a_visit(page: Page, victim: Victim) -> None:
    """Fill the first visit of the day with planted words, and leave the thumb in the field."""
    first = page.get_by_role("article").filter(has_text=victim.addresses[0])
    first.get_by_role("button", name="Start besøk").click()
    page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    for words in CHECKS:
        item = page.get_by_role("group", name=words)
        item.get_by_text("Avvik", exact=True).click()
        item.get_by_role("textbox").press_sequentially(victim.words.some(3))
    page.get_by_role("textbox", name="Notat").press_sequentially(victim.words.some(6))
    summary = page.get_by_role("textbox", name="Oppsummering")
    summary.press_sequentially(victim.words.some(6))
    expect(saved_mark(page).first).to_be_visible()
    summary.press_sequentially(f" {victim.words.one()}")


def summaries(database: Database) -> str:
    """Every talk that the office has."""
    with database.reading() as session:
        chosen = select(Envelope.body).where(Envelope.kind == "conversation")
        return "\n".join(body.decode() for body in session.scalars(chosen))


@pytest.mark.parametrize(
    "write",
    [
        str.encode,
        lambda words: words.encode("utf-16-le"),
        lambda words: words.encode("utf-16-be"),
        lambda words: words.encode().hex().encode(),
        *(lambda words, n=n: base64.b64encode(b"." * n + words.encode()) for n in range(3)),
        *(
            lambda words, n=n: base64.b64encode(b"." * n + words.encode("utf-16-le"))
            for n in range(3)
        ),
        lambda words: b"\0\1" + gzip.compress(words.encode() * 9),
        lambda words: b"\0\1" + zlib.compress(words.encode("utf-16-le") * 9),
        lambda words: b"\0\1" + zstandard.compress(words.encode() * 9),
    ],
)
def test_the_search_finds_half_a_word_however_it_is_written(
    write: Callable[[str], bytes], tmp_path: Path
) -> None:
    words = Words("a file")
    planted = [words.one() for _ in range(20)]
    (tmp_path / "file").write_bytes(
        random.Random(1).randbytes(5000) + write(f"{planted[7][:10]} å")
    )
    assert {find.word for find in search(tmp_path, planted)} == {planted[7]}
