"""The access log: who read which records, when, in which role and why; chained, and only added to.

One row for what one request gave out, so that a phone's load of ten thousand records is twenty
rows. It names records and users by id, and never holds a word of what a record says.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant, whole_ms
from server.driver import Sql, kept, rows
from server.records import REGISTRY
from server.roles import Role

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = "0" * 64
ID_SIZE_BYTES = 16
RECORDS_MAX = 5_000
"""More records than these become another row."""
NAMED, DUTY, ASKED, EXPORT = "named", "duty", "asked", "export"
"""Why somebody read: named in the record, by their role where it lies, for a reason they had to
give, or as part of an export."""
OPENED_ON_PHONE = "phone.opened"
"""The way of what a phone tells that was opened on it, when it has contact again."""
PERSONAL = ("me:", "day:", "sealed:")
"""How the scopes begin that carry what somebody is named in."""
_NOTED = "oppgang_read"
_TAKE = Sql("UPDATE access_head SET position = position + ? WHERE id = 1 RETURNING position, chain")
_BEGIN = Sql(
    f"INSERT INTO access_head (id, position, chain) VALUES (1, 0, '{START}') ON CONFLICT DO NOTHING"
)
_INSERT = Sql(
    "INSERT INTO access_log (position, at, who, roles, way, purpose, why, replica, size, records,"
    " chain, looked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_LINK = Sql("UPDATE access_head SET chain = ? WHERE id = 1")
_PERSONALLY = Sql("SELECT DISTINCT id FROM scope_member WHERE id IN ? AND scope IN ? AND present")


class AccessRow(Base):
    """What one request gave to one person."""

    __tablename__ = "access_log"
    __table_args__ = (
        Index(
            "ix_access_log_why",
            "position",
            sqlite_where=text("why IS NOT NULL"),
            postgresql_where=text("why IS NOT NULL"),
        ),
    )

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    who: Mapped[str] = mapped_column(String(60))
    """The id of a user, or `cli:` and the name of an account on the machine."""
    roles: Mapped[str] = mapped_column(String(120))
    way: Mapped[str] = mapped_column(String(60))
    """The door: `sync.sync`, `office.record`, `export`."""
    purpose: Mapped[str] = mapped_column(String(8))
    why: Mapped[str | None] = mapped_column(Text)
    replica: Mapped[str | None] = mapped_column(String(36))
    size: Mapped[int] = mapped_column(Integer)
    records: Mapped[bytes] = mapped_column(LargeBinary)
    """The ids as 16 bytes each, sorted."""
    chain: Mapped[str] = mapped_column(String(64))
    looked_at: Mapped[datetime | None] = mapped_column(Instant)
    """The hour in which it was opened on a phone, as the phone says; `at` is when it told so."""

    @property
    def read_at(self) -> datetime:
        """Give when it was read, as far as that is known."""
        return self.looked_at or self.at


class AccessHead(Base):
    """The one row that says where the log ends: its last position and the link there."""

    __tablename__ = "access_head"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(BigInteger)
    chain: Mapped[str] = mapped_column(String(64))
    indexed: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    """How far `access_seen` has followed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Some records that somebody was given at once."""

    who: str
    roles: str
    way: str
    purpose: str
    records: Collection[str]
    replica: str | None = None
    why: str | None = None
    looked_at: datetime | None = None
    """For what is told afterwards: when it was."""


def roles_of(grants: Iterable[tuple[Role, str | None]]) -> str:
    """Name the roles that somebody holds, in one line."""
    return "+".join(sorted({role.value for role, _ in grants}))


def note(session: Session, kind: str, records: Iterable[str]) -> None:
    """Remember in a snapshot what was read from it, as far as it is about people."""
    if kind in about_people():
        session.info.setdefault(_NOTED, set()).update(records)


def noted(session: Session) -> frozenset[str]:
    """Give what was read from a snapshot until now."""
    return frozenset(session.info.get(_NOTED, ()))


def by_purpose(
    session: Session, records: Collection[str], mine: Sequence[str]
) -> dict[str, list[str]]:
    """Sort records by why the holder of the scopes `mine` reads them: named there, or on duty."""
    personal = [scope for scope in mine if _is_personal(scope)]
    found = {id for (id,) in rows(session, _PERSONALLY, list(records), personal)} if records else ()
    named = [id for id in records if id in found]
    return {NAMED: named, DUTY: [id for id in records if id not in found]}


def of_puts(puts: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Sort what a page of the feed carries, as `by_purpose` does, by the scopes it names."""
    named: list[str] = []
    duty: list[str] = []
    people = about_people()
    for put in puts:
        if put["kind"] in people:
            scopes = put["in"]
            personal = scopes[0].startswith(PERSONAL) or any(map(_is_personal, scopes[1:]))
            (named if personal else duty).append(put["id"])
    return {NAMED: named, DUTY: duty}


