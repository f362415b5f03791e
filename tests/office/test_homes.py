"""Boliger: from area to building to dwelling, the dossier, corrections, tenancies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from server import hand
from server.database import Database
from server.demo.municipality import AREAS, NORTH, SOUTH, STAFF, homes
from server.planning.calendar import day_of
from server.records.barrier import BARRIER
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.reader import asked
from tests.office.test_decisions import push
from tests.office.test_deviations import body, fault
from tests.office.test_inbox import VISIT, sent_in
from tests.office.test_pages import ids

HOME = next(home for home in homes() if home.area == NORTH)
NEIGHBOUR = next(home for home in homes() if home.building == HOME.building and home != HOME)
AWAY = next(home for home in homes() if home.area == SOUTH)
DOSSIER, HOUSE = f"/office/dwellings/{HOME.id}", f"/office/buildings/{HOME.building}"


def named(home: Any) -> str:
    """Give a home as a list names it."""
    return f"{home.address}, {home.unit_number}"


def test_one_walks_from_area_to_building_to_dwelling(enter: Enter, database: Database) -> None:
    """Each step says how many faults are open below it."""
    fault(database, dwelling=HOME.id)
    ingrid = enter("ingrid")
    top = ingrid.open("/office/homes")
    assert all(name in top.words for name in AREAS.values())
    area = ingrid.open(f"/office/homes?area={NORTH}")
    assert HOUSE in area.links and "åpent avvik" in area.words + top.words
    house = ingrid.open(HOUSE)
    assert DOSSIER in house.links and f"/office/dwellings/{NEIGHBOUR.id}" in house.links
    assert "Barnevogn sperrer trappa." in house.words


def test_the_dossier_tells_what_happened_by_date_and_whom_to_call(
    enter: Enter, database: Database
) -> None:
    """Visits, faults and tenancies in one list; what hangs on a visit is on the visit's page."""
    visit = sent_in(database, "visit", VISIT)
    sent_in(database, "conversation", {"visit": visit, "dwelling": HOME.id, "summary": "Ro."})
    fault(database, dwelling=HOME.id)
    page = enter("ingrid").open(DOSSIER)
    assert f"/office/records/{visit}" in page.links
    for words in ("Hjemmebesøk · Oppfølging", "Avvik · Høy", "Leieforhold", "900 00 000"):
        assert words in page.words, words
    assert "Ro." not in page.words


@pytest.mark.parametrize(
    ("login", "sees_visits", "sees_people", "ends"),
    [
        ("ingrid", True, True, True),
        ("lise", True, True, True),
        ("kari", True, True, False),
        ("ola", False, False, False),
        ("eva", False, False, False),
    ],
)
def test_each_role_sees_of_a_home_what_is_its_own(
    login: str,
    sees_visits: bool,
    sees_people: bool,
    ends: bool,
    enter: Enter,
    database: Database,
) -> None:
    """The caretaker and the landlord learn of no visit and no person; the office ends tenancies."""
    sent_in(database, "visit", VISIT, login="amir")
    fault(database, dwelling=NEIGHBOUR.id)
    page = enter(login).open(DOSSIER)
    assert page.status == 200
    assert ("Hjemmebesøk" in page.words) == sees_visits
    assert ("900 00 000" in page.words) == sees_people
    assert page.has("Avslutt leieforholdet") == ends


def test_another_areas_homes_are_missing(enter: Enter) -> None:
    """Kari works in the north: the south is not there, by link, by address or by search."""
    kari = enter("kari")
    missing = kari.open(f"/office/dwellings/{new_id()}")
    for path in (
        f"/office/dwellings/{AWAY.id}",
        f"/office/buildings/{AWAY.building}",
        f"/office/homes?area={SOUTH}",
        f"/office/records/{AWAY.id}/edit",
    ):
        page = kari.open(path)
        here = page.plain.replace(' aria-current="page"', "")
        assert page.status == 404 and here == missing.plain, path
    assert AWAY.address not in kari.find("/office/homes", AWAY.address).links
    assert named(AWAY) not in kari.find("/office/homes", AWAY.address).words


