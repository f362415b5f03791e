"""Left hand, gloves and letters twice as large: what a thumb must meet is measured, not looked at.

A target is 48 px or more each way and stands 8 px from its neighbour, or is a row so large that a
glove cannot miss it; what one does next lies low, within reach of either thumb.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from server.database import Database
from tests.journeys.looks import AT_REST, Looks, photograph
from tests.journeys.people import FieldWorker
from tests.journeys.street import STREET, street
from tests.journeys.wire import Wire

People = Callable[..., FieldWorker]
TARGETS = """() => {
  const sorts = 'button, a[href], select, textarea, summary, .choice, input'
  const all = [...document.querySelectorAll(sorts)]
  return all.filter((one) => one.matches('.choice') || !one.closest('.choice')).flatMap((one) => {
    const box = one.getBoundingClientRect()
    const name = (one.getAttribute('aria-label') || one.textContent || one.name || '').trim()
    const here = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
    if (box.width < 2 || !here || !(one === here || one.contains(here))) return []
    const { x, y, width, height } = box
    return [{ name: name.replace(/\\s+/g, ' ').slice(0, 40), x, y, width, height }]
  })
}"""
LEAST_PX, APART_PX, LARGE_PX = 47.5, 7.5, 56
"""A half less than the rule, for a screen's pixels are rounded."""


def misses(page: Page) -> list[str]:
    """What a gloved thumb could miss or mistake among what is on the screen now."""
    targets = page.evaluate(TARGETS)
    amiss = [
        f"«{one['name']}» is {one['width']:.0f} × {one['height']:.0f}"
        for one in targets
        if one["width"] < LEAST_PX or one["height"] < LEAST_PX
    ]
    for at, one in enumerate(targets):
        for other in targets[at + 1 :]:
            beside = max(one["x"], other["x"]) - min(
                one["x"] + one["width"], other["x"] + other["width"]
            )
            below = max(one["y"], other["y"]) - min(
                one["y"] + one["height"], other["y"] + other["height"]
            )
            gap = max(beside, below)
            side = "width" if beside > below else "height"
            large = min(one[side], other[side]) >= LARGE_PX
            if -2 < gap < APART_PX and not large:
                amiss.append(f"«{one['name']}» and «{other['name']}» are {gap:.0f} px apart")
    return amiss


def out_of_reach(page: Page, name: str) -> list[str]:
    """Whether the way on lies in the lower 40 % and is met by a left and by a right thumb."""
    box = page.get_by_role("button", name=name, exact=True).last.bounding_box()
    assert box is not None, name
    wide, high = page.evaluate("[innerWidth, innerHeight]")
    low = box["y"] + box["height"] / 2 > 0.6 * high and box["y"] + box["height"] <= high + 1
    left, right = box["x"] < 0.6 * wide, box["x"] + box["width"] > 0.4 * wide
    return [] if low and left and right else [f"«{name}» lies at {box}"]


@pytest.mark.parametrize("letters", ["100%", "200%"])
def test_every_target_of_a_working_day_is_met_by_a_glove_and_by_either_hand(
    wire: Wire, field_worker: People, database: Database, letters: str, shots: Path
) -> None:
    street(database)
    kari = field_worker("kari").begin()
    page, amiss = kari.page, list[str]()
    looks = Looks(shots)
    expect(kari.card(STREET)).to_be_visible()
    page.evaluate(f"document.documentElement.style.fontSize = '{letters}'")

    def look(name: str, *ways_on: str) -> None:
        page.evaluate(AT_REST)
        found = misses(page)
        for way in ways_on:
            found += out_of_reach(page, way)
        amiss.extend(f"{name} at {letters}: {each}" for each in found)
        photograph(page, looks.folder / f"hands-{name}-{letters.rstrip('%')}.png")

    look("today", "Ny")
    kari.go("Boliger")
    look("homes")
    page.get_by_role("button", name="Rødgården").first.click()
    page.get_by_role("button", name=f"{STREET}, H0203").click()
    look("home", "Start besøk")
    kari.go("Søk")
    page.get_by_role("textbox").fill("12")
    look("search")
    kari.go("Meg")
    look("me")
    kari.go("Ny")
    look("new")
    kari.back()
    kari.go("I dag")
    kari.card("Ukesrunde Øst").get_by_role("button", name="Start runde").click()
    look("round", "Ferdig")
    kari.back()
    kari.start_visit(STREET)
    expect(page.get_by_role("group", name="Ingen synlig fukt")).to_be_attached()
    look("visit", "Ferdig")
    page.get_by_role("group", name="Ingen synlig fukt").scroll_into_view_if_needed()
    look("visit-points", "Ferdig")
    assert not amiss, "\n".join(dict.fromkeys(amiss))
