"""Klar for dagen: how the phone itself is, and what to do about it before one leaves."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.journeys.january import BATTERY
from tests.journeys.people import FieldWorker

USED = 7_000_000
UNKNOWN = "Nettleseren sier ikke hvor mye. Se etter i innstillingene til telefonen."
"""Chrome names ten gibibytes on every disk that is larger; no phone may be said to have them."""
CRAMPED = re.compile(r"^\d\d(,\d)?\sMB\. Frigjør plass før du går\.$")


def test_the_morning_says_what_room_and_battery_the_phone_has_and_what_to_do_about_it(
    field_worker: Callable[[str], FieldWorker],
) -> None:
    kari = field_worker("kari").begin()
    of_such_a_phone(kari, 10 * 2**30, 0.7)
    expect(fact(kari, "Ledig plass")).to_have_text(UNKNOWN)
    of_such_a_phone(kari, 3_240_000_000, 0.7)
    expect(fact(kari, "Ledig plass")).to_have_text(re.compile(r"^3,2\sGB$"))
    expect(fact(kari, "Batteri")).to_have_text(re.compile(r"^70\s%$"))
    of_such_a_phone(kari, 60_000_000, 0.2)
    expect(fact(kari, "Ledig plass")).to_have_text(CRAMPED)
    expect(fact(kari, "Batteri")).to_have_text(re.compile(r"^20\s%\. Lad før du går\.$"))
    of_such_a_phone(kari, 60_000_000, 0.2, "true")
    expect(fact(kari, "Batteri")).to_have_text(re.compile(r"^20\s%$"))


def of_such_a_phone(kari: FieldWorker, room: int, level: float, charging: str = "false") -> None:
    """Open Klar for dagen on a phone whose browser tells of so much room and battery."""
    battery = BATTERY.replace("charging: false", f"charging: {charging}")
    said = f"navigator.storage.estimate = async () => ({{ quota: {USED + room}, usage: {USED} }})"
    kari.page.evaluate(f"(() => {{ {battery} window.drain({level}); {said} }})()")
    if not kari.page.get_by_role("navigation").is_visible():
        kari.back()
    kari.go("Meg")
    kari.page.get_by_role("button", name="Klar for dagen").click()


def fact(kari: FieldWorker, name: str) -> Locator:
    """What stands beside a name."""
    facts = kari.page.get_by_role("region", name="Telefonen").locator("dl > div")
    return facts.filter(has_text=name).locator("dd")