def test_a_home_is_corrected_in_the_ordinary_form(enter: Enter, database: Database) -> None:
    """Only what differs is written; the same form twice is one effect."""
    ingrid = enter("ingrid")
    form = ingrid.open(f"/office/records/{HOME.id}/edit").form("Lagre")
    for _ in range(2):
        page = ingrid.send(form, typed={"local_label": "Hjørnet", "wheelchair": "true"})
        assert page.status == 200 and "Hjørnet" in page.words
    after = body(database, HOME.id)
    assert after["wheelchair"] is True and after["address"] == HOME.address
    assert "rooms" not in after


def test_a_field_that_is_wrong_is_said_and_nothing_is_lost(
    enter: Enter, database: Database
) -> None:
    """The sentence of the contract, and every box as it was typed."""
    ingrid = enter("ingrid")
    form = ingrid.open(f"/office/records/{HOME.id}/edit").form("Lagre")
    page = ingrid.send(form, typed={"unit_number": "3. venstre"[:5], "local_label": "Hjørnet"})
    assert page.status == 422 and "Skriv H, U, K eller L og fire sifre" in page.words
    assert page.form("Lagre").one("local_label") == "Hjørnet"
    assert "local_label" not in body(database, HOME.id)
    empty = ingrid.send(page.form("Lagre"), typed={"address": " ", "unit_number": HOME.unit_number})
    assert empty.status == 422 and "Dette må fylles ut." in empty.words


def test_who_is_named_behind_a_homes_barrier_is_offered_to_correct_what_they_may(
    enter: Enter, database: Database
) -> None:
    """It lies in no area then: the offer was made by area alone, and Kari had none."""
    kari, at = STAFF["kari"].id, datetime.now(UTC)
    named: dict[str, Json] = {f"{BARRIER}/{kari}": True, f"{BARRIER}/{STAFF['lise'].id}": True}
    hand.write(database, "dwelling", HOME.id, "patch", named, STAFF["lise"].id, at)

    def offered(login: str) -> bool:
        page, form = (enter(login).open(at) for at in (DOSSIER, f"/office/records/{HOME.id}/edit"))
        assert ("Rett opplysningene" in page.words) == (form.status == 200), login
        return form.status == 200

    assert [offered(login) for login in ("kari", "lise")] == [True, True]
    assert [offered(login) for login in ("ingrid", "eva")] == [False, False]


def test_two_who_correct_the_same_field_are_asked(enter: Enter, database: Database) -> None:
    """What the form had shown counts: nobody is overwritten in silence."""
    ingrid = enter("ingrid")
    form = ingrid.open(f"/office/records/{HOME.id}/edit").form("Lagre")
    push(database, "lise", "dwelling", HOME.id, {"local_label": "Tårnet"})
    page = ingrid.send(form, typed={"local_label": "Hjørnet"})
    assert page.status == 409 and "Begge svar er tatt vare på" in page.words
    assert body(database, HOME.id)["local_label"] == "Tårnet"


def test_a_form_that_shows_what_was_never_there_is_refused(enter: Enter) -> None:
    """In words, and never with a fault."""
    ingrid = enter("ingrid")
    form = ingrid.open(f"/office/records/{HOME.id}/edit").form("Lagre")
    for wrong in ({"shown|address": "{"}, {"seal": ""}, {"seal": "x"}):
        page = ingrid.send(form, typed={"local_label": "Hjørnet", **wrong})
        assert page.status == 403, wrong


def tenancy_form(reader: Any, button: str) -> Any:
    """Give the form of the tenancy of the home."""
    return reader.open(DOSSIER).form(button)


