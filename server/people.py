"""People and their phones: users, identities, grants, sessions, throttle and replicas.

Every function takes a session and the moment; it may not know Flask or any kind of record.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import orjson
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, Text, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.driver import Row, Sql, moment, rows
from server.roles import Role

SESSION_LASTS = timedelta(days=30)
SESSION_IDLE = timedelta(days=8)
SEEN_EVERY = timedelta(minutes=5)
"""How stale `last_seen_at` of a session or a replica may be before it costs a write."""
PASSWORD_PROVIDER = "password"

OPEN_FORMS_MAX = 500
"""More open forms than these are not announced by any phone."""
Grants: TypeAlias = tuple[tuple[Role, str | None], ...]

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id with 19 MiB and two passes, the OWASP cheat sheet's first choice for servers."""
_NOBODY = _HASHER.hash(secrets.token_hex(16))
"""Checked for names that do not exist, so that their answer takes just as long."""


class User(Base):
    """A person who works here; the id is what records carry."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Identity(Base):
    """One way for a user to log in; the subject is unique within its provider."""

    __tablename__ = "identity"

    provider: Mapped[str] = mapped_column(String(64), primary_key=True)
    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    secret: Mapped[str | None] = mapped_column(String(200))


class Grant(Base):
    """A role for a user, in one area or, with `area` null, in the whole organisation."""

    __tablename__ = "access_grant"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    role: Mapped[str] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(String(36))


class LoginSession(Base):
    """A login that can be ended from the server; only a digest of its token is kept."""

    __tablename__ = "login_session"

    token_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    seen_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)


class Throttle(Base):
    """How often something was tried within the present window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(Instant)


class Replica(Base):
    """One vault on one phone for one user, and what the server has seen of its numbers."""

    __tablename__ = "replica"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    installation: Mapped[str] = mapped_column(String(36))
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    highest_n: Mapped[int] = mapped_column(BigInteger, default=0)
    announced_n: Mapped[int] = mapped_column(BigInteger, default=0)
    open_n: Mapped[str] = mapped_column(Text, default="[]")
    """JSON list of the numbers announced as open forms."""
    gaps: Mapped[str] = mapped_column(Text, default="[]")
    """JSON list of ranges [from, to] below `highest_n` that never arrived."""
    forks: Mapped[int] = mapped_column(Integer, default=0)
    app: Mapped[str] = mapped_column(String(40))
    contract: Mapped[int] = mapped_column(Integer)
    registered_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    unsent: Mapped[int] = mapped_column(Integer, default=0)
    oldest_unsent_s: Mapped[int] = mapped_column(Integer, default=0)
    free_mb: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(64))


class Throttled(Exception):
    """Tried too often; may be tried again after so many seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class WrongPassword(Exception):
    """The name or the password is not right; which of them is never said."""


@dataclass(frozen=True)
class Limit:
    """How many tries one key has within a window."""

    tries: int
    window: timedelta


NAME_LIMIT = Limit(10, timedelta(minutes=5))
ADDRESS_LIMIT = Limit(100, timedelta(minutes=5))
PARCEL_LIMIT = Limit(120, timedelta(minutes=1))


def add_user(session: Session, user: str, name: str, now: datetime) -> User:
    """Add a person; raises IntegrityError when the id is taken."""
    row = User(id=user, name=name, created_at=now)
    session.add(row)
    session.flush()
    return row


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


def grant(session: Session, grant_id: str, user: str, role: Role, area: str | None) -> None:
    """Give a user a role in an area, or with null in the whole organisation."""
    session.merge(Grant(id=grant_id, user=user, role=role.value, area=area))
    session.flush()


def withdraw(
    session: Session, user: str, role: Role | None = None, area: str | None = None
) -> None:
    """Take grants away: all of a user's, or those of one role, or of one role in one area."""
    taken = delete(Grant).where(Grant.user == user)
    if role is not None:
        taken = taken.where(Grant.role == role.value)
    if area is not None:
        taken = taken.where(Grant.area == area)
    session.execute(taken)


def fold_login_name(name: str) -> str:
    """Give the form in which login names are compared."""
    return name.strip().casefold()[:200]


def count_try(session: Session, what: str, key: str, limit: Limit, now: datetime) -> None:
    """Count one try, before the work, and raise Throttled when the window is full.

    The caller commits all the same: the count is what must survive.
    """
    name = hashlib.sha256(f"{what}|{key}".encode()).hexdigest()
    row = session.get(Throttle, name, with_for_update=True)
    if row is None:
        with suppress(IntegrityError), session.begin_nested():  # another try may be first too
            session.add(Throttle(key=name, count=0, until=now + limit.window))
        row = session.get_one(Throttle, name, with_for_update=True)
    if row.until <= now:
        row.count, row.until = 0, now + limit.window
    row.count += 1
    session.flush()
    if row.count > limit.tries:
        raise Throttled(max(1, int((row.until - now).total_seconds()) + 1))


