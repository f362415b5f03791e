"""Whole errands at a thumb's pace, on a slow phone that holds ten thousand records, offline.

The thumb is given so long between two touches, and for a letter; what it then still waits for is
the app's. Screens' bars are for both together.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, product

from playwright.sync_api import Locator, expect

from bench.full_phone import KARI, fill
from bench.phone import check_throttle, filled
from bench.stage import name_id
from bench.stopwatch import SlowPhone
from server.access import today_of
from server.checklists import CHECKLISTS
from server.database import Database
from server.shapes import Json, write_instant
from tests.journeys.thumb import Thumb
from tests.journeys.town import PASSPHRASE, tenancy_of, write
from tests.makers import AREA_EAST, mutation
from tests.photos import photo

TOUCH_S = 1.0
"""To look, to decide and to hit."""
LETTER_S = 0.33
"""36 words a minute, the mean of 37,000 people on their phones (Palin et al., 2019)."""
CAMERA_S = 2.0
"""To aim, and to press the shutter of the phone's own camera."""
POINTS = 20
"""Of a round, as in its bar."""
HOUSES = 6
WEEKLY = [
    item["text_nb"]
    for item in CHECKLISTS["HMSFELLES"]["items"]
    if item["frequency"] == "weekly" and item["photo"] != "never"
]
Errand = Callable[["PacedThumb"], None]


class PacedThumb(Thumb):
    """A thumb that takes its time, and knows how much of it was its own."""

    def __init__(self, kari: SlowPhone) -> None:
        super().__init__(kari)
        self.own_s = 0.0

    def tap(self, what: Locator) -> None:
        """Look, then touch."""
        self._take(TOUCH_S)
        super().tap(what)

    def write(self, words: str) -> None:
        """Type where the caret stands, letter by letter."""
        for letter in words:
            self._take(LETTER_S)
            super().write(letter)

    def photograph(self, button: Locator) -> None:
        """One touch of the button, and the camera; until the photo is on the phone."""
        self._take(TOUCH_S + CAMERA_S)
        self.taps += 1
        button.set_input_files({"name": "1.jpg", "mimeType": "image/jpeg", "buffer": photo()})
        kept = self.kari.page.get_by_text("Bildet er lagt til. Lagret på telefonen.")
        expect(kept.first).to_be_visible()

    def _take(self, seconds: float) -> None:
        time.sleep(seconds)
        self.own_s += seconds


def quick_log(thumb: PacedThumb) -> None:
    """On the page of the home where one stands: ＋, a photo, one line, and what it is."""
    page = thumb.kari.page
    thumb.tap(page.get_by_role("navigation").get_by_role("button", name="Ny"))
    expect(page.get_by_label("Skriv det viktigste")).to_be_focused()
    thumb.write("Lyset er gått")
    thumb.photograph(page.get_by_label("Ta bilde").first)
    thumb.press("Notat")


def follow_up_as_last(thumb: PacedThumb) -> None:
    """From the card in I dag to «Ferdig», with what may be taken over from the last time."""
    page = thumb.kari.page
    early = page.get_by_role("article").filter(has_text="07.0")
    thumb.tap(early.get_by_role("button", name="Start besøk").first)
    thumb.answer("Trygt å gå alene?", "Ja")
    time.sleep(TOUCH_S)
    page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    thumb.taps += 2
    thumb.own_s += TOUCH_S
    thumb.press("Som sist")
    thumb.answer("Røykvarsleren virker", "I orden")
    thumb.answer("Hvor godt trives du i boligen?", "Godt")
    thumb.answer("Hvor godt trives du i bomiljøet?", "Svært godt")
    thumb.tap(thumb.section("Siden sist").get_by_role("button", name="Alt gjort"))
    thumb.press("Ferdig")


def walk_a_round(thumb: PacedThumb) -> None:
    """Twenty points of the round's houses, one of them a deviation with its photo."""
    page = thumb.kari.page
    thumb.tap(page.get_by_role("button", name="Start runde").first)
    walked = list(islice(product(range(HOUSES), WEEKLY), POINTS))
    for number, (_, words) in enumerate(walked):
        bad = number == POINTS // 2
        point = page.get_by_role(
            "group", name=words
        )  # what is answered folds, the next house opens
        thumb.tap(point.get_by_text("Avvik" if bad else "I orden", exact=True))
        if bad:
            sheet = page.get_by_role("dialog")
            thumb.photograph(sheet.get_by_label("Ta bilde"))
            thumb.press("Ferdig", sheet)
            expect(sheet).to_have_count(0)
    thumb.kari.expect_saved()
    thumb.kari.back()


