"""Nødtilgang, Overlevering and Integrasjoner in a real browser, from the page where each begins.

Screenshots go to `screenshots/office/`, which git ignores; look at them.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.test_office_looks import (
    address,
    app,
    database,
    enter,
    look,
    municipality,
    settings,
)
from tests.office.test_homes import HOME

pytestmark = pytest.mark.drawn

__all__ = ["address", "app", "database", "municipality", "settings"]


def test_a_home_is_opened_with_a_reason_and_the_leader_looks_at_it(
    chromium: Browser, address: str
) -> None:
    kari = enter(chromium, address, "kari")
    kari.goto(f"{address}/dwellings/{HOME.id}")
    kari.get_by_role("link", name="Nødtilgang").click()
    kari.get_by_role("button", name="Åpne boligen").click()
    expect(kari.get_by_role("alert")).to_contain_text("Skriv hvorfor")
    amiss = look(kari, "opening-error")
    kari.get_by_label("Hvorfor haster det?").fill("Nabo ringte. Beboer svarer ikke.")
    kari.get_by_role("button", name="Åpne boligen").click()
    expect(kari.get_by_text("Nødtilgang til")).to_be_visible()
    amiss += look(kari, "opening-home")
    lise = enter(chromium, address, "lise")
    lise.goto(f"{address}/openings")
    expect(lise.get_by_text("Nabo ringte. Beboer svarer ikke.")).to_be_visible()
    amiss += look(lise, "openings")
    lise.get_by_role("button", name="Ikke i orden").click()
    expect(lise.get_by_text("ikke i orden")).to_be_visible()
    kari.goto(f"{address}/dwellings/{HOME.id}")
    expect(kari.get_by_text("Nødtilgang til")).to_have_count(0)
    assert amiss == []


def test_a_leavers_things_pass_on_and_another_system_gets_a_key(
    chromium: Browser, address: str
) -> None:
    lise = enter(chromium, address, "lise")
    lise.goto(f"{address}/people")
    lise.get_by_role("link", name="Overlevering av det som er Kari").first.click()
    amiss = look(lise, "handover")
    lise.get_by_label("Hvem tar over?").select_option(index=1)
    lise.get_by_role("button", name="Overlever det som er valgt").click()
    lise.get_by_role("heading", name="Overlevering").wait_for()
    amiss += look(lise, "handed-over")
    lise.goto(f"{address}/integrations")
    lise.get_by_label("Hvilket system?").fill("Vaktmestersystemet")
    lise.get_by_role("checkbox", name="avvik", exact=True).check()
    amiss += look(lise, "integrations")
    lise.get_by_role("button", name="Lag nøkkel").click()
    expect(lise.get_by_text("oppgang_")).to_be_visible()
    amiss += look(lise, "integration")
    lise.get_by_role("link", name="Integrasjoner").last.click()
    expect(lise.get_by_text("Vaktmestersystemet").first).to_be_visible()
    admin = enter(chromium, address, "admin")
    admin.goto(f"{address}/integrations")
    expect(admin.get_by_text("En leder for hele organisasjonen lager nøkler")).to_be_visible()
    admin.get_by_role("button", name="Steng Vaktmestersystemet").click()
    expect(admin.get_by_text("Stengt").first).to_be_visible()
    assert amiss == []
