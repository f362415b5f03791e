"""Who has come in from a directory: when they were last vouched for, and how to ask again.

The token to ask with is sealed under a key of its own, and goes when its owner has left.
"""

from __future__ import annotations

import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.config import Settings
from server.database import Base, Instant

NONCE_BYTES = 12


class Seat(Base):
    """One identity of a directory."""

    __tablename__ = "directory_seat"

    provider: Mapped[str] = mapped_column(String(200), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user: Mapped[str] = mapped_column(String(36), index=True)
    vouched_at: Mapped[datetime] = mapped_column(Instant)
    left_at: Mapped[datetime | None] = mapped_column(Instant)
    """When the directory, and not an administrator, closed this user."""
    token: Mapped[bytes | None] = mapped_column(LargeBinary)


def sit(session: Session, provider: str, subject: str, user: str, now: datetime) -> Seat:
    """Note that the provider vouches for somebody now."""
    seat = session.get(Seat, (provider, subject))
    if seat is None:
        seat = Seat(provider=provider, subject=subject, user=user, vouched_at=now)
        session.add(seat)
    seat.vouched_at, seat.left_at = now, None
    return seat


def keep_token(settings: Settings, seat: Seat, token: str | None) -> None:
    """Keep the token to ask with, sealed; None lets go of it."""
    nonce = os.urandom(NONCE_BYTES)
    seat.token = (
        None
        if token is None
        else nonce + _key(settings).encrypt(nonce, token.encode(), _about(seat))
    )


def token_of(settings: Settings, seat: Seat) -> str | None:
    """Give the token to ask with; None when there is none that can be opened."""
    if seat.token is None:
        return None
    nonce, sealed = seat.token[:NONCE_BYTES], seat.token[NONCE_BYTES:]
    try:
        return _key(settings).decrypt(nonce, sealed, _about(seat)).decode()
    except (InvalidTag, ValueError):
        return None


def _key(settings: Settings) -> AESGCM:
    return AESGCM(settings.secret("directory token"))


def _about(seat: Seat) -> bytes:
    return f"{seat.provider}|{seat.subject}".encode()
