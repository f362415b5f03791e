"""Passwords that somebody set for another: that it was done is told to the person and to leaders.

Whoever sets one has seen it, and could log in as the other. A new user's first one is no other:
with it an administrator could be a leader who is nobody. Nothing is known here but who and whom.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from server import notices, people
from server.access import Actor
from server.acts import EMERGENCY, Act
from server.people import Grant, Grants, User
from server.roles import Role

RESET, CHANGED, ADDED = "password_reset", "password_changed", "user_added"
TOLD_FOR = timedelta(days=30)
UPPER = frozenset({Role.LEADER, Role.ADMIN})
"""Those whose own leader may be nobody: administrators are told of them too."""


@dataclass(frozen=True)
class Reset:
    """One password that was set for somebody."""

    user: str
    by: str
    """The id of a user, or `cli:` and the name of an account on the machine."""
    at: datetime
    first: bool = False
    """It is the password that a new user was made with."""


def give_notice(session: Session, user: str, now: datetime) -> None:
    """Begin to tell of a password that another has just set."""
    notices.give(session, f"{RESET}|{user}|{now.isoformat()}", RESET, user, now)


def settle(session: Session, user: str, now: datetime) -> None:
    """Stop telling the person: they have a password that nobody else has seen."""
    notices.settle(session, RESET, user, now)


def between(session: Session, first: datetime, after: datetime) -> list[Reset]:
    """Give what was set for others in a time, the first of it first."""
    by_hand = and_(Act.what == ADDED, Act.by.in_(select(User.id)))  # not the directory, which has
    query = select(Act).where(  # no passwords, and not whoever has the machine
        or_(Act.what == RESET, by_hand), Act.at >= first, Act.at < after, Act.about.is_not(None)
    )
    acts = session.scalars(query.where(Act.by != Act.about).order_by(Act.at, Act.id))
    return [Reset(act.about or "", act.by, act.at, act.what == ADDED) for act in acts]


def of(session: Session, user: str, now: datetime) -> Reset | None:
    """Give the last one set anew for somebody, until they set their own or it is long ago."""
    mine = [each for each in _lately(session, now) if each.user == user and not each.first]
    if not mine:
        return None
    own = select(Act.id).where(Act.what == CHANGED, Act.about == user, Act.at > mine[-1].at)
    return None if session.scalar(own.limit(1)) else mine[-1]


def told_to(session: Session, reader: Actor, now: datetime) -> list[Reset]:
    """Give those of late that a reader is told of, the last first.

    It lasts whatever is done in the person's own login: who set it could have been in there.
    """
    lately = _lately(session, now)[::-1]
    theirs = people.grants_of(session, {each.user for each in lately})
    return [each for each in lately if _is_told(reader, each, theirs[each.user])]


def to_tell(session: Session, reset: Reset) -> Sequence[str]:
    """Name those whom the person may tell that it was not agreed: they are told of it themselves.

    The account in the envelope is nobody to talk to.
    """
    sealed = select(Act.about).where(Act.what == EMERGENCY, Act.about.is_not(None))
    everybody = set(session.scalars(select(Grant.user).where(Grant.user.not_in(sealed))))
    grants = people.grants_of(session, everybody | {reset.user})
    theirs = grants.pop(reset.user)
    told = [user for user, mine in grants.items() if _is_told(Actor(user, mine), reset, theirs)]
    return session.scalars(select(User.name).where(User.id.in_(told)).order_by(User.name)).all()


def _lately(session: Session, now: datetime) -> list[Reset]:
    return between(session, now - TOLD_FOR, now + timedelta(seconds=1))


def _is_told(reader: Actor, reset: Reset, theirs: Grants) -> bool:
    """Say whether somebody is: a leader where the person works; of leaders, administrators too."""
    if reader.user in (reset.user, reset.by):
        return False
    areas = {area for _, area in theirs} or {None}
    if any(Role.LEADER in reader.roles_in(area) for area in areas):
        return True
    led = any(role in UPPER for role, _ in theirs)
    return led and Role.ADMIN in reader.roles_in(None)
