"""The story of three minutes, click by click as docs/story.md tells it, on the demo municipality.

One house in one morning: what is found there by two people reaches those whom it concerns, and
nobody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import expect

from server import seeds
from server.config import Settings
from server.database import Database
from server.demo.municipality import STAFF
from server.demo.three_minutes import HOME, SLOW
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.thumb import AGREED, PRAM, Thumb, agree_and_end, answer_all
from tests.journeys.wire import Wire
from tests.molds import Mold

KARI, AMIR, OLA, INGRID, EVA = (STAFF[name] for name in ("kari", "amir", "ola", "ingrid", "eva"))
TITLE = f"{HOME.address}, {HOME.unit_number}"
CLOCK_RUNS = "Fristen regnes fra nå, også uten nett."
THOUGHT = "Leietakeren virket trett."
ASKED = "Hva så du? Skriv det så konkret du kan."
FOUND = "Leietakeren hadde esker i stua og ba om hjelp til å pakke ut."
MENDED = "Renset sammen med beboeren."
NEIGHBOURHOOD = "Rognebærtunet"
SITE = "Ny Vri Rognebærtunet"
PERSONAL = ("Eksempel", "Besøk", "bostøtte", AGREED)
"""What a visit to somebody's home would give away."""


@pytest.fixture
def settings(tmp_path: Path, year: Mold, now: datetime) -> Iterator[Settings]:
    """Settings whose database holds what `./run` lays in: the checklists and the demo year."""
    with year.copy(tmp_path) as made:
        database = Database(made)
        seeds.lay_in(database, now)
        database.close()
        yield made


def test_three_minutes_in_one_house(
    wire: Wire, field_worker: Callable[..., FieldWorker], desk: Callable[[str], Desk]
) -> None:
    kari = field_worker("kari").begin(KARI.passphrase).ready()
    ola = field_worker("ola").begin(OLA.passphrase).ready()
    wire.cut()
    the_first_visit(kari)
    killed_and_opened_again(kari)
    the_drain(ola)
    wire.mend()
    for one in (kari, ola):
        one.sync()
        one.expect_all_received()
    ingrid = desk("ingrid").begin(INGRID.passphrase)
    one_field_comes_back(kari, ingrid)
    two_dates_one_tap(field_worker("amir").begin(AMIR.passphrase).ready())
    a_lost_phone(ingrid)
    what_became_of_it(ingrid)
    what_the_landlord_sees(desk("eva").begin(EVA.passphrase), ola)


def the_first_visit(kari: FieldWorker) -> None:
    """1. Without a network: a first visit, a pram in the stairs, and «Ba om hjelp»."""
    thumb = Thumb(kari)
    thumb.press("Start besøk", kari.page.get_by_role("article").filter(has_text="08.30"))
    answer_all(thumb, moldy=False)
    kari.box("Oppsummering").fill(THOUGHT)
    agree_and_end(thumb)
    thumb.press("Ba om hjelp")
    expect(kari.page.get_by_text(CLOCK_RUNS).first).to_be_visible()
    kari.expect_saved()


def killed_and_opened_again(kari: FieldWorker) -> None:
    """2. The app is killed and opened again: all is there."""
    kari.phone.kill()
    kari.wake()
    kari.card("08.30").get_by_role("button", name="Fortsett").click()
    expect(kari.answer("Trapperommet er fritt", "Avvik")).to_be_checked()
    expect(kari.box("Oppsummering")).to_have_value(THOUGHT)  # a form is drawn piece by piece
    written = [box.input_value() for box in kari.page.get_by_role("textbox").all()]
    assert PRAM in written, written
    for words in (AGREED, CLOCK_RUNS):
        expect(kari.page.get_by_text(words).first).to_be_visible()
    kari.finish()
    chip = kari.page.get_by_role("button", name="Åpne Utboks")
    expect(chip).to_contain_text("på telefonen")


def the_drain(ola: FieldWorker) -> None:
    """3. A caretaker and a resident clear a drain: «Sammen»."""
    job = ola.page.get_by_role("article").filter(has_text="09.30")
    job.get_by_role("button", name="Åpne oppdraget").click()
    who = ola.page.get_by_role("group", name="Hvem gjorde det?")
    who.get_by_text("Sammen", exact=True).click()
    ola.expect_saved()
    ola.finish()
    ola.go("Meg")  # the time for Angre is over when something else is done


