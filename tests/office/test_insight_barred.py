"""Innsyn for a household that is barred (kode 6): prepared and read by those who are named."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from server import hand, people
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.keeping.insight import Insight
from server.people import Grant
from server.records.barrier import BARRIER
from server.roles import Role
from server.shapes import Json
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.insights import LISE, approve, begin, give, make_ready, write_talk
from tests.office.test_homes import HOME

SUBJECT = f"/office/subjects/{HOME.tenancy}"


@pytest.fixture(autouse=True)
def in_one_area(database: Database) -> None:
    """Let the leader lead in one area, as leaders do: what is barred is in none. The privacy
    officer reads homes there, and can be named.
    """
    with database.writing() as session:
        session.execute(update(Grant).where(Grant.user == LISE).values(area=NORTH))
        people.grant(session, new_id(), STAFF["vera"].id, Role.FOLLOW_UP, NORTH)


def bar(database: Database, *logins: str) -> None:
    """Let those alone know of the household."""
    only: dict[str, Json] = {f"{BARRIER}/{STAFF[login].id}": True for login in logins}
    hand.write(database, "tenancy", HOME.tenancy, "patch", only, LISE, datetime.now(UTC))


@pytest.mark.parametrize(
    ("first", "second"), [("lise", "kari"), ("lise", "vera"), ("vera", "lise")]
)
def test_those_who_are_named_prepare_it_and_read_it_second(
    first: str, second: str, enter: Enter, database: Database
) -> None:
    talk = write_talk(database)
    bar(database, "lise", "kari", "vera")
    prepares, reads = enter(first), enter(second)
    assert "valgt i sperren" in prepares.open(SUBJECT).words
    where = begin(prepares)
    assert "valgt i sperren" in prepares.open(where).words
    assert reads.open(where).status == 404 and where not in reads.open("/office").links
    make_ready(prepares, where)
    assert where in reads.open("/office/insights").links
    assert f"Godkjent av {STAFF[second].name}" in approve(reads, where).words
    status, body, _ = give(prepares, where)
    assert status == 200 and talk in {each.get("id") for each in json.loads(body)["records"]}


def test_nobody_else_learns_that_there_is_one(enter: Enter, database: Database) -> None:
    """Neither who leads or reads everywhere, nor who holds the role that prepares, unnamed."""
    bar(database, "lise", "kari")
    lise = enter("lise")
    where = begin(lise)
    make_ready(lise, where)
    for login in ("ingrid", "vera", "admin", "ola", "amir"):
        reader = enter(login)
        assert [reader.open(page).status for page in (where, SUBJECT)] == [404, 404], login
        listed = reader.open("/office/insights")
        assert where not in listed.links and "Venter på deg" not in listed.words
        assert (listed.status == 200) == (login == "ingrid")
        assert "Innsyn" not in reader.open("/office").words or login == "ingrid"
    assert "Innsyn" in enter("kari").open("/office").words


def test_who_is_named_and_answers_for_no_household_only_reads_second(
    enter: Enter, database: Database
) -> None:
    bar(database, "lise", "kari")
    kari, lise = enter("kari"), enter("lise")
    assert kari.open(SUBJECT).status == 404
    where = begin(lise)
    make_ready(lise, where)
    approve(kari, where)
    page = kari.open(where)
    assert "Godkjent av" in page.words and "Last ned" not in page.words
    mark = page.form("Send tilbake").one("csrf")
    assert kari.post(f"{where}/package", {"csrf": mark, "form": "json"}).status == 404


def test_a_privacy_officer_answers_for_no_household_in_the_open(
    enter: Enter, database: Database
) -> None:
    """Whoever also follows households up reads the tenancy, and yet neither prepares nor erases."""
    team: dict[str, Json] = {f"team/{STAFF['vera'].id}": True}
    hand.write(database, "tenancy", HOME.tenancy, "patch", team, LISE, datetime.now(UTC))
    vera = enter("vera")
    assert vera.open(f"/office/records/{HOME.tenancy}").status == 200
    assert vera.open(SUBJECT).status == 404


def test_who_is_no_longer_named_has_to_do_with_it_no_longer(
    enter: Enter, database: Database
) -> None:
    bar(database, "lise", "kari")
    lise = enter("lise")
    where = begin(lise)
    now, gone = datetime.now(UTC), {f"{BARRIER}/{LISE}": None}
    hand.write(database, "tenancy", HOME.tenancy, "patch", gone, LISE, now)
    assert lise.open(where).status == 404
    with database.reading() as session:
        assert session.query(Insight).count() >= 1
