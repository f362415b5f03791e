"""What the form of a new record asks for, what it takes as given, and what it makes of both."""

from __future__ import annotations

import pytest

from server.database import Database
from server.demo.municipality import NORTH, SOUTH
from server.ledger import of_record
from server.people import grant
from server.roles import Role
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.reader import Page
from tests.office.test_cases import day
from tests.office.test_events import an_event
from tests.office.test_new_plans import AWAY, HOME, JOB, KARI, VISIT
from tests.office.test_pages import ids


def asked(page: Page) -> set[str]:
    """The names of what a form asks for, without their keys."""
    assert page.status == 200, page.words
    names = {given.get("name", "").partition("/")[0] for _, given in page.controls}
    return {name for name in names if "|" not in name} - {"form", "csrf"}


@pytest.mark.parametrize(
    ("way", "wanted", "unwanted"),
    [
        (VISIT, {"dwelling", "planned_on"}, {"series", "rule", "confided", "done", "cancelled"}),
        (
            f"/office/new/deviation?dwelling={HOME.id}",
            {"words"},
            {"due_on", "work_order", "cost", "cause"},
        ),
    ],
)
def test_what_is_said_later_or_by_the_server_alone_is_not_asked(
    way: str, wanted: set[str], unwanted: set[str], enter: Enter
) -> None:
    names = asked(enter("ingrid").open(way))
    assert wanted <= names and not unwanted & names


def test_a_choice_that_is_given_is_one_of_the_choices(enter: Enter) -> None:
    """Else it is asked for as if nothing was said."""
    ingrid, way = enter("ingrid"), f"/office/new/resident_input?area={NORTH}"
    assert "type" in asked(ingrid.open(way))
    assert "type" not in asked(ingrid.open(f"{way}&type=challenge"))
    assert "type" in asked(ingrid.open(f"{way}&type=nonsense"))


def test_what_it_hangs_on_says_where_it_lies_and_what_it_does_not_say_is_asked(
    enter: Enter, database: Database
) -> None:
    kari, place = enter("kari"), "/office/new/meeting_place"
    about = {"area": NORTH, "name": "Rundt torget"}
    there = written(database, "neighbourhood", about, login="ingrid")
    assert "area" in asked(kari.open(place))
    assert "area" not in asked(kari.open(f"{place}?neighbourhood={there}"))
    fault = written(database, "deviation", {"building": HOME.building, "words": "Lys mangler."})
    names = asked(kari.open(f"{JOB}?deviation={fault}"))
    assert "dwelling" in names and "building" not in names, "it may be told which home it is"


def test_a_tenancy_that_was_given_is_the_one_that_is_visited(
    enter: Enter, database: Database
) -> None:
    """Also where somebody else lives there now."""
    past = {"dwelling": HOME.id, "started_on": "2020-01-01", "ended": True}
    before = written(database, "tenancy", past, login="ingrid")
    ingrid, known = enter("ingrid"), set(ids(database, "planned_visit"))
    form = ingrid.open(f"{VISIT}?dwelling={HOME.id}&tenancy={before}").form("Lagre")
    typed = {"planned_on": day(60), f"visitors/{KARI}": "true"}
    assert ingrid.send(form, typed=typed).status == 200
    (visit,) = set(ids(database, "planned_visit")) - known
    assert body_of(database, visit)["tenancy"] == before


def test_a_look_back_that_says_the_same_day_writes_nothing_of_its_plan(
    enter: Enter, database: Database
) -> None:
    plan = {"tenancy": HOME.tenancy, "dwelling": HOME.id, "evaluate_on": day(20)}
    head = written(database, "follow_up_plan", plan, login="ingrid")
    ingrid = enter("ingrid")
    look = ingrid.open(f"/office/new/evaluation?plan={head}").form("Lagre")
    typed = {"levels/home": "2", "words": "Bra.", "next_on": day(20)}
    assert ingrid.send(look, typed=typed).status == 200
    with database.reading() as session:
        mine = [entry for entry in of_record(session, head) if b"evaluate_on" in (entry.raw or b"")]
    assert len(mine) == 1


def test_of_two_who_write_what_there_is_one_of_the_second_is_told_and_keeps_the_words(
    enter: Enter, database: Database
) -> None:
    kari, ingrid = enter("kari"), enter("ingrid")
    way = f"/office/new/event_minutes?event={an_event(database)}"
    hers, later = (reader.open(way).form("Lagre") for reader in (kari, ingrid))
    assert kari.send(hers, typed={"words": "Først."}).status == 200
    page = ingrid.send(later, typed={"words": "Etterpå."})
    assert page.status == 409 and "Det er skrevet en slik før." in page.words
    assert page.form("Lagre").one("words") == "Etterpå."
    (minutes,) = ids(database, "event_minutes")
    assert body_of(database, minutes)["words"] == "Først."


def test_who_sees_a_home_and_may_not_work_there_makes_nothing_in_it(
    enter: Enter, database: Database
) -> None:
    """The form opens for her, as long as it does not say where; nothing is sent in her name."""
    with database.writing() as session:
        grant(session, new_id(), KARI, Role.LANDLORD, SOUTH)
    kari, before = enter("kari"), len(ids(database, "assignment"))
    form = kari.open(JOB).form("Lagre")
    typed = {"words": "Lampe.", "dwelling": f"{AWAY.address} {AWAY.unit_number}"}
    assert kari.send(form, typed=typed).status == 404
    assert len(ids(database, "assignment")) == before
    assert not [id for id in ids(database, "receipt") if about(database, id) == "assignment"]


def about(database: Database, receipt: str) -> object:
    return body_of(database, receipt).get("about_kind")


def test_a_plan_that_hangs_on_nothing_leads_back_to_the_planner(enter: Enter) -> None:
    ingrid = enter("ingrid")
    assert "/office/planner" in ingrid.open(VISIT).links[-2:]
    assert f"/office/dwellings/{HOME.id}" in ingrid.open(f"{VISIT}?dwelling={HOME.id}").links
