"""Logins that the server can end, how long they last, and who is behind one."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, String, Text, select, update
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
LOGINS_MAX = 20
"""How many logins somebody may have at once; the one that was longest idle gives way to a new."""
DEVICES = ("iPhone", "iPad", "Android", "Windows", "Macintosh", "CrOS", "Linux")
"""What a browser says that it runs on, the more exact first."""


class Way(StrEnum):
    """How somebody showed who they are."""

    PASSWORD = "password"
    PASSKEY = "passkey"
    DIRECTORY = "directory"


@dataclass(frozen=True)
class Came:
    """Where a try to log in came from."""

    address: str
    agent: str = ""
    """What the browser calls itself."""
    old_token: str | None = None
    """The login that the browser had until now; it ends."""

    @property
    def old(self) -> bytes | None:
        """Give what that login is known by."""
        return _digest(self.old_token) if self.old_token else None


class LoginSession(Base):
    """A login that can be ended from the server; only a digest of its token is kept."""

    __tablename__ = "login_session"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    way: Mapped[str] = mapped_column(String(12), default=Way.PASSWORD.value)
    device: Mapped[str] = mapped_column(String(12), default="")
    """What it was opened on, as coarse as `DEVICES`: enough for its owner to know it by."""
    endpoint: Mapped[str | None] = mapped_column(Text)
    """Where its browser is woken, while the login lasts; none unless somebody asked for it."""


def open_session(
    session: Session,
    user: str,
    now: datetime,
    way: Way = Way.PASSWORD,
    agent: str = "",
    *,
    began_at: datetime | None = None,
    old: bytes | None = None,
) -> str:
    """Begin a login and give its token; the token is not kept.

    `began_at` is given where nobody showed who they are: the login goes on under a new token.
    `old`, the digest of the browser's login until now, ends; woken there is the same person alone.
    """
    token, endpoint = secrets.token_urlsafe(32), None
    if old is not None:
        mine = (LoginSession.token_sha256 == old, LoginSession.user == user)
        endpoint = session.scalar(select(LoginSession.endpoint).where(*mine))
        close_login(session, old, now)
    for row in lasting_sessions(session, user, now)[LOGINS_MAX - 1 :]:
        row.revoked_at, row.endpoint = now, None
    device = next((each for each in DEVICES if each in agent), "")
    row = LoginSession(
        token_sha256=_digest(token), user=user, created_at=began_at or now, seen_at=now
    )
    row.way, row.device, row.endpoint = way.value, device, endpoint
    session.add(row)
    session.flush()
    return token


def lasting_sessions(session: Session, user: str, now: datetime) -> Sequence[LoginSession]:
    """Give the logins of a user that still open something, the one seen last first."""
    mine = select(LoginSession).where(LoginSession.user == user, *lasting(now))
    return session.scalars(mine.order_by(LoginSession.seen_at.desc())).all()


def lasting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Give the rules by which a login still opens something."""
    return (
        LoginSession.revoked_at.is_(None),
        LoginSession.created_at >= now - SESSION_LASTS,
        LoginSession.seen_at >= now - SESSION_IDLE,
    )


def close_session(session: Session, token: str, now: datetime) -> None:
    """End one login."""
    close_login(session, _digest(token), now)


def close_login(session: Session, token_sha256: bytes, now: datetime) -> None:
    """End the login whose token has this digest."""
    mine = update(LoginSession).where(LoginSession.token_sha256 == token_sha256)
    session.execute(mine.values(revoked_at=now, endpoint=None))


def close_sessions(
    session: Session, user: str, now: datetime, but: str | None = None, only: bytes | None = None
) -> int:
    """End every login of a user, `but` the one of a token, or `only` that of a digest; count."""
    query = update(LoginSession).where(LoginSession.user == user, LoginSession.revoked_at.is_(None))
    if but is not None:
        query = query.where(LoginSession.token_sha256 != _digest(but))
    if only is not None:
        query = query.where(LoginSession.token_sha256 == only)
    over = query.values(revoked_at=now, endpoint=None)
    ended = session.execute(over.returning(LoginSession.user))
    return len(ended.all())


def token_digest(token: str) -> bytes:
    """Give the digest that a login is known by; no token can be made of it."""
    return _digest(token)


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
    way: str


_LOGIN = """SELECT s.created_at, s.seen_at, s.revoked_at, u.id, u.name, u.closed_at, s.way,
 g.role, g.area
 FROM login_session s JOIN user_account u ON u.id = s."user"
 LEFT JOIN access_grant g ON g."user" = u.id {} WHERE s.token_sha256 = ?"""
_BY_TOKEN = Sql(_LOGIN.format(""))
_CALLER = Sql(
    _LOGIN.replace(
        " FROM",
        ', r."user", r.revoked_at, r.unsent, r.announced_n, r.open_n, r.app, r.last_error,'
        " r.last_seen_at, r.readable_until FROM",
        1,
    ).format("LEFT JOIN replica r ON r.id = ?")
)


def login_of(session: Session, token: str, now: datetime) -> Login | None:
    """Give the login of a token, or None when it is unknown, ended, or too old (one query)."""
    return _login(rows(session, _BY_TOKEN, _digest(token)), now)


def user_of(session: Session, token: str) -> str | None:
    """Give whose login a token was, also when it has ended; None when it is unknown."""
    query = select(LoginSession.user).where(LoginSession.token_sha256 == _digest(token))
    return session.scalar(query)


def caller_of(
    session: Session, token: str, replica: str, now: datetime
) -> tuple[Login | None, Phone | None]:
    """Give the login of a token and the phone that calls, each None when unknown (one query)."""
    found = rows(session, _CALLER, replica, _digest(token))
    if not found or found[0][9] is None:
        return _login(found, now), None
    user, revoked_at, unsent, announced, open_n, app, error, *moments = found[0][9:]
    seen, until = (moment(each) if each else None for each in moments)
    said = (revoked_at is not None, unsent, announced, open_n, app, error, seen, until)
    return _login(found, now), Phone(user, found[0][3] == user, *said)


def _login(found: Sequence[Row], now: datetime) -> Login | None:
    if not found:
        return None
    created_at, seen_at, revoked_at, user, name, closed_at, way = found[0][:7]
    idle = now - moment(seen_at)
    if revoked_at or closed_at or now - moment(created_at) > SESSION_LASTS or idle > SESSION_IDLE:
        return None
    grants = tuple((Role(row[7]), row[8]) for row in found if row[7] is not None)
    return Login(user, name, grants, idle > SEEN_EVERY, moment(created_at), way)


def touch_session(session: Session, token: str, now: datetime) -> None:
    """Note that a login is in use."""
    session.execute(
        update(LoginSession).where(LoginSession.token_sha256 == _digest(token)).values(seen_at=now)
    )
