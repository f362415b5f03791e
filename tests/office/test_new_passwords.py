"""A password that one person set for another: told to the person and to who leads them, no more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from server import emergency, people, staff
from server.database import Database
from server.demo.municipality import SOUTH, STAFF
from server.notices import Notice
from server.office import log_review
from server.password_resets import RESET, TOLD_FOR
from server.roles import Role
from tests.makers import new_id
from tests.office.conftest import Enter
from tests.office.reader import Page, Reader
from tests.office.test_users import form_to, password_on

TUESDAY = datetime(2026, 12, 1, 11, tzinfo=UTC)
KARI, ADMIN, LISE = (STAFF[login] for login in ("kari", "admin", "lise"))
OWN = "Passordet ditt ble satt på nytt av"
OTHERS = "Passord som en annen har satt."


@pytest.fixture
def clock() -> Iterator[Any]:
    """It is Tuesday noon until a test says otherwise."""
    with time_machine.travel(TUESDAY, tick=False) as moved:
        yield moved


def reset(enter: Enter, login: str) -> str:
    """Have the administrator set somebody's password, and read it as they do."""
    admin = enter("admin")
    form = form_to(admin.open("/office/people"), f"{STAFF[login].id}/password")
    return password_on(admin.send(form))


def front(enter: Enter, login: str) -> str:
    """Read somebody's front page."""
    return enter(login).open("/office/").words


def grant(database: Database, login: str, role: Role, area: str | None) -> None:
    """Give somebody one more role."""
    with database.writing() as session:
        people.grant(session, new_id(), STAFF[login].id, role, area)


def settled(database: Database) -> list[bool]:
    """Read the notices of it: whom about, and whether each is closed."""
    with database.reading() as session:
        rows = session.scalars(select(Notice).where(Notice.kind == RESET))
        return [row.settled_at is not None for row in rows if row.about == KARI.id]


def test_the_person_and_their_leader_are_told_who_did_it_and_when_and_nobody_else(
    enter: Enter, database: Database, clock: Any
) -> None:
    shown = reset(enter, "kari")
    said = f"{OWN} {ADMIN.name} i dag kl. 12.00."
    for page in ("/office/", "/office/me"):
        words = enter("kari").open(page).words
        assert said in words and f"Si fra til {LISE.name}." in words
    lise = front(enter, "lise")
    assert OTHERS in lise and f"{KARI.name}: av {ADMIN.name} i dag kl. 12.00" in lise
    assert OWN not in lise and shown not in lise
    for other in ("amir", "ingrid", "hege", "vera", "admin"):
        words = front(enter, other)
        assert OTHERS not in words and OWN not in words, other
    assert settled(database) == [False]
    me = enter("kari").client.get("/api/v1/me").get_json()
    told = {"by": ADMIN.name, "at": "2026-12-01T11:00:00.000Z", "tell": [LISE.name]}
    assert me["password_set"] == told, "the phone says it under «Meg»"
    assert "password_set" not in enter("amir").client.get("/api/v1/me").get_json()


def change(enter: Enter, old: str) -> Page:
    """Have Kari set a password of her own."""
    kari = enter("kari")
    form = kari.open("/office/me").form("Bytt passord")
    new = "fyrstikk gulrot hylle onsdag"
    return kari.send(form, typed={"old": old, "new": new, "again": new})


def test_it_is_told_her_until_she_has_set_her_own_and_her_leader_for_a_month_whatever_is_done(
    enter: Enter, database: Database, clock: Any
) -> None:
    """Whoever set it could have been in her login, and have silenced it there."""
    shown = reset(enter, "kari")
    clock.shift(timedelta(minutes=5))
    change(enter, shown)
    assert OWN not in front(enter, "kari") and settled(database) == [True]
    assert OTHERS in front(enter, "lise")
    clock.shift(timedelta(minutes=5))
    reset(enter, "kari")
    assert OWN in front(enter, "kari"), "once more is told once more"
    clock.move_to(TUESDAY + TOLD_FOR + timedelta(minutes=11))
    assert OWN not in front(enter, "kari") and OTHERS not in front(enter, "lise")


def test_a_leader_is_told_of_those_who_work_where_they_lead(
    enter: Enter, database: Database, clock: Any
) -> None:
    grant(database, "hege", Role.LEADER, SOUTH)
    reset(enter, "kari")
    reset(enter, "amir")
    words = front(enter, "hege")
    assert STAFF["amir"].name in words and KARI.name not in words
    assert f"Si fra til {STAFF['hege'].name} eller {LISE.name}." in front(enter, "amir")


