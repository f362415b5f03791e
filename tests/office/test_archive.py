"""Arkiv: the packages in words, and the word that the archive has one, by those who may."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from server import people
from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import holds
from server.keeping.archive.pack import pack
from server.keeping.archive.packages import ArchivePackage
from server.records.record import Envelope
from tests.makers import NOW, new_id
from tests.office.conftest import Enter
from tests.office.test_homes import HOME
from tests.server.archived import addendum
from tests.server.test_retention import make

RECEIVED = "Arkivet har mottatt pakken"


@pytest.fixture
def due(enter: Enter, database: Database) -> str:
    """A visit of long ago; the demo's own are of this year."""
    body = {"dwelling": HOME.id, "visited_on": "2019-11-24", "outcome": "completed"}
    return make(database, "visit", body)


@pytest.fixture
def package(due: str, database: Database, tmp_path: Path) -> str:
    return pack(database, tmp_path / "ut", lambda id: None, "cli:test", NOW).package


def is_here(database: Database, id: str) -> bool:
    with database.reading() as session:
        return session.get(Envelope, id) is not None


def test_a_leader_finds_the_package_and_says_that_the_archive_has_it(
    enter: Enter, database: Database, due: str, package: str
) -> None:
    lise = enter("lise")
    assert "/office/privacy/archive" in lise.open("/office/privacy").html
    page = lise.open("/office/privacy/archive")
    assert "Ikke mottatt ennå. 1 registrering fra pakken står her." in page.words
    unnamed = lise.send(page.form(RECEIVED), typed={"reference": " "})
    assert unnamed.status == 422 and "Arkivets kvittering mangler." in unnamed.words
    assert is_here(database, due)
    page = lise.send(page.form(RECEIVED), typed={"reference": "Mottak <b>7</b>"})
    assert "bekreftet av Lise Strand" in page.words and "Mottak <b>7</b>" in page.words
    assert "Alt i pakken er slettet her." in page.words and not page.has(RECEIVED)
    assert not is_here(database, due)


def test_what_changed_is_said_on_the_page(
    enter: Enter, database: Database, due: str, package: str
) -> None:
    addendum(database, due, "Kom etterpå")
    lise = enter("lise")
    page = lise.send(lise.open("/office/privacy/archive").form(RECEIVED), typed={"reference": "7"})
    assert "1 registrering er endret siden" in page.words and is_here(database, due)


def test_a_hold_on_everything_is_said_and_nothing_ends(
    enter: Enter, database: Database, due: str, package: str
) -> None:
    with database.writing() as session:
        holds.place(session, None, "Tilsyn", STAFF["lise"].id, NOW)
    lise = enter("lise")
    page = lise.open("/office/privacy/archive")
    assert "All sletting er stanset." in page.words
    page = lise.send(page.form(RECEIVED), typed={"reference": "7"})
    assert "1 registrering er stanset og blir stående." in page.words and is_here(database, due)


@pytest.mark.parametrize("login", ["kari", "ingrid", "eva", "vera"])
def test_nobody_else_says_that_it_was_received(
    login: str, enter: Enter, database: Database, due: str, package: str
) -> None:
    """The privacy officer sees the page, and no button; for others it is missing."""
    reader = enter(login)
    page = reader.open("/office/privacy/archive")
    assert page.status == (200 if login == "vera" else 404) and not page.has(RECEIVED)
    sent = {"csrf": reader.open("/office/").form("Logg ut").one("csrf"), "reference": "7"}
    for each in (package, new_id()):
        assert reader.post(f"/office/privacy/archive/{each}/receive", sent).status == 404
    with database.reading() as session:
        assert session.get_one(ArchivePackage, package).received_at is None
    assert is_here(database, due)


def test_who_has_not_just_shown_who_they_are_is_asked_first(
    enter: Enter, database: Database, due: str, package: str
) -> None:
    lise = enter("lise")
    form = lise.open("/office/privacy/archive").form(RECEIVED)
    long_ago = datetime.now(UTC) - people.STEP_UP * 1.1
    with database.writing() as session:
        session.execute(update(people.LoginSession).values(created_at=long_ago))
    page = lise.send(form, typed={"reference": "7"})
    assert page.status == 401 and "Bekreft at det er deg." in page.words
    assert is_here(database, due)
