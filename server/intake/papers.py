"""The desk of one turn: the records that a batch touches, read once and locked in one order.

It reads and remembers; what is decided about a record and what is written of it stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from itertools import groupby

import orjson
from sqlalchemy.orm import Session

from server.driver import Sql, moment, rows
from server.placement import NOWHERE, Places
from server.records import REGISTRY
from server.records.record import KindSpec, Place
from server.shapes import Json, state_of
from sync.judge import STATUS, Stored
from sync.rules import Version

SOON = 2**53
"""Stands for the seq that this turn will be given; larger than every seq that anybody has seen."""
_READ = (
    "SELECT id, kind, seq, deleted, body, versions, authors, created_at, locked_at"
    " FROM record WHERE id IN ?"
)
_LOOK = Sql(_READ)
_LOCK = Sql(f"{_READ} ORDER BY id", postgresql_only=" FOR UPDATE")
_LOCK_SHARED = Sql(f"{_READ} ORDER BY id", postgresql_only=" FOR SHARE")
_LOCK_FIRMLY = Sql("SELECT id FROM record WHERE id IN ? ORDER BY id", postgresql_only=" FOR UPDATE")
_CARRIED = Sql(
    "SELECT id, scope, withheld FROM scope_member WHERE id IN ? AND (present OR withheld)"
)
_IS_HERE = Sql("SELECT id FROM record WHERE id IN ?")
_GONE = Sql("SELECT id FROM gone WHERE id IN ?")


class Locks(Enum):
    """What a desk locks, where the database has locks for rows."""

    NONE = auto()
    """Nothing: it only looks."""
    WRITTEN = auto()
    """What is to be written alone, and what that refers to together with other readers."""
    ALL = auto()
    """Everything alone: one statement for many records, for work that is short and in no hurry."""


class ParentsMoved(Exception):
    """While locks were waited for, a record came to refer to others; the turn must start again."""


@dataclass(slots=True)
class Paper:
    """One record on the desk: as it was read, or as it will be written."""

    id: str
    kind: str
    seq: int
    deleted: bool
    body: dict[str, Json]
    versions: dict[str, Version]
    authors: tuple[str, ...]
    created_at: datetime
    locked_at: datetime | None
    exists: bool
    changed: bool = False
    replaced: bool = False
    before: frozenset[str] = frozenset()
    """The scopes that carried it when it was read, by what is stored and not by its place."""
    withheld: bool = False
    """Something above it moved, and its memberships wait to be worked out anew."""
    place_before: Place = NOWHERE
    """Where it was when it was read, deleted or not."""
    parents_before: tuple[Json, ...] = ()
    deleted_before: bool = False
    top: int = 0
    """The highest seq stamped for it in this turn."""

    @property
    def spec(self) -> KindSpec:
        """Give the declaration of its kind."""
        return REGISTRY[self.kind]

    @property
    def parents(self) -> tuple[Json, ...]:
        """Give what it refers to, in the declared order."""
        return tuple(self.body.get(name) for name in self.spec.parents)

    def stored(self, locked: bool) -> Stored:
        """Give it as the judge sees it."""
        return Stored(self.kind, self.seq, self.deleted, self.body, self.versions, locked)

    def take(self, after: Stored) -> None:
        """Take over what the judge's verdict made of it."""
        self.body, self.versions = dict(after.body), dict(after.versions)
        self.deleted, self.changed = after.deleted, True


@dataclass(slots=True)
class Draft:
    """A record as it would be with a mutation's values, to work out its place from."""

    kind: str
    body: Mapping[str, Json]
    authors: tuple[str, ...]
    deleted: bool = False


def is_draft(paper: Paper) -> bool:
    """Say whether a record has a life cycle and has not left draft."""
    return STATUS in paper.spec.fields and state_of(paper.body.get(STATUS)) == "draft"


def pack_versions(versions: Mapping[str, Version], seq: int) -> bytes:
    """Write versions compactly: a group [seq, replica, n, paths] per write still in force."""
    groups: dict[Version, list[str]] = {}
    for path, version in versions.items():
        groups.setdefault(version, []).append(path)
    return orjson.dumps(
        [
            [seq if at == SOON else at, replica, n, paths]
            for (at, replica, n), paths in groups.items()
        ]
    )


def read_versions(raw: bytes) -> dict[str, Version]:
    """Read what `pack_versions` wrote."""
    return {
        path: (seq, replica, n) for seq, replica, n, paths in orjson.loads(raw) for path in paths
    }


