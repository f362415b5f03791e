"""Another passphrase on the phone: it opens what the one before opened, which opens no more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.test_locks import HOME, WORDS, expect_locked, lock, write_a_little
from tests.journeys.town import PASSPHRASE
from tests.journeys.wire import Wire

OTHER = "sjø lampe torsdag kvist"


def change(page: Page, before: str, after: str) -> None:
    """Change it from Meg, or try to."""
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ny passordfrase", exact=True).fill(after)
    dialog.get_by_label("Passordfrasen du har nå").fill(before)
    dialog.get_by_role("button", name="Bytt passordfrase", exact=True).click()


def unlock_by(page: Page, phrase: str) -> None:
    """Give a passphrase at the lock."""
    page.get_by_label("Passordfrase").fill(phrase)
    page.get_by_role("button", name="Lås opp", exact=True).click()


def test_a_passphrase_is_changed_without_a_network_and_the_old_one_opens_no_more(
    wire: Wire, field_worker: Callable[..., FieldWorker], shots: Path
) -> None:
    kari = field_worker("kari").begin()
    page, looks = kari.page, Looks(shots)
    expect(kari.card(HOME)).to_be_visible()
    write_a_little(kari)
    kari.to_today()
    wire.cut()
    kari.go("Meg")
    page.get_by_role("button", name="Bytt passordfrase").click()
    change(page, "noe helt annet enn frasen", OTHER)
    expect(page.get_by_text("Ingenting er endret.")).to_be_visible()
    change(page, PASSPHRASE, "kort")
    expect(page.get_by_text("Litt til. Bruk minst fire ord.")).to_be_visible()
    looks.at(page, "new-passphrase")
    change(page, PASSPHRASE, OTHER)
    expect(page.get_by_text("Passordfrasen er byttet.")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="Lukk").click()
    lock(kari)
    page.reload()
    expect_locked(page)
    unlock_by(page, PASSPHRASE)
    expect(page.get_by_text("Passordfrasen stemmer ikke.")).to_be_visible()
    unlock_by(page, OTHER)
    kari.go("I dag")
    kari.go_on(HOME)
    expect(kari.box("Oppsummering")).to_have_value(WORDS)
    assert looks.amiss == []
