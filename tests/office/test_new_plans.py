"""A plan from nothing: an agreed visit, an assignment or a round, made where it belongs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from server.database import Database
from server.demo.municipality import AREAS, NORTH, SOUTH, STAFF, homes
from server.people import grant
from server.planning.calendar import day_of, worked_from
from server.roles import Role
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.planned import body_of, listed
from tests.office.reader import Page, Reader
from tests.office.test_decisions import push
from tests.office.test_pages import ids
from tests.server.phone import Phone

HOME = next(home for home in homes() if home.area == NORTH)
AWAY = next(home for home in homes() if home.area == SOUTH)
DOSSIER = f"/office/dwellings/{HOME.id}"
KARI, AMIR, OLA = (STAFF[name].id for name in ("kari", "amir", "ola"))
HOME_WORDS = f"{HOME.address} {HOME.unit_number}"
VISIT, JOB, ROUND = (f"/office/new/{kind}" for kind in ("planned_visit", "assignment", "round"))


@pytest.fixture
def free(now: datetime) -> str:
    """A working day far enough ahead that the demo municipality has nothing on it."""
    return worked_from(day_of(now) + timedelta(days=60)).isoformat()


def new_links(page: Page) -> list[str]:
    """Give the ways to a new plan that a page offers."""
    return [link for link in page.links if link.startswith((VISIT, JOB, ROUND))]


def made(reader: Reader, database: Database, way: str, typed: dict[str, Any]) -> tuple[str, Page]:
    """Fill in the form that a link leads to, and give what came of it."""
    kind = way.partition("?")[0].rpartition("/")[2]
    before = set(ids(database, kind))
    page = reader.send(reader.open(way).form("Lagre"), typed=typed)
    assert page.status == 200, page.words
    (id,) = set(ids(database, kind)) - before
    return id, page


def way_to(page: Page, kind: str) -> str:
    """Give the one way to a new plan of a kind."""
    (way,) = [link for link in new_links(page) if link.partition("?")[0] == kind]
    return way


def test_a_visit_is_planned_from_its_home_with_all_that_it_needs(
    enter: Enter, database: Database, app: Flask, free: str
) -> None:
    """Who lives there comes along; the notice is written next; it is listed, and on the phone."""
    ingrid = enter("ingrid")
    way = way_to(ingrid.open(DOSSIER), VISIT)
    asked = ingrid.open(way)
    assert "Leieforhold" in asked.words and "Gjennomført" not in asked.words
    typed = {
        "purpose": "fire_safety",
        "planned_on": free,
        "planned_at": "10:15",
        f"visitors/{KARI}": "true",
        "access_basis": "inspection_notice",
        "interpreter": "Somali",
        "interpreter_booked": "true",
    }
    visit, page = made(ingrid, database, way, typed)
    body = body_of(database, visit)
    assert (body["dwelling"], body["tenancy"]) == (HOME.id, HOME.tenancy)
    said = {**typed, f"visitors/{KARI}": True, "interpreter_booked": True}
    assert {path: body[path] for path in typed} == said
    assert f"/office/plans/{visit}/notice" in page.links and "Varsel om besøket" in page.words
    assert f"/office/records/{visit}" in listed(ingrid, free).links
    phone = Phone(app, KARI)
    phone.sync()
    assert phone.base[visit]["body"]["purpose"] == "fire_safety"


def test_a_visit_from_the_planner_finds_its_home_and_who_lives_there(
    enter: Enter, database: Database, free: str
) -> None:
    ingrid = enter("ingrid")
    way = way_to(ingrid.open("/office/planner"), VISIT)
    typed = {"dwelling": HOME_WORDS, "planned_on": free, f"visitors/{KARI}": "true"}
    visit, _ = made(ingrid, database, way, typed)
    body = body_of(database, visit)
    assert (body["dwelling"], body["tenancy"]) == (HOME.id, HOME.tenancy)


def test_a_tenancy_that_is_over_is_not_visited(enter: Enter, database: Database) -> None:
    push(database, "ingrid", "tenancy", HOME.tenancy, {"ended": True})
    assert way_to(enter("ingrid").open(DOSSIER), VISIT) == f"{VISIT}?dwelling={HOME.id}"


def test_an_assignment_says_who_asked_for_it(
    enter: Enter, database: Database, app: Flask, free: str
) -> None:
    """From its home; what is told when it is done is not asked for."""
    ingrid = enter("ingrid")
    way = way_to(ingrid.open(DOSSIER), JOB)
    assert "Minutter" not in ingrid.open(way).words
    typed = {"words": "Tett sluk.", "source": "tenant", "due_on": free, f"who/{OLA}": "true"}
    job, _ = made(ingrid, database, way, typed)
    body = body_of(database, job)
    assert (body["dwelling"], body["source"]) == (HOME.id, "tenant")
    assert f"/office/records/{job}" in listed(ingrid, free).links
    phone = Phone(app, OLA)
    phone.sync()
    assert phone.base[job]["body"]["words"] == "Tett sluk."


def test_an_assignment_without_a_place_is_asked_where_and_keeps_its_words(
    enter: Enter, database: Database, free: str
) -> None:
    """Kari works in one area alone: she may make it there, as soon as she says where."""
    kari, before = enter("kari"), len(ids(database, "assignment"))
    form = kari.open(way_to(kari.open("/office/planner"), JOB)).form("Lagre")
    page = kari.send(form, typed={"words": "Lampe i trappa."})
    assert page.status == 422 and "Bolig : Dette må fylles ut." in page.words
    again = page.form("Lagre")
    assert again.one("words") == "Lampe i trappa." and len(ids(database, "assignment")) == before
    assert kari.send(again, typed={"building": HOME.building}).status == 200
    assert len(ids(database, "assignment")) == before + 1


def test_a_round_is_planned_in_its_area_with_its_buildings_and_checklist(
    enter: Enter, database: Database, app: Flask, free: str
) -> None:
    """One way for each area; only its own buildings and the lists for buildings are offered."""
    ingrid = enter("ingrid")
    planner = ingrid.open("/office/planner")
    assert all(f"Ny runde i {name}" in planner.words for name in AREAS.values())
    page = ingrid.open(f"/office/planner?area={NORTH}")
    assert f"Ny runde i {AREAS[NORTH]}" not in page.words and "Ny runde" in page.words
    way = way_to(page, ROUND)
    form = ingrid.open(way)
    names = {given.get("name") for _, given in form.controls}
    assert f"buildings/{HOME.building}" in names and f"buildings/{AWAY.building}" not in names
    assert "Vinterrunde" in form.words and "Ny Vri – første hjemmebesøk" not in form.words
    typed = {
        "checklist": "VINTER",
        "planned_on": free,
        f"buildings/{HOME.building}": "true",
        f"who/{OLA}": "true",
    }
    unknown = ingrid.send(form.form("Lagre"), typed={**typed, "checklist": "NYVRI1"})
    assert unknown.status == 422
    round, _ = made(ingrid, database, way, typed)
    body = body_of(database, round)
    assert (body["area"], body["checklist"]) == (NORTH, "VINTER")
    assert f"/office/records/{round}" in listed(ingrid, free).links
    phone = Phone(app, OLA)
    phone.sync()
    assert f"buildings/{HOME.building}" in phone.base[round]["body"]


def test_who_does_not_work_where_the_home_is_cannot_be_sent_there(
    enter: Enter, database: Database, free: str
) -> None:
    """The home is written in the same form as the people, so it is told when it is known."""
    ingrid, before = enter("ingrid"), ids(database, "planned_visit")
    form = ingrid.open(VISIT).form("Lagre")
    typed = {"dwelling": f"{AWAY.address} {AWAY.unit_number}", "planned_on": free}
    page = ingrid.send(form, typed={**typed, f"visitors/{KARI}": "true"})
    assert page.status == 422 and "Hører ikke til dette området." in page.words
    assert ids(database, "planned_visit") == before
    assert ingrid.send(form, typed={**typed, f"visitors/{AMIR}": "true"}).status == 200


@pytest.mark.parametrize("way", [VISIT, JOB])
def test_who_may_not_plan_sees_no_way_and_finds_no_page(
    way: str, enter: Enter, database: Database, free: str
) -> None:
    """The landlord reads the home's page and plans nothing in it; nor does a form do it for her."""
    eva, ingrid = enter("eva"), enter("ingrid")
    home = eva.open(DOSSIER)
    assert home.status == 200 and "Nytt avtalt besøk" not in home.words
    assert way not in " ".join(home.links)
    there = f"{way}?dwelling={HOME.id}"
    assert eva.open(there).status == eva.open(way).status == 404
    form, kind = ingrid.open(there).form("Lagre"), way.rpartition("/")[2]
    before = ids(database, kind)
    own = eva.open("/office/homes").forms[0]
    typed = {"planned_on": free, "words": "Lampe.", "csrf": own.one("csrf")}
    assert eva.send(form, typed=typed).status == 404
    assert ids(database, kind) == before