def forget_tries(session: Session, what: str, key: str) -> None:
    """Start a key's window afresh, after a try that was right."""
    name = hashlib.sha256(f"{what}|{key}".encode()).hexdigest()
    session.execute(delete(Throttle).where(Throttle.key == name))


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


def open_session(session: Session, user: str, now: datetime) -> str:
    """Begin a login and give its token; the token is not kept."""
    token = secrets.token_urlsafe(32)
    session.add(LoginSession(token_sha256=_digest(token), user=user, created_at=now, seen_at=now))
    session.flush()
    return token


def close_session(session: Session, token: str, now: datetime) -> None:
    """End one login."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.token_sha256 == _digest(token))
        .values(revoked_at=now)
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


@dataclass(frozen=True, slots=True)
class Phone:
    """What the door of a round trip must know of the replica that calls."""

    user: str
    revoked: bool
    unsent: int
    announced_n: int
    open_n: str
    app: str
    last_error: str | None
    last_seen_at: datetime | None


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
    return Login(user, name, grants, idle > SEEN_EVERY)


def touch_session(session: Session, token: str, now: datetime) -> None:
    """Note that a login is in use."""
    session.execute(
        update(LoginSession).where(LoginSession.token_sha256 == _digest(token)).values(seen_at=now)
    )


_OPEN_GRANTS = Sql(
    'SELECT g."user", g.role, g.area FROM access_grant g JOIN user_account u ON u.id = g."user"'
    ' WHERE g."user" IN ? AND u.closed_at IS NULL'
)


def grants_of(session: Session, users: set[str]) -> dict[str, Grants]:
    """Give the grants of open users; a user who is closed or unknown has none."""
    found: dict[str, list[tuple[Role, str | None]]] = {user: [] for user in users}
    for user, role, area in rows(session, _OPEN_GRANTS, list(users)):
        found[user].append((Role(role), area))
    return {user: tuple(grants) for user, grants in found.items()}


class ForeignReplica(Exception):
    """The replica belongs to another user or carries another key; nothing was changed."""


def register_replica(
    session: Session,
    *,
    replica: str,
    installation: str,
    user: str,
    public_key: bytes,
    app: str,
    contract: int,
    now: datetime,
) -> Replica:
    """Register a vault, or find it again; raises ForeignReplica for another's id or another key."""
    row = session.get(Replica, replica, with_for_update=True)
    if row is None:
        row = Replica(
            id=replica,
            installation=installation,
            user=user,
            public_key=public_key,
            app=app,
            contract=contract,
            registered_at=now,
        )
        session.add(row)
    elif row.user != user or row.public_key != public_key or row.installation != installation:
        raise ForeignReplica
    row.app, row.contract = app, contract
    session.flush()
    return row


def revoke_replica(session: Session, replica: str, now: datetime) -> None:
    """Close a phone: its next contact is answered 410, and what it sends is held."""
    session.execute(update(Replica).where(Replica.id == replica).values(revoked_at=now))


def health_news(row: Phone, health: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Give what a phone says of itself that is worth a write; empty when nothing is.

    Sizes and ages alone are not: they change with every round trip, and wait for the next write.
    """
    opened = health.get("open")
    forms = [n for n in opened if _is_count(n)] if isinstance(opened, list) else []
    app, error = health.get("app"), health.get("last_error")
    said: dict[str, Any] = {
        "unsent": _count_of(health, "outbox", row.unsent),
        "announced_n": max(row.announced_n, _count_of(health, "last_n", row.announced_n)),
        "open_n": orjson.dumps(sorted(forms)[:OPEN_FORMS_MAX]).decode(),
        "app": app[:40] if isinstance(app, str) else row.app,
        "last_error": error[:64] if isinstance(error, str) else None,
    }
    news = {name: value for name, value in said.items() if getattr(row, name) != value}
    seen = row.last_seen_at
    if news or seen is None or now - seen > SEEN_EVERY:
        news["last_seen_at"] = now
        news["free_mb"] = _count_of(health, "free_mb", 0) or None
        news["oldest_unsent_s"] = _age_of(health.get("oldest_at"), now)
    return news


def note_health(session: Session, replica: str, news: Mapping[str, Any]) -> None:
    """Keep what a phone said of itself."""
    if news:
        session.execute(
            update(Replica)
            .where(Replica.id == replica)
            .values(**news)
            .execution_options(synchronize_session=False)
        )


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _count_of(health: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = health.get(name)
    return min(int(value), 2**31 - 1) if type(value) is int and value >= 0 else otherwise


def _age_of(said: object, now: datetime) -> int:
    try:
        then = datetime.fromisoformat(said) if isinstance(said, str) else now
        age = (now - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
    except (ValueError, OverflowError):
        return 0
    return int(min(max(age, 0), 2**31 - 1))
