"""What the server cannot use is kept and told, on the phone and in the office; the rest goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from playwright.sync_api import expect
from sqlalchemy import text

from server.database import Database
from tests.journeys import town
from tests.journeys.custody import all_judged, states, wait_until
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.wire import Wire
from tests.makers import AREA_EAST, AREA_WEST

People = Callable[[str], FieldWorker]
Desks = Callable[[str], Desk]
HOME = "Storgata 12"
NO_ACCESS = "du har ikke tilgang lenger"
NOT_THERE = "noe det viser til, er ikke kommet fram"


def test_access_withdrawn_offline_takes_the_data_and_keeps_the_work(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    town.work_in_west_too(database)
    kari = field_worker("kari").begin()
    kari.start_visit(HOME)
    kari.choose("Hvordan gikk det?", "Gjennomført")
    kari.expect_saved()
    kari.back()
    kari.expect_all_received()
    wire.cut()
    kari.go_on(HOME)
    kari.choose("Hvordan gikk det?", "Snakket i døra")
    kari.expect_saved()
    kari.back()
    town.work_only_in(database, AREA_WEST)
    wire.mend()
    kari.sync()

    wait_until(lambda: ("held", "access") in states(database), "the edit is held")
    expect(kari.card(HOME)).to_have_count(0)
    kari.open_outbox()
    expect(kari.page.get_by_text(NO_ACCESS).first).to_be_visible()
    kari.back()
    kari.go("Boliger")
    expect(kari.page.get_by_text("Vestre vei 3").first).to_be_visible()
    expect(kari.page.get_by_text(HOME)).to_have_count(0)

    ingrid = desk("ingrid").begin()
    ingrid.go("Kan ikke brukes ennå")
    expect(ingrid.page.get_by_text("Snakket i døra").first).to_be_visible()
    expect(ingrid.page.get_by_text("Kari").first).to_be_visible()


def test_one_that_cannot_be_used_among_fifty_stops_none_of_the_others(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    town.work_in_west_too(database)
    town.many(database, 50)
    kari = field_worker("kari").begin()
    expect(kari.card("Lang vei 50")).to_be_visible()
    wire.cut()
    for number in range(1, 51):
        kari.nobody_home(f"Lang vei {number}")
    town.work_only_in(database, AREA_EAST)
    wire.mend()
    kari.sync()
    wait_until(lambda: all_judged(database, 50), "all are judged")
    # A home that is forbidden and one that does not exist are told alike.
    assert Counter(states(database)) == {("applied", None): 49, ("held", "ref"): 1}
    kari.open_outbox()
    expect(kari.page.get_by_text(NOT_THERE)).to_have_count(1)
    ingrid = desk("ingrid").begin()
    ingrid.go("Kan ikke brukes ennå")
    expect(ingrid.page.get_by_role("article")).to_have_count(1)


def test_what_breaks_the_judge_is_held_as_our_fault_and_the_rest_goes_on(
    wire: Wire, field_worker: People, desk: Desks, database: Database
) -> None:
    home = town.many(database, 4)[2]
    kari = field_worker("kari").begin()
    expect(kari.card("Lang vei 4")).to_be_visible()
    wire.cut()
    damage(database, home)
    for number in (2, 3, 4):
        kari.nobody_home(f"Lang vei {number}")
    wire.mend()
    kari.sync()
    wait_until(lambda: all_judged(database, 3), "all are judged")
    assert Counter(states(database)) == {("applied", None): 2, ("held", "fault"): 1}
    kari.open_outbox()
    expect(kari.page.get_by_text("det er en feil hos oss").first).to_be_visible()


def damage(database: Database, record: str) -> None:
    """Spoil what the server remembers of a record, as a broken disk would."""
    with database.writing() as session:
        session.execute(
            text("UPDATE record SET versions = :bad WHERE id = :id"),
            {"bad": b"\x00 spoiled", "id": record},
        )
