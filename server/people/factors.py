"""The second thing somebody shows at a login by password: a code from their own telephone.

The secret is sealed under a key that is not in the database; recovery codes are kept as digests.
"""

from __future__ import annotations

import hashlib
import os
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import one_time
from server.database import Base, Instant
from server.people.members import User
from server.people.secrets import WrongPassword

RECOVERY_CODES = 10
NONCE_SIZE_BYTES = 12


class NeedsCode(Exception):
    """The password is right, and a code is wanted too."""


class SecondFactor(Base):
    """One person's secret for codes; it counts when it was confirmed by a code."""

    __tablename__ = "second_factor"

    user: Mapped[str] = mapped_column(ForeignKey(User.id), primary_key=True)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed with AES-256-GCM, bound to the user."""
    last_step: Mapped[int] = mapped_column(BigInteger, default=-1)
    made_at: Mapped[datetime] = mapped_column(Instant)
    confirmed_at: Mapped[datetime | None] = mapped_column(Instant)


class RecoveryCode(Base):
    """One code on somebody's paper, which opens once."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)


def begin_factor(session: Session, user: str, key: bytes, now: datetime) -> bytes:
    """Make a secret that waits for its first code, in place of any that waited; give it."""
    secret, nonce = os.urandom(one_time.SECRET_SIZE_BYTES), os.urandom(NONCE_SIZE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, secret, user.encode())
    row = session.get(SecondFactor, user)
    if row is not None and row.confirmed_at is not None:
        raise ValueError("a factor that counts is taken away before another is made")
    if row is not None:
        session.delete(row)
        session.flush()
    session.add(SecondFactor(user=user, secret=sealed, last_step=-1, made_at=now))
    session.flush()
    return secret


def waiting_factor(session: Session, user: str, key: bytes) -> bytes | None:
    """Give the secret that waits for its first code; None when none does."""
    row = session.get(SecondFactor, user)
    return _opened(row, key) if row is not None and row.confirmed_at is None else None


def confirm_factor(
    session: Session, user: str, code: str, key: bytes, now: datetime
) -> list[str] | None:
    """Let a secret count from now on, by its first code; give fresh recovery codes, shown once."""
    row = session.get(SecondFactor, user, with_for_update=True)
    if row is None or row.confirmed_at is not None:
        return None
    step = one_time.step_of(code, _opened(row, key), now.timestamp(), row.last_step)
    if step is None:
        return None
    row.last_step, row.confirmed_at = step, now
    codes = [
        one_time.recovery_code(os.urandom(one_time.RECOVERY_SIZE_BYTES))
        for _ in range(RECOVERY_CODES)
    ]
    session.add_all(RecoveryCode(digest=_digest(user, code), user=user) for code in codes)
    session.flush()
    return codes


def drop_factor(session: Session, user: str) -> bool:
    """Take somebody's secret and recovery codes away; False when there was none."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user == user))
    gone = session.execute(
        delete(SecondFactor).where(SecondFactor.user == user).returning(SecondFactor.user)
    )
    return gone.first() is not None


def has_factor(session: Session, user: str) -> bool:
    """Say whether a code is asked of somebody."""
    rule = (SecondFactor.user == user, SecondFactor.confirmed_at.is_not(None))
    return session.scalar(select(func.count()).where(*rule)) == 1


def with_factor(session: Session) -> frozenset[str]:
    """Give those of whom a code is asked."""
    query = select(SecondFactor.user).where(SecondFactor.confirmed_at.is_not(None))
    return frozenset(session.scalars(query))


def recovery_left(session: Session, user: str) -> int:
    """Count the recovery codes that somebody has left."""
    return session.scalar(select(func.count()).where(RecoveryCode.user == user)) or 0


def check_code(session: Session, user: str, code: str, key: bytes, now: datetime) -> None:
    """Let somebody pass who needs no code, or whose code is right; each code passes once.

    Raises NeedsCode without one, and WrongPassword for a wrong one: the answer is the same as for
    a wrong password.
    """
    row = session.get(SecondFactor, user, with_for_update=True)
    if row is None or row.confirmed_at is None:
        return
    if not code.strip():
        raise NeedsCode
    step = one_time.step_of(code, _opened(row, key), now.timestamp(), row.last_step)
    if step is not None:
        row.last_step = step
        session.flush()
        return
    rule = (RecoveryCode.digest == _digest(user, code), RecoveryCode.user == user)
    used = session.execute(delete(RecoveryCode).where(*rule).returning(RecoveryCode.digest))
    if used.first() is None:
        raise WrongPassword


def _opened(row: SecondFactor, key: bytes) -> bytes:
    nonce, sealed = row.secret[:NONCE_SIZE_BYTES], row.secret[NONCE_SIZE_BYTES:]
    try:
        return AESGCM(key).decrypt(nonce, sealed, row.user.encode())
    except InvalidTag as bad:
        raise WrongPassword from bad


def _digest(user: str, code: str) -> str:
    return hashlib.sha256(f"{user}|{one_time.fold_recovery(code)}".encode()).hexdigest()
