"""What a leader knows of a request that another prepares: that it is there, by when, and whose."""

from __future__ import annotations

from server import people
from server.database import Database
from server.demo.municipality import NORTH, SOUTH, STAFF
from server.roles import Role
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import approve, begin, give, make, make_ready
from tests.office.reader import Page
from tests.office.test_homes import HOME

SUBJECT = f"/office/subjects/{HOME.tenancy}"
LIST = "/office/insights"
BY_LISE = "Forberedes av Lise Strand"


def leads(database: Database, login: str, area: str) -> None:
    """Let somebody lead an area, and be nothing else."""
    with database.writing() as session:
        people.withdraw(session, STAFF[login].id)
        people.grant(session, new_id(), STAFF[login].id, Role.LEADER, area)


def tells(page: Page, where: str) -> tuple[bool, bool]:
    """Say whether a page tells of the request, and whether it leads to it."""
    return BY_LISE in page.words, where in page.links


def test_another_leader_there_knows_that_it_is_prepared_and_opens_it_when_it_is_ready(
    enter: Enter, database: Database
) -> None:
    """So that it is not done twice, and not forgotten when whoever prepares it is ill."""
    lise = enter("lise")
    where = begin(lise)
    leads(database, "amir", HOME.area)
    amir = enter("amir")
    listed = amir.open(LIST)
    assert tells(listed, where) == (True, False) and SUBJECT in listed.links
    assert "Under arbeid" in listed.words and "Venter på deg" not in listed.words
    assert tells(amir.open(SUBJECT), where) == (True, False)
    assert "Innsyn 1 venter" not in amir.open("/office/").words
    assert amir.open(where).status == 404
    make_ready(lise, where)
    listed = amir.open(LIST)
    assert tells(listed, where) == (True, True) and "Venter på deg" in listed.words
    assert tells(amir.open(SUBJECT), where) == (True, True)
    assert amir.open(where).status == 200


def test_nobody_else_knows_of_what_is_prepared(enter: Enter, database: Database) -> None:
    """Neither the office, which reads what is ready, nor a leader of another area."""
    where = begin(enter("lise"))
    leads(database, "amir", SOUTH if HOME.area == NORTH else NORTH)
    for login in ("ingrid", "amir"):
        reader = enter(login)
        assert tells(reader.open(LIST), where) == (False, False)
        assert "Ingen krav om innsyn nå." in reader.open(LIST).words
        assert reader.open(where).status == 404


def test_a_leader_who_lacks_a_record_is_not_told_how_far_it_has_come(
    enter: Enter, database: Database
) -> None:
    """It stands as before it was ready: that it is missing since would tell that there is more."""
    lise = enter("lise")
    named: dict[str, Json] = {f"sealed_for/{STAFF[who].id}": True for who in ("lise", "ingrid")}
    make(database, "contact", new_id(), tenancy=HOME.tenancy, name="Ylvali Sperrestad", **named)
    where = begin(lise)
    leads(database, "amir", HOME.area)
    amir = enter("amir")
    before = amir.open(LIST).words
    assert BY_LISE in before
    for step, who in ((make_ready, "lise"), (approve, "ingrid")):
        step(enter(who), where)
        assert amir.open(LIST).words == before and amir.open(where).status == 404
    give(lise, where)
    listed = amir.open(LIST)
    assert tells(listed, where) == (True, False) and "Gitt ut" in listed.words
