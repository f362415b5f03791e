"""Who the provider's person is here: known, new by their groups, come back, or not let in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import acts, hand, intake, people, staff
from server.config import Settings
from server.database import Database
from server.oidc import roles, seats
from server.oidc.claims import Person
from server.oidc.refusals import Refused
from server.oidc.roles import BY
from server.people import Identity, User
from server.provider import Provider

NOT_LET_IN = "login_not_let_in"


class _Taken(Exception):
    """The identity came in by another login in the same moment."""


def arrive(
    database: Database, settings: Settings, provider: Provider, person: Person, now: datetime
) -> str:
    """Give the user who somebody is here, with the roles of this moment; raises Refused."""
    user = user_of(database, provider, person.subject)
    if user is None:
        try:
            user = _take_in(database, provider, person, now)
        except _Taken:
            user = user_of(database, provider, person.subject)
            assert user is not None
    _come_back(database, provider, person, user, now)
    freshen(database, provider, person, user, now)
    with database.reading() as session:
        if not roles.has_any(session, user):
            raise Refused("no_role", NOT_LET_IN)
    return user


def user_of(database: Database, provider: Provider, subject: str) -> str | None:
    """Give the user with this identity."""
    with database.reading() as session:
        found = session.get(Identity, (provider.issuer, subject))
        return found.user if found else None


def freshen(
    database: Database, provider: Provider, person: Person, user: str, now: datetime
) -> None:
    """Let the directory's word of today stand: the roles, and what somebody is called."""
    with database.writing() as session:
        given = provider.roles and roles.set_roles(
            session, user, roles.wanted(session, provider, person.groups), now
        )
        renamed = bool(person.name) and session.get_one(User, user).name != person.name
    if renamed:

        def rename(session: Session) -> None:
            session.get_one(User, user).name = person.name

        said = {"name": person.name}
        hand.write(database, staff.KIND, user, "patch", said, user, now, rename)
    if given:
        intake.judge_again(database, now, "access", author=user)


def _take_in(database: Database, provider: Provider, person: Person, now: datetime) -> str:
    if not person.name:
        raise Refused("no_name")
    with database.reading() as session:
        if not roles.wanted(session, provider, person.groups):
            raise Refused("no_group", NOT_LET_IN)
    user = str(uuid7())

    def enter(session: Session) -> None:
        if session.get(Identity, (provider.issuer, person.subject)) is not None:
            raise _Taken
        people.add_user(session, user, person.name, now)
        session.add(Identity(provider=provider.issuer, subject=person.subject, user=user))
        acts.note(session, "user_added", BY, now, user)

    said = {"name": person.name}
    hand.write(database, staff.KIND, user, "create", said, user, now, enter)
    return user


def _come_back(
    database: Database, provider: Provider, person: Person, user: str, now: datetime
) -> None:
    """Let in again whom the directory itself had closed; whom an administrator closed stays out."""
    with database.reading() as session:
        closed = session.get_one(User, user).closed_at is not None
        seat = session.get(seats.Seat, (provider.issuer, person.subject))
        back = seat is not None and seat.left_at is not None
        vouched = bool(roles.wanted(session, provider, person.groups)) or not provider.roles
    if closed and not (back and vouched):
        raise Refused("closed", NOT_LET_IN)
    if closed:
        staff.reopen(database, BY, user, now)
