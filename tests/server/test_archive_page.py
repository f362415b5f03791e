"""Arkiv in the office: the packages in words, and the word that the archive has one.

Who may is in the matrix; here is what they see and what comes of it.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from server import people
from server.config import Settings
from server.database import Database
from server.keeping import holds
from tests.makers import DWELLING_EAST, NOW, USERS, World, new_id
from tests.server.archived import addendum, gone, packed
from tests.server.archived import mark as mark_of
from tests.server.phone import open_login
from tests.server.test_retention import BY, make

PAGE = "/office/privacy/archive"


@pytest.fixture
def lise(world: World, app: Flask) -> FlaskClient:
    return open_login(app, USERS["lise"])


@pytest.fixture
def due(world: World, database: Database) -> str:
    """A visit of long ago."""
    return make(database, "visit", {"dwelling": DWELLING_EAST, "visited_on": "2019-11-24"})


@pytest.fixture
def package(due: str, database: Database, settings: Settings, tmp_path: Path) -> str:
    return packed(database, settings, tmp_path / "ut", now=NOW).package


def receive(client: FlaskClient, package: str, reference: str) -> int:
    """Say that the archive has a package, as the page offers it."""
    found: Database = client.application.extensions["oppgang"]
    sent = {"mark": mark_of(found, package), "reference": reference}
    mark = re.search(r'name="csrf" value="([^"]*)"', client.get(PAGE).text)
    assert mark
    sent["csrf"] = mark[1]
    return client.post(f"{PAGE}/{package}/receive", data=sent).status_code


def test_a_leader_finds_the_package_and_says_that_the_archive_has_it(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    assert f'href="{PAGE}"' in lise.get("/office/privacy").text
    assert "1 registrering fra pakken står her." in lise.get(PAGE).text
    assert receive(lise, package, " ") == 422 and due not in gone(database)
    assert receive(lise, package, "Mottak <b>7") == 302 and due in gone(database)
    page = lise.get(PAGE).text
    assert "bekreftet av Lise Dahl" in page and "Mottak &lt;b&gt;7" in page
    assert "Alt i pakken er slettet her." in page and f"{package}/receive" not in page


def test_the_mark_of_another_package_is_said_and_the_reference_stays(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    """The page shows no fingerprint to copy, and what was typed stands in the form."""
    said = mark_of(database, package)
    html = lise.get(PAGE).text
    csrf = re.search(r'name="csrf" value="([^"]*)"', html)
    assert csrf and said not in html
    sent = {"csrf": csrf[1], "reference": "Mottak 2026/7", "mark": "0000000g"}
    answer = lise.post(f"{PAGE}/{package}/receive", data=sent)
    assert answer.status_code == 422 and due not in gone(database)
    assert "Fingeravtrykket hører ikke til denne pakken." in answer.text
    assert 'value="Mottak 2026/7"' in answer.text and said not in answer.text
    assert re.search(r'<input id="mark-[^>]* aria-invalid="true"', answer.text)
    unnamed = lise.post(f"{PAGE}/{package}/receive", data={**sent, "reference": " "})
    assert re.search(r'<input id="reference-[^>]* aria-invalid="true"', unnamed.text)


def test_what_changed_since_is_said(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    addendum(database, due, "Kom etterpå")
    assert receive(lise, package, "7") == 302 and due not in gone(database)
    assert "1 registrering er endret siden" in lise.get(PAGE).text


def test_what_only_waits_is_not_called_changed(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    receipt = {"mid": new_id(), "author": USERS["kari"], "state": "held", "reason": "access"}
    make(database, "receipt", {**receipt, "about": due})
    assert receive(lise, package, "7") == 302 and due not in gone(database)
    page = lise.get(PAGE).text
    assert "1 registrering er slik arkivet har den" in page and "neste pakke" not in page


def test_a_hold_on_everything_is_said_and_nothing_ends(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    with database.writing() as session:
        holds.place(session, None, "Tilsyn", BY, NOW)
    assert "All sletting er stanset." in lise.get(PAGE).text
    assert receive(lise, package, "7") == 302 and due not in gone(database)
    assert "1 registrering er stanset og blir stående." in lise.get(PAGE).text


def test_who_has_not_just_shown_who_they_are_is_asked_first(
    lise: FlaskClient, database: Database, due: str, package: str
) -> None:
    long_ago = datetime.now(UTC) - people.STEP_UP * 1.1
    with database.writing() as session:
        session.execute(update(people.LoginSession).values(created_at=long_ago))
    assert receive(lise, package, "7") == 401 and due not in gone(database)
