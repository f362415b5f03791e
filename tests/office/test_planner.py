"""The planner: changed by ordinary mutations, put back, and never blocked by a holiday."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.ledger import of_record
from server.planning.calendar import day_of, worked_from
from tests.office.conftest import Enter
from tests.office.planned import body_of, listed, visit, visitors_of, write
from tests.office.reader import Page, Reader

KARI, AMIR, OLA, LISE = (STAFF[name].id for name in ("kari", "amir", "ola", "lise"))


@pytest.fixture
def free(now: datetime) -> str:
    """A working day far enough ahead that the demo municipality has nothing on it."""
    return worked_from(day_of(now) + timedelta(days=60)).isoformat()


def change(
    reader: Reader, page: Page, button: str, plans: list[str], typed: Mapping[str, str]
) -> Page:
    return reader.send(page.form(button), button, typed={"plan": plans, **typed})


def test_a_plan_is_given_to_another_and_taken_back(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    page = change(ingrid, listed(ingrid, free), "Gi til en annen", [id], {"to": AMIR})
    assert "1 er gitt til Amir Haddad." in page.words
    assert visitors_of(database, id) == {AMIR}
    page = ingrid.send(page.form("Angre"), "Angre")
    assert visitors_of(database, id) == {KARI}
    with database.reading() as session:
        history = of_record(session, id)
    assert {entry.author for entry in history} == {STAFF["ingrid"].id}
    assert [entry.state for entry in history] == ["applied"] * 3


def test_many_are_moved_at_once_and_a_holiday_is_said_and_never_blocks(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    ids = [visit(database, now, free), visit(database, now, free, planned_at="10:30")]
    christmas = f"{day_of(now).year}-12-25"
    ingrid = enter("ingrid")
    page = change(ingrid, listed(ingrid, free), "Flytt", ids, {"day": christmas})
    assert "2 er flyttet til" in page.words
    assert "Det er Første juledag." in page.words
    assert {body_of(database, id)["planned_on"] for id in ids} == {christmas}


def test_only_the_one_who_is_shown_is_replaced(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    both: dict[str, Any] = {f"visitors/{LISE}": True}
    id = visit(database, now, free, **both)
    ingrid = enter("ingrid")
    page = listed(ingrid, free, person=KARI)
    change(ingrid, page, "Gi til en annen", [id], {"to": AMIR})
    assert visitors_of(database, id) == {AMIR, LISE}


def test_what_moved_on_since_the_list_was_drawn_is_left(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid, lise = enter("ingrid"), enter("lise")
    old, fresh = listed(ingrid, free), listed(lise, free)
    change(lise, fresh, "Gi til en annen", [id], {"to": LISE})
    page = change(ingrid, old, "Gi til en annen", [id], {"to": AMIR})
    assert "1 ble stående." in page.words
    assert f"visitors/{LISE}" in body_of(database, id)


def test_nobody_is_given_what_they_may_not_read(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    south = visit(database, now, free, AMIR, SOUTH)
    north = visit(database, now, free)
    ingrid = enter("ingrid")
    for to, id in ((KARI, south), (OLA, north)):
        page = change(ingrid, listed(ingrid, free), "Gi til en annen", [id], {"to": to})
        assert "1 ble stående." in page.words
        assert f"visitors/{to}" not in body_of(database, id)


def test_a_form_sent_twice_has_one_effect(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    page = listed(ingrid, free)
    for _ in range(2):
        change(ingrid, page, "Gi til en annen", [id], {"to": AMIR})
    with database.reading() as session:
        assert len(of_record(session, id)) == 2


def test_undo_leaves_what_somebody_has_changed_since(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    later = (datetime.fromisoformat(free) + timedelta(days=1)).date().isoformat()
    ingrid, lise = enter("ingrid"), enter("lise")
    page = change(ingrid, listed(ingrid, free), "Flytt", [id], {"day": later})
    change(lise, listed(lise, later), "Flytt", [id], {"day": free})
    change(lise, listed(lise, free), "Flytt", [id], {"day": "2027-06-01"})
    ingrid.send(page.form("Angre"), "Angre")
    assert body_of(database, id)["planned_on"] == "2027-06-01"


def test_another_persons_change_cannot_be_put_back_by_its_id(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid, lise = enter("ingrid"), enter("lise")
    page = change(ingrid, listed(ingrid, free), "Gi til en annen", [id], {"to": AMIR})
    mine = listed(lise, free).form("Gi til en annen")
    changed = page.form("Angre").one("changed")
    lise.post(
        "/office/planner/undo",
        {"csrf": mine.one("csrf"), "form": mine.one("form"), "changed": changed},
    )
    assert f"visitors/{AMIR}" in body_of(database, id)


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        ("Gi til en annen", {"to": ""}, "Du har ikke valgt hvem."),
        ("Gi til en annen", {"to": "nobody"}, "Du har ikke valgt hvem."),
        ("Flytt", {"day": ""}, "Du har ikke valgt en dag."),
        ("Flytt", {"day": "9999-99-99"}, "Du har ikke valgt en dag."),
        ("Flytt", {"day": "0001-01-01"}, "Du har ikke valgt en dag."),
    ],
)
def test_what_is_missing_is_said_and_the_choice_is_kept(
    enter: Enter,
    database: Database,
    now: datetime,
    free: str,
    button: str,
    typed: dict[str, str],
    said: str,
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    page = change(ingrid, listed(ingrid, free), button, [id], typed)
    assert page.status == 422
    assert said in page.words
    assert [c for _, c in page.controls if c.get("value") == id and "checked" in c]


def test_a_worker_plans_their_own_areas_and_sees_no_others(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    mine, other = visit(database, now, free), visit(database, now, free, AMIR, SOUTH)
    page = listed(enter("kari"), free)
    assert mine in page.html
    assert other not in page.html


def test_the_caretaker_sees_rounds_and_no_visits(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    walk = write(
        database, "ingrid", "round", now, area=NORTH, checklist="HMSFELLES", planned_on=free
    )
    page = listed(enter("ola"), free)
    assert walk in page.html and id not in page.html


@pytest.mark.parametrize("view", ["list", "week", "month"])
@pytest.mark.parametrize("on", ["2026-12-31", "2028-02-29", "nonsense", "0001-01-01", "9999-12-31"])
def test_every_view_of_every_day_is_a_page(enter: Enter, view: str, on: str) -> None:
    page = listed(enter("ingrid"), on, view=view, area="x", person="y")
    assert page.status == 200


def test_the_day_of_somebody_who_is_ill_is_spread_and_taken_back(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    hours = ("09:00", "10:30", "12:30")
    ids = [visit(database, now, free, planned_at=hour) for hour in hours]
    walk = write(
        database,
        "ingrid",
        "round",
        now,
        area=NORTH,
        checklist="HMSFELLES",
        planned_on=free,
        **{f"who/{KARI}": True},
    )
    ingrid = enter("ingrid")
    asked = [("on", free), ("person", KARI), ("with", AMIR), ("with", LISE)]
    page = ingrid.open("/office/planner/share?" + urlencode(asked))
    assert "Ingenting er endret ennå." in page.words
    form = page.form("Fordel")
    proposed = dict(selected(page.html))
    assert set(proposed) == {*ids, walk}
    assert sorted(proposed.values()) == sorted([AMIR, AMIR, LISE, LISE])
    page = ingrid.send(form, "Fordel", typed={f"to|{id}": to for id, to in proposed.items()})
    assert "4 er gitt til Amir Haddad og Lise Strand." in page.words
    for id, to in proposed.items():
        assert visitors_of(database, id) == {to}
    ingrid.send(page.form("Angre"), "Angre")
    for id in proposed:
        assert visitors_of(database, id) == {KARI}


def selected(html: str) -> list[tuple[str, str]]:
    selects = re.findall(r'<select id="to-[^"]*" name="to\|([^"]*)".*?</select>', html, re.S)
    chosen = re.findall(r'name="to\|([^"]*)".*?value="([^"]*)" selected', html, re.S)
    assert len(selects) == len(chosen)
    return [(str(id), str(to)) for id, to in chosen]


def test_two_visits_at_the_same_hour_go_to_two_people(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    visit(database, now, free, AMIR)
    id = visit(database, now, free)
    for hour in ("10:30", "12:30"):
        visit(database, now, free, LISE, planned_at=hour)
    asked = [("on", free), ("person", KARI), ("with", AMIR), ("with", LISE)]
    page = enter("ingrid").open("/office/planner/share?" + urlencode(asked))
    assert selected(page.html) == [(id, LISE)]


def test_what_nobody_of_the_chosen_may_take_is_said_and_stays(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    asked = [("on", free), ("person", KARI), ("with", OLA)]
    page = ingrid.open("/office/planner/share?" + urlencode(asked))
    assert "Ingen av de valgte arbeider her" in page.words
    ingrid.send(page.form("Fordel"), "Fordel", typed={f"to|{id}": ""})
    assert f"visitors/{KARI}" in body_of(database, id)
