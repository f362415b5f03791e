"""What the planner leaves out, what it takes from nobody, and what it does not put back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from server import openings, staff
from server.database import Database
from server.demo.municipality import AREAS, NORTH, SOUTH, STAFF
from server.ledger import of_record
from server.people import grant
from server.planning.calendar import day_of, worked_from
from server.roles import Role
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.planned import body_of, change, home_in, listed, visit, visitors_of, write
from tests.office.reader import Page
from tests.office.test_events import an_event
from tests.office.test_planner import change as pressed

KARI, AMIR, INGRID, LISE, TOR = (
    STAFF[name].id for name in ("kari", "amir", "ingrid", "lise", "tor")
)


@pytest.fixture
def free(now: datetime) -> str:
    """A working day far enough ahead that the demo municipality has nothing on it."""
    return worked_from(day_of(now) + timedelta(days=60)).isoformat()


def colleagues(page: Page) -> str:
    """The choice of whom a plan is given to."""
    found = re.search(r'<select id="a-to".*?</select>', page.html, re.DOTALL)
    assert found
    return found[0]


def chosen(page: Page) -> set[str]:
    """Give the plans that a reader may do something with."""
    return set(re.findall(r'name="plan" value="([^"]+)"', page.html))


def written_of(database: Database, id: str) -> int:
    """Count what was ever sent about a record."""
    with database.reading() as session:
        return len(of_record(session, id))


def test_what_is_over_is_in_no_list(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    done, cancelled = visit(database, now, free, done=True), visit(database, now, free)
    change(database, "ingrid", cancelled, now, cancelled=True)
    job = {"words": "Tett sluk.", "due_on": free, "dwelling": home_in(database, NORTH)}
    open_one, over = (write(database, "ingrid", "assignment", now, **job) for _ in range(2))
    state: Json = {"state": "rejected", "by": INGRID, "at": f"{now:%Y-%m-%dT%H:%M:%S}.000Z"}
    change(database, "ingrid", over, now, handling=state)
    html = listed(enter("ingrid"), free).html
    assert open_one in html and not any(id in html for id in (done, cancelled, over))


def test_a_filter_leaves_out_other_areas_and_other_people(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    """Whoever was taken off a visit does not go there any more."""
    north, south = visit(database, now, free), visit(database, now, free, AMIR, SOUTH)
    ingrid = enter("ingrid")
    html = listed(ingrid, free, area=NORTH).html
    assert north in html and south not in html
    html = listed(ingrid, free, person=AMIR).html
    assert south in html and north not in html
    off: dict[str, Any] = {f"visitors/{AMIR}": False}
    change(database, "ingrid", south, now, **off)
    assert south not in listed(ingrid, free, person=AMIR).html


def test_what_is_planned_after_its_deadline_says_so(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    before = (datetime.fromisoformat(free) - timedelta(days=1)).date().isoformat()
    visit(database, now, free, due_on=free)
    ingrid = enter("ingrid")
    assert "Etter fristen" not in listed(ingrid, free).words
    visit(database, now, free, due_on=before)
    assert listed(ingrid, free).words.count("Etter fristen") == 1


def test_nobody_is_offered_who_works_elsewhere_or_is_let_in_no_more(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    with database.writing() as session:
        grant(session, new_id(), TOR, Role.CARETAKER, SOUTH)
    visit(database, now, free)
    kari = colleagues(listed(enter("kari"), free))
    assert AMIR in kari and LISE in kari and TOR not in kari
    ingrid = enter("ingrid")
    assert TOR in colleagues(listed(ingrid, free))
    staff.close(database, STAFF["admin"].id, TOR, now)
    assert TOR not in colleagues(listed(ingrid, free))


def test_a_round_is_given_to_those_who_walk_rounds_there(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    """Tor works in the north; that the landlord's side may write a round sends nobody out."""
    with database.writing() as session:
        grant(session, new_id(), TOR, Role.CARETAKER, NORTH)
    walk = {"area": SOUTH, "checklist": "HMSFELLES", "planned_on": free}
    round = write(database, "ingrid", "round", now, **walk)
    ingrid = enter("ingrid")
    page = pressed(ingrid, listed(ingrid, free), "Gi til en annen", [round], {"to": TOR})
    assert "1 ble stående." in page.words and visitors_of(database, round) == set()


