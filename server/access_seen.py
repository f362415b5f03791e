"""Where in the access log a record stands, so that «Hvem har sett dette?» reads no more than that.

It follows the log in pieces, behind it, so that no reading waits for it; what it has not come to
yet is looked through. It is worked out from the log alone, only added to, and proves nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, LargeBinary, Row, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.access_log import ID_SIZE_BYTES, AccessHead, AccessRow, packed_id, records_in
from server.config import Settings
from server.database import Base, Database

ROWS_AT_ONCE = 200
"""Rows of the log in one transaction: a row may name some thousand records."""
ASKED_AT_ONCE = 500
TOLD = (
    AccessRow.at,
    AccessRow.looked_at,
    AccessRow.roles,
    AccessRow.way,
    AccessRow.purpose,
    AccessRow.why,
)
"""What is told of a reading of many records; which of them it gave is as long as all the rest."""


class AccessSeen(Base):
    """One record in one row of the access log."""

    __tablename__ = "access_seen"
    __table_args__ = {"sqlite_with_rowid": False}

    record: Mapped[bytes] = mapped_column(LargeBinary(ID_SIZE_BYTES), primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


def follow(database: Database, settings: Settings, now: datetime) -> None:
    """Bring the index up to the log's end, piece by piece; many schedulers do it once."""
    while _follow(database):
        pass


def _follow(database: Database) -> bool:
    """Take in the next piece; False when there was none."""
    with database.writing() as session:
        head = session.get(AccessHead, 1, with_for_update=True)
        if head is None or head.indexed >= head.position:
            return False
        last = min(head.position, head.indexed + ROWS_AT_ONCE)
        query = select(AccessRow.position, AccessRow.records)
        found = session.execute(
            query.where(AccessRow.position > head.indexed, AccessRow.position <= last)
        )
        rows = [
            {"record": bytes(row.records[at : at + ID_SIZE_BYTES]), "position": row.position}
            for row in found
            for at in range(0, len(row.records), ID_SIZE_BYTES)
        ]
        if rows:
            session.execute(insert(AccessSeen), rows)
        session.execute(update(AccessHead).where(AccessHead.id == 1).values(indexed=last))
        return True


def readings_of(session: Session, record: str, limit: int) -> list[AccessRow]:
    """Give the rows that name a record, latest first."""
    head, wanted = session.get(AccessHead, 1), packed_id(record)
    if head is None:
        return []
    holds = (
        "position(:wanted in records) > 0"
        if session.get_bind().dialect.name == "postgresql"
        else "instr(records, :wanted) > 0"
    )
    newest = (
        select(AccessRow)
        .where(AccessRow.position > head.indexed, text(holds).bindparams(wanted=wanted))
        .order_by(AccessRow.position.desc())
        .limit(limit)
    )
    fresh = [row for row in session.scalars(newest) if record in records_in(row.records)]
    known = (
        select(AccessRow)
        .join(AccessSeen, AccessSeen.position == AccessRow.position)
        .where(AccessSeen.record == wanted, AccessSeen.position <= head.indexed)
        .order_by(AccessSeen.position.desc())
        .limit(limit - len(fresh))
    )
    return [*fresh, *session.scalars(known)]


def readings_of_many(session: Session, records: Collection[str]) -> list[tuple[Row[Any], int]]:
    """Give what is `TOLD` of each row that names some of the records, and of how many; latest
    first.
    """
    found = _counted(session, records)
    rows: dict[int, Row[Any]] = {}
    positions = sorted(found, reverse=True)
    for start in range(0, len(positions), ASKED_AT_ONCE):
        here = AccessRow.position.in_(positions[start : start + ASKED_AT_ONCE])
        told = session.execute(select(AccessRow.position, *TOLD).where(here))
        rows |= {row.position: row for row in told}
    return [(rows[position], found[position]) for position in positions]


def _counted(session: Session, records: Collection[str]) -> Counter[int]:
    """Count how many of some records each row of the log names, by its position."""
    head, wanted = session.get(AccessHead, 1), sorted(map(packed_id, records))
    indexed, found = (head.indexed if head is not None else 0), Counter[int]()
    for start in range(0, len(wanted), ASKED_AT_ONCE):
        these = AccessSeen.record.in_(wanted[start : start + ASKED_AT_ONCE])
        each = select(AccessSeen.position, func.count()).where(these)
        each = each.where(AccessSeen.position <= indexed).group_by(AccessSeen.position)
        found.update(dict(session.execute(each).all()))
    fresh, all_of_them = select(AccessRow.position, AccessRow.records), frozenset(wanted)
    for row in session.execute(fresh.where(AccessRow.position > indexed)).yield_per(ROWS_AT_ONCE):
        if many := names(row.records, all_of_them):
            found[row.position] = many
    return found


def names(packed: bytes, wanted: Collection[bytes]) -> int:
    """Count how many of some packed ids are among those of a row."""
    whole = bytes(packed)
    cut = range(0, len(whole), ID_SIZE_BYTES)
    return sum(whole[at : at + ID_SIZE_BYTES] in wanted for at in cut)


def fault(session: Session) -> str | None:
    """Give a sentence when the index lacks, or has more than, what the log names."""
    head = session.get(AccessHead, 1)
    until = head.indexed if head is not None else 0
    named = select(func.coalesce(func.sum(AccessRow.size), 0)).where(AccessRow.position <= until)
    here = select(func.count()).select_from(AccessSeen)
    if session.scalar(named) == session.scalar(here):
        return None
    return "Access log: the list of who has seen which record is not what the log says."
