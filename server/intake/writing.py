"""Writing what a turn decided: bodies, projections, places and their seqs, in few statements.

The clock is the last lock; after it only stamped writes follow. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Protocol

import orjson
from sqlalchemy.orm import Session

from server import ledger
from server.database import stamp, whole_ms
from server.driver import Insert, Row, Sql, add, kept, many, rows
from server.intake.papers import Desk, Paper, pack_versions
from server.ledger import Entry
from server.records import REGISTRY
from server.records.projection import project_many

CHILDREN_MAX = 500
"""More than these are not placed anew within the turn: they are withheld, and come in pieces."""

_WRITTEN = (
    *("seq", "deleted", "body", "versions", "authors", "area", "words"),
    *("changed_at", "locked_at"),
)
_NEW = Insert("record", (*_WRITTEN, "kind", "created_at", "id"))
_UPDATE = Sql(f"UPDATE record SET {', '.join(f'{name} = ?' for name in _WRITTEN)} WHERE id = ?")
_FIRST = Insert("scope_member", ("id", "scope", "seq", "present", "withheld"))
PLACE = Sql(
    "INSERT INTO scope_member (id, scope, seq, present, withheld) VALUES (?, ?, ?, ?, FALSE)"
    " ON CONFLICT (id, scope) DO UPDATE SET seq = excluded.seq, present = excluded.present,"
    " withheld = FALSE"
)
WITHHOLD = Sql("UPDATE scope_member SET present = FALSE, withheld = TRUE WHERE id IN ? AND present")
_MOVE = Sql("UPDATE record SET area = ? WHERE id = ?")


class Root(Protocol):
    """What something may hang on."""

    @property
    def id(self) -> str: ...
    @property
    def kind(self) -> str: ...


def replace_children(desk: Desk) -> None:
    """Place anew every record whose place follows from one that moved, down to the last.

    A child's place is worked out from its own body and from all that is above it. So the search
    goes on below a child that stays where it is: a draft visit is its author's wherever its
    dwelling lies, while a review of it goes to the office of the dwelling's area.

    When they are many, nobody may read them from this turn on until each has been placed anew:
    which of them somebody lost, only their places say, and those are worked out in pieces.
    """
    moved = [p for p in desk.papers.values() if p.exists and p.changed and _moved(desk, p)]
    landed = [p for p in desk.papers.values() if not p.exists and p.changed]
    turned = [p for p in desk.papers.values() if p.exists and p.deleted != p.deleted_before]
    hanging = below(desk.session, moved) | _about(desk.session, turned)
    hanging |= _told_before(desk.session, landed)
    if len(hanging) > CHILDREN_MAX:
        rows(desk.session, WITHHOLD, list(hanging))
        desk.withheld = True
    elif hanging:
        _replace(desk, hanging)


def _replace(desk: Desk, below: set[str]) -> None:
    desk.fetch(below)
    for child in below & desk.papers.keys():
        paper = desk.papers[child]
        paper.replaced = paper.withheld or desk.scopes(paper) != paper.before


def _moved(desk: Desk, paper: Paper) -> bool:
    """Say whether the place of what hangs on a record may follow from what was written of it.

    That it was deleted or restored moves what is about it alone: other places are the same then.
    """
    return desk.place(paper) != paper.place_before or paper.parents != paper.parents_before


def below(session: Session, roots: Iterable[Root]) -> set[str]:
    """Give all that hangs on some records, in any generation; nothing but ids is read."""
    return _down(session, _by_kind(roots))


def _about(session: Session, roots: Iterable[Root]) -> set[str]:
    """Give what is about some records, whatever they are, and all that hangs on that."""
    first = _step(session, _by_kind(roots), about=True)
    return _down(session, first).union(*first.values())


def _by_kind(roots: Iterable[Root]) -> dict[str, set[str]]:
    level: dict[str, set[str]] = {}
    for root in roots:
        level.setdefault(root.kind, set()).add(root.id)
    return level


def _down(session: Session, level: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    while level:
        following = _step(session, level)
        level = {kind: fresh for kind, ids in following.items() if (fresh := ids - found)}
        found = found.union(*level.values())
    return found


def _step(
    session: Session, level: dict[str, set[str]], *, about: bool = False
) -> dict[str, set[str]]:
    """Give the next generation by kind; `about`: only what may refer to a record of any kind."""
    following: dict[str, set[str]] = {}
    for child, parents, sql in _ways_down():
        if about and parents != "any":
            continue
        ids = [one for kind in level if parents in ("any", kind) for one in level[kind]]
        if ids:
            found = {row[0] for row in rows(session, sql, ids)}
            following.setdefault(child, set()).update(found)
    return {kind: ids for kind, ids in following.items() if ids}


def _told_before(session: Session, landed: Collection[Root]) -> set[str]:
    """Give what may speak of a record before that is here: only the server writes such."""
    ids = [one.id for one in landed]
    ways = [sql for child, _, sql in _ways_down() if REGISTRY[child].server_only] if ids else []
    return {row[0] for sql in ways for row in rows(session, sql, ids)}


@cache
def _ways_down() -> tuple[tuple[str, str, Sql], ...]:
    """Give, for each field that places follow from: its kind, what it refers to, and the SQL."""
    return tuple(
        (
            spec.name,
            str(spec.fields[name].to),
            Sql(f'SELECT id FROM "{spec.name}" WHERE "{name}" IN ?'),
        )
        for spec in REGISTRY.values()
        for name in spec.parents
    )


def write(desk: Desk, fresh: Sequence[Entry], settled: Sequence[Entry], now: datetime) -> int:
    """Write all that changed and give the last seq of the turn; 0 when nothing was to be written.

    Every record that was written takes a block: its own seq first, then one for each scope that
    it left, then one for each that carries it. What is only placed anew follows, all that it left
    before all that carries it.
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
    first_members: list[Row] = []
    for paper in changed:
        paper.seq = seq
        if not paper.exists:
            seq = _enter(paper, places[paper.id], first_members, seq + 1)
            paper.top = seq - 1
            continue
        seq = _leave(paper, places[paper.id], members, seq + 1)
        seq = _enter(paper, places[paper.id], members, seq)
        paper.top = seq - 1
    for paper in replaced:
        seq = _leave(paper, places[paper.id], members, seq)
    for paper in replaced:
        seq = _enter(paper, places[paper.id], members, seq)
        paper.top = max(paper.seq, seq - 1)
    _write_records(desk, changed, now)
    many(desk.session, _MOVE, [(desk.place(p).area, p.id) for p in replaced])
    add(desk.session, _FIRST, [(*member, False) for member in first_members])
    many(desk.session, PLACE, members)
    last = first + count - 1
    for entry in (*fresh, *settled):
        entry.seq = _seq_of(desk, entry, last)
    ledger.append(desk.session, fresh, seq)
    ledger.settle(desk.session, settled)
    return last


def _seq_of(desk: Desk, entry: Entry, last: int) -> int | None:
    """Give where the feed must have come before the phone may let go of this mutation."""
    if entry.state in ("held", ledger.ERASED):
        return None
    paper = desk.papers.get(entry.record or "")
    return paper.top if paper is not None and paper.top else last


def _leave(paper: Paper, now: frozenset[str], members: list[Row], seq: int) -> int:
    left = sorted(paper.before - now)
    members += [(paper.id, scope, at, False) for at, scope in enumerate(left, seq)]
    return seq + len(left)


def _enter(paper: Paper, now: frozenset[str], members: list[Row], seq: int) -> int:
    members += [(paper.id, scope, at, True) for at, scope in enumerate(sorted(now), seq)]
    return seq + len(now)


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
    add(session, _NEW, new)
    many(session, _UPDATE, old)
    fresh = {paper.id for paper in changed if not paper.exists}
    project_many(session, [(p.spec, p.id, p.body) for p in changed], fresh)


def _row(desk: Desk, paper: Paper, changed_at: Any) -> Row:
    """Give what changes of a record, in the order of `_WRITTEN`."""
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