def test_who_is_on_it_already_stays_when_the_others_are_taken_off(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    both: dict[str, Any] = {f"visitors/{LISE}": True}
    id = visit(database, now, free, **both)
    ingrid = enter("ingrid")
    pressed(ingrid, listed(ingrid, free), "Gi til en annen", [id], {"to": LISE})
    assert visitors_of(database, id) == {LISE}


def test_what_is_so_already_is_not_written_again(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    for button, typed in (("Flytt", {"day": free}), ("Gi til en annen", {"to": KARI})):
        page = pressed(ingrid, listed(ingrid, free), button, [id], typed)
        assert "ble stående" not in page.words
    assert written_of(database, id) == 1


def test_what_was_taken_away_since_is_not_put_back(
    enter: Enter, database: Database, now: datetime, free: str
) -> None:
    id = visit(database, now, free)
    ingrid = enter("ingrid")
    page = pressed(ingrid, listed(ingrid, free), "Gi til en annen", [id], {"to": AMIR})
    form = page.form("Angre")
    change(database, "lise", id, now, op="delete")
    count = written_of(database, id)
    told = ingrid.open("/office/planner?" + urlencode({"changed": form.one("changed")}))
    assert "Dette er angret eller endret siden." in told.words
    ingrid.send(form, "Angre")
    assert written_of(database, id) == count


def test_what_was_corrected_elsewhere_is_not_the_planners_to_put_back(
    enter: Enter, database: Database
) -> None:
    """The id of another form of one's own undoes nothing here."""
    event, kari = an_event(database), enter("kari")
    form = kari.open(f"/office/records/{event}/edit").form("Lagre")
    kari.send(form, typed={"name": "Et annet navn"})
    assert body_of(database, event)["name"] == "Et annet navn"
    page = kari.open("/office/planner?" + urlencode({"changed": form.one("form")}))
    assert page.status == 200 and "Angre" not in page.words and "er endret" not in page.words
    sent = {"csrf": form.one("csrf"), "form": new_id(), "changed": form.one("form")}
    assert kari.post("/office/planner/undo", sent).status == 200
    assert body_of(database, event)["name"] == "Et annet navn"


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/office/planner?view=week", "/office/planner?view=week"),
        ("https://example.org/", "/office/planner"),
        ("//example.org/office/planner", "/office/planner"),
        ("/office/planner\r\nX: y", "/office/planner"),
    ],
)
def test_after_an_undoing_one_is_led_to_no_foreign_page(
    back: str, leads: str, enter: Enter, now: datetime, free: str, database: Database
) -> None:
    visit(database, now, free)
    ingrid = enter("ingrid")
    form = listed(ingrid, free).form("Flytt")
    sent = {"csrf": form.one("csrf"), "form": form.one("form"), "changed": "", "back": back}
    assert ingrid.post("/office/planner/undo", sent, follow=False).location == leads


def test_what_the_rules_will_make_elsewhere_is_not_shown_nor_for_all_time(
    enter: Enter, database: Database, now: datetime
) -> None:
    for area in (NORTH, SOUTH):
        write(database, "ingrid", "building", now, area=area, address="Seljesvingen 3")
    kari = enter("kari").open("/office/planner/rules?days=90").words
    assert AREAS[NORTH] in kari and AREAS[SOUTH] not in kari
    page = enter("ingrid").open("/office/planner/rules?days=99999")
    assert AREAS[SOUTH] in page.words
    assert re.search(r'days=28"? aria-current="true"', page.html)


def test_who_is_to_visit_may_give_the_visit_away_and_who_opened_the_home_may_not(
    enter: Enter, database: Database, now: datetime
) -> None:
    """Hege follows up: she plans her own visits, and reads the others where a home is opened."""
    on = (day_of(now) + timedelta(days=30)).isoformat()
    hers, other = visit(database, now, on, who=STAFF["hege"].id), visit(database, now, on)
    with database.writing() as session:
        home, why = home_in(database, NORTH), "Ringt av nabo, svarer ikke."
        openings.open_home(session, STAFF["hege"].id, home, NORTH, why, datetime.now(UTC))
    page = listed(enter("hege"), on)
    assert other in page.html and chosen(page) == {hers}
    assert chosen(listed(enter("kari"), on)) >= {hers, other}


def test_only_the_areas_where_one_works_are_offered(enter: Enter) -> None:
    for path in ("/office/planner", "/office/deadlines"):
        for login, south in (("kari", False), ("amir", True)):
            page = enter(login).open(path)
            assert f'value="{NORTH}"' in page.html, (path, login)
            assert (f'value="{SOUTH}"' in page.html) is south, (path, login)
