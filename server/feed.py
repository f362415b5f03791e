"""The feed: what changed in a person's scopes since they last asked, cut to a page.

It reads in one snapshot and writes nothing but the names of access lists; bodies pass through it
as the bytes they are stored as.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import String, Text, bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.access import Actor, access_version, scopes_of
from server.database import Base, Clock, Database

PAGE_RECORDS_MAX = 500
PAGE_SIZE_MAX_BYTES = 262_144
CURSOR_MAX_CHARACTERS = 8_192
INTEGER_MAX = 2**53 - 1
FLOOR = 0
"""The highest leave that was ever compacted away; no leave is compacted yet."""


_MEMBER, _RECORD = Base.metadata.tables["scope_member"], Base.metadata.tables["record"]
_SINCE = (
    select(_MEMBER.c.id, _MEMBER.c.seq, _MEMBER.c.present, _MEMBER.c.scope)
    .where(_MEMBER.c.scope.in_(bindparam("among", expanding=True)))
    .where(_MEMBER.c.seq > bindparam("after"))
    .order_by(_MEMBER.c.seq)
    .limit(bindparam("most"))
)
_PRESENT = select(_MEMBER.c.id, _MEMBER.c.scope, _MEMBER.c.seq).where(
    _MEMBER.c.id.in_(bindparam("wanted", expanding=True)),
    _MEMBER.c.scope.in_(bindparam("mine", expanding=True)),
    _MEMBER.c.present,
)
_BODIES = select(_RECORD.c.id, _RECORD.c.kind, _RECORD.c.seq, _RECORD.c.body).where(
    _RECORD.c.id.in_(bindparam("wanted", expanding=True))
)


class AccessList(Base):
    """The scopes behind a version, so that a cursor need carry only the version."""

    __tablename__ = "access_list"

    version: Mapped[str] = mapped_column(String(12), primary_key=True)
    scopes: Mapped[str] = mapped_column(Text)


@dataclass(frozen=True)
class Cursor:
    """Where a phone is: one position for all scopes, and its own for each that is still loading."""

    incarnation: str
    position: int
    access: str
    loading: dict[str, int] = field(default_factory=dict)
    start: int | None = None
    """Head when a reset began; None when none is under way."""
    mixed: bool = False
    """Whether scopes of different ages load together; then no record may be left out as a twin."""

    def write(self) -> str:
        """Give `1.` and base64url of the canonical JSON."""
        value: dict[str, Any] = {"a": self.access, "i": self.incarnation, "p": self.position}
        if self.loading:
            value["l"] = self.loading
        if self.start is not None:
            value["s"] = self.start
        if self.mixed:
            value["m"] = True
        raw = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        return "1." + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Page:
    """One page of the feed, ready to be written into a reply."""

    incarnation: str
    puts: list[dict[str, Any]]
    leaves: list[str]
    cursor: str
    covered: int | None
    more: bool
    access: dict[str, Any] | None
    reset: list[str] | None


@dataclass
class _Step:
    """A member row that the page may carry, and the scope it was read in."""

    id: str
    seq: int
    present: bool
    scope: str


def read_cursor(text: object) -> Cursor | None:
    """Read a cursor; None when it is none of ours, which means reset and never an error."""
    if not isinstance(text, str) or not text.startswith("1.") or len(text) > CURSOR_MAX_CHARACTERS:
        return None
    try:
        raw = base64.b64decode(text[2:] + "=" * (-len(text[2:]) % 4), altchars=b"-_", validate=True)
        value = orjson.loads(raw)
    except (binascii.Error, ValueError):
        return None
    if not isinstance(value, dict):
        return None
    loading, start = value.get("l", {}), value.get("s")
    positions = [value.get("p"), *([] if start is None else [start])]
    if isinstance(loading, dict):
        positions += loading.values()
    sound = (
        isinstance(loading, dict)
        and isinstance(value.get("i"), str)
        and isinstance(value.get("a"), str)
        and all(type(p) is int and 0 <= p <= INTEGER_MAX for p in positions)
    )
    if not sound:
        return None
    return Cursor(value["i"], value["p"], value["a"], loading, start, bool(value.get("m")))


def pull(
    session: Session, actor: Actor, cursor: object, *, limit: int = PAGE_RECORDS_MAX, now: datetime
) -> Page:
    """Read the next page of a person's feed; `session` is one read-only snapshot.

    Grants, head, membership and bodies come from that snapshot, so that nothing can slip between
    them (I-3), and only what is present in a scope of the person's is ever put (I-21).
    """
    mine = scopes_of(session, actor, now)
    head, incarnation = session.execute(
        select(Clock.seq, Clock.incarnation).where(Clock.id == 1)
    ).one()
    version = access_version(actor.user, mine)
    asked = read_cursor(cursor)
    at, reset = _begin(session, asked, incarnation, head, version, mine)
    limit = max(1, min(limit, PAGE_RECORDS_MAX))
    reader = _Reader(session, mine, at, head, limit)
    at = reader.read()
    changed = reset or asked is None or asked.access != version
    return Page(
        incarnation=incarnation,
        puts=reader.puts,
        leaves=reader.leaves,
        cursor=at.write(),
        covered=_covered(at, head),
        more=bool(at.loading) or at.position < head,
        access={"version": version, "user": actor.user, "scopes": list(mine)} if changed else None,
        reset=list(mine) if reset else None,
    )


def remember_access(database: Database, access: dict[str, Any]) -> None:
    """Keep the scopes behind a version that is about to be sent."""
    with database.writing() as session:
        if session.get(AccessList, access["version"]) is None:
            text = orjson.dumps(sorted(access["scopes"])).decode()
            session.add(AccessList(version=access["version"], scopes=text))


def is_remembered(session: Session, version: str) -> bool:
    """Say whether the scopes behind a version are kept already."""
    return session.get(AccessList, version) is not None


def _begin(
    session: Session,
    asked: Cursor | None,
    incarnation: str,
    head: int,
    version: str,
    mine: Sequence[str],
) -> tuple[Cursor, bool]:
    """Give the cursor to read on from, and whether this is the first page of a reset."""
    if asked is None or asked.incarnation != incarnation or not _reachable(asked, head):
        fresh = Cursor(incarnation, head, version, dict.fromkeys(mine, 0), start=head)
        return fresh, True
    if asked.access == version:
        loading = {scope: asked.loading[scope] for scope in mine if scope in asked.loading}
        return replace(asked, loading=loading), False
    row = session.get(AccessList, asked.access)
    known: set[str] = set(orjson.loads(row.scopes)) if row is not None else set()
    loading = {
        scope: asked.loading.get(scope, asked.position) if scope in known else 0
        for scope in mine
        if scope in asked.loading or scope not in known
    }
    mixed = bool(asked.loading) or asked.mixed
    return replace(asked, access=version, loading=loading, mixed=mixed), False


def _reachable(asked: Cursor, head: int) -> bool:
    """Say whether the feed still holds everything after a cursor (the floor is for its start)."""
    start = asked.position if asked.start is None else asked.start
    return FLOOR <= start <= head and asked.position <= head


def _covered(at: Cursor, head: int) -> int | None:
    if not at.loading:
        return at.position
    if at.start is not None:
        return None
    return min(at.position, *at.loading.values())


class _Reader:
    """Reads one page: the scopes that are level together, the others each from its own position."""

    def __init__(
        self, session: Session, mine: Sequence[str], at: Cursor, head: int, limit: int
    ) -> None:
        self._connection = session.connection()
        self.mine = mine
        self.at = at
        self.head = head
        self.limit = limit
        self.puts: list[dict[str, Any]] = []
        self.leaves: list[str] = []
        self._left = limit
        self._left_bytes = PAGE_SIZE_MAX_BYTES
        self._done: set[str] = set()

    def read(self) -> Cursor:
        """Read the page and give the cursor after it."""
        level = [scope for scope in self.mine if scope not in self.at.loading]
        at = self.at
        if level and at.position < self.head:
            at = self._read_level(level, at)
        if at.loading:
            at = self._read_loading(at)
        return at

    def _read_level(self, level: Sequence[str], at: Cursor) -> Cursor:
        rows = self._members(level, at.position, self.limit + 1)
        if len(rows) > self.limit:
            own = dict.fromkeys(level, at.position) | at.loading
            return replace(at, loading=own, position=self.head, mixed=at.mixed or bool(at.loading))
        cut = self._carry(rows)
        return replace(at, position=self.head if cut is None else cut.seq - 1)

    def _read_loading(self, at: Cursor) -> Cursor:
        """Give each scope that lags its turn, in order, with a share kept for those after it."""
        waiting = [scope for scope in self.mine if scope in at.loading]
        positions = dict(at.loading)
        share = max(1, self.limit // (4 * len(waiting)))
        for index, scope in enumerate(waiting):
            if self._left <= 0 and (self.puts or self.leaves):
                break
            room = max(share, self._left - share * (len(waiting) - index - 1))
            rows = self._members([scope], positions[scope], min(room, max(1, self._left)))
            cut = self._carry(rows)
            if cut is not None:
                positions[scope] = cut.seq - 1
                break
            full = len(rows) >= min(room, max(1, self._left))
            positions[scope] = rows[-1].seq if full and rows else self.head
        if all(position >= self.head for position in positions.values()):
            if at.position < self.head:
                return replace(at, loading={}, mixed=False, start=None)
            return Cursor(at.incarnation, self.head, at.access)
        return replace(at, loading=positions)

    def _members(self, among: Sequence[str], after: int, most: int) -> list[_Step]:
        rows = self._connection.execute(
            _SINCE, {"among": list(among), "after": after, "most": most}
        )
        return [_Step(*row) for row in rows]

    def _carry(self, rows: Sequence[_Step]) -> _Step | None:
        """Take rows into the page; give the first that found no room, or None when all did."""
        ids = {row.id for row in rows} - self._done
        present = self._present(ids)
        bodies = self._bodies(present)
        for row in rows:
            if row.id in self._done:
                continue
            there = present.get(row.id)
            if there is None:
                self.leaves.append(row.id)
            elif self._is_twin(row, there):
                continue
            else:
                kind, seq, body = bodies[row.id]
                if (self._left <= 0 or len(body) > self._left_bytes) and self._done:
                    return row
                self._left_bytes -= len(body)
                self.puts.append(
                    {
                        "id": row.id,
                        "kind": kind,
                        "seq": seq,
                        "in": sorted(there),
                        "body": orjson.Fragment(body),
                    }
                )
            self._left -= 1
            self._done.add(row.id)
        return None

    def _is_twin(self, row: _Step, there: dict[str, int]) -> bool:
        """Say whether an earlier page of this load carried the record for another scope already.

        Every write stamps all of a record's memberships afresh, so a membership that was passed
        means that this very state was carried. Where scopes were granted at different times that
        is no proof, for the earlier page could not name the later scope.
        """
        loaded = self.at.loading
        return not self.at.mixed and any(
            scope != row.scope and loaded.get(scope, -1) >= seq for scope, seq in there.items()
        )

    def _present(self, ids: Iterable[str]) -> dict[str, dict[str, int]]:
        wanted = list(ids)
        found: dict[str, dict[str, int]] = {}
        if not wanted:
            return found
        rows = self._connection.execute(_PRESENT, {"wanted": wanted, "mine": list(self.mine)})
        for record, scope, seq in rows:
            found.setdefault(record, {})[scope] = seq
        return found

    def _bodies(self, ids: Iterable[str]) -> dict[str, tuple[str, int, bytes]]:
        wanted = list(ids)
        if not wanted:
            return {}
        rows = self._connection.execute(_BODIES, {"wanted": wanted})
        return {record: (kind, seq, bytes(body)) for record, kind, seq, body in rows}
