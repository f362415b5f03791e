"""How a home visit looks: on a small phone, on a desk, and with letters twice as large."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.thumb import HOUSE, PRAM, Thumb, agree_and_end, type_at_caret

pytestmark = pytest.mark.drawn

People = Callable[[str], FieldWorker]


def test_a_move_in_visit_from_the_door_to_what_was_agreed(
    field_worker: People, looks: Looks
) -> None:
    kari = field_worker("kari").begin()
    page, thumb = kari.page, Thumb(kari)
    kari.start_visit(HOUSE)
    kari.tick("Trygt å gå alene?", "Nei")
    looks.at(page, "move-in-door", large=True)
    kari.back()
    thumb = Thumb(kari)
    kari.go_on(HOUSE)
    kari.tick("Trapperommet er fritt", "Avvik")
    type_at_caret(page, PRAM)
    page.get_by_role("button", name="Ba om hjelp", exact=True).click()
    expect(page.get_by_text("Notert. Fristen regnes fra nå").first).to_be_visible()
    agree_and_end(thumb)
    page.get_by_text("Fortell mer: Råd").click()
    kari.expect_saved()
    looks.at(page, "move-in-written", large=True)
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(page.get_by_text("1 felt må fylles ut eller rettes.")).to_be_visible()
    looks.at(page, "move-in-missing", large=True)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Vis til beboer").click()
    expect(page.get_by_role("heading", name="Dette har vi avtalt")).to_be_visible()
    looks.at(page, "move-in-shown", large=True)
    assert not looks.amiss, "\n".join(looks.amiss)


def test_a_notice_above_the_offer_to_undo(field_worker: People, looks: Looks) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    undo = page.get_by_role("button", name="Angre")
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.finish()
    undo.dispatch_event("focusin")  # the offer stands for as long as somebody is at it
    kari.start_visit("Kongens gate 12")
    kari.choose("Hvordan gikk det?", "Gjennomført")
    page.get_by_role("button", name="Fyll ut etterpå").click()
    expect(page.get_by_text("Du finner besøket under «Påbegynt».")).to_be_visible()
    undo.focus()
    looks.at(page, "notice-and-undo", large=True)
    kari.go_on("Kongens gate 12")
    undo.focus()
    looks.at(page, "notice-and-undo-over-form", large=True)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    bars = page.locator(".place").get_by_role("group")
    expect(bars).to_have_count(2)
    assert all(bar.evaluate("(bar) => bar.getBoundingClientRect().top >= 0") for bar in bars.all())
    expect(undo).to_be_in_viewport(ratio=1)
    assert not looks.amiss, "\n".join(looks.amiss)