def one_field_comes_back(kari: FieldWorker, ingrid: Desk) -> None:
    """4. «Mottatt»; the office returns one field, and the phone opens it."""
    open_visit(ingrid)
    ingrid.send_back("Oppsummering", ASKED)
    kari.page.get_by_role("button", name="sendt tilbake til deg").click()
    back = kari.page.get_by_role("listitem").filter(has_text=ASKED)

    def has_come() -> bool:
        kari.sync()
        return back.is_visible()

    kari.logged_in_until(has_come, "what is to be put right is on the phone")
    back.get_by_role("button", name="Rett").click()
    expect(kari.box("Oppsummering")).to_be_focused()
    kari.box("Oppsummering").fill(FOUND)
    kari.expect_saved()
    kari.finish()
    kari.go("Meg")
    open_visit(ingrid)
    expect(ingrid.page.get_by_text(FOUND).first).to_be_visible()
    ingrid.approve()


def open_visit(ingrid: Desk) -> None:
    """Open the first visit in Innboks as soon as it is there, among all that the house sent in."""
    visit = ingrid.page.get_by_role("link").filter(has_text=TITLE).filter(has_text="Innflytting")

    def there() -> bool:
        ingrid.go("Innboks")
        return visit.is_visible()

    wait_until(there, "the visit is in Innboks")
    visit.click()


def two_dates_one_tap(amir: FieldWorker) -> None:
    """5. Two who were there together wrote different dates: both are kept, and one tap chooses."""
    amir.page.get_by_role("button", name="1 må sjekkes").click()
    expect(amir.page.get_by_text(f"{KARI.name} skrev")).to_be_visible()
    expect(amir.page.get_by_text("Begge er tatt vare på.")).to_be_visible()
    amir.page.get_by_role("button", name="Mitt svar").click()
    expect(amir.page.get_by_text("Ingen ulike svar nå.")).to_be_visible()


def a_lost_phone(ingrid: Desk) -> None:
    """6. «Mistet telefon»: closed, nothing unsent, what was on it, and the draft of the notice."""
    ingrid.go("Enheter")
    row = ingrid.page.get_by_role("row").filter(has_text=KARI.name).first
    expect(row).to_contain_text("Ingen")
    ingrid.close_phone(row)
    row.get_by_role("link", name="Hva som var på den").click()
    expect(ingrid.page.get_by_role("heading", name="Utkast til melding")).to_be_visible()
    expect(ingrid.page.get_by_text("Ingen registreringer")).to_be_visible()


def what_became_of_it(ingrid: Desk) -> None:
    """7. «Dere sa – vi gjorde», and before and after for the same houses."""
    ingrid.go("Områder og innspill")
    ingrid.page.get_by_role("link", name=NEIGHBOURHOOD).click()
    ingrid.page.get_by_role("link", name="Vis og skriv ut").first.click()
    expect(ingrid.page.get_by_text("Plantekasser i bakgården").first).to_be_visible()
    ingrid.go("Tiltakssteder")
    ingrid.page.get_by_role("link", name=SITE).click()
    expect(ingrid.page.get_by_role("heading", name="Før og etter")).to_be_visible()
    expect(ingrid.page.get_by_role("link", name=HOME.address)).to_be_visible()


def what_the_landlord_sees(eva: Desk, ola: FieldWorker) -> None:
    """8. The landlord's login: the pram and the drain, and nothing of who lives there."""
    eva.go("Avvikstavle")
    expect(eva.page.locator("a[data-line]")).to_have_count(2)
    for words in (PRAM, SLOW):
        expect(eva.page.get_by_role("link", name=words)).to_be_visible()
    eva.page.get_by_role("link", name=SLOW).click()
    eva.page.get_by_role("link", name="Boligen", exact=True).click()
    expect(eva.page.get_by_role("heading", name=HOME.address, level=1)).to_be_visible()
    words = eva.page.locator("main").inner_text()
    assert not [hidden for hidden in PERSONAL if hidden in words], words
    eva.page.go_back()
    eva.page.get_by_label("Hva er gjort?").fill(MENDED)
    eva.page.get_by_role("button", name="Rettet", exact=True).click()
    ola.go("I dag")

    def told() -> bool:
        ola.sync()
        return ola.page.get_by_text("Rettet av eiendom").first.is_visible()

    wait_until(told, "it is told back to who found it")