def test_the_caretaker_plans_jobs_and_rounds_and_no_visits(enter: Enter) -> None:
    """He works in the planner, so each way is asked for by itself."""
    ola = enter("ola")
    for page in (ola.open(DOSSIER), ola.open("/office/planner")):
        assert way_to(page, JOB) and not [way for way in new_links(page) if way.startswith(VISIT)]
    assert ola.open(VISIT).status == ola.open(f"{VISIT}?dwelling={HOME.id}").status == 404


def test_where_one_only_administers_no_round_is_offered(enter: Enter, database: Database) -> None:
    with database.writing() as session:
        grant(session, new_id(), KARI, Role.ADMIN, SOUTH)
    kari = enter("kari")
    assert AREAS[SOUTH] in kari.open("/office/planner").words
    assert new_links(kari.open("/office/planner"))[-1] == f"{ROUND}?area={NORTH}"
    assert kari.open(f"{ROUND}?area={SOUTH}").status == 404


def test_another_area_is_not_planned_in(enter: Enter) -> None:
    """Kari works in the north: rounds are offered there alone, and a southern home is hidden."""
    kari = enter("kari")
    assert new_links(kari.open("/office/planner"))[-1] == f"{ROUND}?area={NORTH}"
    assert kari.open(f"{ROUND}?area={SOUTH}").status == 404
    assert kari.open(f"{VISIT}?dwelling={AWAY.id}").status == 404
