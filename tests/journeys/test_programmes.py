"""The programmes' shared screens: what is begun without a network reaches those it is for alone.

Each test is one walk through the app on the real server.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import Page, expect
from sqlalchemy import select

from server.access import today_of
from server.database import Database
from server.ledger import MutationRow
from server.records.case_party import CaseParty
from server.records.conflict_case import ConflictCase
from server.records.envelope import Envelope, ScopeMember
from server.records.party_talk import PartyTalk
from tests.journeys.birkegata import picture, stored, street
from tests.journeys.custody import all_judged
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.stage import SLOWLY, wait_until
from tests.journeys.wire import Wire
from tests.makers import USERS

People = Callable[..., FieldWorker]
CASE = "Bråk om natta mellom to etasjer"
TALK = "Sover dårlig og er lei seg for stemningen i oppgangen."
WRITTEN = "input:not([type=radio]):not([type=checkbox]), textarea"
FROM_HOME = {
    "Henvisning": [("Til", "NAV")],
    "Boligbehov": [],
    "Nøkkelutlevering": [("Nøkkelnummer", "17-2"), ("Hva skjedde?", "Utlevert")],
    "Varsel": [("Adgang", "Varsel om tilsyn"), ("Hva skal gjøres?", "Røykvarsleren skal prøves.")],
    "Sikkerhetsmerknad": [
        ("Hva gjelder det?", "Hund"),
        ("Hva skal vi gjøre?", "Ring før du går inn."),
    ],
}
IN_PROGRAMMES = [
    ("Nabolag", "nabolag", [("Navn", "Storgatas bakgård")]),
    ("Nabolag", "tiltak", [("Hva skal gjøres?", "Benk ved lekeplassen")]),
    ("Arrangement", "aktivitet", [("Hva slags?", "Kaffe og prat")]),
    ("Arrangement", "arrangement", [("Hva slags?", "Dugnad"), ("Navn", "Vårdugnad")]),
    ("Housing First", "deltaker", [("Kjennetegn for teamet", "HF-08")]),
    ("Housing First", "modellvurdering", []),
]
BELOW = [
    ("Arrangement", "Vårdugnad", "internt referat", [("Referat for oss", "Mange kom.")]),
    ("Housing First", "HF-08", "boforløp", [("Hva skjedde?", "Tilbudt bolig")]),
]
FOR_LEADERS = {
    "boligselskap": [("Navn", "Birkelia sameie")],
    "tiltakssted": [("Navn", "Birketunet"), ("Program", "Områdesatsing")],
}
ALL_ELSE = (
    *("referral", "housing_need", "key_handover", "access_notice", "safety_alert"),
    *("neighbourhood", "measure", "activity", "event", "hf_participant", "fidelity_assessment"),
    *("event_minutes", "hf_housing_event", "housing_company", "programme_site"),
)
"""What no other journey begins."""


def add(page: Page, words: str) -> None:
    """Tap a button that begins something new."""
    page.get_by_role("button", name=words, exact=True).click()


def done(page: Page) -> None:
    """Hand in what is on the screen."""
    page.get_by_role("button", name="Ferdig", exact=True).click()


def test_a_case_begun_without_a_network_reaches_its_team_and_the_leader_and_nobody_else(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari").begin().ready()
    page = kari.page
    wire.cut()
    page.get_by_role("button", name="Saker og tiltak").click()
    looks.at(page, "saker-tomt")
    page.get_by_role("button", name="Nabokonflikt").click()
    add(page, "Ny: nabokonflikt")
    page.get_by_label("Kort om saken, uten navn").fill(CASE)
    looks.at(page, "sak-ny", large=True)
    done(page)
    page.get_by_role("button", name=CASE).click()
    add(page, "Legg til part")
    page.get_by_text("A", exact=True).click()
    page.get_by_label("Navn", exact=True).fill("Eksempel Eksempelsen")
    done(page)
    expect(page.get_by_text("Eksempel Eksempelsen")).to_have_count(0)
    page.get_by_role("button", name="Part: A").click()
    add(page, "Legg til samtale med part")
    page.evaluate(SLOWLY)
    page.get_by_label("Hva ble sagt?").fill(TALK)
    expect(page.get_by_role("button", name="3 på telefonen")).to_be_visible()
    kari.phone.kill()
    kari.wake()
    walk = Walk(kari)
    walk.to("Nabokonflikt")
    for words in (CASE, "Part: A", "Samtale med part"):
        walk.tap(walk.entry(words))
    expect(page_of(kari).get_by_label("Hva ble sagt?")).to_have_value(TALK)
    done(page_of(kari))
    page_of(kari).get_by_role("button", name="Tilbake").click()
    looks.at(page_of(kari), "sak-med-part")
    wire.mend()
    wait_until(lambda: talks(database), "the office has the talk")
    handed_in = "the talk is handed in"
    wait_until(lambda: any(map(leads, readers(database, talks(database)[0]))), handed_in)
    with database.reading() as session:
        scopes = readers(database, talks(database)[0])
        assert session.scalars(select(ConflictCase.title)).all() == [CASE]
        assert session.scalars(select(CaseParty.name)).all() == ["Eksempel Eksempelsen"]
    assert {scope.split(":")[0] for scope in scopes} == {"me", "area"}
    assert all(USERS["kari"] in scope or scope.endswith(":lead") for scope in scopes), (
        "only its author and the leader"
    )
    amir = field_worker("amir").begin().ready()
    amir.page.get_by_role("button", name="Saker og tiltak").click()
    amir.page.get_by_role("button", name="Nabokonflikt").click()
    expect(amir.page.get_by_text("Ingenting her ennå.").first).to_be_visible()
    expect(amir.page.get_by_text(CASE)).to_have_count(0)
    assert looks.amiss == []


def test_a_home_offers_what_may_be_begun_there_and_shows_it_until_it_is_over(
    database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = field_worker("kari").begin()
    page = kari.page
    page.get_by_role("button", name="Boliger", exact=True).click()
    page.get_by_role("button", name="Kongens gate 12").first.click()
    add(page, "Ny sak om boligen")
    looks.at(page, "bolig-ny-sak")
    page.get_by_role("dialog").get_by_role("button", name="Tilbud").click()
    expect(page.get_by_role("heading", name="Tilbud", level=1)).to_be_visible()
    looks.at(page, "tilbud-nytt")
    done(page)
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("må fylles ut eller rettes. Det du skrev, er lagret.")
    dialog.get_by_role("listitem").first.get_by_role("button").click()
    expect(dialog).to_have_count(0)
    assert looks.amiss == []


def begun(walk: Walk, *answers: tuple[str, str]) -> None:
    """Choose answers, write words, and hand it in."""
    for label, words in answers:
        field = walk.page.get_by_label(label, exact=True)
        expect(field.or_(walk.page.get_by_role("group", name=label)).first).to_be_visible()
        if field.and_(walk.page.locator(WRITTEN)).count():
            walk.write(label, words)
        else:
            walk.who.choose(label, words)
    walk.press("Ferdig")


def test_all_else_that_the_app_lets_one_begin_reaches_the_office_and_is_taken(
    wire: Wire, database: Database, field_worker: People
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    kari.press("Boliger")
    kari.page.get_by_role("button", name="Kongens gate 12").first.click()
    for kind, answers in FROM_HOME.items():
        kari.press("Ny sak om boligen")
        kari.page.get_by_role("dialog").get_by_role("button", name=kind, exact=True).click()
        if kind == "Varsel":
            kari.page.locator("input[type=file]").first.set_input_files(picture())
            expect(kari.page.locator("main").get_by_role("img")).to_be_visible()
        begun(kari, *answers)
    kari.press("I dag")
    later = (today_of(datetime.now(UTC)) + timedelta(days=90)).isoformat()
    for programme, new, answers in IN_PROGRAMMES:
        kari.to(programme)
        kari.press(f"Ny: {new}")
        begun(kari, *answers, *([("Neste vurdering", later)] if new == "modellvurdering" else []))
        kari.press("I dag")
    for programme, line, below, answers in BELOW:
        kari.to(programme)
        kari.tap(kari.entry(line))
        kari.press(f"Legg til {below}")
        begun(kari, *answers)
        kari.press("Tilbake")
        kari.press("I dag")
    wire.mend()
    lise = Walk(field_worker("lise").begin().ready())
    for new, answers in FOR_LEADERS.items():
        lise.to("Borettslag og tiltakssteder")
        lise.press(f"Ny: {new}")
        begun(lise, *answers)
        lise.press("I dag")
    for kind in ALL_ELSE:
        wait_until(lambda kind=kind: stored(database, kind), f"the office has {kind}")  # type: ignore[misc]
    wait_until(lambda: proven(database), "the picture of the notice proves that it was given")
    for one in (kari, lise):
        one.who.expect_all_received()
    wait_until(lambda: all_judged(database, len(ALL_ELSE)), "all that came is judged")
    with database.reading() as session:
        left = select(MutationRow.reason).where(MutationRow.state != "applied")
        assert session.scalars(left).all() == []


def proven(database: Database) -> bool:
    """Does the one notice have its picture at the office?"""
    photos = stored(database, "attachment").values()
    shows = [photo["record"] for photo in photos if photo.get("stored")]
    return shows == [*stored(database, "access_notice")]


def leads(scope: str) -> bool:
    """Is it the leader's?"""
    return scope.endswith(":lead")


def page_of(worker: FieldWorker) -> Page:
    """The phone's screen as it is now: a browser that was killed has another."""
    return worker.page


def talks(database: Database) -> list[str]:
    """The talks that the server has, by id."""
    with database.reading() as session:
        found = select(PartyTalk.id).join(Envelope, Envelope.id == PartyTalk.id)
        return list(session.scalars(found))


def readers(database: Database, record: str) -> set[str]:
    """The scopes that carry a record."""
    with database.reading() as session:
        members = select(ScopeMember.scope).where(ScopeMember.id == record, ScopeMember.present)
        return set(session.scalars(members))
