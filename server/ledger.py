"""The ledger: every mutation that was ever taken into custody, chained by digests.

It may add rows and settle their state; raw bytes leave it only by erasure, and the chain stays.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Boolean,
    Index,
    LargeBinary,
    String,
    Table,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Clock, Instant, whole_ms
from server.driver import Insert, Row, Sql, add, kept, many, moment, rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
START = "0" * 64
"""What the first link is made after."""
ERASED = "erased"
"""The state of what came too late about something that was erased; nothing of it is kept."""
CUSTODY = "custody"
"""The state of bytes that are stored and not yet judged; it never travels."""


class MutationRow(Base):
    """One mutation in custody; `effect` is the history of the record it touched."""

    __tablename__ = "mutation"

    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    mid: Mapped[str] = mapped_column(String(36), unique=True)
    clash_of: Mapped[str | None] = mapped_column(String(36))
    sha256: Mapped[str] = mapped_column(String(64))
    replica: Mapped[str] = mapped_column(String(36))
    n: Mapped[int | None] = mapped_column(BigInteger)
    author: Mapped[str] = mapped_column(String(36))
    record: Mapped[str | None] = mapped_column(String(36), index=True)
    received_at: Mapped[datetime] = mapped_column(Instant)
    sealed: Mapped[bool] = mapped_column(Boolean)
    raw: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))
    seq: Mapped[int | None] = mapped_column(BigInteger)
    effect: Mapped[bytes | None] = mapped_column(LargeBinary)
    waits_for: Mapped[str | None] = mapped_column(String(64))
    """The id of a record, or `<replica>/<n>`."""
    chain: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("ix_mutation_replica_n", "replica", "n"),
        Index(
            "ix_mutation_unsettled",
            "waits_for",
            sqlite_where=text("state IN ('held', 'custody')"),
            postgresql_where=text("state IN ('held', 'custody')"),
        ),
    )


@dataclass(slots=True)
class Entry:
    """One mutation on its way into the ledger, or found there."""

    mid: str
    sha256: str
    replica: str
    n: int | None
    author: str
    record: str | None
    received_at: datetime
    raw: bytes
    sealed: bool = False
    clash_of: str | None = None
    state: str = CUSTODY
    reason: str | None = None
    seq: int | None = None
    effect: tuple[dict[str, Any], ...] = ()
    waits_for: str | None = None

    def digest_after(self, previous: str) -> str:
        """Give the link of the chain that this entry makes after `previous`."""
        return link(previous, self.mid, self.sha256, self.replica, self.n, self.received_at)


_TABLE = MutationRow.__table__
assert isinstance(_TABLE, Table)
_FIND = (
    "mid",
    "clash_of",
    "sha256",
    "replica",
    "n",
    "author",
    "record",
    "received_at",
    "raw",
    "sealed",
    "state",
    "reason",
    "seq",
    "effect",
    "waits_for",
)
_COLUMNS = [_TABLE.c[name] for name in _FIND]
CHAINED = ("position", "mid", "sha256", "replica", "n", "received_at", "chain")
"""The columns that a verification follows, in the order that it takes them in."""
_SELECT = f"SELECT {', '.join(_FIND)} FROM mutation WHERE"
_BY_MID = Sql(f"{_SELECT} mid IN ? ORDER BY position")
_WAITING = Sql(f"{_SELECT} waits_for IN ? AND state IN ('held', 'custody') ORDER BY position")
_TAKEN = Sql("SELECT replica, n FROM mutation WHERE replica IN ? AND n IN ?")
_NEW = Insert("mutation", ("position", *_FIND, "chain"))
_SETTLE = Sql(
    "UPDATE mutation SET state = ?, reason = ?, seq = ?, effect = ?, waits_for = ? WHERE mid = ?"
)
_TWINS = Sql("SELECT replica, n, mid FROM mutation WHERE replica IN ? AND n IN ? ORDER BY position")
_CHAIN = Sql("SELECT chain FROM clock WHERE id = 1")
_LINK = Sql("UPDATE clock SET chain = ? WHERE id = 1")


def link(
    previous: str, mid: str, sha256: str, replica: str, n: int | None, received_at: datetime
) -> str:
    """Give sha256(previous | mid | sha256 | replica | n | received_at in ms) as hex."""
    at_ms = (received_at - EPOCH) // timedelta(milliseconds=1)
    words = f"{previous}|{mid}|{sha256}|{replica}|{'' if n is None else n}|{at_ms}"
    return hashlib.sha256(words.encode()).hexdigest()


def find(session: Session, mids: Sequence[str]) -> dict[str, Entry]:
    """Give what is known of some mids (one query)."""
    return {entry.mid: entry for entry in _entries(rows(session, _BY_MID, list(mids)))}


def of_record(session: Session, record: str) -> list[Entry]:
    """Give every mutation that aimed at a record, oldest first: its history."""
    return _read(session, _TABLE.c.record == record)


def author_of(session: Session, replica: str) -> str | None:
    """Give whose mutations of a replica were let through; a replica has one user for ever."""
    rules = (_TABLE.c.replica == replica, _TABLE.c.state.in_(("applied", "review")))
    return session.execute(select(_TABLE.c.author).where(*rules).limit(1)).scalar()


def waiting_for(session: Session, records: Iterable[str]) -> list[Entry]:
    """Give the held mutations that wait for some records, oldest first."""
    return _entries(rows(session, _WAITING, list(records)))


def held(session: Session, *reasons: str, author: str | None = None) -> list[Entry]:
    """Give what is held for some reasons, or stranded in custody, oldest first."""
    rules: list[Any] = [_TABLE.c.state.in_(("held", CUSTODY))]
    if reasons:
        rules.append(or_(_TABLE.c.reason.in_(reasons), _TABLE.c.state == CUSTODY))
    if author is not None:
        rules.append(_TABLE.c.author == author)
    return _read(session, *rules)


def forks(session: Session, pairs: Sequence[tuple[str, int]]) -> set[tuple[str, int]]:
    """Give those (replica, n) that are taken already."""
    if not pairs:
        return set()
    replicas, numbers = list({replica for replica, _ in pairs}), [n for _, n in pairs]
    found = rows(session, _TAKEN, replicas, numbers)
    return {(replica, n) for replica, n in found} & set(pairs)


def later_twins(session: Session, pairs: Sequence[tuple[str, int | None]]) -> set[str]:
    """Give the mids that came under a (replica, n) which another mutation had taken before."""
    asked, first = set(pairs), set(pairs)
    found = rows(session, _TWINS, list({r for r, _ in pairs}), list({n for _, n in pairs}))
    later: set[str] = set()
    for replica, n, mid in found:
        if (replica, n) in first:
            first.discard((replica, n))
        elif (replica, n) in asked:
            later.add(mid)
    return later


def append(session: Session, entries: Sequence[Entry], first: int) -> None:
    """Add entries at positions `first`, `first + 1`, …; the clock row must be locked by `stamp`."""
    if not entries:
        return
    head: str = rows(session, _CHAIN)[0][0]
    written: list[Row] = []
    moments: dict[datetime, Any] = {}
    for position, entry in enumerate(entries, first):
        head = entry.digest_after(head)
        received_at = moments.get(entry.received_at)
        if received_at is None:
            received_at = moments[entry.received_at] = kept(session, whole_ms(entry.received_at))
        written.append(
            (
                position,
                entry.mid,
                entry.clash_of,
                entry.sha256,
                entry.replica,
                entry.n,
                entry.author,
                entry.record,
                received_at,
                entry.raw,
                entry.sealed,
                entry.state,
                entry.reason,
                entry.seq,
                _pack(entry.effect),
                entry.waits_for,
                head,
            )
        )
    add(session, _NEW, written)
    rows(session, _LINK, head)


def settle(session: Session, entries: Sequence[Entry]) -> None:
    """Write today's state of entries that are in the ledger already."""
    many(
        session,
        _SETTLE,
        [(e.state, e.reason, e.seq, _pack(e.effect), e.waits_for, e.mid) for e in entries],
    )


