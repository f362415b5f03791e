"""Logging in where the network comes and goes: nothing typed is lost, a second try is enough."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.journeys.people import FieldWorker
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire

NO_CONTACT = "Vi får ikke kontakt med kontoret."


def test_flight_mode_in_the_middle_of_logging_in_loses_nothing_typed(
    wire: Wire, field_worker: Callable[[str], FieldWorker]
) -> None:
    kari = field_worker("kari")
    kari.phone.start()
    page = kari.page
    name, password = page.get_by_label("Navn"), page.get_by_label("Passord", exact=True)
    name.fill("kari")
    password.fill(PASSPHRASE)
    wire.loses, wire.lose_answers = "/api/v1/login", 9  # a browser asks again by itself
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_text(NO_CONTACT).first).to_be_visible()
    wire.cut()
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_text(NO_CONTACT).first).to_be_visible()
    expect(name).to_have_value("kari")
    expect(password).to_have_value(PASSPHRASE)
    wire.lose_answers = 0
    wire.mend()
    page.get_by_role("button", name="Logg inn").click()
    expect(page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
