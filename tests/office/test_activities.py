"""Hverdagsaktiviteter: cooking, coffee and a garden done together, listed beside the events."""

from __future__ import annotations

from typing import Any

import pytest

from server.database import Database
from server.demo.municipality import NORTH, STAFF, homes
from tests.office.conftest import Enter
from tests.office.folders import body_of, written
from tests.office.test_events import day
from tests.office.test_pages import ids

HOUSE = next(home for home in homes() if home.area == NORTH).building
OLA = STAFF["ola"]
SOUP = "Torsdagssuppe"


def soup(database: Database, **more: Any) -> str:
    """Let Kari write an activity."""
    about = {"building": HOUSE, "type": "cooking", "name": SOUP, "held_on": day(-3)}
    return written(database, "activity", {**about, **more})


def test_an_activity_is_listed_with_who_came_and_who_led_it(
    enter: Enter, database: Database
) -> None:
    """The next ones first, then the last ones; what is called off stands in neither."""
    told = {"heads": 11, "led_by_residents": True, "minutes": 120, f"who/{OLA.id}": True}
    held = soup(database, **told, repeats="weekly")
    coming = soup(database, held_on=day(4), name="Hagedag", type="garden")
    off = {"state": "cancelled", "by": STAFF["kari"].id, "at": f"{day(-1)}T08:00:00.000Z"}
    soup(database, name="Avlyst suppe", handling=off)
    page = enter("ola").open("/office/events")
    for words in ("11 kom", "120 minutter", "Ledet av beboere", "hver uke", OLA.name, SOUP):
        assert words.lower() in page.words.lower(), words
    links = [link for link in page.links if link.removeprefix("/office/records/") in (held, coming)]
    assert [link.rpartition("/")[2] for link in links] == [coming, held]
    assert "Avlyst suppe" not in page.words
    assert SOUP in enter("ola").open(links[1]).words


def test_an_activity_is_planned_in_the_office(enter: Enter, database: Database) -> None:
    ingrid = enter("ingrid")
    page = ingrid.open("/office/events")
    form = ingrid.open(next(link for link in page.links if "/new/activity" in link)).form("Lagre")
    ingrid.send(form, typed={"area": NORTH, "type": "coffee", "held_on": day(6), "invited": "20"})
    (made,) = ids(database, "activity")
    assert body_of(database, made)["invited"] == 20
    assert "Kaffe og prat" in ingrid.open("/office/events").words


@pytest.mark.parametrize(("login", "sees"), [("kari", True), ("ola", True), ("eva", False)])
def test_the_landlord_has_the_events_and_not_who_cooked_with_whom(
    login: str, sees: bool, enter: Enter, database: Database
) -> None:
    soup(database)
    page = enter(login).open("/office/events")
    assert page.status == 200
    assert (SOUP in page.words) == sees and ("Hverdagsaktiviteter" in page.words) == sees
