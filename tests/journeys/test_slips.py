"""What slips in a day: a clock that is wrong, a login that ended, a home that was the wrong one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect
from sqlalchemy import delete, text

from server.access import HERE
from server.database import Database
from server.people import LoginSession
from server.shapes import read_instant
from tests.journeys import town
from tests.journeys.birkegata import stored
from tests.journeys.custody import states, wait_until
from tests.journeys.kept import kept, sent
from tests.journeys.people import FieldWorker
from tests.journeys.thumb import HOUSE
from tests.journeys.wire import Wire

People = Callable[[str], FieldWorker]
WHERE, RIGHT = "Storgata 12", "Kongens gate 12"
FAULT, SAID = "Låsen er treg.", "Skrevet etter at innloggingen var over."


def two_hours() -> timedelta:
    """How far a clock is off now, so that it is the same day on both."""
    return timedelta(hours=2 if datetime.now(HERE).hour < 21 else -2)


def said(database: Database) -> list[object]:
    """What was written of talks, as the office has it."""
    return [one.get("summary") for one in kept(database, "conversation")]


def test_a_clock_that_is_two_hours_off_is_told_with_the_right_time_and_holds_nothing_up(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari, off = field_worker("kari"), two_hours()
    kari.phone.clock = datetime.now(UTC) + off
    kari.begin().ready()
    told = kari.page.get_by_text("Klokka på telefonen viser")
    expect(told).to_be_visible()
    shown, right = re.findall(r"\d\d\.\d\d", told.inner_text())
    now = datetime.now(HERE)
    assert right in {f"{now - timedelta(minutes=back):%H.%M}" for back in range(3)}
    assert shown in {f"{now + off - timedelta(minutes=back):%H.%M}" for back in range(3)}
    kari.start_visit(HOUSE)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.page.get_by_role("button", name="Ba om hjelp").click()
    kari.expect_saved()
    kari.finish()
    wait_until(lambda: stored(database, "assistance_request"), "it is at the office")
    (asked,) = stored(database, "assistance_request").values()
    raw = read_instant(str(asked["asked_at"]))
    late = datetime.now(UTC) + off - raw
    assert abs(late) < abs(off) / 2, "what the phone's own clock said is kept"
    assert {state for state, _ in states(database)} == {"applied"}


def test_a_login_that_ended_without_a_network_stops_no_words_and_brings_no_news(
    wire: Wire, field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin().ready()
    wire.cut()
    with database.writing() as session:
        session.execute(delete(LoginSession))
    kari.start_visit(HOUSE)
    kari.box("Oppsummering").fill(SAID)
    kari.expect_saved()
    kari.back()
    town.many(database, 2)
    wire.mend()
    kari.sync()
    expect(kari.page.get_by_text("Du er logget ut fordi det har gått lang tid.")).to_be_visible()
    wait_until(lambda: said(database) == [SAID], "the words have come, sealed")
    with database.reading() as session:
        sealed = session.execute(text("SELECT DISTINCT sealed FROM mutation WHERE n IS NOT NULL"))
        assert [bool(row[0]) for row in sealed] == [True]
    expect(kari.card("Lang vei 2")).to_have_count(0)
    kari.log_in_again()
    expect(kari.card("Lang vei 2")).to_be_visible()


def test_a_fault_that_was_written_on_the_wrong_home_is_moved_before_it_is_handed_in(
    field_worker: People, database: Database
) -> None:
    kari = field_worker("kari").begin().ready()
    kari.go("Boliger")
    kari.page.get_by_role("button", name=WHERE).first.click()
    kari.page.get_by_role("button", name="Meld avvik").click()
    kari.box("Hva er galt?").fill(FAULT)
    kari.expect_saved()
    kari.page.get_by_role("button", name="Endre", exact=True).click()
    kari.page.get_by_role("button", name=RIGHT).first.click()
    kari.page.get_by_role("button", name="Meld avvik", exact=True).click()
    kari.go("I dag")
    wait_until(lambda: sent(database, "deviation"), "it is handed in")
    (fault,) = kept(database, "deviation")
    assert (fault["words"], fault["dwelling"]) == (FAULT, town.HOME_LATER)
