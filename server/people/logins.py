"""Logins that the server can end, how long they last, and who is behind one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.driver import Row, Sql, moment, rows
from server.people.members import Grants, User
from server.people.phones import SEEN_EVERY, Phone
from server.roles import Role

SESSION_LASTS = timedelta(days=30)
SESSION_IDLE = timedelta(days=8)
STEP_UP = timedelta(minutes=10)
"""What cannot be undone asks for a login that is no older than this."""


class LoginSession(Base):
    """A login that can be ended from the server; only a digest of its token is kept."""

    __tablename__ = "login_session"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


def open_session(session: Session, user: str, now: datetime) -> str:
    """Begin a login and give its token; the token is not kept."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_sha256=_digest(token), user=user, created_at=now, seen_at=now))
    session.flush()
    return token


def close_session(session: Session, token: str, now: datetime) -> None:
    """End one login."""
    close_login(session, _digest(token), now)


def close_login(session: Session, token_sha256: bytes, now: datetime) -> None:
    """End the login whose token has this digest."""
    session.execute(
        update(LoginSession).where(LoginSession.token_sha256 == token_sha256).values(revoked_at=now)
    )


def close_sessions(session: Session, user: str, now: datetime) -> None:
    """End every login of a user."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.user == user, LoginSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@dataclass(frozen=True)
class Login:
    """Who a token belongs to, with all that person's grants."""

    user: str
    name: str
    grants: Grants
    stale: bool
    """Whether `seen_at` should be moved when there is a write to spare."""
    began_at: datetime
    """When the person showed who they are: each login begins a new one."""


_LOGIN = """SELECT s.created_at, s.seen_at, s.revoked_at, u.id, u.name, u.closed_at, g.role, g.area
 FROM login_session s JOIN user_account u ON u.id = s."user"
 LEFT JOIN access_grant g ON g."user" = u.id {} WHERE s.token_sha256 = ?"""
_BY_TOKEN = Sql(_LOGIN.format(""))
_CALLER = Sql(
    _LOGIN.replace(
        " FROM",
        ', r."user", r.revoked_at, r.unsent, r.announced_n, r.open_n, r.app, r.last_error,'
        " r.last_seen_at FROM",
        1,
    ).format("LEFT JOIN replica r ON r.id = ?")
)


def login_of(session: Session, token: str, now: datetime) -> Login | None:
    """Give the login of a token, or None when it is unknown, ended, or too old (one query)."""
    return _login(rows(session, _BY_TOKEN, _digest(token)), now)


def caller_of(
    session: Session, token: str, replica: str, now: datetime
) -> tuple[Login | None, Phone | None]:
    """Give the login of a token and the phone that calls, each None when unknown (one query)."""
    found = rows(session, _CALLER, replica, _digest(token))
    if not found or found[0][8] is None:
        return _login(found, now), None
    user, revoked_at, unsent, announced, open_n, app, error, seen_at = found[0][8:]
    seen, revoked = moment(seen_at) if seen_at else None, revoked_at is not None
    return _login(found, now), Phone(user, revoked, unsent, announced, open_n, app, error, seen)


def _login(found: Sequence[Row], now: datetime) -> Login | None:
    if not found:
        return None
    created_at, seen_at, revoked_at, user, name, closed_at = found[0][:6]
    idle = now - moment(seen_at)
    if revoked_at or closed_at or now - moment(created_at) > SESSION_LASTS or idle > SESSION_IDLE:
        return None
    grants = tuple((Role(row[6]), row[7]) for row in found if row[6] is not None)
    return Login(user, name, grants, idle > SEEN_EVERY, moment(created_at))


def touch_session(session: Session, token: str, now: datetime) -> None:
    """Note that a login is in use."""
    session.execute(
        update(LoginSession).where(LoginSession.token_sha256 == _digest(token)).values(seen_at=now)
    )
