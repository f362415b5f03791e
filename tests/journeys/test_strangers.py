"""«Flyttet / feil person»: what is about the tenant goes from every page a stranger can see."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from server.shapes import Json, write_instant
from sync.mutation import one_per_id
from tests.journeys.kept import is_sent, kept
from tests.journeys.looks import Looks
from tests.journeys.people import FieldWorker
from tests.journeys.stage import wait_until
from tests.journeys.town import HOME, lives, take_on, tenancy_of, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

ADDRESS, TENANT = "Storgata 12", "Eksempel Leietaker"
TALK, ANYWAY = "Vi snakket om regningene.", "Vis likevel – bare jeg ser skjermen"
CALLED, ASKED, WHO = "Ringte om strømmen.", "Hvem ringte først?", "Var det ved døra?"
CASE, PURPOSE, BEGAN = "Restansesak", "Innflytting", "Leieforholdet begynte"


def in_arrears(database: Database) -> None:
    """The household is behind with the rent, and Kari is among those who follow it up."""
    now = datetime.now(UTC)
    whose: dict[str, Json] = {"dwelling": HOME, "tenancy": tenancy_of(HOME)}
    case: dict[str, Json] = {**whose, "noticed_on": today_of(now).isoformat()}
    team: dict[str, Json] = {f"team/{USERS['kari']}": True}
    named = mutation("tenancy", tenancy_of(HOME), team, op="patch", author="lise", now=now)
    write(database, [named, mutation("arrears_case", new_id(), case, author="lise", now=now)], now)


def talked_before(database: Database) -> None:
    """Kari talked with the household on the day it moved in, and has handed that in."""
    now = datetime.now(UTC)
    visit, done = new_id(), {"state": "submitted", "by": USERS["kari"], "at": write_instant(now)}
    held: dict[str, Json] = {
        "dwelling": HOME,
        "purpose": "follow_up",
        "outcome": "completed",
        "visited_on": (today_of(now) - timedelta(days=1)).isoformat(),
        "status": done,
    }
    said: dict[str, Json] = {
        "visit": visit,
        "dwelling": HOME,
        "tenancy": tenancy_of(HOME),
        "summary": TALK,
        "status": done,
    }
    made = (("visit", visit, held), ("conversation", one_per_id("conversation", [visit]), said))
    write(database, [mutation(*one, author="kari", now=now) for one in made], now)


def sent_back(database: Database) -> None:
    """A visit of Kari's and a talk on the telephone are sent back to her, each with a question."""
    talked_before(database)
    now, talk = datetime.now(UTC), new_id()
    whose: dict[str, Json] = {"dwelling": HOME, "tenancy": tenancy_of(HOME), "channel": "phone"}
    done: Json = {"state": "submitted", "by": USERS["kari"], "at": write_instant(now)}
    said: dict[str, Json] = {**whose, "summary": CALLED, "status": done}
    write(database, [mutation("conversation", talk, said, author="kari", now=now)], now)
    take_on(database, "conversation", talk, "returned", {"summary": ASKED})
    [visit] = [one for one in kept(database, "conversation") if "visit" in one]
    take_on(database, "visit", str(visit["visit"]), "returned", {"outcome": WHO})


def test_a_stranger_at_the_door_hides_the_tenant_in_the_home_and_in_the_search_too(
    wire: Wire, field_worker: Callable[..., FieldWorker], database: Database, shots: Path
) -> None:
    looks = Looks(shots)
    in_arrears(database)
    talked_before(database)
    kari = field_worker("kari").begin().ready()
    page, main = kari.page, kari.page.locator("main")
    wire.cut()
    kari.go("Boliger")
    page.get_by_role("button", name=ADDRESS).first.click()
    for words in (TENANT, CASE, PURPOSE):
        expect(main.get_by_text(words).first).to_be_visible()
    kari.back()
    kari.go("Søk")
    page.locator("input").first.fill(TENANT)
    expect(main.get_by_text(TENANT).first).to_be_visible()
    kari.go("I dag")
    kari.start_visit(ADDRESS)
    page.get_by_role("button", name="Flyttet / feil person").click()
    kari.expect_saved()
    kari.back()
    kari.go("Boliger")
    page.get_by_role("button", name=ADDRESS).first.click()
    expect(main.get_by_text("Opplysningene om leietakeren er skjult")).to_be_visible()
    for words in (TENANT, CASE, PURPOSE, BEGAN):
        expect(main.get_by_text(words)).to_have_count(0)
    main.get_by_role("button", name="Hjemmebesøk").filter(has_text="Gjennomført").click()
    expect(main.get_by_text("Opplysningene om leietakeren er skjult")).to_be_visible()
    expect(main.get_by_text("Gjennomført")).to_be_visible()
    looks.at(page, "skjult-besok", large=True)
    for words in (TALK, TENANT):
        expect(main.get_by_text(words)).to_have_count(0)
    main.get_by_role("button", name=ANYWAY).click()
    expect(main.get_by_text(TALK)).to_be_visible()
    kari.back()
    kari.back()
    kari.go("Søk")
    page.locator("input").first.fill(TENANT)
    expect(main.get_by_text("Ingen treff på")).to_be_visible()
    kari.go("I dag")
    kari.go_on(ADDRESS)
    page.get_by_label("Hvordan gikk det?").select_option(label="Gjennomført")
    expect(main.get_by_text(TENANT).first).to_be_visible()
    assert looks.amiss == []


