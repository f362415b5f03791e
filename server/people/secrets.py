"""Logging in by name and password: argon2id, and one answer for all that is not right."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy.orm import Session

from server.people.logins import close_sessions
from server.people.members import Identity, User

PASSWORD_PROVIDER = "password"
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with 19 MiB and two passes, the OWASP cheat sheet's first choice for servers."""
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked for names that do not exist, so that their answer takes just as long."""


class WrongPassword(Exception):
    """The name or the password is not right; which of them is never said."""


def set_password(session: Session, user: str, login_name: str, password: str) -> None:
    """Let a user log in by name and password; ends the user's other sessions by password change."""
    subject = fold_login_name(login_name)
    row = session.get(Identity, (PASSWORD_PROVIDER, subject))
    if row is None:
        row = Identity(provider=PASSWORD_PROVIDER, subject=subject, user=user)
        session.add(row)
    if row.user != user:
        raise ValueError("the login name is another user's")
    row.secret = _HASHER.hash(password)
    close_sessions(session, user, datetime.now(UTC))


def fold_login_name(name: str) -> str:
    """Give the form in which login names are compared."""
    return name.strip().casefold()[:200]


def user_named(session: Session, login_name: str) -> str | None:
    """Give whose a login name is, for a log that names nobody."""
    row = session.get(Identity, (PASSWORD_PROVIDER, fold_login_name(login_name)))
    return row.user if row is not None else None


def check_password(session: Session, login_name: str, password: str) -> User:
    """Give the user whose name and password these are; raises WrongPassword.

    Unknown names cost one hash too (argon2id, about 30 ms), so that time tells nothing.
    """
    row = session.get(Identity, (PASSWORD_PROVIDER, fold_login_name(login_name)))
    user = session.get(User, row.user) if row is not None else None
    known = row.secret if row is not None and row.secret else _NOBODY
    try:
        _HASHER.verify(known, password)
    except (VerificationError, InvalidHashError) as bad:
        raise WrongPassword from bad
    if user is None or known is _NOBODY or user.closed_at is not None:
        raise WrongPassword
    return user
