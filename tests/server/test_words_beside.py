"""Words that stand beside records: whoever may not know of a record is told none of them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from server import openings, people
from server.access import actor_of
from server.database import Database
from server.office import log_review
from server.office.beside import UNTOLD
from server.office.desk import Desk
from server.office.subject_readings import readings, reasons
from server.roles import Role
from tests.makers import NOW, USERS, World, new_id
from tests.server.confiding import talk_sent_in, tenancy
from tests.server.phone import Phone
from tests.server.test_barrier import bar
from tests.server.test_openings import Reader, opening

WHY = "Fjellrev i 3B er slått, og barna var hjemme."
FOUND = "Fjellrev måtte hentes ut."
WEST = new_id(0x7E57)


@pytest.fixture
def home(app: Flask, kari: Phone, office: Phone, world: World) -> dict[str, str]:
    """A household that Kari follows up, opened by Amir, who read of it; the leader has looked."""
    ids = {"tenancy": tenancy(office, world, kari)}
    ids["talk"] = talk_sent_in(kari, world, tenancy=ids["tenancy"])
    amir = Reader(app, "amir")
    amir.opens(world.dwelling, WHY)
    assert amir.get(f"/office/records/{ids['talk']}").status_code == 200
    made = opening(world.database)
    Reader(app, "lise").post(f"/office/openings/{made.id}/review", fit="yes", words=FOUND)
    return ids


def week(now: datetime) -> str:
    """Name this week, as the log's address does."""
    return log_review.week_of(now)


def told(app: Flask, who: str, record: str) -> str:
    """Give all that somebody reads on the pages that tell why a home was opened."""
    now = datetime.now(UTC)
    pages = ("/office/openings", f"/office/log?week={week(now)}", f"/office/log/records/{record}")
    return "".join(Reader(app, who).get(page).text for page in pages)


@pytest.mark.parametrize("what", ["dwelling", "tenancy"])
def test_why_a_home_was_opened_is_behind_the_barrier_too(
    what: str, app: Flask, home: dict[str, str], database: Database, world: World
) -> None:
    assert told(app, "lise", home["talk"]).count(WHY) == 3
    assert FOUND in told(app, "amir", home["talk"])
    bar(database, what, world.dwelling if what == "dwelling" else home["tenancy"], "kari")
    for who in ("lise", "amir"):
        words = told(app, who, home["talk"])
        assert "Fjellrev" not in words and UNTOLD in words, who
        assert USERS["amir"] not in words and "Amir Haddad" in words, "that it was opened, stands"
    bar(database, what, world.dwelling if what == "dwelling" else home["tenancy"], "lise")
    assert told(app, "lise", home["talk"]).count(WHY) == 3, "who is named there reads it"


def test_a_package_for_one_household_tells_nothing_of_another_that_is_barred(
    home: dict[str, str], database: Database, office: Phone, kari: Phone, world: World
) -> None:
    """One reason was given for the home: nobody can tell by the words whom they are about."""
    before = tenancy(office, world, kari)
    with database.writing() as session:
        session.add(openings.Opened(opening=opening(database).id, record=before))

    def said() -> str:
        with database.reading() as session:
            actor = actor_of(session, USERS["lise"])
            desk = Desk(session, actor, "Lise", datetime.now(UTC))
            return f"{reasons(desk, [home['talk']])}{readings(desk, [home['talk']])}"

    assert said().count(WHY) == 2
    bar(database, "tenancy", before, "kari")
    assert "Fjellrev" not in said() and UNTOLD in said()


def test_why_a_record_is_held_is_told_to_who_may_know_of_it_or_sees_to_the_whole(
    app: Flask, home: dict[str, str], database: Database, world: World
) -> None:
    with database.writing() as session:
        people.add_user(session, WEST, "Leder Vest", NOW)
        people.grant(session, new_id(), WEST, Role.LEADER, world.west)
    fields = {"record": home["tenancy"], "reason": WHY}
    assert Reader(app, "admin").post("/office/privacy/holds", **fields).status_code == 302

    def page(who: str) -> str:
        return Reader(app, who).get("/office/privacy").text

    for who, knows in (("lise", True), ("admin", True), (WEST, False)):
        assert (WHY in page(who)) == (home["tenancy"] in page(who)) == knows, who
    bar(database, "dwelling", world.dwelling, "kari")
    for who in ("lise", "admin", WEST):
        words = page(who)
        assert "Fjellrev" not in words and home["tenancy"] not in words, who
        assert "En registrering du ikke ser" in words and UNTOLD in words
    bar(database, "dwelling", world.dwelling, "lise")
    assert WHY in page("lise")
