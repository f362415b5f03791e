"""A conflict between neighbours on the phone: parties apart, words until midnight, an agreement.

Each test is one walk through the app on the real server.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from server.database import Database
from tests.journeys.birkegata import state_of, stored, street
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.stage import wait_until
from tests.journeys.wire import Wire
from tests.makers import NAMES

People = Callable[..., FieldWorker]
CASE = "Bråk om natta mellom to etasjer"
WHO = "Petra Klagesen"
SAID_A, SAID_B = "Får ikke sove og er lei seg.", "Jobber sent og må lage mat."
AGREED = "Stille etter klokka 23."


def talk(walk: Walk, side: str, words: str) -> None:
    """Add a party and a talk with it, and come back to the case."""
    walk.press("Legg til part")
    walk.say("Side", side)
    walk.press("Ferdig")
    walk.tap(walk.entry(f"Part: {side}"))
    walk.press("Legg til samtale med part")
    walk.write("Hva ble sagt?", words)
    walk.say("Vil møtes?", "Ja")
    walk.press("Ferdig")
    expect(walk.entry("Samtale med part")).to_be_visible()
    walk.press("Tilbake")


def meet_and_agree(walk: Walk, looks: Looks) -> None:
    """The dialogue meeting by its checklist, and what came of it."""
    walk.press("Legg til dialogmøte")
    walk.page.get_by_role("button", name="Alt gjort").first.click()
    told = walk.page.get_by_role("group", name="Begge har fått fortalt sitt")
    told.get_by_text("Gjort", exact=True).click()
    looks.at(walk.page, "dialogmote", large=True)
    walk.press("Ferdig")
    walk.press("Legg til naboavtale")
    walk.write("Hva er avtalt?", AGREED)
    for side in ("A", "B"):
        walk.say("Hvem sa ja?", side)
    walk.press("Ferdig")


def test_a_conflict_is_walked_to_its_end_offline_and_each_party_stands_alone(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    kari.to("Nabokonflikt")
    kari.press("Ny: nabokonflikt")
    kari.write("Kort om saken, uten navn", CASE)
    kari.say("Hvem jobber med saken?", NAMES["amir"])
    kari.press("Ferdig")
    kari.tap(kari.entry(CASE))
    talk(kari, "A", SAID_A)
    expect(kari.page.get_by_text(SAID_A)).to_have_count(0)
    meet_and_agree(kari, looks)
    kari.tap(kari.entry("Naboavtale"))
    looks.at(kari.page, "naboavtale")
    expect(kari.page.get_by_role("heading", name="Holder avtalen?")).to_be_visible()
    kari.press("Ja")
    expect(kari.page.get_by_role("heading", name="Holder avtalen nå?")).to_be_visible()
    kari.who.expect_written()
    kari.who.phone.kill()
    kari.who.wake()
    kari.to("Nabokonflikt")
    kari.tap(kari.entry(CASE))
    looks.at(kari.page, "sak-med-alt")
    kari.press("Endre")
    dialog = kari.page.get_by_role("dialog")
    dialog.get_by_text("Avsluttet", exact=True).click()
    dialog.get_by_text("Løst", exact=True).click()
    looks.at(kari.page, "sak-avsluttes")
    dialog.get_by_role("button", name="Lagre", exact=True).click()
    wire.mend()
    wait_until(lambda: stored(database, "conflict_agreement"), "the office has the agreement")
    closed = "the case is closed"
    wait_until(lambda: ended(database), closed)
    (meeting,) = stored(database, "dialogue_meeting").values()
    assert meeting["checks/DIALOG-01"] == "done" and meeting["checks/DIALOG-05"] == "done"
    (agreement,) = stored(database, "conflict_agreement").values()
    assert agreement["first_holds"] == "yes" and agreement["words"] == AGREED

    amir = Walk(field_worker("amir").begin())
    amir.to("Nabokonflikt")
    amir.page.get_by_text("1 avsluttet").click()
    amir.tap(amir.entry(CASE))
    expect(amir.entry("Dialogmøte")).to_be_visible()
    expect(amir.page.get_by_text("Part: A")).to_have_count(0)
    talk(amir, "B", SAID_B)
    wait_until(lambda: len(stored(database, "party_talk")) == 2, "the office has both talks")
    kari.who.phone.kill()
    kari.who.wake()
    kari.to("Nabokonflikt")
    kari.page.get_by_text("1 avsluttet").click()
    kari.tap(kari.entry(CASE))
    expect(kari.entry("Part: A")).to_be_visible()
    expect(kari.page.get_by_text("Part: B")).to_have_count(0)
    assert looks.amiss == []


def test_what_a_party_said_leaves_the_phone_at_midnight_and_the_item_stays(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin())
    kari.to("Nabokonflikt")
    kari.press("Ny: nabokonflikt")
    kari.write("Kort om saken, uten navn", CASE)
    kari.press("Ferdig")
    kari.tap(kari.entry(CASE))
    talk(kari, "A", SAID_A)
    handed_in = "the talk is handed in"
    wait_until(lambda: submitted(database), handed_in)
    kari.tap(kari.entry("Part: A"))
    kari.tap(kari.entry("Samtale med part"))
    expect(kari.page.get_by_text(SAID_A)).to_be_visible()
    kari.who.expect_all_received()
    kari.who.expect_written()
    kari.who.phone.kill()
    kari.who.phone.clock = datetime.now(UTC) + timedelta(days=1)
    kari.who.wake()
    kari.to("Nabokonflikt")
    kari.tap(kari.entry(CASE))
    kari.tap(kari.entry("Part: A"))
    kari.tap(kari.entry("Samtale med part"))
    expect(kari.page.get_by_text("Det som ble sagt, er hos kontoret.")).to_be_visible()
    expect(kari.page.get_by_text(SAID_A)).to_have_count(0)
    looks.at(kari.page, "samtale-etter-midnatt", large=True)
    kari.press("Rett")
    expect(kari.page.get_by_label("Hva ble sagt?")).to_have_count(0)
    (said,) = stored(database, "party_talk").values()
    assert said["words"] == SAID_A, "the office still has it"
    assert looks.amiss == []


def test_a_complaint_becomes_a_case_with_one_tap_and_its_words_stand_in_no_list(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    kari.to("Nabokonflikt")
    kari.press("Ny: bomiljøklage")
    kari.page.get_by_label("Hva gjelder det?").select_option(label="Bråk")
    kari.write("Hva skjedde, og når?", SAID_A)
    kari.say("Hvor åpent er det?", "Anonym")
    looks.at(kari.page, "klage-ny", large=True)
    kari.press("Ferdig")
    expect(kari.page.get_by_text(SAID_A)).to_have_count(0)
    kari.tap(kari.entry("Bomiljøklage: Bråk"))
    kari.press("Bekreftet")
    kari.press("Lag nabokonflikt av klagen")
    expect(kari.page.get_by_role("heading", name="Bråk", level=1)).to_be_visible()
    expect(kari.entry("Bomiljøklage: Bråk")).to_be_visible()
    wire.mend()
    wait_until(lambda: linked(database), "the office has the complaint in its case")
    assert looks.amiss == []


def test_who_complained_is_behind_a_tap_and_who_is_anonymous_is_kept_nowhere(
    wire: Wire, database: Database, field_worker: People, looks: Looks
) -> None:
    street(database)
    kari = Walk(field_worker("kari").begin().ready())
    wire.cut()
    kari.to("Nabokonflikt")
    kari.press("Ny: bomiljøklage")
    kari.page.get_by_label("Hva gjelder det?").select_option(label="Bråk")
    kari.write("Hva skjedde, og når?", SAID_A)
    kari.say("Hvor åpent er det?", "Vi vet hvem, andre skal ikke vite")
    kari.write("Den som klager", WHO)
    kari.press("Ferdig")
    kari.tap(kari.entry("Bomiljøklage: Bråk"))
    name = kari.page.get_by_text(WHO)
    expect(kari.page.get_by_role("button", name="Fortrolig. Vis den som klager")).to_be_visible()
    expect(name).to_have_count(0)
    looks.at(kari.page, "klage-fortrolig", large=True)
    kari.press("Fortrolig. Vis den som klager")
    expect(name).to_be_visible()
    kari.press("Rett")
    field = kari.page.get_by_label("Den som klager", exact=True)
    expect(field).to_have_value(WHO)
    kari.say("Hvor åpent er det?", "Anonym")
    expect(field).to_have_count(0)
    kari.press("Angre")
    expect(field).to_have_value(WHO)
    kari.say("Hvor åpent er det?", "Anonym")
    kari.press("Ferdig")
    wire.mend()
    wait_until(lambda: says(database, "anonymous"), "the office has the complaint")
    (complaint,) = stored(database, "complaint").values()
    assert "complainant" not in complaint
    assert looks.amiss == []


def says(database: Database, disclosure: str) -> bool:
    """Does the one complaint say how openly?"""
    return any(
        one.get("disclosure") == disclosure for one in stored(database, "complaint").values()
    )


def ended(database: Database) -> bool:
    """Is the one case closed, with how it went?"""
    (case,) = stored(database, "conflict_case").values()
    return state_of(case, "handling") == "closed" and case.get("outcome") == "solved"


def submitted(database: Database) -> bool:
    """Is the one talk handed in?"""
    talks = list(stored(database, "party_talk").values())
    return bool(talks) and state_of(talks[0], "status") == "submitted"


def linked(database: Database) -> bool:
    """Does the one complaint stand in the one case, acknowledged?"""
    cases, complaints = stored(database, "conflict_case"), stored(database, "complaint")
    return bool(cases) and any(
        one.get("case") in cases and one.get("acknowledged_on") for one in complaints.values()
    )