@dataclass
class Desk:
    """The records of one turn, by id; what was asked for and is not there is known to be absent."""

    session: Session
    locks: Locks = Locks.WRITTEN
    papers: dict[str, Paper] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    withheld: bool = False
    """Something moved with more below it than one turn places anew."""
    _shared: set[str] = field(default_factory=set)
    """Those that others may still read as parents."""

    def __post_init__(self) -> None:
        self.places = Places(self.papers.get)
        if self.session.get_bind().dialect.name != "postgresql":
            self.locks = Locks.NONE

    def fetch(self, targets: Collection[str], others: Collection[str] = ()) -> None:
        """Read records to be written (`targets`) and referred to (`others`), and all their parents.

        PostgreSQL: one look without locks finds out which rows are meant, then all are locked in
        the order of their ids, targets FOR UPDATE and parents FOR SHARE, and read again.
        """
        new = self._missing(targets)
        self._lock_firmly(self._shared.intersection(targets))
        seen = self._closure({*new, *self._missing(others)})
        if self.locks is not Locks.NONE:
            seen = self._lock(seen, new)
        for one in sorted(seen):
            self.papers[one] = seen[one]
        self.absent |= {record for record in new if record not in self.papers}
        if seen:
            self.places.forget()
        # Of parents too: a decision may come to write what was first read as a reference.
        for paper in seen.values():
            paper.place_before = self.place(paper)
            paper.parents_before = paper.parents
            paper.deleted_before = paper.deleted
        self._read_memberships(seen)
        unknown = {*new, *others} - self.papers.keys()
        if unknown:
            self.gone |= {row[0] for row in rows(self.session, _GONE, list(unknown))}

    def place(self, paper: Paper) -> Place:
        """Give where a record is now, deleted or not."""
        return self.places.of(paper.id)

    def scopes(self, paper: Paper) -> frozenset[str]:
        """Give the scopes that carry a record now: none when it is deleted."""
        return frozenset() if paper.deleted else self.place(paper).scopes

    def add(self, paper: Paper) -> None:
        """Put a new record on the desk."""
        self.papers[paper.id] = paper
        self.absent.discard(paper.id)
        self.places.came(paper.id)

    def put(self, paper: Paper, path: str, value: Json, replica: str) -> None:
        """Write one path in the server's own name."""
        if value is None:
            paper.body.pop(path, None)
        else:
            paper.body[path] = value
        paper.versions[path] = (SOON, replica, None)
        paper.changed = True
        self.places.forget()

    def is_here(self, record: str) -> bool:
        """Say whether a record was ever made; it locks nothing, for its parent is locked."""
        return record in self.papers or bool(rows(self.session, _IS_HERE, [record]))

    def find(self, record: str) -> tuple[Paper | None, Place]:
        """Give a record that may be referred to, and its place."""
        paper = self.papers.get(record)
        return (None, NOWHERE) if paper is None else (paper, self.place(paper))

    def _missing(self, ids: Iterable[str]) -> set[str]:
        return {one for one in ids if one not in self.papers and one not in self.absent}

    def _closure(self, wanted: set[str]) -> dict[str, Paper]:
        """Read records and, level by level, what their places are worked out from."""
        found: dict[str, Paper] = {}
        while wanted:
            for paper in self._read(_LOOK, wanted):
                found[paper.id] = paper
            self.absent |= wanted - found.keys()
            parents = {p for paper in found.values() for p in paper.parents if isinstance(p, str)}
            wanted = self._missing(parents - found.keys())
        return found

    def _read_memberships(self, papers: Mapping[str, Paper]) -> None:
        """Read which scopes carry them: what is written already may have moved what is read now,
        and what hangs on a record that moved may not have been placed anew yet."""
        carried: dict[str, set[str]] = {}
        if papers:
            for record, scope, withheld in rows(self.session, _CARRIED, list(papers)):
                carried.setdefault(record, set()).add(scope)
                papers[record].withheld |= bool(withheld)
        for record, scopes in carried.items():
            papers[record].before = frozenset(scopes)

    def _lock_firmly(self, ids: Collection[str]) -> None:
        """Lock what was read as a parent and is now to be written; nobody changed it meanwhile."""
        if ids:
            rows(self.session, _LOCK_FIRMLY, list(ids))
            self._shared -= set(ids)

    def _lock(self, seen: Mapping[str, Paper], targets: set[str]) -> dict[str, Paper]:
        locked: dict[str, Paper] = {}
        firm = seen.keys() if self.locks is Locks.ALL else targets
        self._shared |= seen.keys() - firm
        for is_firm, ids in groupby(sorted(seen), key=firm.__contains__):
            for paper in self._read(_LOCK if is_firm else _LOCK_SHARED, ids):
                locked[paper.id] = paper
        if any(locked[one].parents != seen[one].parents for one in locked):
            raise ParentsMoved
        return locked

    def _read(self, sql: Sql, ids: Iterable[str]) -> Iterable[Paper]:
        for row in rows(self.session, sql, list(ids)):
            record, kind, seq, deleted, body, versions, authors, created_at, locked_at = row
            yield Paper(
                id=record,
                kind=kind,
                seq=seq,
                deleted=bool(deleted),
                body=orjson.loads(body),
                versions=read_versions(versions),
                authors=tuple(orjson.loads(authors)),
                created_at=moment(created_at),
                locked_at=moment(locked_at) if locked_at else None,
                exists=True,
            )