def first_break(session: Session) -> int | None:
    """Give the position of the first row that does not fit the chain, or None; reads every row."""
    found = session.execute(
        select(*(_TABLE.c[name] for name in CHAINED)).order_by(_TABLE.c.position)
    ).yield_per(1000)
    head = session.execute(select(Clock.chain).where(Clock.id == 1)).scalar_one()
    return first_unfit((tuple(row) for row in found), head)


def first_unfit(chained: Iterable[Row], head: str) -> int | None:
    """Give the first position where rows of `CHAINED`, in order, do not lead to `head`, or None."""
    previous, last = START, 0
    for position, mid, sha256, replica, n, received_at, chain in chained:
        previous = link(previous, mid, sha256, replica, n, received_at)
        if previous != chain:
            return int(position)
        last = position
    return None if head == previous else last + 1


def _pack(effect: tuple[dict[str, Any], ...]) -> bytes | None:
    return orjson.dumps(effect) if effect else None


def _read(session: Session, *rules: Any) -> list[Entry]:
    found = session.execute(select(*_COLUMNS).where(*rules).order_by(_TABLE.c.position))
    return _entries(tuple(row) for row in found)


def _entries(found: Iterable[Row]) -> list[Entry]:
    entries = []
    for row in found:
        values = dict(zip(_FIND, row, strict=True))
        effect = values.pop("effect")
        values["raw"] = bytes(values["raw"] or b"")
        values["sealed"] = bool(values["sealed"])
        values["received_at"] = moment(values["received_at"])
        entries.append(Entry(**values, effect=tuple(orjson.loads(effect)) if effect else ()))
    return entries
