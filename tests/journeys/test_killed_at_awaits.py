"""The browser is killed while it waits for one thing or the other: «Lagret» shown means present.

The page is told from outside where to stop; the app knows nothing of it.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from functools import partial

import pytest
from playwright.sync_api import expect

from server.database import Database
from tests.journeys.custody import mutations, wait_until
from tests.journeys.kept import kept
from tests.journeys.people import FieldWorker, saved_mark
from tests.journeys.stage import SECONDS_MAX
from tests.journeys.wire import Wire

STREET = "Storgata 12"
STOP = """(at) => {
  let left = at
  const waits = [
    [SubtleCrypto.prototype, 'encrypt'], [SubtleCrypto.prototype, 'sign'],
    [IDBDatabase.prototype, 'transaction'], [IDBObjectStore.prototype, 'put'],
    [IDBObjectStore.prototype, 'delete'], [window, 'fetch'],
  ]
  for (const [owner, name] of waits) {
    const real = owner[name]
    owner[name] = function (...given) {
      const now = left-- === 0
      const begun = now && real === fetch ? new Promise(() => {}) : real.apply(this, given)
      if (now) window.stopped(name)
      return begun
    }
  }
}"""
"""Counts what the page waits for, by whichever call, and says so when it comes to one of them."""
TYPING, SENDING = 18, 14
"""About so many calls there are between a touch and «Lagret», and from leaving to «Mottatt»."""
SURE = 8
"""So many there are however the writes fall together."""
MAYBE_SECONDS = 15.0
"""How long is waited for a call that may not come."""
MANY = int(os.environ.get("OPPGANG_KILLS", "0"))


def points() -> list[tuple[str, int]]:
    """Give where to kill: a few of them, or with OPPGANG_KILLS all and so many more at random."""
    if not MANY:
        return [("typing", 0), ("typing", 5), ("typing", 11), ("sending", 1), ("sending", 8)]
    drawn = random.Random(50)
    every = [("typing", at) for at in range(TYPING)] + [("sending", at) for at in range(SENDING)]
    return every + [drawn.choice(every) for _ in range(MANY)]


@pytest.mark.parametrize("phase", ["typing", "sending"])
def test_what_was_shown_as_saved_is_there_whenever_the_browser_is_killed(
    wire: Wire, field_worker: Callable[[str], FieldWorker], database: Database, phase: str
) -> None:
    kari = field_worker("kari").begin().ready()
    kari.start_visit(STREET)
    said = "Begynt."
    kari.box("Oppsummering").fill(said)
    kari.expect_saved()
    for number, (when, at) in enumerate(points()):
        if when != phase:
            continue
        stopped: list[str] = []
        kari.page.expose_function("stopped", lambda name, told=stopped: told.append(name))
        old, said = said, f"Ble sagt som nummer {number}, ved {at}."
        if phase == "typing":
            kari.page.evaluate(STOP, at)
            kari.box("Oppsummering").fill(said)
        else:
            kari.box("Oppsummering").fill(said)
            kari.expect_saved()
            kari.page.evaluate(STOP, at)
            kari.back()
            kari.sync()
        try:
            surely = phase == "sending" or at <= SURE
            patience = SECONDS_MAX if surely else MAYBE_SECONDS
            wait_until(partial(reached, kari, stopped), f"the page comes to await {at}", patience)
        except AssertionError:  # fewer calls where several writes became one: then it is saved
            assert at > SURE and phase == "typing" and says_saved(kari), at
        saved = phase == "sending" or says_saved(kari)
        kari.phone.kill()
        kari.wake()
        kari.go_on(STREET)
        box = kari.box("Oppsummering")
        expect(box).not_to_have_value("")
        found = box.input_value()
        assert found == said if saved else found in (old, said), (at, stopped, found)
        said = found
    kari.back()
    kari.sync()
    wait_until(
        lambda: [one["summary"] for one in kept(database, "conversation")] == [said], "it came"
    )
    assert mutations(database, "mid") == mutations(database)
    assert mutations(database, "replica || '/' || n") == mutations(database)


def says_saved(kari: FieldWorker) -> bool:
    """Does the page as a whole say that what was written is on the phone?"""
    shown = saved_mark(kari.page)
    saving = kari.page.get_by_text("Lagrer", exact=True)
    return shown.count() > 0 and shown.last.is_visible() and saving.count() == 0


def reached(kari: FieldWorker, stopped: list[str]) -> bool:
    """Has the page come to where it is to be killed? Asking it lets its word through."""
    kari.page.evaluate("1")
    return bool(stopped)
