"""How often something may be tried, counted in the database so that no restart forgets it."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Database, Instant


class Throttle(Base):
    """How often something was tried within the present window."""

    __tablename__ = "throttle"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    until: Mapped[datetime] = mapped_column(Instant)


class Throttled(Exception):
    """Tried too often; may be tried again after so many seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


@dataclass(frozen=True)
class Limit:
    """How many tries one key has within a window."""

    tries: int
    window: timedelta


NAME_LIMIT = Limit(10, timedelta(minutes=5))
ADDRESS_LIMIT = Limit(100, timedelta(minutes=5))
PARCEL_LIMIT = Limit(120, timedelta(minutes=1))
STRANGER_LIMIT = Limit(8 * 1_048_576, timedelta(hours=1))
STRANGERS_LIMIT = Limit(64 * 1_048_576, timedelta(hours=1))
"""How many bytes that nobody is known to have signed are kept, from one address and from all."""


def count_try(
    session: Session, what: str, key: str, limit: Limit, now: datetime, size: int = 1
) -> None:
    """Count one try, before the work, and raise Throttled when the window is full.

    `size`: how much of the limit it takes, where that is no number of tries.

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
    row.count = min(row.count + size, limit.tries + 1)
    session.flush()
    if row.count > limit.tries:
        raise Throttled(max(1, int((row.until - now).total_seconds()) + 1))


def count_tries(
    database: Database, now: datetime, *tries: tuple[str, str, Limit], size: int = 1
) -> None:
    """Count tries, each by what, key and limit, in a transaction of their own: what was counted
    stands, also when it raises Throttled, and after that one none is counted.
    """
    refused: Throttled | None = None
    with database.writing() as session:
        try:
            for what, key, limit in tries:
                count_try(session, what, key, limit, now, size)
        except Throttled as throttled:
            refused = throttled
    if refused is not None:
        raise refused


def forget_tries(session: Session, what: str, key: str) -> None:
    """Start a key's window afresh, after a try that was right."""
    name = hashlib.sha256(f"{what}|{key}".encode()).hexdigest()
    session.execute(delete(Throttle).where(Throttle.key == name))


def forget_old_tries(session: Session, now: datetime) -> None:
    """Let go of the windows that are over: they say when some address was here."""
    session.execute(delete(Throttle).where(Throttle.until <= now))
