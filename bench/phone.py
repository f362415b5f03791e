"""P7: what a thumb waits for on a slow phone that holds ten thousand records, without a network.

Each run starts a fresh browser on the disk that the run before left. The figures are this
machine's: the throttle is relative to it, so a quiet machine is a condition.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from bench.full_phone import fill
from bench.stage import stage
from bench.stopwatch import SlowPhone
from server.database import Database
from tests.browser import chromium
from tests.journeys.stage import wait_until
from tests.journeys.town import PASSPHRASE

LOAD_SECONDS_MAX = 600.0
COLD_LOCK, COLD_ARGON = "cold: to the lock", "  of it Argon2id (in a worker)"
COLD_LIST = "cold: «Lås opp» to I dag"
BARS: Mapping[str, float | None] = {
    COLD_LOCK: None,
    COLD_LIST: None,
    COLD_ARGON: None,
    "cold start, both": 2_000,
    "  with the worker slowed too": 2_000,
    "warm: reload to the lock": 500,
    "warm: unlock in the same page": 500,
    "Boliger opens": 100,
    "a house unfolds": 100,
    "a home's page opens": 100,
    "Søk: first letter, just opened": 100,
    "Søk: «kong 12 h0203»": 100,
    "Søk: a name": 100,
    "Søk: a slip of the thumb": 100,
    "Søk: the slowest letter": 100,
    "I dag again": 100,
    "a visit opens": 100,
    "  its first point is there": None,
    "tap on an answer: shown": 100,
    "tap on an answer: on the phone": 300,
    "last letter: on the phone": 300,
    "MB in IndexedDB": None,
    "MB of JavaScript heap": None,
}
"""What is measured, in the order of the table, and its bar: ms unless the name says otherwise."""
QUERIES = {
    "Søk: «kong 12 h0203»": ("kong 12 h0203", "Kongens gate 12"),
    "Søk: a name": ("sølvi påfunn", "Sølvi Påfunn"),
    "Søk: a slip of the thumb": ("bjerkealeen", "Bjerkealléen"),
}
LOCK = "document.querySelector('input[name=passphrase]') !== null"
HEAD = "document.querySelector('header .back') !== null"
FORM = "document.querySelector('fieldset.item') !== null"
CARDS = "document.querySelector('main article') !== null"
SAVED = """(() => {
  const marks = (at) => at.querySelectorAll('[data-saving]')
  let at = document.activeElement
  while (at.parentElement && marks(at).length === 0) at = at.parentElement
  return [...marks(at)].some((mark) => mark.dataset.saving === 'saved')
})()"""
"""The mark beside the field that has the caret; others keep theirs from before."""
ANSWERED = "document.querySelector('fieldset.item [data-saving]') !== null"
HOUSE_OPEN = "document.querySelector('main .inside button[aria-label]') !== null"
POINT = "Ventilasjonen virker"
Figures = dict[str, list[float]]


@dataclass
class Round:
    """One run's phone, and where its figures go."""

    kari: SlowPhone
    figures: Figures
    throttle: float
    keys: list[float] = field(default_factory=list)

    @property
    def page(self) -> Page:
        """The phone's screen."""
        return self.kari.page

    def note(self, name: str, ms: float) -> float:
        """Keep a figure."""
        self.figures[name].append(ms)
        return ms


def main(words: list[str]) -> None:
    """Fill a phone, then use it as many times as asked."""
    parser = argparse.ArgumentParser(prog="./run bench phone")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--throttle", type=float, default=4.0)
    asked = parser.parse_args(words)
    figures: Figures = defaultdict(list)
    with filled(lambda database: fill(database, asked.records)) as kari:
        check_throttle(kari, asked.throttle)
        for _ in range(asked.runs):
            use(Round(kari, figures, asked.throttle))
    show(figures, BARS)


@contextmanager
def filled(lay_in: Callable[[Database], None]) -> Iterator[SlowPhone]:
    """A phone that has loaded everything and lies without a network: its server is gone."""
    with tempfile.TemporaryDirectory(prefix="oppgang-phone-") as disk, sync_playwright() as play:
        with stage("sqlite") as server:
            lay_in(server.database)
            kari = SlowPhone(play, chromium(), Path(disk), f"http://localhost:{server.port}")
            kari.begin()
            load(kari)
        yield kari


def load(kari: SlowPhone) -> None:
    """Wait until the phone says that it has everything and has drawn its picture of it."""
    ready = kari.page.get_by_text("Klar for dagen. Hentet kl.").first
    expect(ready).to_be_visible(timeout=LOAD_SECONDS_MAX * 1000)
    kari.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(lambda: kari.page.evaluate(PICTURED), "the picture is drawn", LOAD_SECONDS_MAX)
    kari.phone.close()


PICTURED = """async () => {
  const names = (await indexedDB.databases()).map((one) => one.name)
  const db = await new Promise((resolve) => {
    const asked = indexedDB.open(names.find((name) => name.startsWith('oppgang-')))
    asked.onsuccess = () => resolve(asked.result)
  })
  const count = (store) => new Promise((resolve) => {
    const asked = db.transaction(store).objectStore(store).count()
    asked.onsuccess = () => resolve(asked.result)
  })
  const drawn = await count('snapshot')
  db.close()
  return drawn > 0
}"""


def check_throttle(kari: SlowPhone, throttle: float) -> None:
    """Say how much slower the page really is: a throttle that does not hold flatters."""
    spent = []
    for rate in (1.0, throttle):
        kari.open(rate)
        kari.page.goto(kari.home)
        spent.append(min(kari.fixed_work_ms() for _ in range(3)))
        kari.phone.close()
    print(f"the page is {spent[1] / spent[0]:.1f} times slower than this machine", flush=True)


