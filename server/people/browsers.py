"""The browsers that are woken when somebody on duty must look: each belongs to one login.

It ends with the login, whatever ended that, and is asked for only by who may be on duty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from server.people.duty import MAY_BE_ON_DUTY
from server.people.logins import LoginSession, lasting, token_digest
from server.people.members import Grant, User


def keep_browser(session: Session, token: str, endpoint: str | None) -> None:
    """Let the browser of a login be woken at an address, and no other login's; None lets it be."""
    if endpoint is not None:
        forget_browser(session, endpoint)
    mine = LoginSession.token_sha256 == token_digest(token)
    session.execute(update(LoginSession).where(mine).values(endpoint=endpoint))


def browser_of(session: Session, token: str) -> str | None:
    """Give where the browser of a login is woken, None where it is not."""
    mine = LoginSession.token_sha256 == token_digest(token)
    return session.scalar(select(LoginSession.endpoint).where(mine))


def forget_browser(session: Session, endpoint: str) -> None:
    """Wake nobody at an address any more."""
    there = LoginSession.endpoint == endpoint
    session.execute(update(LoginSession).where(there).values(endpoint=None))


def woken(session: Session, users: Collection[str], now: datetime) -> set[tuple[str, str]]:
    """Give the browsers that are woken for some users: whose, and by which name."""
    found = session.execute(_woken(now).where(LoginSession.user.in_(users)))
    return {(row.user, browser_name(row.endpoint)) for row in found}


def endpoint_of(session: Session, user: str, name: str, now: datetime) -> str | None:
    """Give where a user's browser of this name is woken, None when it is no longer."""
    found: list[Row[str, str]] = list(session.execute(_woken(now).where(LoginSession.user == user)))
    return next((row.endpoint for row in found if browser_name(row.endpoint) == name), None)


def browser_name(endpoint: str) -> str:
    """Name a browser by where it is woken, so that nobody can wake it who reads the name."""
    return hashlib.sha256(endpoint.encode()).hexdigest()


def _woken(now: datetime) -> Select[str, str | None]:
    able = select(Grant.user).where(Grant.role.in_([role.value for role in MAY_BE_ON_DUTY]))
    return (
        select(LoginSession.user, LoginSession.endpoint)
        .join(User, User.id == LoginSession.user)
        .where(
            LoginSession.endpoint.is_not(None),
            *lasting(now),
            User.closed_at.is_(None),
            LoginSession.user.in_(able),
        )
    )
