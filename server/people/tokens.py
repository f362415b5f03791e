"""API tokens: what another system shows at the door; an actor of its own, with a role and kinds.

Only a digest is kept. A token is no person: it has no login, no phone, and is in no list of people.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import LargeBinary, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.database import Base, Instant
from server.people.throttle import Limit
from server.roles import Role

PREFIX = "oppgang_"
"""So that a token that lies where it should not is known for what it is."""
TOKEN_ROLES = (Role.LANDLORD, Role.CARETAKER, Role.OFFICE)
"""What another system may read as; never what a leader or a team alone knows."""
IMPORTS_AS = Role.OFFICE
LASTS_DAYS = (30, 90, 180, 365)
USED_EVERY = timedelta(minutes=1)
TOKEN_LIMIT = Limit(600, timedelta(minutes=1))


class ApiToken(Base):
    """One token."""

    __tablename__ = "api_token"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(String(36))
    kinds: Mapped[str] = mapped_column(Text)
    """The names of the kinds that it reads, with commas; it reads no other."""
    imports: Mapped[bool] = mapped_column()
    made_by: Mapped[str] = mapped_column(String(36))
    made_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Caller:
    """Who a token is, for one request."""

    id: str
    name: str
    grants: tuple[tuple[Role, str | None], ...]
    kinds: frozenset[str]
    imports: bool
    stale: bool
    """Whether `used_at` should be moved."""

    @property
    def who(self) -> str:
        """Give what the logs call it."""
        return f"token:{self.id}"


def make_token(
    session: Session,
    name: str,
    role: Role,
    area: str | None,
    kinds: Collection[str],
    *,
    imports: bool,
    by: str,
    expires_at: datetime,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a token; gives its row and the secret, which is kept nowhere."""
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        id=str(uuid7()),
        name=name,
        digest=_digest(secret),
        role=role.value,
        area=area,
        kinds=",".join(sorted(kinds)),
        imports=imports and role is IMPORTS_AS,
        made_by=by,
        made_at=now,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    return row, secret


def caller_by(session: Session, secret: str, now: datetime) -> Caller | None:
    """Give whose token this is; None when it is unknown, over or revoked: all look the same."""
    row = session.scalars(select(ApiToken).where(ApiToken.digest == _digest(secret))).first()
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None
    return Caller(
        id=row.id,
        name=row.name,
        grants=((Role(row.role), row.area),),
        kinds=frozenset(filter(None, row.kinds.split(","))),
        imports=row.imports,
        stale=row.used_at is None or now - row.used_at > USED_EVERY,
    )


def note_token_use(session: Session, id: str, now: datetime) -> None:
    """Note when a token was last used, to the minute."""
    row = session.get(ApiToken, id)
    if row is not None:
        row.used_at = now


def revoke_token(session: Session, id: str, now: datetime) -> bool:
    """Let a token in no more; False when there is none that still is."""
    row = session.get(ApiToken, id)
    if row is None or row.revoked_at is not None:
        return False
    row.revoked_at = now
    return True


def live_tokens_by(session: Session, user: str, now: datetime) -> int:
    """Count the tokens that somebody made and that still let a system in."""
    live = (ApiToken.revoked_at.is_(None), ApiToken.expires_at > now)
    query = select(func.count()).select_from(ApiToken).where(ApiToken.made_by == user, *live)
    return session.scalar(query) or 0


def all_tokens(session: Session) -> list[ApiToken]:
    """Give every token there has been, the latest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.made_at.desc(), ApiToken.id)))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode(errors="replace")).digest()
