"""How long a finger waits for its phone: unlocking by passkey, on a slow phone with 20,000 records.

One browser from the login to the last figure: a reader of thumbs that is not real keeps its
secrets no longer. The server is gone when the first figure is taken.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from bench.full_phone import KARI, fill
from bench.phone import CARDS, LOAD_SECONDS_MAX, PICTURED, Round, show, title
from bench.stage import stage
from bench.stopwatch import SlowPhone
from server import people
from tests.browser import chromium
from tests.journeys.stage import give_thumb, wait_until

WEAK = "for kort"
"""No vault may be opened by it, so that the app offers the thumb."""
BUTTON = "Lås opp med finger eller ansikt"
LOCK = "[...document.querySelectorAll('button')].some((one) => one.textContent.includes('finger'))"
SAME_PAGE, NEW_PAGE = "unlock in the same page", "unlock in a new page"
BARS: Mapping[str, float | None] = {
    "a new page: to the lock": None,
    NEW_PAGE: 1_000,
    SAME_PAGE: 1_000,
    "MB of JavaScript heap": None,
}
"""What is measured, and its bar in ms unless the name says otherwise."""


def main(words: list[str]) -> None:
    """Fill a phone, then lock and unlock it as many times as asked."""
    parser = argparse.ArgumentParser(prog="./run bench unlock")
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--throttle", type=float, default=6.0)
    asked = parser.parse_args(words)
    figures: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="oppgang-phone-") as disk, sync_playwright() as play:
        with stage("sqlite") as server:
            fill(server.database, asked.records)
            with server.database.writing() as session:
                people.set_password(session, KARI, "kari", WEAK)
            kari = SlowPhone(play, chromium(), Path(disk), f"http://localhost:{server.port}")
            begin(kari)
        plain = kari.fixed_work_ms()
        kari.tell("Emulation.setCPUThrottlingRate", rate=asked.throttle)
        print(f"the page is {kari.fixed_work_ms() / plain:.1f} times slower than this machine")
        for _ in range(asked.runs):
            use(Round(kari, figures, asked.throttle))
        kari.phone.close()
    show(figures, BARS)


def begin(kari: SlowPhone) -> None:
    """Log in, make the vault by a thumb, and wait until everything is on the phone."""
    kari.open(1.0)
    page = kari.page
    page.goto(kari.home)
    give_thumb(page)
    page.reload()
    page.get_by_label("Navn").fill("kari")
    page.get_by_label("Passord", exact=True).fill(WEAK)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("button", name="Bruk finger eller ansikt").click()
    ready = page.get_by_text("Klar for dagen. Hentet kl.").first
    expect(ready).to_be_visible(timeout=LOAD_SECONDS_MAX * 1000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    wait_until(lambda: page.evaluate(PICTURED), "the picture is drawn", LOAD_SECONDS_MAX)


def use(run: Round) -> None:
    """A page that is loaded anew and opened, then locked and opened in place."""
    run.note("a new page: to the lock", run.kari.time_load(LOCK, run.page.reload))
    run.note(NEW_PAGE, by_thumb(run, CARDS))
    run.kari.go("Meg")
    run.page.get_by_role("button", name="Lås appen").click()
    run.note(SAME_PAGE, by_thumb(run, title("Meg")))
    run.note("MB of JavaScript heap", run.kari.heap_mb())
    run.kari.go("I dag")


def by_thumb(run: Round, shown: str) -> float:
    """From the touch to the list, or to the page that was left; the thumb itself takes no time."""
    return run.kari.time("pointerup", shown, run.page.get_by_role("button", name=BUTTON).click)
