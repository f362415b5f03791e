"""Writing what a turn decided: bodies, projections, places and their seqs, in few statements.

The clock is the last lock; after it only stamped writes follow. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import ledger
from server.database import stamp, whole_ms
from server.driver import Row, Sql, kept, many
from server.intake.papers import Desk, Paper, pack_versions
from server.ledger import Entry
from server.records import REGISTRY
from server.records.projection import project_many
from server.records.record import ScopeMember

CHILDREN_MAX = 500
"""More than these are not re-placed within one turn; a job in pieces is for later."""

_INSERT = Sql(
    "INSERT INTO record (seq, deleted, body, versions, authors, area, words, changed_at,"
    " locked_at, kind, created_at, id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_UPDATE = Sql(
    "UPDATE record SET seq = ?, deleted = ?, body = ?, versions = ?, authors = ?, area = ?,"
    " words = ?, changed_at = ?, locked_at = ? WHERE id = ?"
)
_PLACE = Sql(
    "INSERT INTO scope_member (id, scope, seq, present) VALUES (?, ?, ?, ?)"
    " ON CONFLICT (id, scope) DO UPDATE SET seq = excluded.seq, present = excluded.present"
)


class TooManyChildren(Exception):
    """Moving this record would move more records than one turn may."""


def replace_children(desk: Desk) -> None:
    """Put on the desk every record whose place follows from one that moved, down to the last.

    A child's place is worked out from its own body and from all that is above it. So the search
    goes on below a child that stays where it is: a draft visit is its author's wherever its
    dwelling lies, while a review of it goes to the office of the dwelling's area.
    """
    moved = {p.id: p for p in desk.papers.values() if p.exists and p.changed and _moved(desk, p)}
    seen: set[str] = set()
    while moved:
        children = _children(desk.session, moved.values()) - seen
        seen |= children
        if len(seen) > CHILDREN_MAX:
            raise TooManyChildren
        fresh = {child for child in children if child not in desk.papers}
        desk.fetch((), children)
        stood = _memberships(desk.session, fresh)
        moved = {child: desk.papers[child] for child in children & desk.papers.keys()}
        for child, paper in moved.items():
            if child in fresh:
                paper.before = stood.get(child, frozenset())
            if desk.scopes(paper) != paper.before and not paper.changed:
                paper.replaced = True


def _moved(desk: Desk, paper: Paper) -> bool:
    return desk.scopes(paper) != paper.before or paper.parents != paper.parents_before


def _children(session: Session, parents: Iterable[Paper]) -> set[str]:
    by_kind: dict[str, list[str]] = {}
    for parent in parents:
        by_kind.setdefault(parent.kind, []).append(parent.id)
    found: set[str] = set()
    for spec in REGISTRY.values():
        for name in spec.parents:
            to = spec.fields[name].to
            ids = [one for kind, ids in by_kind.items() if to in ("any", kind) for one in ids]
            if ids:
                column = spec.model.__table__.c[name]
                rows = session.execute(select(spec.model.__table__.c.id).where(column.in_(ids)))
                found.update(rows.scalars())
    return found


def _memberships(session: Session, ids: Iterable[str]) -> dict[str, frozenset[str]]:
    wanted = list(ids)
    found: dict[str, set[str]] = {}
    if wanted:
        rows = session.execute(
            select(ScopeMember.id, ScopeMember.scope).where(
                ScopeMember.id.in_(wanted), ScopeMember.present
            )
        )
        for record, scope in rows:
            found.setdefault(record, set()).add(scope)
    return {record: frozenset(scopes) for record, scopes in found.items()}


def write(desk: Desk, fresh: Sequence[Entry], settled: Sequence[Entry], now: datetime) -> int:
    """Write all that changed and give the last seq of the turn; 0 when nothing was to be written.

    Every record that was written takes a block: its own seq first, then one for each scope that
    it left, then one for each that carries it.
    """
    changed = [p for p in desk.papers.values() if p.changed]
    replaced = [p for p in desk.papers.values() if p.replaced and not p.changed]
    places = {p.id: desk.scopes(p) for p in (*changed, *replaced)}
    sizes = [len(places[p.id] | p.before) for p in (*changed, *replaced)]
    count = len(changed) + sum(sizes) + len(fresh)
    if not count:
        ledger.settle(desk.session, settled)
        return 0
    first = stamp(desk.session, count)
    seq = first
    members: list[Row] = []
    for paper in (*changed, *replaced):
        if paper.changed:
            paper.seq = seq
            seq += 1
        seq = _place(paper, places[paper.id], members, seq)
        paper.top = max(paper.seq, seq - 1)
    _write_records(desk, changed, now)
    many(desk.session, _PLACE, members)
    last = first + count - 1
    for entry in (*fresh, *settled):
        entry.seq = _seq_of(desk, entry, last)
    ledger.append(desk.session, fresh, seq)
    ledger.settle(desk.session, settled)
    return last


def _seq_of(desk: Desk, entry: Entry, last: int) -> int | None:
    """Give where the feed must have come before the phone may let go of this mutation."""
    if entry.state == "held":
        return None
    paper = desk.papers.get(entry.record or "")
    return paper.top if paper is not None and paper.top else last


def _place(paper: Paper, now: frozenset[str], members: list[Row], seq: int) -> int:
    for scope, present in (
        *((s, False) for s in sorted(paper.before - now)),
        *((s, True) for s in sorted(now)),
    ):
        members.append((paper.id, scope, seq, present))
        seq += 1
    return seq


def _write_records(desk: Desk, changed: Sequence[Paper], now: datetime) -> None:
    if not changed:
        return
    session = desk.session
    changed_at = kept(session, whole_ms(now))
    new: list[Row] = []
    old: list[Row] = []
    for paper in changed:
        row = _row(desk, paper, changed_at)
        if paper.exists:
            old.append((*row, paper.id))
        else:
            new.append((*row, paper.kind, kept(session, whole_ms(paper.created_at)), paper.id))
    many(session, _INSERT, new)
    many(session, _UPDATE, old)
    project_many(session, [(p.spec, p.id, p.body) for p in changed])


def _row(desk: Desk, paper: Paper, changed_at: Any) -> Row:
    """Give what changes of a record, in the order that both statements name it."""
    locked_at = paper.locked_at and kept(desk.session, whole_ms(paper.locked_at))
    return (
        paper.seq,
        paper.deleted,
        orjson.dumps(paper.body, option=orjson.OPT_SORT_KEYS),
        pack_versions(paper.versions, paper.seq),
        orjson.dumps(paper.authors),
        desk.place(paper).area,
        paper.spec.search_words(paper.body),
        changed_at,
        locked_at,
    )
