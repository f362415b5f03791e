"""Logins that have begun and not ended: each is good once, in the browser it began in, for a while.

What had been typed when a login ended waits here, so that the way over the provider costs nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import LargeBinary, String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Database, Instant
from server.oidc.refusals import Refused
from server.oidc.wire import Wire

ATTEMPT_LASTS = timedelta(minutes=10)
STATE_MAX = 200
KEPT_MAX = 262_144
"""More typed signs than these are not carried over a login; who typed them is told before it."""
Pairs = list[tuple[str, str]]


class Purpose(StrEnum):
    """What somebody goes to the provider for."""

    ENTER = "enter"
    AGAIN = "again"
    """To show that it is still them."""


class Attempt(Base):
    """One way to the provider and back; only digests of what the browser holds are kept."""

    __tablename__ = "login_attempt"

    state_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    browser_sha256: Mapped[bytes] = mapped_column(LargeBinary(32))
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    purpose: Mapped[str] = mapped_column(String(8))
    user: Mapped[str | None] = mapped_column(String(36))
    """Who began it, when somebody was logged in."""
    login_sha256: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    """The login that this one takes the place of."""
    target: Mapped[str] = mapped_column(Text)
    kept: Mapped[str] = mapped_column(Text)
    """JSON: what had been typed."""
    began_at: Mapped[datetime] = mapped_column(Instant, index=True)


def can_carry(kept: Pairs) -> bool:
    """Say whether what was typed can wait here while somebody is at the provider."""
    return len(json.dumps(kept)) <= KEPT_MAX


def begin(
    database: Database,
    wire: Wire,
    browser: str,
    target: str,
    now: datetime,
    *,
    purpose: Purpose = Purpose.ENTER,
    user: str | None = None,
    login: str | None = None,
    kept: Pairs | None = None,
) -> str:
    """Begin a login and give the provider's address to go to; raises Away.

    `browser` is a secret that only this browser holds; `login` the token of the login that is here.
    """
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    address = wire.authorization_url(state, nonce, verifier, now, anew=purpose is Purpose.AGAIN)
    attempt = Attempt(
        state_sha256=_digest(state),
        browser_sha256=_digest(browser),
        nonce=nonce,
        verifier=verifier,
        purpose=purpose.value,
        user=user,
        login_sha256=_digest(login) if login else None,
        target=target[:2_000],
        kept=json.dumps(kept if kept and can_carry(kept) else []),
        began_at=now,
    )
    with database.writing() as session:
        forget_attempts(session, now)
        session.add(attempt)
    return address


def forget_attempts(session: Session, now: datetime) -> None:
    """Let logins go that nobody came back from in time, and what had been typed with them."""
    session.execute(delete(Attempt).where(Attempt.began_at < now - ATTEMPT_LASTS))


def take(database: Database, state: str, browser: str, now: datetime) -> Attempt:
    """Give the attempt behind a state and end it, whatever comes after; raises Refused."""
    if not state or len(state) > STATE_MAX:
        raise Refused("no_state")
    with database.writing() as session:
        found = _taken(session, _digest(state))
    if found is None:
        raise Refused("unknown_state")
    if not browser or not hmac.compare_digest(found.browser_sha256, _digest(browser)):
        raise Refused("another_browser")
    if now - found.began_at > ATTEMPT_LASTS:
        raise Refused("too_late")
    return found


def kept_in(attempt: Attempt) -> Pairs:
    """Give what had been typed."""
    return [(name, text) for name, text in json.loads(attempt.kept)]


def _taken(session: Session, state: bytes) -> Attempt | None:
    found = session.get(Attempt, state, with_for_update=True)
    if found is not None:
        session.expunge(found)
        session.execute(delete(Attempt).where(Attempt.state_sha256 == state))
    return found


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode(errors="replace")).digest()