def test_a_stranger_at_the_door_hides_what_was_sent_back_and_a_talk_by_itself(
    field_worker: Callable[..., FieldWorker], database: Database, shots: Path
) -> None:
    looks = Looks(shots)
    sent_back(database)
    kari = field_worker("kari").begin().ready()
    page, main = kari.page, kari.page.locator("main")
    told, back = (ASKED, WHO, "Oppfølging"), main.get_by_role("button", name="2 er sendt tilbake")
    back.click()
    for words in told:
        expect(main.get_by_text(words)).to_be_visible()
    kari.back()
    kari.start_visit(ADDRESS)
    page.get_by_role("button", name="Flyttet / feil person").click()
    kari.expect_saved()
    kari.back()
    back.click()
    expect(main.get_by_role("button", name=ANYWAY)).to_have_count(2)
    for words in told:
        expect(main.get_by_text(words)).to_have_count(0)
    looks.at(page, "skjult-sendt-tilbake", large=True)
    talk = main.get_by_role("listitem").filter(has_text="Samtale")
    talk.get_by_role("button", name="Rett").click()
    expect(page.get_by_role("heading", name=ADDRESS)).to_be_visible()
    expect(main.get_by_text("Opplysningene om leietakeren er skjult")).to_be_visible()
    for words in (CALLED, ASKED):
        expect(page.get_by_text(words)).to_have_count(0)
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_role("button", name="Ferdig")).to_have_count(0)
    looks.at(page, "skjult-samtale", large=True)
    main.get_by_role("button", name=ANYWAY).click()
    expect(kari.box("Oppsummering")).to_have_value(CALLED)
    expect(main.get_by_text(ASKED)).to_be_visible()
    kari.back()
    expect(main.get_by_role("button", name=ANYWAY)).to_have_count(2)
    talk.get_by_role("button", name=ANYWAY).click()
    expect(talk.get_by_text(ASKED)).to_be_visible()
    expect(main.get_by_role("button", name=ANYWAY)).to_have_count(1)
    for words in (WHO, "Oppfølging"):
        expect(main.get_by_text(words)).to_have_count(0)
    assert looks.amiss == []


def test_a_stranger_is_asked_for_nothing_that_is_hidden_and_the_rest_waits_for_whoever_is_alone(
    field_worker: Callable[..., FieldWorker], database: Database
) -> None:
    now, home, address = datetime.now(UTC), new_id(0xD77), "Ny gate 7"
    here: dict[str, Json] = {"area": new_id(0xA1), "address": address}
    made = [mutation("dwelling", home, here, author="lise", now=now), *lives(home, TENANT, now)]
    write(database, made, now)
    kari = field_worker("kari").begin().ready()
    page, lacks = kari.page, kari.page.get_by_role("dialog")
    kari.go("Boliger")
    page.get_by_role("button", name=address).first.click()
    page.get_by_role("button", name="Start besøk").click()
    kari.choose("Hva gjelder det?", PURPOSE)
    kari.tick("Ingen synlig fukt", "Avvik")
    page.get_by_text("Hva det gjelder, dato og adgang").click()
    kari.choose("Hva gjelder det?", "Ikke svart")
    page.get_by_role("button", name="Legg til en avtale").click()
    page.get_by_role("group", name="Hvem gjør det?").get_by_text("Leietakeren").click()
    page.get_by_role("button", name="Flyttet / feil person").click()
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(lacks.get_by_text("1 felt må fylles ut")).to_be_visible()
    lacks.get_by_role("button", name="Hva gjelder det?").click()
    kari.choose("Hva gjelder det?", PURPOSE)
    expect(page.get_by_label("Hva gjelder det?")).to_be_visible()
    kari.finish()
    kari.go("Meg")

    def states() -> dict[str, list[bool]]:
        kinds = ("visit", "checklist_run", "agreement", "deviation")
        return {kind: [is_sent(one) for one in kept(database, kind)] for kind in kinds}

    parts = {"agreement": [False], "deviation": [False]}
    handed_in = {"visit": [True], "checklist_run": [True]}
    wait_until(lambda: states() == {**handed_in, **parts}, lambda: f"in its place: {states()}")
    kari.go("I dag")
    expect(page.get_by_text("Noe du skrev, er ikke sendt inn")).to_be_visible()
    kari.go_on(address)
    expect(page.get_by_text("Noe du skrev, venter fortsatt her.")).to_be_visible()
    page.get_by_role("button", name="Rett", exact=True).click()
    expect(page.get_by_label("Hva er avtalt?")).to_have_count(0)
    page.get_by_role("button", name=ANYWAY).click()
    page.get_by_role("button", name="Ferdig", exact=True).click()
    expect(lacks.get_by_text("2 felt må fylles ut")).to_be_visible()
    lacks.get_by_role("button", name="Hva er avtalt?").click()
    kari.box("Hva er avtalt?").fill("Nøkkelen leveres på kontoret.")
    kari.box("Hva er galt?").fill("Fukt bak skapet.")
    kari.finish()
    kari.go("Meg")
    parts = {"agreement": [True], "deviation": [True]}
    wait_until(lambda: states() == {**handed_in, **parts}, lambda: f"in its place: {states()}")
