"""The move-in visit, whole: counted taps, no coverage, a kill, Ferdig, and who sees what of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import select

from server.access import Actor, all_areas, scopes, today_of
from server.database import Database
from server.records.record import Envelope, ScopeMember
from server.roles import Role
from server.shapes import Json
from tests.journeys.custody import states, wait_until
from tests.journeys.kept import is_sent, kept, sent
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.thumb import (
    AGREED,
    HOUSE,
    MOLD,
    SECTIONS,
    Thumb,
    agree_and_end,
    begin_and_answer,
)
from tests.journeys.town import HOME, tenancy_of, write
from tests.journeys.wire import Wire
from tests.makers import USERS, mutation

TAPS_MAX = 25
POINTS = 23
TALKED = "Trives, og vil gjerne ha mer lys i gangen."
PERSONAL = {
    "visit",
    "planned_visit",
    "checklist_run",
    "conversation",
    "agreement",
    "assistance",
    "tenancy",
    "contact",
}
PARTS = {
    "visit": 1,
    "conversation": 1,
    "agreement": 1,
    "assistance": 1,
    "deviation": 2,
    "checklist_run": 4,
}
NOT_THERE = "noe det viser til, er ikke kommet fram"
People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]


def handed_in(database: Database) -> dict[str, int]:
    """How many of each part of a visit there are, where all have been handed in."""
    return {
        kind: len(sent(database, kind))
        for kind in PARTS
        if len(sent(database, kind)) == len(kept(database, kind))
    }


def planned(database: Database) -> list[dict[str, Json]]:
    """The agreed visits in the house."""
    return [plan for plan in kept(database, "planned_visit") if plan["dwelling"] == HOME]


def seen_by_landlord(database: Database) -> set[str]:
    """The kinds that Eva's feed carries."""
    with database.reading() as session:
        eva = Actor(USERS["eva"], ((Role.LANDLORD, None),))
        mine = scopes(eva, today_of(datetime.now(UTC)), all_areas(session))
        rows = session.scalars(
            select(Envelope.kind)
            .join(ScopeMember, ScopeMember.id == Envelope.id)
            .where(ScopeMember.scope.in_(mine), ScopeMember.present)
        )
        return set(rows)


def test_a_whole_move_in_visit_without_coverage_in_few_taps(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(HOUSE)).to_be_visible()
    wire.cut()
    thumb = Thumb(kari)
    begin_and_answer(thumb)
    for section, points in zip(SECTIONS, (6, 4, 5, 4, 4), strict=True):
        expect(thumb.section(section).get_by_text(f"{points} av {points}")).to_be_visible()
    kari.expect_saved()
    kari.phone.kill()

    kari.wake()
    kari.go_on(HOUSE)
    expect(kari.page.get_by_role("textbox", name="Hva er galt?").first).to_have_value(MOLD)
    agree_and_end(thumb)
    promised_on = take_on_what_was_agreed(kari)
    kari.box("Oppsummering").fill(TALKED)
    kari.expect_saved()
    thumb.press("Ferdig")
    assert thumb.taps <= TAPS_MAX, thumb.taps
    expect(kari.page.get_by_role("heading", name="I dag", exact=True)).to_be_visible()
    kari.page.get_by_role("button", name="Meg").click()
    assert kept(database, "visit") == kept(database, "assignment") == []

    wire.mend()
    kari.expect_all_received()
    wait_until(lambda: handed_in(database) == PARTS, "every part is handed in")
    answers = [
        path
        for run in kept(database, "checklist_run")
        for path in run
        if path.startswith("answers/NYVRI1")
    ]
    assert len(answers) == POINTS
    wait_until(
        lambda: (
            {plan["purpose"]: plan.get("done") for plan in planned(database)}
            == {"move_in": True, "follow_up": None}
        ),
        "the visit is paid and the next one agreed",
    )

    ingrid = desk("ingrid").begin()
    ingrid.open_visit(HOUSE)
    for words in (TALKED, AGREED, "Råd", "Rømningsveien ut av boligen"):
        expect(ingrid.page.get_by_role("article").get_by_text(words).first).to_be_visible()
    (job,) = kept(database, "assignment")
    assert (job["words"], job["dwelling"], job["due_on"]) == (AGREED, HOME, promised_on)
    ingrid.go("Planlegger")
    line = ingrid.page.locator("a[data-line]").filter(has_text=HOUSE).filter(has_text="Oppdrag")
    line.click()
    expect(ingrid.page.get_by_text(AGREED).first).to_be_visible()
    assert "deviation" in seen_by_landlord(database)
    assert not any("item" in one for one in kept(database, "deviation")), "it names no visit's list"
    assert not seen_by_landlord(database) & PERSONAL


def take_on_what_was_agreed(kari: FieldWorker) -> str:
    """What the two are to do together becomes a job of ours, by its day."""
    promised_on = f"{today_of(datetime.now(UTC)) + timedelta(days=3)}"
    agreements = kari.page.get_by_role("region", name="Avtaler")
    kari.tick("Hvem gjør det?", "Sammen")
    agreements.get_by_label("Innen").fill(promised_on)
    agreements.get_by_role("button", name="Lag oppdrag").click()
    expect(kari.page.get_by_text("Oppdraget er laget. Alle som jobber i området")).to_be_visible()
    expect(agreements.get_by_role("button", name="Åpne oppdraget")).to_be_visible()
    expect(agreements.get_by_role("button", name="Lag oppdrag")).to_have_count(0)
    return promised_on


def test_a_visit_whose_tenancy_ended_meanwhile_is_split(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    kari = field_worker("kari").begin()
    expect(kari.card(HOUSE)).to_be_visible()
    wire.cut()
    begin_and_answer(Thumb(kari))
    kari.box("Oppsummering").fill(TALKED)
    kari.expect_saved()
    kari.finish()
    kari.page.get_by_role("button", name="Meg").click()
    end_tenancy(database)
    wire.mend()
    kari.sync()

    wait_until(lambda: [is_sent(one) for one in kept(database, "visit")] == [True], "the visit")
    wait_until(lambda: len(sent(database, "deviation")) == 2, "what was found")
    wait_until(lambda: ("held", "ref") in states(database), "the talk is held")
    assert {run["subject"] for run in kept(database, "checklist_run")} == {"dwelling", "building"}
    assert kept(database, "conversation") == []
    kari.page.get_by_role("button", name="Åpne Utboks").click()
    expect(kari.page.get_by_text(NOT_THERE).first).to_be_visible()
    ingrid = desk("ingrid").begin()
    ingrid.go("Kan ikke brukes ennå")
    expect(ingrid.page.get_by_text(TALKED).first).to_be_visible()
    assert not seen_by_landlord(database) & PERSONAL


def end_tenancy(database: Database) -> None:
    """The office ends the tenancy in the house."""
    now = datetime.now(UTC)
    id = tenancy_of(HOME)
    with database.reading() as session:
        seq = session.get_one(Envelope, id).seq
    ended = mutation(
        "tenancy", id, {"ended": True}, author="lise", op="patch", seen={"ended": (None, seq)}
    )
    write(database, [ended], now)
