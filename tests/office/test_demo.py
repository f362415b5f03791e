"""The demo municipality: laid in once, filled up daily, and something to see on every page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from server import demo
from server.access import HERE, actor_of, scopes_of
from server.clock import Clock
from server.database import Database
from server.demo.municipality import PEOPLE, STAFF
from server.ledger import MutationRow
from server.people import check_password
from server.records import REGISTRY
from server.records.record import Envelope, ScopeMember


def count(database: Database) -> int:
    """Count every mutation."""
    with database.reading() as session:
        return session.execute(select(func.count()).select_from(MutationRow)).scalar_one()


def planned(database: Database, login: str, day: datetime) -> int:
    """Count what is planned for a person on a day, as their phone is given it."""
    with database.reading() as session:
        mine = scopes_of(session, actor_of(session, STAFF[login].id), day)
        today = [scope for scope in mine if f"{day.astimezone(HERE):%Y-%m-%d}" in scope]
        assert today
        return session.execute(
            select(func.count(ScopeMember.id.distinct())).where(
                ScopeMember.scope.in_(today), ScopeMember.present
            )
        ).scalar_one()


def test_it_is_laid_in_once(database: Database, now: datetime) -> None:
    """A second start the same day writes nothing."""
    before = count(database)
    demo.lay_in(database, now, whole=False)
    demo.lay_in(database, now + timedelta(minutes=1), whole=False)
    assert count(database) == before
    with database.reading() as session:
        assert session.execute(select(Clock.demo_since)).scalar_one() is not None


@pytest.mark.parametrize("days", [0, 1, 6, 13, 30])
def test_every_day_has_its_visits(days: int, database: Database, now: datetime) -> None:
    """Today's list is never empty, whenever the app is started again."""
    later = now + timedelta(days=days)
    demo.lay_in(database, later, whole=False)
    for login in ("kari", "amir"):
        assert 3 <= planned(database, login, later) <= 4


def test_every_login_that_is_printed_opens(database: Database) -> None:
    """The lines that ./run prints hold the names and the passphrases."""
    lines = demo.logins()
    assert len(lines) == len(PEOPLE) == 7
    with database.reading() as session:
        for person, line in zip(PEOPLE, lines, strict=True):
            assert person.login in line and person.passphrase in line
            assert len(person.passphrase.split()) == 4
            assert check_password(session, person.login, person.passphrase).id == person.id


def test_all_of_it_came_through_intake(database: Database) -> None:
    """Every record has its mutation, and each page of the office has something to show."""
    with database.reading() as session:
        server_made = {"review", "receipt"}
        records = set(session.scalars(select(Envelope.id).where(Envelope.kind.not_in(server_made))))
        assert records == set(session.scalars(select(MutationRow.record))) & records
        states = dict(
            session.execute(
                select(MutationRow.state, func.count()).group_by(MutationRow.state)
            ).all()
        )
        visit: Any = REGISTRY["visit"].model
        lives: dict[str, int] = dict(
            session.execute(select(visit.status, func.count()).group_by(visit.status)).all()
        )
    assert states["review"] == 1 and states["held"] == 2
    assert {"submitted", "returned", "approved"} == set(lives)


def test_nobody_in_it_is_real(database: Database) -> None:
    """Tenants are called Eksempel, and their telephone is one that nobody has."""
    contact: Any = REGISTRY["contact"].model
    with database.reading() as session:
        names = set(session.scalars(select(contact.name)))
        phones = set(session.scalars(select(contact.phone)))
    assert all(name.endswith(" Eksempel") for name in names)
    assert phones == {"900 00 000"}
