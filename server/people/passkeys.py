"""Passkeys that log somebody in: what the server keeps of each, and the challenges that are out.

A private key never comes here. A challenge is good once, for one purpose, for a few minutes.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.database import Base, Instant
from server.people.members import User

CHALLENGE_SIZE_BYTES = 32
CHALLENGE_LASTS = timedelta(minutes=5)
PASSKEYS_MAX = 10
"""For each person: a telephone, a spare and a desk are three."""


class Ceremony(StrEnum):
    """What a challenge was given for."""

    MAKE = "make"
    ENTER = "enter"


class Passkey(Base):
    """The public half of one key, and whose it is."""

    __tablename__ = "passkey"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    credential_sha256: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    synced: Mapped[bool]
    """Whether it may be on more devices than the one it was made on; it never changes."""
    backed_up: Mapped[bool]
    """Whether it lay in a backup the last time it was used."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)


class Challenge(Base):
    """A question that was asked of a browser; only its digest is kept."""

    __tablename__ = "passkey_challenge"

    sha256: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    ceremony: Mapped[str] = mapped_column(String(8))
    user: Mapped[str | None] = mapped_column(String(36))
    """Whom a key is made for."""
    began_at: Mapped[datetime] = mapped_column(Instant, index=True)


def give_challenge(session: Session, ceremony: Ceremony, user: str | None, now: datetime) -> bytes:
    """Ask a new question; those that nobody answered in time are let go."""
    forget_challenges(session, now)
    asked = os.urandom(CHALLENGE_SIZE_BYTES)
    row = Challenge(sha256=digest(asked), ceremony=ceremony.value, user=user, began_at=now)
    session.add(row)
    session.flush()
    return asked


def forget_challenges(session: Session, now: datetime) -> None:
    """Let questions go that nobody answered in time."""
    session.execute(delete(Challenge).where(Challenge.began_at < now - CHALLENGE_LASTS))


def take_challenge(session: Session, asked: bytes) -> Challenge | None:
    """Give the question that an answer is to, and end it whatever comes after."""
    found = session.get(Challenge, digest(asked), with_for_update=True)
    if found is not None:
        session.expunge(found)
        session.execute(delete(Challenge).where(Challenge.sha256 == found.sha256))
    return found


def passkey_by(session: Session, credential: bytes) -> Passkey | None:
    """Find the key of a credential, and hold it until the transaction ends."""
    rule = Passkey.credential_sha256 == digest(credential)
    return session.scalars(select(Passkey).where(rule).with_for_update()).one_or_none()


def passkeys_of(session: Session, user: str) -> Sequence[Passkey]:
    """Give somebody's keys, the oldest first."""
    query = select(Passkey).where(Passkey.user == user)
    return session.scalars(query.order_by(Passkey.made_at, Passkey.id)).all()


def keep_passkey(
    session: Session,
    user: str,
    credential: bytes,
    public_key: bytes,
    sign_count: int,
    flags: tuple[bool, bool],
    now: datetime,
) -> Passkey:
    """Let a key log somebody in from now on; `flags` are whether it is synced and backed up."""
    row = Passkey(
        id=str(uuid7()),
        credential_sha256=digest(credential),
        credential=credential,
        user=user,
        public_key=public_key,
        sign_count=sign_count,
        synced=flags[0],
        backed_up=flags[1],
        made_at=now,
    )
    session.add(row)
    session.flush()
    return row


def drop_passkeys(session: Session, user: str, id: str | None = None) -> int:
    """Take one of somebody's keys away, or all; says how many."""
    query = delete(Passkey).where(Passkey.user == user)
    if id is not None:
        query = query.where(Passkey.id == id)
    return len(session.execute(query.returning(Passkey.id)).all())


def with_passkey(session: Session) -> frozenset[str]:
    """Give those who can log in by a key."""
    return frozenset(session.scalars(select(Passkey.user)))


def digest(what: bytes) -> bytes:
    """Give the digest that something is found by."""
    return hashlib.sha256(what).digest()
