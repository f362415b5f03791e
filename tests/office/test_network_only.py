"""Bare på nett: who sets it for whom, why, and where it is seen."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from server import acts, people
from server.acts import Act
from server.database import Database
from server.demo.municipality import STAFF
from server.keeping import side_tables
from server.people import Grant, NetworkOnly, Replica
from server.records.area import Area
from server.roles import Role
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.server.phone import Phone

KARI, LISE = STAFF["kari"].id, STAFF["lise"].id
WHY = "Arbeider med strengt fortrolige adresser"
PLACE = f"/office/people/{KARI}/network-only"
MARK = "Bare på nett"


def sent(reader: Reader, button: str, reason: str = WHY) -> Page:
    """Press a button of Kari's page, with a reason."""
    return reader.send(reader.open(PLACE).form(button), button, typed={"reason": reason})


def holds(database: Database, user: str = KARI) -> bool:
    with database.reading() as session:
        return people.is_network_only(session, user)


def line_of(page: Page, name: str) -> str:
    """The row of a table that is somebody's."""
    rows: list[str] = re.findall(r"<tr.*?</tr>", page.html, re.DOTALL)
    return next(row for row in rows if name in row)


@pytest.mark.parametrize("login", ["admin", "lise"])
def test_it_is_set_and_lifted_with_a_reason_that_stands(
    login: str, enter: Enter, database: Database
) -> None:
    reader = enter(login)
    refused = sent(reader, "Sett bare på nett", " \n ")
    assert refused.status == 422 and "Du har ikke skrevet hvorfor." in refused.words
    assert not holds(database)

    page = sent(reader, "Sett bare på nett")
    assert WHY in page.words and f"Satt av {STAFF[login].name}" in page.words
    assert holds(database) and not page.has("Sett bare på nett")
    users = reader.open("/office/people")
    name = STAFF["kari"].name
    assert "tag warn" in line_of(users, name) and MARK in line_of(users, name)
    assert "tag warn" not in line_of(users, STAFF["amir"].name)

    page = sent(reader, "Ta bort", "Skal ikke dit mer")
    assert page.words.index("Skal ikke dit mer") < page.words.index(WHY), "the last one first"
    assert not holds(database)
    assert "tag warn" not in line_of(reader.open("/office/people"), name)
    with database.reading() as session:
        by = STAFF[login].id
        for what in ("network_only_set", "network_only_lifted"):
            found = acts.latest(session, what)
            assert found and (found[0].by, found[0].about) == (by, KARI)
            assert not found[1], "the reason is no code, and stays on its page"


def test_what_is_so_already_is_not_set_again(enter: Enter, database: Database) -> None:
    admin = enter("admin")
    form = admin.open(PLACE).form("Sett bare på nett")
    for _ in range(2):
        admin.send(form, typed={"reason": WHY})
    with database.reading() as session:
        assert len(people.network_only_story(session, KARI)) == 1
        query = select(Act).where(Act.what == "network_only_set")
        assert len(session.scalars(query).all()) == 1


def test_a_leader_sets_it_where_they_lead_and_nobody_for_themselves(
    enter: Enter, database: Database
) -> None:
    with database.writing() as session:
        areas = {name: id for id, name in session.execute(select(Area.id, Area.name)).all()}
        session.execute(delete(Grant).where(Grant.user.in_([KARI, LISE])))
        people.grant(session, new_id(), KARI, Role.BOMILJO, areas["Rognelia"])
        people.grant(session, new_id(), LISE, Role.LEADER, areas["Vassvika"])
    lise = enter("lise")
    assert lise.open(PLACE).status == 404
    assert f"{KARI}/network-only" not in lise.open("/office/people").html
    mark = lise.open("/office/").form("Logg ut").one("csrf")
    said = {"csrf": mark, "reason": WHY}
    assert lise.post(PLACE, said).status == 404 and not holds(database)

    with database.writing() as session:
        people.grant(session, new_id(), KARI, Role.BOMILJO, areas["Vassvika"])
    assert lise.open(PLACE).status == 200
    assert f"{KARI}/network-only" in lise.open("/office/people").html
    with database.writing() as session:
        people.withdraw(session, KARI)
        people.grant(session, new_id(), KARI, Role.FOLLOW_UP, None)
    assert lise.open(PLACE).status == 200, "who works everywhere works there too"
    mine = f"/office/people/{LISE}/network-only"
    assert lise.open(mine).status == 404 and lise.post(mine, said).status == 404
    with database.writing() as session:
        people.grant(session, new_id(), STAFF["amir"].id, Role.ADMIN, areas["Vassvika"])
    assert enter("amir").open(PLACE).status == 404, "who runs one area decides for nobody in all"
    admin = enter("admin")
    assert admin.open(f"/office/people/{STAFF['admin'].id}/network-only").status == 404
    assert admin.open(f"/office/people/{new_id()}/network-only").status == 404
    forms = admin.open("/office/people").forms
    admin.send(next(form for form in forms if form.action.endswith(f"{KARI}/close")))
    assert admin.open(PLACE).status == 404, "who is let in no more has nothing to be set"


def test_the_phones_page_says_it_and_whether_the_phone_may_know(
    app: Flask, enter: Enter, database: Database
) -> None:
    admin = enter("admin")
    phone = Phone(app, KARI)
    phone.ask()
    name = STAFF["kari"].name

    def heard(at: datetime) -> str:
        with database.writing() as session:
            session.get_one(Replica, phone.replica).last_seen_at = at
        return line_of(admin.open("/office/devices"), f"r-{phone.replica}")

    now = datetime.now(UTC)
    assert MARK not in heard(now)
    sent(admin, "Sett bare på nett")
    before = heard(now - timedelta(hours=1))
    assert MARK in before and "fra neste kontakt" in before
    later = heard(datetime.now(UTC) + timedelta(minutes=1))
    assert MARK in later and "fra neste kontakt" not in later
    assert name in later


def test_the_last_word_about_somebody_is_kept_however_old_it_is(database: Database) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=3000)
    with database.writing() as session:
        for number, is_so in enumerate((True, False, True)):
            at = long_ago + timedelta(days=number)
            people.set_network_only(session, KARI, is_so, WHY, STAFF["admin"].id, at)
        side_tables.end(session, datetime.now(UTC))
        (left,) = session.scalars(select(NetworkOnly)).all()
    assert left.holds and holds(database)
