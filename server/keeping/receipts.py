"""Receipts of erasure: which phones had it, which have let go, and since when the rest are silent.

A phone that comes back with a place in the feed beyond the erasure has carried it out: it stores
page and place in one transaction (I-8). That is its receipt; nothing is taken for granted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.access_log import ID_SIZE_BYTES, AccessRow, packed_id
from server.database import Base, Database, Instant, head
from server.driver import Sql, rows
from server.feed import read_cursor
from server.people import Replica

_FIRST = Sql("SELECT min(seq) FROM erasure_receipt WHERE replica = ? AND done_at IS NULL")


class ErasureReceipt(Base):
    """One phone that had what was erased; `done_at` when it has told that it let go."""

    __tablename__ = "erasure_receipt"

    erasure: Mapped[str] = mapped_column(String(36), primary_key=True)
    replica: Mapped[str] = mapped_column(String(36), primary_key=True, index=True)
    begun_at: Mapped[datetime] = mapped_column(Instant)
    seq: Mapped[int] = mapped_column(BigInteger)
    """The phone has let go when its place in the feed is here or beyond."""
    done_at: Mapped[datetime | None] = mapped_column(Instant)


@dataclass(frozen=True)
class Told:
    """How far one erasure has come."""

    begun_at: datetime
    phones: int
    done: int
    heard_at: datetime | None
    """When the one of the rest that has been silent longest was last heard from."""

    @property
    def waiting(self) -> int:
        """Count those that have not told that they let go."""
        return self.phones - self.done


def expect(database: Database, gone: Collection[str], now: datetime) -> int:
    """Begin to wait for every phone that was given any of these records; give how many."""
    wanted = {packed_id(id) for id in gone}
    with database.writing() as session:
        phones = _had(session, wanted)
        erasure, seq = str(uuid7()), head(session)
        session.add_all(
            ErasureReceipt(erasure=erasure, replica=phone, begun_at=now, seq=seq)
            for phone in sorted(phones)
        )
    return len(phones)


def waits_for(session: Session, replica: str, cursor: object) -> bool:
    """Say whether a phone's place in the feed answers an erasure that still waits for it."""
    first = rows(session, _FIRST, replica)[0][0]
    if first is None:
        return False
    at = read_cursor(cursor)
    return at is not None and at.start is None and not at.loading and first <= at.position


def take(session: Session, replica: str, cursor: object, now: datetime) -> None:
    """Keep a phone's receipt for every erasure that its place in the feed lies beyond."""
    at = read_cursor(cursor)
    if at is not None:
        rules = (ErasureReceipt.replica == replica, ErasureReceipt.seq <= at.position)
        waiting = update(ErasureReceipt).where(*rules, ErasureReceipt.done_at.is_(None))
        session.execute(
            waiting.values(done_at=now), execution_options={"synchronize_session": False}
        )


def told(session: Session, most: int = 20) -> list[Told]:
    """Give how far the latest erasures have come, newest first."""
    query = (
        select(ErasureReceipt, Replica.last_seen_at, Replica.registered_at)
        .join(Replica, Replica.id == ErasureReceipt.replica)
        .order_by(ErasureReceipt.begun_at.desc(), ErasureReceipt.erasure)
    )
    groups: dict[str, list[tuple[ErasureReceipt, datetime]]] = {}
    for row, seen, registered in session.execute(query):
        groups.setdefault(row.erasure, []).append((row, seen or registered))
    found = []
    for group in list(groups.values())[:most]:
        silent = [heard for row, heard in group if row.done_at is None]
        done = len(group) - len(silent)
        found.append(Told(group[0][0].begun_at, len(group), done, min(silent, default=None)))
    return found


def _had(session: Session, wanted: Collection[bytes]) -> set[str]:
    """Give the phones that the access log says were given any of some records."""
    query = select(AccessRow.replica, AccessRow.records).where(AccessRow.replica.is_not(None))
    found: set[str] = set()
    for replica, records in session.execute(query).yield_per(500):
        packed = bytes(records)
        if (
            replica is not None
            and replica not in found
            and any(
                packed[at : at + ID_SIZE_BYTES] in wanted
                for at in range(0, len(packed), ID_SIZE_BYTES)
            )
        ):
            found.add(replica)
    known = select(Replica.id).where(Replica.id.in_(found))
    return set(session.scalars(known))
