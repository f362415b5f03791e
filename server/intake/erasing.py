"""Erasing records for good: their words leave every table, their ids stay, and phones let go.

What belongs to a record goes with it: addenda, pictures, questions and receipts about it, and what
is held because it waits for it. The ledger keeps its digests, so that its chain stays whole.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import case, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from server import acts, ledger
from server.database import stamp
from server.driver import Row, many, rows
from server.intake.answers import SERVER
from server.intake.papers import Desk, Locks, Paper
from server.intake.writing import CHILDREN_MAX, PLACE, WITHHOLD, below, write
from server.ledger import CUSTODY, ERASED, MutationRow
from server.notices import Notice
from server.records import REGISTRY, projection
from server.records.record import Envelope, Gone, KindSpec
from server.shapes import PUBLIC, Json
from sync.judge import Verdict
from sync.mutation import Mutation, receipt_id

ANONYMOUS = "Anonymisert"
"""Stands where a required text was."""


def erase(
    session: Session, ids: Collection[str], now: datetime, why: str, by: str
) -> tuple[str, ...]:
    """Erase records and what belongs to them; give the ids of all that went.

    Ids that are not here are passed over. What hangs on them and stays is placed anew, or withheld
    until `place_withheld`. The caller has a write turn; raises ParentsMoved, to be begun afresh.
    """
    waiting = [entry.mid for entry in ledger.waiting_for(session, ids)]
    doomed = with_belongings(session, {*ids, *map(receipt_id, waiting)})
    if not doomed:
        return ()
    roots = [Root(kind, id) for id, kind in doomed.items()]
    standing = below(session, roots) - doomed.keys()
    many_below = len(standing) > CHILDREN_MAX
    desk = Desk(session, Locks.ALL)
    desk.fetch({*doomed, *(() if many_below else standing)})
    going = [desk.papers.pop(id) for id in sorted(doomed) if id in desk.papers]
    desk.places.forget()
    if many_below:
        rows(session, WITHHOLD, list(standing))
    else:
        for id in standing & desk.papers.keys():
            paper = desk.papers[id]
            paper.replaced = paper.withheld or desk.scopes(paper) != paper.before
    write(desk, [], [], now)
    _leave(session, going)
    _forget(session, {paper.id: paper.kind for paper in going}, now)
    gone = tuple(paper.id for paper in going)
    blank(session, gone, waiting)
    acts.note(session, "erased", by, now, why=why, count=len(gone))
    return gone


def clear(
    session: Session, ids: Collection[str], now: datetime, why: str, by: str
) -> tuple[str, ...]:
    """Take what is personal out of records that stay, everywhere it stands, and erase what
    belongs to them; give the ids of all that went."""
    belonging = with_belongings(session, ids).keys() - set(ids)
    gone = erase(session, belonging, now, why, by)
    desk = Desk(session, Locks.ALL)
    desk.fetch(ids)
    cleared = [desk.papers[id] for id in ids if id in desk.papers]
    for paper in cleared:
        for path in sorted(paper.body):
            found = paper.spec.at(path)
            if found is None or found[0].sensitive is not PUBLIC:
                desk.put(paper, path, _anonymous(paper.spec, path), SERVER)
    write(desk, [], [], now)
    blank(session, [paper.id for paper in cleared], ())
    acts.note(session, "cleared", by, now, why=why, count=len(cleared))
    return gone


def blank(session: Session, records: Collection[str], mids: Collection[str]) -> None:
    """Blank what was sent about some records, and some mutations; who, when and digest stay."""
    if not records and not mids:
        return
    unsettled = MutationRow.state.in_(("held", "review", CUSTODY))
    session.execute(
        update(MutationRow)
        .where(or_(MutationRow.record.in_(records), MutationRow.mid.in_(mids)))
        .values(
            raw=None,
            effect=None,
            waits_for=None,
            state=case((unsettled, ERASED), else_=MutationRow.state),
            reason=case((unsettled, None), else_=MutationRow.reason),
        ),
        execution_options={"synchronize_session": False},
    )


def came_too_late(mutation: Mutation | None, verdict: Verdict, gone: Collection[str]) -> bool:
    """Say whether what is held is about something that was erased: nothing of it may be kept.

    Whatever else is wrong with it counts no more. What merely refers to it is not about it.
    """
    if mutation is None or verdict.state != "held":
        return False
    spec = REGISTRY.get(mutation.kind)
    fields = spec.fields.items() if spec else ()
    about = [mutation.set.get(name) for name, field in fields if field.to == "any"]
    return any(isinstance(id, str) and id in gone for id in (mutation.id, *about))


def _anonymous(spec: KindSpec, path: str) -> Json:
    found = spec.at(path)
    return ANONYMOUS if found and found[0].required and found[0].free_text else None


class Root:
    """Where the search for what hangs below begins."""

    def __init__(self, kind: str, id: str) -> None:
        self.kind, self.id = kind, id


def with_belongings(session: Session, ids: Iterable[str]) -> dict[str, str]:
    """Give records and all that is about them, in any generation, with their kinds."""
    found: dict[str, str] = {}
    level = set(ids)
    while level:
        query = select(Envelope.id, Envelope.kind).where(Envelope.id.in_(level))
        found |= dict(session.execute(query).all())
        level = _about(session, level) - found.keys()
    return found


def _about(session: Session, ids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for spec in REGISTRY.values():
        for name, field in spec.fields.items():
            if field.to == "any":
                table = spec.model.__table__
                query = select(table.c.id).where(table.c[name].in_(ids))
                found.update(session.scalars(query))
    return found


def _leave(session: Session, going: Iterable[Paper]) -> None:
    """Tell every scope that carried them that they left."""
    members: list[Row] = [(p.id, scope, 0, False) for p in going for scope in sorted(p.before)]
    if members:
        first = stamp(session, len(members))
        many(session, PLACE, [(i, s, first + at, p) for at, (i, s, _, p) in enumerate(members)])


def _forget(session: Session, going: Mapping[str, str], now: datetime) -> None:
    """Take the words away and keep the ids."""
    if not going:
        return
    for kind in sorted(set(going.values())):
        ids = [id for id, its in going.items() if its == kind]
        projection.drop_projection(session, REGISTRY[kind], ids)
    session.execute(delete(Notice).where(Notice.about.in_(going)))
    session.execute(delete(Envelope).where(Envelope.id.in_(going)))
    session.execute(delete(Gone).where(Gone.id.in_(going)))
    session.execute(insert(Gone), [{"id": id, "at": now} for id in going])
