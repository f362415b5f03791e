"""The sealed emergency account: one administrator in an envelope, whose every use is an alarm.

It is made at the machine alone, and shown once. A new one closes the one before.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import acts, notices, passwords, people
from server.acts import EMERGENCY, Act
from server.database import Database
from server.people import User
from server.roles import Role

MADE, USED = EMERGENCY, "emergency_used"
NAME, LOGIN = "Nødkonto", "nødkonto"
NOTICE = "emergency_used"
TOLD_FOR = timedelta(days=30)
_log = structlog.get_logger("oppgang.emergency")


def make(database: Database, by: str, now: datetime) -> tuple[str, str]:
    """Make the account anew and give its login name and password; the one before is closed."""
    user, password = str(uuid7()), passwords.new_password()
    with database.writing() as session:
        before = session.scalars(select(Act.about).where(Act.what == MADE)).all()
        for old in filter(None, before):
            session.execute(
                update(User).where(User.id == old, User.closed_at.is_(None)).values(closed_at=now)
            )
            people.close_sessions(session, old, now)
            people.withdraw(session, old)
        login = f"{LOGIN}-{len(before) + 1}"
        people.add_user(session, user, NAME, now)
        people.set_password(session, user, login, password)
        people.grant(session, str(uuid7()), user, Role.ADMIN, None)
        acts.note(session, MADE, by, now, user)
    return login, password


def is_account(session: Session, user: str) -> bool:
    """Say whether somebody is the emergency account, today's or an earlier one."""
    rule = (Act.what == MADE, Act.about == user)
    return session.scalar(select(Act.id).where(*rule).limit(1)) is not None


def note_use(session: Session, user: str, now: datetime) -> None:
    """Raise the alarm when it is the emergency account that logs in."""
    if not is_account(session, user):
        return
    acts.note(session, USED, user, now, user)
    notices.give(session, f"{NOTICE}|{user}|{now.isoformat()}", NOTICE, user, now)
    _log.error("emergency_account_used", user=user)


def uses(session: Session, now: datetime) -> Sequence[datetime]:
    """Give when it was used of late, for everybody who leads or administers to see."""
    query = select(Act.at).where(Act.what == USED, Act.at > now - TOLD_FOR)
    return session.scalars(query.order_by(Act.at.desc())).all()
