"""What stands at the server of a simulated run, read past everything that is being tried."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from server.access import actor_of, scopes_of
from server.database import Database
from server.driver import Row, Sql, rows
from server.intake.papers import Desk, Locks

_RECORDS = "SELECT id, kind, seq, deleted, body FROM record"
_ALL, _SOME = Sql(f"{_RECORDS} ORDER BY id"), Sql(f"{_RECORDS} WHERE id IN ? ORDER BY id")
_LEDGER = (
    "SELECT mid, clash_of, sha256, replica, n, author, record, raw, state, reason, seq, effect,"
    " waits_for FROM mutation"
)
_EVERY = Sql(f"{_LEDGER} ORDER BY position")
_SETTLED = Sql(f"{_LEDGER} WHERE mid IN ? AND state IN ('applied', 'review')")
_CARRIED = Sql("SELECT id, scope FROM scope_member WHERE present")
_GONE = Sql("SELECT id FROM gone")


@dataclass(frozen=True)
class Standing:
    """A record as it stands at the server."""

    id: str
    kind: str
    seq: int
    deleted: bool
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Custody:
    """One row of the ledger."""

    mid: str
    clash_of: str | None
    sha256: str
    replica: str
    n: int | None
    author: str
    record: str | None
    raw: bytes | None
    state: str
    reason: str | None
    seq: int | None
    effect: bytes | None
    waits_for: str | None

    @property
    def said(self) -> dict[str, Any]:
        """Give what was sent; nothing when it was erased."""
        found: dict[str, Any] = orjson.loads(self.raw) if self.raw else {}
        return found

    @property
    def effects(self) -> list[dict[str, Any]]:
        """Give what became of each path."""
        found: list[dict[str, Any]] = orjson.loads(self.effect) if self.effect else []
        return found


@dataclass(frozen=True)
class Answer:
    """A reply as bytes on the wire, and what its reader might see at that very moment."""

    reply: dict[str, Any]
    visible: frozenset[str]
    stood: Mapping[str, int]
    """For each mid of the push, the seq of its record once it was judged."""


class Books:
    """A database, and what can be read there of what became of everything."""

    database: Database

    def look(self, sql: Sql, *values: Any) -> list[Row]:
        """Read rows: in memory past any session, for nobody else is at work there meanwhile."""
        if not self.database.in_memory:
            with self.database.reading() as session:
                return rows(session, sql, *values)
        raw: Any = self.database.engine.raw_connection().driver_connection
        given = [orjson.dumps(v).decode() if type(v) is list else v for v in values]
        found: list[Row] = raw.execute(sql.on_sqlite, given).fetchall()
        return found

    def visible(self, user: str, now: datetime) -> dict[str, Standing]:
        """Give all that a user may see."""
        ids = self.scoped(user, now)
        return {one.id: one for one in self.records() if one.id in ids}

    def scoped(self, user: str, now: datetime) -> dict[str, set[str]]:
        """Give the ids that a user may see, each with those of the user's scopes that carry it."""
        found: dict[str, set[str]] = {}
        with self.database.reading() as session:
            mine = frozenset(scopes_of(session, actor_of(session, user), now))
            for id, scope in rows(session, _CARRIED):
                if scope in mine:
                    found.setdefault(id, set()).add(scope)
        return found

    def records(self, ids: Collection[str] | None = None) -> list[Standing]:
        """Give records as they stand, all of them unless some are named."""
        found = self.look(_ALL) if ids is None else self.look(_SOME, list(ids))
        return [
            Standing(id, kind, seq, bool(deleted), orjson.loads(bytes(body)))
            for id, kind, seq, deleted, body in found
        ]

    def ledger(self) -> list[Custody]:
        """Give every row of the ledger, oldest first."""
        return [Custody(*row) for row in self.look(_EVERY)]

    def gone(self) -> set[str]:
        """Give the ids of what was erased."""
        return {row[0] for row in self.look(_GONE)}

    def settled(self, mids: Collection[str]) -> dict[str, Custody]:
        """Give the ledger's rows of some mids that are applied or under review."""
        if not mids:
            return {}
        return {row[0]: Custody(*row) for row in self.look(_SETTLED, list(mids))}

    def memberships(self) -> Iterator[tuple[str, set[str], set[str]]]:
        """For each record: the scopes that carry it, and those that its place names."""
        with self.database.reading() as session:
            desk = Desk(session, Locks.NONE)
            desk.fetch({row[0] for row in rows(session, _ALL)})
            for id, paper in sorted(desk.papers.items()):
                yield id, set(paper.before), set(desk.scopes(paper))
