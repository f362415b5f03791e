"""Whether a phone holds what it should: one digest per scope, worked out on both sides (I-16).

The phone tells what it really holds, never what the server told it to hold. What differs is loaded
anew, at most once a day for each phone, and counted: the office sees the figure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Integer, String, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.access import today_of
from server.database import Base, Instant
from server.driver import Sql, rows

KEPT = timedelta(days=400)
"""Checks that found nothing are forgotten after this; those that found something never."""
NOTHING = "0" * 16
"""The digest of a scope that holds no record."""
_HELD = Sql(
    "SELECT m.scope, r.id, r.seq FROM scope_member m JOIN record r ON r.id = m.id"
    " WHERE m.scope IN ? AND m.present"
)


class DigestCheck(Base):
    """One phone compared with the server on one day."""

    __tablename__ = "digest_check"

    replica: Mapped[str] = mapped_column(String(36), primary_key=True)
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(Instant)
    differing: Mapped[int] = mapped_column(Integer)
    """How many of its scopes were not as they are here, and were loaded anew."""


@dataclass(frozen=True)
class Standing:
    """What all checks together say; `since` is None as long as no phone was ever checked."""

    phones: int
    """How many phones were compared during the last day and night."""
    differing: int
    """How many checks ever found something."""
    since: date | None
    """The day of the last check that found something, or else of the first check."""


def digests(held: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    """Give, for (scope, record, seq), the digest of each scope that holds something, in 16 hex."""
    found: dict[str, int] = {}
    for scope, record, seq in held:
        link = hashlib.sha256(f"{record}:{seq}".encode()).digest()[:8]
        found[scope] = found.get(scope, 0) ^ int.from_bytes(link)
    return {scope: f"{value:016x}" for scope, value in found.items()}


def differing(session: Session, scopes: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Give those scopes whose digest here is not the one that a phone works out (one query)."""
    here = digests((row[0], row[1], row[2]) for row in rows(session, _HELD, list(scopes)))
    return [one for one in scopes if here.get(one, NOTHING) != said.get(one, NOTHING)]


def is_due(session: Session, replica: str, now: datetime) -> bool:
    """Say whether a phone has not been compared today: a scope is reset once a day at most."""
    return session.get(DigestCheck, (replica, f"{today_of(now)}")) is None


def note(session: Session, replica: str, differing: int, now: datetime) -> None:
    """Write down that a phone was compared; the first word of a day stands."""
    if is_due(session, replica, now):
        day = f"{today_of(now)}"
        row = DigestCheck(replica=replica, day=day, checked_at=now, differing=differing)
        session.add(row)


def standing(session: Session, now: datetime) -> Standing:
    """Give what the checks say together."""
    lately = select(func.count(DigestCheck.replica.distinct())).where(
        DigestCheck.checked_at > now - timedelta(days=1)
    )
    found = select(func.count(), func.max(DigestCheck.day)).where(DigestCheck.differing > 0)
    count, last = session.execute(found).one()
    since = last or session.execute(select(func.min(DigestCheck.day))).scalar()
    return Standing(
        phones=session.execute(lately).scalar_one(),
        differing=count,
        since=date.fromisoformat(since) if since else None,
    )


def forget(session: Session, now: datetime) -> None:
    """Let go of old checks that found nothing."""
    old = (DigestCheck.checked_at < now - KEPT, DigestCheck.differing == 0)
    session.execute(delete(DigestCheck).where(*old))
