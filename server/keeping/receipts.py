"""Receipts of erasure: which phones had it, which have let go, and how long the rest can be read.

A phone that comes back with a place in the feed beyond the erasure has carried it out: it stores
page and place in one transaction (I-8). That is its receipt; so is its last word when it was
emptied. Nothing is taken for granted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.access_log import ID_SIZE_BYTES, AccessRow, packed_id
from server.database import Base, Database, Instant, cursor_key, head
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
class Silent:
    """A phone that has not told that it let go."""

    replica: str
    user: str
    heard_at: datetime
    until: datetime | None
    """From then on its app shows what tells of somebody to nobody; None when it never named a
    lease that it goes by."""


@dataclass(frozen=True)
class Told:
    """How far one erasure has come."""

    begun_at: datetime
    phones: int
    silent: tuple[Silent, ...]

    @property
    def done(self) -> int:
        """Count those that have told that they let go."""
        return self.phones - len(self.silent)


def expect(database: Database, gone: Collection[str], now: datetime) -> int:
    """Begin to wait for every phone that was given any of these records; give how many."""
    wanted = {packed_id(id) for id in gone}
    with database.writing() as session:
        phones = _had(session, wanted)
        erasure, seq = str(uuid7()), head(session)
        session.add_all(
            ErasureReceipt(erasure=erasure, replica=phone, begun_at=now, seq=seq, done_at=emptied)
            for phone, emptied in sorted(phones.items())
        )
    return len(phones)


def waits_for(session: Session, user: str, replica: str, cursor: object) -> bool:
    """Say whether a phone's place in the feed answers an erasure that still waits for it."""
    first = rows(session, _FIRST, replica)[0][0]
    if first is None:
        return False
    at = read_cursor(cursor_key(session), user, cursor)
    return at is not None and at.start is None and not at.loading and first <= at.position


def take(session: Session, user: str, replica: str, cursor: object, now: datetime) -> None:
    """Keep a phone's receipt for every erasure that its place in the feed lies beyond."""
    at = read_cursor(cursor_key(session), user, cursor)
    if at is not None:
        rules = (ErasureReceipt.replica == replica, ErasureReceipt.seq <= at.position)
        waiting = update(ErasureReceipt).where(*rules, ErasureReceipt.done_at.is_(None))
        session.execute(
            waiting.values(done_at=now), execution_options={"synchronize_session": False}
        )


def take_all(session: Session, replica: str, now: datetime) -> None:
    """Keep the receipt of a phone that deleted all that could be read, for every erasure."""
    rules = (ErasureReceipt.replica == replica, ErasureReceipt.done_at.is_(None))
    session.execute(update(ErasureReceipt).where(*rules).values(done_at=now))


def told(session: Session, most: int = 20) -> list[Told]:
    """Give how far the latest erasures have come, newest first."""
    query = (
        select(ErasureReceipt, Replica)
        .join(Replica, Replica.id == ErasureReceipt.replica)
        .order_by(ErasureReceipt.begun_at.desc(), ErasureReceipt.erasure, ErasureReceipt.replica)
    )
    groups: dict[str, list[tuple[ErasureReceipt, Replica]]] = {}
    for row, phone in session.execute(query):
        groups.setdefault(row.erasure, []).append((row, phone))
    return [
        Told(group[0][0].begun_at, len(group), tuple(_silent(group)))
        for group in list(groups.values())[:most]
    ]


def _silent(group: Collection[tuple[ErasureReceipt, Replica]]) -> Iterator[Silent]:
    for row, phone in group:
        if row.done_at is None:
            heard = phone.last_seen_at or phone.registered_at
            yield Silent(phone.id, phone.user, heard, phone.readable_until)


def _had(session: Session, wanted: Collection[bytes]) -> dict[str, datetime | None]:
    """Give the phones that the access log says were given any of some records, and when each was
    emptied since."""
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
    known = select(Replica.id, Replica.emptied_at).where(Replica.id.in_(found))
    return {row.id: row.emptied_at for row in session.execute(known)}