def to_a_home(kari: SlowPhone) -> None:
    """Where a quick log begins."""
    kari.go("Boliger")
    kari.page.locator("main .entry").first.click()
    kari.page.locator("main .inside button[aria-label]").first.click()
    expect(kari.page.locator("header .back")).to_be_visible()


ERRANDS: Mapping[str, tuple[Errand, int, float]] = {
    "quick log with a photo": (quick_log, 3, 10),
    "follow-up visit, as last": (follow_up_as_last, 12, 60),
    f"round of {POINTS} points": (walk_a_round, POINTS + 4, 240),
}
"""What is done, and its bars: touches, and seconds."""


def main(words: list[str]) -> None:
    """Do each errand as many times as asked, each time on a fresh browser."""
    parser = argparse.ArgumentParser(prog="./run bench errands")
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--throttle", type=float, default=4.0)
    asked = parser.parse_args(words)
    took: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    with filled(lambda database: lay_in(database, asked.records, asked.runs)) as kari:
        check_throttle(kari, asked.throttle)
        for _ in range(asked.runs):
            for name, (errand, _, _) in ERRANDS.items():
                took[name].append(timed(kari, errand, asked.throttle))
    show(took)


def lay_in(database: Database, records: int, times: int) -> None:
    """A full phone, and for each time a round of its own and a household to visit again."""
    fill(database, records)
    now = datetime.now(UTC)
    made = (
        record for number in range(times) for record in (walk(number, now), *again(number, now))
    )
    write(database, list(made), now)


def walk(number: int, now: datetime) -> dict[str, Json]:
    """A round through some houses, today."""
    body: dict[str, Json] = {
        "area": AREA_EAST,
        "name": f"Runde {number}",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": today_of(now).isoformat(),
        f"who/{KARI}": True,
        **{f"buildings/{name_id('building', house)}": True for house in range(HOUSES)},
    }
    return mutation("round", name_id("walk", number), body, author="kari", now=now)


def again(number: int, now: datetime) -> Iterator[dict[str, Json]]:
    """A household that was followed up three months ago, and is to be again early today."""
    where, visit = name_id("dwelling", number), name_id("last", number)
    then = (today_of(now) - timedelta(days=90)).isoformat()
    agreed: dict[str, Json] = {
        "dwelling": where,
        "tenancy": tenancy_of(where),
        "purpose": "follow_up",
        f"visitors/{KARI}": True,
    }
    done: dict[str, Json] = {"state": "submitted", "by": KARI, "at": write_instant(now)}
    head: dict[str, Json] = {
        "dwelling": where,
        "planned_visit": name_id("agreed", number),
        "purpose": "follow_up",
        "outcome": "completed",
        "visited_on": then,
        "status": done,
    }
    answers: dict[str, Json] = {
        "visit": visit,
        "dwelling": where,
        "checklist": "NYVRI2",
        "edition": 1,
        "subject": "dwelling",
        "answers/NYVRI2-05": "ok",
        "status": done,
    }
    today: dict[str, Json] = {
        "planned_on": today_of(now).isoformat(),
        "planned_at": f"07:{number:02}",
    }
    for kind, id, body in (
        ("planned_visit", name_id("agreed", number), {**agreed, "planned_on": then, "done": True}),
        ("visit", visit, head),
        ("checklist_run", name_id("answers", number), answers),
        ("planned_visit", name_id("today", number), {**agreed, **today}),
    ):
        yield mutation(kind, id, body, author="kari", now=now)


def timed(kari: SlowPhone, errand: Errand, throttle: float) -> tuple[int, float, float]:
    """One errand from I dag to I dag: touches, seconds, and those of them that were the app's."""
    kari.open(throttle)
    kari.page.goto(kari.home)
    kari.page.get_by_label("Passordfrase").fill(PASSPHRASE)
    kari.page.keyboard.press("Enter")
    expect(kari.page.get_by_role("article").first).to_be_visible()
    if errand is quick_log:
        to_a_home(kari)
    thumb = PacedThumb(kari)
    began = time.monotonic()
    errand(thumb)
    expect(kari.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    took = time.monotonic() - began
    kari.phone.close()
    return thumb.taps, took, took - thumb.own_s


def show(took: Mapping[str, list[tuple[int, float, float]]]) -> None:
    """The table: touches, seconds and the app's own beside the bars."""
    print(f"\n{'':<26}{'touches':>9}{'bar':>6}{'seconds':>10}{'worst':>8}{'bar':>6}{'the app':>10}")
    for name, (_, touches, bar) in ERRANDS.items():
        counted, seconds, own = zip(*took[name], strict=True)
        print(
            f"{name:<26}{max(counted):>9}{touches:>6}{statistics.median(seconds):>10.1f}"
            f"{max(seconds):>8.1f}{bar:>6.0f}{statistics.median(own):>10.1f}"
        )
