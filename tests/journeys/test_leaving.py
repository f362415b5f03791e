"""What leaves a phone when a case or a household is somebody's no more, and what stays there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import expect

from server.access import today_of
from server.database import Database
from server.records.record import Envelope
from server.shapes import Json, write_instant
from tests.journeys.custody import all_judged, mutations, states, wait_until
from tests.journeys.january import CASE, TITLE, morning
from tests.journeys.kept import kept
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.programme_walks import Walk
from tests.journeys.test_held import NO_ACCESS
from tests.journeys.test_strangers import ADDRESS, TALK, TENANT, talked_before
from tests.journeys.test_visit import end_tenancy
from tests.journeys.town import HOME, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation, new_id

People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]
WINDOW = "Vinduet på soverommet lar seg ikke lukke."
UNSENT = "Kari tar med referatet."


def leaves_the_team(database: Database, name: str) -> None:
    """The leader takes somebody out of the case's team."""
    now = datetime.now(UTC)
    with database.reading() as session:
        seen = (True, session.get_one(Envelope, CASE).seq)
    path = f"team/{USERS[name]}"
    out: dict[str, Json] = {path: None}
    gone = mutation("conflict_case", CASE, out, author="lise", op="patch", seen={path: seen})
    write(database, [gone], now)


def found_before(database: Database) -> None:
    """A fault that Kari found in the home and handed in."""
    now = datetime.now(UTC)
    fault: dict[str, Json] = {
        "dwelling": HOME,
        "words": WINDOW,
        "severity": "medium",
        "responsible": "landlord",
        "found_on": f"{today_of(now)}",
        "found_by": USERS["kari"],
        "status": {"state": "submitted", "by": USERS["kari"], "at": write_instant(now)},
    }
    write(database, [mutation("deviation", new_id(), fault, author="kari", now=now)], now)


def to_the_cases(kari: FieldWorker) -> Walk:
    """From wherever the thumb is to the conflicts that this phone holds."""
    kari.to_today()
    walk = Walk(kari)
    walk.to("Nabokonflikt")
    expect(kari.page.get_by_role("heading", name="Nabokonflikt", level=1)).to_be_visible()
    return walk


def test_a_case_leaves_the_phone_of_who_left_its_team_and_what_was_unsent_is_kept(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    morning(database)
    kari = field_worker("kari").begin().ready()
    walk = to_the_cases(kari)
    wire.cut()
    walk.tap(walk.entry(TITLE))
    walk.tap(walk.entry("Dialogmøte"))
    walk.press("Rett")
    walk.write("Hva kom dere fram til?", UNSENT)
    kari.expect_saved()
    walk.press("Ferdig")
    kari.to_today()
    leaves_the_team(database, "kari")
    assert mutations(database) == 0, "nothing of it has come"
    wire.mend()
    kari.sync()

    wait_until(lambda: all_judged(database, 1), "what was unsent is judged")
    assert set(states(database)) == {("held", "access")}
    to_the_cases(kari)
    expect(kari.page.get_by_text(TITLE)).to_have_count(0)
    kari.to_today()
    kari.open_outbox()
    expect(kari.page.get_by_text(NO_ACCESS).first).to_be_visible()
    lise, ingrid = desk("lise").begin(), desk("ingrid").begin()
    lise.go("Kan ikke brukes ennå")
    expect(lise.page.get_by_text(UNSENT)).to_be_visible()
    ingrid.go("Kan ikke brukes ennå")
    expect(ingrid.page.get_by_text("Ingenting venter på deg.")).to_be_visible()


def test_a_homes_history_stays_when_its_tenancy_has_ended_and_what_is_the_tenants_goes(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    talked_before(database)
    found_before(database)
    kari = field_worker("kari").begin().ready()
    main = kari.page.locator("main")
    kari.go("Boliger")
    kari.page.get_by_role("button", name=ADDRESS).first.click()
    visit = main.get_by_role("button", name="Oppfølging").filter(has_text="Gjennomført")
    for there in (main.get_by_text(TENANT), main.get_by_text(WINDOW), visit):
        expect(there.first).to_be_visible()
    end_tenancy(database)
    kari.sync()
    expect(main.get_by_text(TENANT)).to_have_count(0)
    for there in (main.get_by_text(WINDOW), visit):
        expect(there.first).to_be_visible()
    visit.first.click()
    expect(main.get_by_text("Gjennomført").first).to_be_visible()
    expect(main.get_by_text(TALK)).to_have_count(0)

    ingrid, eva = desk("ingrid").begin(), desk("eva").begin()
    for one in (ingrid, eva):
        one.page.goto(one.page.url.partition("/office")[0] + f"/office/dwellings/{HOME}")
        expect(one.page.get_by_text(WINDOW).first).to_be_visible()
    expect(ingrid.page.get_by_role("link", name="Hjemmebesøk").first).to_be_visible()
    expect(eva.page.get_by_role("link", name="Hjemmebesøk")).to_have_count(0)
    assert len(kept(database, "conversation")) == 1, "it is the office's still"