def append(session: Session, readings: Sequence[Reading], now: datetime) -> None:
    """Add readings; the head of the log stays locked until commit, and is its only lock."""
    cut = [part for reading in readings for part in _cut(reading)]
    if not cut:
        return
    taken = rows(session, _TAKE, len(cut))
    if not taken:
        rows(session, _BEGIN)
        taken = rows(session, _TAKE, len(cut))
    last, chain = taken[0]
    at, at_ms = kept(session, whole_ms(now)), _ms(now)
    for position, (reading, packed) in enumerate(cut, last - len(cut) + 1):
        said = (reading.who, reading.roles, reading.way, reading.purpose)
        looked = reading.looked_at
        told = None if looked is None else _ms(looked)
        chain = link(chain, position, at_ms, *said, reading.why, reading.replica, packed, told)
        size = len(packed) // ID_SIZE_BYTES
        looked_at = None if looked is None else kept(session, whole_ms(looked))
        given = (*said, reading.why, reading.replica, size, packed, chain, looked_at)
        rows(session, _INSERT, position, at, *given)
    rows(session, _LINK, chain)


def link(
    previous: str,
    position: int,
    at_ms: int,
    who: str,
    roles: str,
    way: str,
    purpose: str,
    why: str | None,
    replica: str | None,
    records: bytes,
    looked_ms: int | None = None,
) -> str:
    """Give the link that a row makes after `previous`, over digests of its two long columns.

    What has no hour of its own is linked as it was before rows had one.
    """
    reason = "" if why is None else hashlib.sha256(why.encode()).hexdigest()
    digest = hashlib.sha256(records).hexdigest()
    words = (previous, position, at_ms, who, roles, way, purpose, reason, replica or "", digest)
    told = () if looked_ms is None else (looked_ms,)
    return hashlib.sha256("|".join(map(str, (*words, *told))).encode()).hexdigest()


def head(session: Session) -> tuple[int, str]:
    """Give the last position and the link there; (0, zeros) when nothing was read yet."""
    row = session.get(AccessHead, 1)
    return (row.position, row.chain) if row is not None else (0, START)


def first_break(session: Session) -> int | None:
    """Give the position of the first row that does not fit the chain, or None; reads every row."""
    query = select(AccessRow.__table__).order_by(AccessRow.position)
    return first_unfit(session.execute(query).yield_per(500), head(session))


def first_unfit(rows: Iterable[Any], head: tuple[int, str]) -> int | None:
    """Give the first position where rows, in order, do not lead to the head, or None."""
    previous, expected = START, 1
    for row in rows:
        said = (row.who, row.roles, row.way, row.purpose, row.why, row.replica)
        looked = None if row.looked_at is None else _ms(row.looked_at)
        previous = link(previous, expected, _ms(row.at), *said, bytes(row.records), looked)
        whole = row.size * ID_SIZE_BYTES == len(row.records)
        if row.position != expected or row.chain != previous or not whole:
            return expected
        expected += 1
    return None if head == (expected - 1, previous) else expected


def link_at(session: Session, position: int) -> str | None:
    """Give the link at a position; None when there is no such row."""
    if position == 0:
        return START
    return session.scalar(select(AccessRow.chain).where(AccessRow.position == position))


def packed_id(record: str) -> bytes:
    """Give an id, or several one after the other, as the log keeps them."""
    return bytes.fromhex(record.replace("-", ""))


def records_in(packed: bytes) -> list[str]:
    """Give the ids in a row."""
    digits = [packed[at : at + ID_SIZE_BYTES].hex() for at in range(0, len(packed), ID_SIZE_BYTES)]
    return [f"{d[:8]}-{d[8:12]}-{d[12:16]}-{d[16:20]}-{d[20:]}" for d in digits]


def _cut(reading: Reading) -> list[tuple[Reading, bytes]]:
    ids = sorted(reading.records)
    parts = [ids[at : at + RECORDS_MAX] for at in range(0, len(ids), RECORDS_MAX)]
    return [(reading, packed_id("".join(part))) for part in parts]


@cache
def about_people() -> frozenset[str]:
    """Give the kinds that tell of somebody: what is read of the others is not written down."""
    return frozenset(name for name, spec in REGISTRY.items() if spec.about_people)


def _is_personal(scope: str) -> bool:
    return scope.startswith(PERSONAL)


def _ms(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)
