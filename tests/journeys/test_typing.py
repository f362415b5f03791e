"""What a field cannot take is said where it is typed, and never passes for saved."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import FieldWorker

People = Callable[..., FieldWorker]
ROOM = 80
"""So many signs has the name of an activity room for."""


def test_half_a_number_and_words_too_many_are_said_not_to_be_saved(field_worker: People) -> None:
    kari = field_worker("kari").begin()
    page = kari.page
    kari.go("Ny")
    page.get_by_role("button", name="Noe annet").click()
    page.get_by_role("dialog").get_by_role("button", name="Aktivitet").click()

    heads = page.get_by_label("Hvor mange kom?")
    heads.press_sequentially("1")
    field = page.locator(".field").filter(has=heads)
    expect(field.get_by_text("Lagret på telefonen")).to_be_visible()
    heads.press_sequentially(",5")
    said = field.get_by_role("alert")
    expect(said).to_have_text(
        "Dette er ikke lagret. Skriv et helt tall fra 0 til 1\u00a0000. Det som er lagret, er 1."
    )
    expect(field.get_by_text("Lagret på telefonen")).to_have_count(0)
    heads.fill("15")
    expect(said).to_have_count(0)
    expect(field.get_by_text("Lagret på telefonen")).to_be_visible()

    name = page.get_by_label("Navn", exact=True)
    name.focus()
    page.keyboard.insert_text("Kaffe og vafler i hagen. " * 4)
    expect(page.get_by_text(f"Feltet er fullt: {ROOM} tegn.")).to_be_visible()
    name.press("Backspace")
    expect(page.get_by_text("Feltet er fullt")).to_have_count(0)
