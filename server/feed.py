"""The feed: what changed in a person's scopes since they last asked, cut to a page.

It reads in one snapshot and writes nothing but the names of access lists; bodies pass through it
as the bytes they are stored as.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import orjson
from itsdangerous import BadData, Serializer
from sqlalchemy import String, Text, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import parity
from server.access import Actor, access_version, on_phones, scopes_of
from server.database import Base, Database, Instant, whole_ms
from server.driver import Row, Sql, kept, rows

PAGE_RECORDS_MAX = 500
PAGE_SIZE_MAX_BYTES = 262_144
LISTS_KEPT = timedelta(days=180)
"""A phone that was away for half a year holds nothing that it may still read: it loads all anew."""
FLOOR = 0
"""The highest leave that was ever compacted away; no leave is compacted yet."""


_CLOCK = Sql("SELECT seq, incarnation, cursor_key FROM clock WHERE id = 1")
_SINCE = Sql(
    "SELECT id, seq, scope FROM scope_member"
    " WHERE scope IN ? AND seq > ? AND (present OR seq > ?) ORDER BY seq LIMIT ?"
)
_PRESENT = Sql("SELECT id, scope, seq FROM scope_member WHERE id IN ? AND present")
_BODIES = Sql("SELECT id, kind, seq, body FROM record WHERE id IN ?")
_REMEMBERED = Sql("SELECT scopes FROM access_list WHERE version = ?")
_REMEMBER = Sql(
    "INSERT INTO access_list (version, scopes, told_at) VALUES (?, ?, ?)"
    " ON CONFLICT (version) DO UPDATE SET told_at = excluded.told_at"
)


class AccessList(Base):
    """The scopes behind a version, so that a cursor need carry only the version."""

    __tablename__ = "access_list"

    version: Mapped[str] = mapped_column(String(12), primary_key=True)
    scopes: Mapped[str] = mapped_column(Text)
    told_at: Mapped[datetime] = mapped_column(Instant)


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
    began: dict[str, int] = field(default_factory=dict)
    """Head when a loading scope was granted, or found to differ, where that is not `start`."""

    def write(self, key: str, user: str) -> str:
        """Give the text that a phone hands in next time; nobody else can write one."""
        return _signer(key, user).dumps(vars(self))

    def left_after(self, scope: str) -> int:
        """Give the seq before which nothing that left a scope is named.

        A load puts what is here, and the phone sweeps what was not put. To name what had left
        before the load began would tell the ids of records that this user may never have read.
        """
        return self.began.get(scope, self.start or 0)


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
    differing: list[str] | None
    """The scopes that the phone holds otherwise; None when that was not looked at."""


def read_cursor(key: str, user: str, text: object) -> Cursor | None:
    """Read what `Cursor.write` gave for this user; None for all else, which means reset.

    It is signed: a made-up position would have what had left before this user came named to them.
    """
    try:
        return Cursor(**_signer(key, user).loads(text)) if isinstance(text, str) else None
    except (BadData, UnicodeEncodeError):
        return None


def _signer(key: str, user: str) -> Serializer[str]:
    """Give what signs for one user; the number in the salt is raised when a cursor's shape is."""
    kind = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    return Serializer(key, salt=f"cursor 1 {user}", signer_kwargs=kind)


def pull(
    session: Session,
    actor: Actor,
    cursor: object,
    *,
    limit: int = PAGE_RECORDS_MAX,
    now: datetime,
    held: Mapping[str, str] | None = None,
) -> Page:
    """Read the next page of a person's feed; `session` is one read-only snapshot.

    Grants, head, membership and bodies come from that snapshot, so that nothing can slip between
    them (I-3), and only what is present in a scope of the person's is ever put (I-21). `held` are
    a phone's digests: at head they are compared, and scopes that differ are read from 0 (I-16).
    """
    mine = on_phones(scopes_of(session, actor, now))
    head: int
    head, incarnation, key = rows(session, _CLOCK)[0]
    version = access_version(actor.user, mine)
    asked = read_cursor(key, actor.user, cursor)
    at, reset = _begin(session, asked, incarnation, head, version, mine)
    limit = max(1, min(limit, PAGE_RECORDS_MAX))
    reader = _Reader(session, mine, at, head, limit)
    at = reader.read()
    changed = reset or asked is None or asked.access != version
    differs = None
    if held is not None and asked is not None and not changed and _is_at(asked, head):
        differs = parity.differing(session, mine, held)
        at = replace(at, loading=dict.fromkeys(differs, 0), began=dict.fromkeys(differs, head))
    return Page(
        incarnation=incarnation,
        puts=reader.puts,
        leaves=reader.leaves,
        cursor=at.write(key, actor.user),
        covered=_covered(at, head),
        more=bool(at.loading) or at.position < head,
        access={"version": version, "user": actor.user, "scopes": list(mine)} if changed else None,
        reset=list(mine) if reset else differs or None,
        differing=differs,
    )


def _is_at(asked: Cursor, head: int) -> bool:
    """Say whether a phone has all there is: only then it and the server can be compared."""
    return not asked.loading and asked.position == head


def remember_access(database: Database, access: dict[str, Any], now: datetime) -> None:
    """Keep the scopes behind a version that is about to be sent."""
    text = orjson.dumps(sorted(access["scopes"])).decode()
    with database.writing() as session:
        rows(session, _REMEMBER, access["version"], text, kept(session, whole_ms(now)))