def test_a_tenancy_ends_and_leaves_those_who_followed_it_up(
    enter: Enter, database: Database
) -> None:
    """The office keeps it; taking it back brings the team back too."""
    ingrid, kari, team = enter("ingrid"), enter("kari"), STAFF["kari"].id
    ingrid.send(tenancy_form(ingrid, "Lagre hvem som følger opp"), typed={"team": [team]})
    assert body(database, HOME.tenancy)[f"team/{team}"] is True
    assert "900 00 000" in kari.open(DOSSIER).words
    today = day_of(datetime.now(UTC)).isoformat()
    page = ingrid.send(tenancy_form(ingrid, "Avslutt leieforholdet"), typed={"ended_on": today})
    assert "Avsluttet" in page.words and body(database, HOME.tenancy)["ended_on"] == today
    assert "900 00 000" not in kari.open(DOSSIER).words
    ingrid.send(page.form("Angre at det er avsluttet"))
    assert "900 00 000" in kari.open(DOSSIER).words
    off = ingrid.send(tenancy_form(ingrid, "Lagre hvem som følger opp"), typed={"team": []})
    assert "Følges opp av: ingen ennå" in off.words


def test_a_tenancy_cannot_end_before_it_began_or_on_no_day(
    enter: Enter, database: Database
) -> None:
    """It says so, and nothing has ended."""
    ingrid = enter("ingrid")
    for day in ("1899-01-01", "", "i går"):
        page = ingrid.send(tenancy_form(ingrid, "Avslutt leieforholdet"), typed={"ended_on": day})
        assert page.status == 422 and "Leieforholdet er ikke avsluttet." in page.words
    assert "ended" not in body(database, HOME.tenancy)


def test_a_page_that_was_overtaken_ends_nothing(enter: Enter, database: Database) -> None:
    """Somebody else wrote since it was drawn."""
    ingrid = enter("ingrid")
    form = tenancy_form(ingrid, "Avslutt leieforholdet")
    push(database, "lise", "tenancy", HOME.tenancy, {"household_size": 4})
    page = ingrid.send(form)
    assert page.status == 409 and "ended" not in body(database, HOME.tenancy)


@pytest.mark.parametrize("login", ["kari", "ola", "eva", "admin"])
def test_only_the_office_ends_a_tenancy(login: str, enter: Enter, database: Database) -> None:
    """Also for who follows it up: a form made up by hand does nothing."""
    ingrid, reader = enter("ingrid"), enter(login)
    form = tenancy_form(ingrid, "Avslutt leieforholdet")
    mark = reader.open("/office/").form("Logg ut").one("csrf")
    for act in ("end", "resume", "team"):
        path = f"/office/tenancies/{HOME.tenancy}/{act}"
        sent = {"csrf": mark, "form": form.one("form"), "seal": form.one("seal")}
        assert reader.post(path, sent).status == 404
    assert "ended" not in body(database, HOME.tenancy)


@pytest.mark.parametrize("path", [DOSSIER, HOUSE, "/office/homes", f"/office/homes?area={NORTH}"])
def test_a_page_asks_the_same_number_of_questions_however_much_has_happened(
    path: str, enter: Enter, database: Database
) -> None:
    """More visits and faults are no more queries."""
    lise = enter("lise")

    def queries() -> int:
        with asked() as questions:
            assert lise.open(path).status == 200
        return len(questions)

    sent_in(database, "visit", VISIT)
    fault(database, dwelling=HOME.id)
    queries()  # The first look at all is what the access log begins with.
    before = queries()
    for number in range(4):
        sent_in(database, "visit", VISIT, login=("kari", "amir")[number % 2])
        fault(database, f"Feil {number}.", dwelling=(HOME, NEIGHBOUR)[number % 2].id)
    assert 0 < queries() <= before
    assert ids(database, "visit")


def test_a_home_is_named_by_its_address_and_its_unit(enter: Enter) -> None:
    head, _, _ = enter("ingrid").open(DOSSIER).html.partition("</h1>")
    assert head.endswith(named(HOME))
