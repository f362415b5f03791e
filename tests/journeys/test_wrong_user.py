"""Somebody else's login in a second tab of the browser takes nothing from the phone's vault."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from sqlalchemy import text

from server.database import Database
from tests.journeys.people import FieldWorker
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire
from tests.makers import USERS

People = Callable[..., FieldWorker]
HOME, LATER = "Storgata 12", "Kongens gate 12"
WORDS = "Nøkkelen henger igjen på kroken."
OTHER = (
    "En annen har logget inn i denne nettleseren. Usendt arbeid er trygt. "
    "Logg inn som deg selv for å hente nytt."
)


def log_in(page: Page, name: str) -> None:
    """Fill the form that is shown and send it."""
    page.get_by_label("Navn").fill(name)
    page.get_by_label("Passord", exact=True).fill(PASSPHRASE)
    page.get_by_role("button", name="Logg inn").last.click()


def test_another_persons_login_purges_nothing_and_one_logs_in_again_as_oneself(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(HOME)).to_be_visible()
    kari.start_visit(HOME)
    kari.box("Oppsummering").fill(WORDS)
    kari.expect_saved()

    assert kari.phone.context is not None
    office = kari.phone.context.new_page()
    office.goto(f"{wire.address}/office")
    office.get_by_role("button", name="Logg ut").click()
    log_in(office, "ingrid")
    expect(office.get_by_role("heading", name="Oversikt")).to_be_visible()

    kari.page.bring_to_front()
    kari.back()
    kari.sync()
    expect(kari.page.get_by_text(OTHER)).to_be_visible()
    for home in (HOME, LATER):
        expect(kari.card(home)).to_be_visible()
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS)
    assert authors(database) <= {USERS["kari"]}
    kari.back()

    kari.page.get_by_role("button", name="Logg inn").click()
    log_in(kari.page, "kari")
    expect(kari.page.get_by_text(OTHER)).to_have_count(0)
    kari.expect_all_received()
    assert authors(database) == {USERS["kari"]}
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS)


def authors(database: Database) -> set[str]:
    """Who the mutations of phones are written by, as the office holds them."""
    with database.reading() as session:
        found = session.execute(text("SELECT DISTINCT author FROM mutation WHERE n IS NOT NULL"))
        return {str(row[0]) for row in found}