def forget_access_lists(session: Session, now: datetime) -> None:
    """Let go of lists that were told long ago; a phone that still names one loads all anew."""
    session.execute(delete(AccessList).where(AccessList.told_at < now - LISTS_KEPT))


def is_remembered(session: Session, version: str) -> bool:
    """Say whether the scopes behind a version are kept already."""
    return bool(rows(session, _REMEMBERED, version))


def _begin(
    session: Session,
    asked: Cursor | None,
    incarnation: str,
    head: int,
    version: str,
    mine: Sequence[str],
) -> tuple[Cursor, bool]:
    """Give the cursor to read on from, and whether this is the first page of a reset."""
    fresh = Cursor(incarnation, head, version, dict.fromkeys(mine, 0), start=head)
    if asked is None or asked.incarnation != incarnation or not _reachable(asked, head):
        return fresh, True
    if asked.access == version:
        loading = {scope: asked.loading[scope] for scope in mine if scope in asked.loading}
        return replace(asked, loading=loading), False
    found = rows(session, _REMEMBERED, asked.access)
    if not found:  # away for so long that nobody knows what it was let to hold
        return fresh, True
    known: set[str] = set(orjson.loads(found[0][0]))
    loading = {
        scope: asked.loading.get(scope, asked.position) if scope in known else 0
        for scope in mine
        if scope in asked.loading or scope not in known
    }
    mixed = bool(asked.loading) or asked.mixed
    began = asked.began | {scope: head for scope in mine if scope not in known}
    return replace(asked, access=version, loading=loading, mixed=mixed, began=began), False


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
        self._session = session
        self.mine = mine
        self._mine = frozenset(mine)
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
        found = self._members(level, at.position, self.limit + 1, left_after=0)
        if len(found) > self.limit:
            own = dict.fromkeys(level, at.position) | at.loading
            return replace(at, loading=own, position=self.head, mixed=at.mixed or bool(at.loading))
        cut = self._carry(found)
        return replace(at, position=self.head if cut is None else cut - 1)

    def _read_loading(self, at: Cursor) -> Cursor:
        """Give each scope that lags its turn, in order, with a share kept for those after it."""
        waiting = [scope for scope in self.mine if scope in at.loading]
        positions = dict(at.loading)
        share = max(1, self.limit // (4 * len(waiting)))
        for index, scope in enumerate(waiting):
            if self._left <= 0 and (self.puts or self.leaves):
                break
            room = max(share, self._left - share * (len(waiting) - index - 1))
            most = min(room, max(1, self._left))
            found = self._members([scope], positions[scope], most, at.left_after(scope))
            cut = self._carry(found)
            if cut is not None:
                positions[scope] = cut - 1
                break
            full = len(found) >= most
            positions[scope] = found[-1][1] if full and found else self.head
        if all(position >= self.head for position in positions.values()):
            if at.position < self.head:
                return replace(at, loading={}, mixed=False, start=None, began={})
            return Cursor(at.incarnation, self.head, at.access)
        return replace(at, loading=positions)

    def _members(self, among: Sequence[str], after: int, most: int, left_after: int) -> list[Row]:
        """Give id, seq and scope of the next member rows; of those that left, the later alone."""
        return rows(self._session, _SINCE, list(among), after, left_after, most)

    def _carry(self, found: Sequence[Row]) -> int | None:
        """Take rows into the page; give the seq of the first without room, None when all had."""
        done = self._done
        wanted = list({row[0] for row in found} - done)
        if not wanted:
            return None
        present = self._present(wanted)
        bodies = {row[0]: row for row in rows(self._session, _BODIES, list(present))}
        for record, at, scope in found:
            if record in done:
                continue
            there = present.get(record)
            if there is None:
                self.leaves.append(record)
            elif len(there) > 1 and self._is_twin(scope, there):
                continue
            else:
                _, kind, seq, body = bodies[record]
                if (self._left <= 0 or len(body) > self._left_bytes) and done:
                    return int(at)
                self._left_bytes -= len(body)
                self.puts.append(
                    {
                        "id": record,
                        "kind": kind,
                        "seq": seq,
                        "in": sorted(there) if len(there) > 1 else list(there),
                        "body": orjson.Fragment(body),
                    }
                )
            self._left -= 1
            done.add(record)
        return None

    def _is_twin(self, read_in: str, there: dict[str, int]) -> bool:
        """Say whether an earlier page of this load carried the record for another scope already.

        Every write stamps all of a record's memberships afresh, so a membership that was passed
        means that this very state was carried. Where scopes were granted at different times that
        is no proof, for the earlier page could not name the later scope.
        """
        loaded = self.at.loading
        return not self.at.mixed and any(
            scope != read_in and loaded.get(scope, -1) >= seq for scope, seq in there.items()
        )

    def _present(self, wanted: list[str]) -> dict[str, dict[str, int]]:
        """Give, of some records, those that are in a scope of mine now, and their seqs there."""
        mine = self._mine
        found: dict[str, dict[str, int]] = {}
        for record, scope, seq in rows(self._session, _PRESENT, wanted):
            if scope in mine:
                found.setdefault(record, {})[scope] = seq
        return found