def use(run: Round) -> None:
    """One run: start, look, search, visit, write; the phone is killed in the end."""
    run.kari.open(run.throttle)
    start(run)
    find(run)
    look(run)
    visit(run)
    run.note("MB in IndexedDB", run.kari.stored_mb())
    run.note("MB of JavaScript heap", run.kari.heap_mb())
    warm(run)
    run.kari.phone.close()


def start(run: Round) -> None:
    """From a new process to the list, without the time it takes to type."""
    lock = run.note(COLD_LOCK, run.kari.time_load(LOCK, lambda: run.page.goto(run.kari.home)))
    opened = run.note(COLD_LIST, unlock(run))
    argon = run.note(COLD_ARGON, float(run.page.evaluate("bench.worker")))
    run.note("cold start, both", lock + opened)
    run.note("  with the worker slowed too", lock + opened + (run.throttle - 1) * argon)


def unlock(run: Round, shown: str = CARDS) -> float:
    """Type the passphrase, and wait for the list, or for the screen that was left."""
    run.page.get_by_label("Passordfrase").fill(PASSPHRASE)
    return run.kari.time("keydown", shown, lambda: run.page.keyboard.press("Enter"))


def warm(run: Round) -> None:
    """The browser is there already, then the page too."""
    run.note("warm: reload to the lock", run.kari.time_load(LOCK, run.page.reload))
    unlock(run)
    run.kari.go("Meg")
    run.page.get_by_role("button", name="Lås appen").click()
    run.note("warm: unlock in the same page", unlock(run, title("Meg")))


def find(run: Round) -> None:
    """Søk, at once after it was opened, and then letter by letter."""
    tap(run, "Søk", "document.querySelector('.search input') !== null")
    box = run.page.locator(".search input")
    box.focus()
    hits = "document.querySelector('main .entry') !== null"
    run.note("Søk: first letter, just opened", key(run, "k", hits))
    for name, (words, hit) in QUERIES.items():
        box.fill("")
        for number, letter in enumerate(words[:-1], 1):
            run.keys.append(key(run, letter, value_is(words[:number])))
        run.keys.append(
            run.note(name, key(run, words[-1], f"{value_is(words)} && {first_hit(hit)}"))
        )
    run.note("Søk: the slowest letter", max(run.keys))


def key(run: Round, letter: str, shown: str) -> float:
    """One letter into the field that has the caret."""
    return run.kari.time("input", shown, lambda: run.page.keyboard.type(letter))


def value_is(words: str) -> str:
    """That the search field's words are these."""
    return f"document.querySelector('.search input').value === '{words}'"


def first_hit(words: str) -> str:
    """That some hit is this one."""
    every = "[...document.querySelectorAll('main .entry')]"
    return f"{every}.some((one) => one.textContent.includes('{words}'))"


def tap(run: Round, place: str, shown: str) -> float:
    """A place of the bottom bar."""
    button = run.page.get_by_role("navigation").get_by_role("button", name=place)
    return run.kari.time("pointerup", shown, button.click)


def title(words: str) -> str:
    """That the page is this one."""
    return f"document.querySelector('h1')?.textContent === '{words}'"


def look(run: Round) -> None:
    """Boliger, a house, and a home."""
    rows = f"{title('Boliger')} && document.querySelector('main .entry') !== null"
    run.note("Boliger opens", tap(run, "Boliger", rows))
    house = run.page.locator("main .entry").first
    run.note("a house unfolds", run.kari.time("pointerup", HOUSE_OPEN, house.click))
    home = run.page.locator("main .inside button[aria-label]").first
    run.note("a home's page opens", run.kari.time("pointerup", HEAD, home.click))


def visit(run: Round) -> None:
    """A visit's form: open it, answer a point, write the summary."""
    run.note("I dag again", tap(run, "I dag", f"{title('I dag')} && {CARDS}"))
    begin = run.page.get_by_role("button", name="Start besøk").first
    begin.scroll_into_view_if_needed()
    head, point = run.kari.times("pointerup", (HEAD, FORM), begin.click)
    run.note("a visit opens", head)
    run.note("  its first point is there", point)
    answer = run.page.locator("fieldset.item").first.locator("label.choice").first
    answer.scroll_into_view_if_needed()
    run.note("tap on an answer: shown", run.kari.time("pointerup", ANSWERED, answer.click))
    other = run.page.locator("fieldset.item").nth(1).locator("label.choice").first
    run.note("tap on an answer: on the phone", run.kari.time("click", SAVED, other.click))
    summary = run.kari.box("Oppsummering")
    summary.click()
    run.page.keyboard.type("Alt vel. Ny prat i februa", delay=60)
    run.note("last letter: on the phone", key(run, "r", SAVED))
    run.kari.back()
    run.page.get_by_role("heading", name="I dag", exact=True).wait_for()


def show(figures: Mapping[str, Sequence[float]], bars: Mapping[str, float | None]) -> None:
    """The table: median and the worst twentieth beside the bar."""
    print(f"\n{'':<34}{'median':>9}{'p95':>9}{'bar':>8}")
    for name, bar in bars.items():
        ordered = sorted(figures[name])
        worst = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        over = "  over" if bar is not None and worst > bar else ""
        print(
            f"{name:<34}{statistics.median(ordered):>9.1f}{worst:>9.1f}"
            f"{f'{bar:.0f}' if bar else '–':>8}{over}"
        )