def test_of_a_leader_other_administrators_are_told_and_of_oneself_nobody(
    app: Flask, enter: Enter, database: Database, clock: Any
) -> None:
    grant(database, "hege", Role.ADMIN, None)
    emergency.make(database, "cli:x", TUESDAY)
    reset(enter, "lise")
    assert f"{LISE.name}: av {ADMIN.name}" in front(enter, "hege")
    assert f"Si fra til {STAFF['hege'].name}." in front(enter, "lise")
    assert OTHERS not in front(enter, "lise") and OTHERS not in front(enter, "admin")
    staff.new_password(database, ADMIN.id, ADMIN.id, TUESDAY)
    assert OWN not in front(enter, "admin")
    assert ADMIN.name not in front(enter, "lise").partition(OTHERS)[2]


def test_a_new_user_with_a_password_that_the_administrator_saw_is_told_as_well(
    app: Flask, enter: Enter, clock: Any
) -> None:
    """Whoever reads no record could else make a leader who is nobody, and read as that one."""
    admin = enter("admin")
    form = admin.open("/office/people").form("Legg til")
    typed = {"name": "Nina Ny", "team": "Leder", "login": "nina", "role": "leader", "area": "all"}
    shown = password_on(admin.send(form, typed=typed))
    said = f"Nina Ny, ny bruker: av {ADMIN.name} i dag kl. 12.00"
    assert OTHERS in front(enter, "lise") and said in front(enter, "lise")
    words = enter("lise").open("/office/log?week=2026-W49").words
    assert f"Satte nytt passord for en annen {ADMIN.name}" in words and "Nina Ny" in words
    nina = Reader(app)
    page = nina.send(nina.open("/office/login").form("Logg inn"), name="nina", password=shown)
    assert page.status == 200 and said not in page.words and OWN not in page.words
    assert OTHERS not in front(enter, "ingrid") and OTHERS not in front(enter, "admin")


def test_the_week_lists_who_set_whose(enter: Enter, database: Database, clock: Any) -> None:
    reset(enter, "kari")
    staff.new_password(database, ADMIN.id, ADMIN.id, TUESDAY)
    monday = log_review.monday_of("2026-W49")
    assert monday is not None
    with database.reading() as session:
        found = [each for each in log_review.findings(session, monday) if each.about]
        assert [(each.what, each.who, each.about) for each in found] == [
            (log_review.PASSWORD, ADMIN.id, KARI.id)
        ]
        for days in (-7, 7):
            other = log_review.findings(session, monday + timedelta(days))
            assert not any(each.about for each in other)
    words = enter("lise").open("/office/log?week=2026-W49").words
    assert f"Satte nytt passord for en annen {ADMIN.name}" in words and KARI.name in words


def test_of_those_who_lead_nobody_no_administrator_is_told_nor_one_of_an_area_of_anybody(
    enter: Enter, database: Database, clock: Any
) -> None:
    """Kari has a leader. Amir administers the south alone, and Lise leads everywhere."""
    grant(database, "hege", Role.ADMIN, None)
    grant(database, "amir", Role.ADMIN, SOUTH)
    reset(enter, "kari")
    assert OTHERS not in front(enter, "hege")
    reset(enter, "lise")
    assert f"{LISE.name}: av" in front(enter, "hege") and OTHERS not in front(enter, "amir")
    assert f"Si fra til {STAFF['hege'].name}." in front(enter, "lise")


def test_who_works_nowhere_yet_is_told_of_to_those_who_lead_everywhere(
    enter: Enter, database: Database, clock: Any
) -> None:
    with database.writing() as session:
        people.withdraw(session, KARI.id)
    reset(enter, "kari")
    assert f"{KARI.name}: av {ADMIN.name}" in front(enter, "lise")


def test_what_was_done_at_the_machine_says_so_and_without_leaders_one_turns_to_another(
    enter: Enter, database: Database, clock: Any
) -> None:
    with database.writing() as session:
        people.withdraw(session, LISE.id)
    staff.new_password(database, "cli:drift", KARI.id, TUESDAY)
    words = front(enter, "kari")
    assert f"{OWN} driften i dag kl. 12.00." in words and "Si fra til personvernombudet." in words
