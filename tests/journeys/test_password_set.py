"""A password that another has set: the person reads it on the phone and in the office."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.journeys.looks import Looks
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.test_office_looks import look
from tests.journeys.wire import Wire
from tests.makers import NAMES

OWN = "fyrstikk gulrot hylle onsdag"
TOLD = f"Passordet ditt ble satt på nytt av {NAMES['admin']}"
OTHERS = "Passord som en annen har satt."


def test_a_password_set_by_another_is_told_where_its_owner_looks_until_they_set_their_own(
    wire: Wire,
    field_worker: Callable[..., FieldWorker],
    desk: Callable[[str], Desk],
    shots: Path,
) -> None:
    looks, amiss = Looks(shots), list[str]()
    kari = field_worker("kari").begin().ready()
    kari.go("Meg")
    expect(kari.page.get_by_text(TOLD)).to_have_count(0)
    admin = desk("admin").begin()
    given = set_password(admin, "kari")

    kari.password = given
    kari.go("I dag")
    kari.sync()
    kari.log_in_again()
    kari.go("Meg")
    expect(kari.page.get_by_text(TOLD)).to_be_visible()
    expect(kari.page.get_by_text(f"Si fra til {NAMES['lise']}.")).to_be_visible()
    looks.at(kari.page, "password-set-me", large=True)

    office = desk("kari").begin(given)
    expect(office.page.get_by_text(TOLD)).to_be_visible()
    amiss += look(office.page, "password-set-front")
    lise = desk("lise").begin()
    expect(lise.page.get_by_text(OTHERS)).to_be_visible()
    expect(lise.page.get_by_text(f"{NAMES['kari']}: av {NAMES['admin']}")).to_be_visible()
    amiss += look(lise.page, "password-set-leader")
    office.page.get_by_role("link", name="Bytt passord").click()
    expect(office.page.get_by_role("heading", name="Min innlogging")).to_be_visible()
    expect(office.page.get_by_text(TOLD)).to_be_visible()
    amiss += look(office.page, "password-set-login")
    set_own(office, given)

    office.page.goto(f"{wire.address}/office/")
    expect(office.page.get_by_role("heading", name="Oversikt")).to_be_visible()
    expect(office.page.get_by_text(TOLD)).to_have_count(0)
    kari.go("I dag")
    kari.go("Meg")
    expect(kari.page.get_by_text(TOLD)).to_have_count(0)
    assert looks.amiss + amiss == []


def set_password(admin: Desk, name: str) -> str:
    """Have the administrator set somebody's password, and read it on their screen."""
    admin.go("Brukere")
    page = admin.page
    line = page.locator("details, tr, li").filter(has_text=NAMES[name]).first
    line.locator("summary").first.click()
    line.get_by_role("button", name="Lag nytt passord").click()
    shown = page.locator("code")
    admin.expect_anew(shown)
    return shown.inner_text()


def set_own(office: Desk, given: str) -> None:
    """Set a password of one's own on «Min innlogging»."""
    page = office.page
    page.get_by_label("Passordet du har").fill(given)
    page.get_by_label("Nytt passord", exact=True).fill(OWN)
    page.get_by_label("Nytt passord én gang til").fill(OWN)
    page.get_by_role("button", name="Bytt passord").click()
    expect(page.get_by_text(TOLD)).to_have_count(0)
