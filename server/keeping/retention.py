"""Retention: what its kind's time has run out for, and how that is carried out once confirmed.

Nothing ends before a leader or an administrator has seen the list and confirmed these very rules;
a rule that changes must be confirmed again. What is held, still open or stood on is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Date, Select, and_, func, not_, or_, select, true
from sqlalchemy.orm import Session

from server import acts, intake
from server.access import HERE, barred_clause, today_of
from server.config import Settings
from server.database import Database
from server.keeping import erasure, holds, side_tables, terms
from server.keeping.holds import Hold
from server.keeping.terms import ARCHIVE, DELETE
from server.records import REGISTRY
from server.records.receipt import Receipt
from server.records.record import Entry, Envelope, KindSpec
from server.records.review import Review
from server.shapes import PUBLIC

CONFIRMED = "retention_confirmed"
CHANGED_AT = "changed_at"
AT_ONCE = 100
STILL_OPEN: dict[str, ColumnElement[bool]] = {
    Receipt.spec.name: Receipt.state.in_(("held", "review")),
    Review.spec.name: Review.decision.is_(None),
}
"""Work that waits for a person stays, however old it is (I-24)."""


class NotConfirmed(Exception):
    """Nobody has confirmed these rules; nothing was ended."""


class Held(Exception):
    """A hold is on everything; nothing was ended."""


@dataclass(frozen=True)
class Due:
    """What the time of one kind has run out for."""

    spec: KindSpec
    erased: int
    """To be erased with all that belongs to them."""
    cleared: int
    """To lose what is personal: by their rule, or because others still stand on them."""
    archived: int
    """Due for the archive; this version lists them and ends none."""
    held: int
    oldest: date | None
    undated: int
    """Without the date that the time is counted from."""

    @property
    def total(self) -> int:
        """Count all whose time is over."""
        return self.erased + self.cleared + self.archived + self.held


def fingerprint(session: Session) -> str:
    """Give a digest of all rules; a confirmation is of these rules and no others.

    A rule that was changed and changed back is not the one that was confirmed.
    """
    said: list[object] = [terms.rules(terms.standing(session).values()), side_tables.rules()]
    if last := terms.last_change(session):
        said.append(last)
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def confirmed(session: Session) -> acts.Act | None:
    """Give who confirmed the rules that stand now, and when."""
    found = acts.latest(session, CONFIRMED)
    return found[0] if found and found[1].get("rules") == fingerprint(session) else None


def confirm(session: Session, by: str, now: datetime, rules: str) -> None:
    """Confirm the rules of a fingerprint that somebody was shown; while no others stand, they are
    carried out each night.
    """
    acts.note(session, CONFIRMED, by, now, rules=rules)


def due(session: Session, now: datetime) -> list[Due]:
    """List what is due, or has no date to count from, kind by kind; nothing is changed.

    What is barred ends when its time is over as all else, and is in no count.
    """
    found = [due_of(session, spec, now) for spec in terms.standing(session).values()]
    return [one for one in found if one.total + one.undated]


def run(database: Database, settings: Settings, now: datetime, by: str) -> dict[str, int]:
    """Carry the confirmed rules out; give how many records each kind lost or had cleared.

    Raises NotConfirmed or Held. A piece is one transaction; a run that was cut short goes on.
    """
    with database.reading() as session:
        if confirmed(session) is None:
            raise NotConfirmed
        if holds.everything_is_held(session):
            raise Held
        specs = terms.standing(session)
    counts: dict[str, int] = {}
    for spec in specs.values():
        done = _end(database, settings, spec, now, by)
        if done:
            counts[spec.name] = done
    with database.writing() as session:
        return counts | side_tables.end(session, now)


def _end(database: Database, settings: Settings, spec: KindSpec, now: datetime, by: str) -> int:
    """End what is due of one kind, piece by piece, until nothing more is."""
    why, done, before = f"retention {spec.name}", 0, frozenset[str]()
    while True:
        with database.reading() as session:
            piece = frozenset(session.scalars(_to_erase(spec, today_of(now)).limit(AT_ONCE)))
            clearing = frozenset(session.scalars(_to_clear(spec, today_of(now)).limit(AT_ONCE)))
        if not piece | clearing or piece | clearing == before:
            return done
        before = piece | clearing
        erasure.erase(database, settings, piece, now, why, by)
        if clearing:
            with database.writing() as session:
                intake.clear(session, sorted(clearing), now, why, by)
        done += len(before)


def due_of(session: Session, spec: KindSpec, now: datetime) -> Due:
    """Give what is due of one kind by the retention it has here; nothing is changed."""
    today = today_of(now)

    def count(query: Select[Any]) -> int:
        shown = query.where(not_(barred_clause()))
        return session.scalar(select(func.count()).select_from(shown.subquery())) or 0

    undated = count(_records(spec).where(_since(spec).is_(None)))
    over = _over(spec, today)
    oldest = _oldest(session, spec, over.where(not_(barred_clause())))
    if oldest is None:  # nearly every kind on nearly every day: no more to ask for
        return Due(spec, erased=0, cleared=0, archived=0, held=0, oldest=None, undated=undated)
    archived = spec.retention.action == ARCHIVE
    return Due(
        spec=spec,
        erased=count(_to_erase(spec, today)),
        cleared=count(_to_clear(spec, today)),
        archived=count(over.where(not_(_is_held()))) if archived else 0,
        held=count(over.where(_is_held())),
        oldest=oldest,
        undated=undated,
    )


def _oldest(session: Session, spec: KindSpec, over: Select[Any]) -> date | None:
    found = session.scalar(over.order_by(None).with_only_columns(func.min(_since(spec))))
    return found.astimezone(HERE).date() if isinstance(found, datetime) else found


def _records(spec: KindSpec) -> Select[Any]:
    table = spec.model.__table__
    return (
        select(Envelope.id)
        .join(table, table.c.id == Envelope.id)
        .where(Envelope.kind == spec.name)
        .order_by(Envelope.id)
    )


def _since(spec: KindSpec) -> ColumnElement[Any]:
    """Give the column that the years are counted from; `parent.field` reads it off a parent."""
    after, table = spec.retention.after, spec.model.__table__
    if after == CHANGED_AT:
        return Envelope.changed_at.expression
    name, dot, field = after.partition(".")
    if not dot:
        return table.c[name]
    to = REGISTRY[str(spec.fields[name].to)].model.__table__.alias()
    found: ColumnElement[Any] = (
        select(to.c[field]).where(to.c.id == table.c[name]).scalar_subquery()
    )
    return found


def _over(spec: KindSpec, today: date) -> Select[Any]:
    """Give the records whose time is over, but for what waits for a person."""
    years = spec.retention.years
    last = today.replace(year=today.year - years, day=min(today.day, 28))
    since = _since(spec)
    limit: Any = last
    if not isinstance(since.type, Date):
        limit = datetime(last.year, last.month, last.day, tzinfo=HERE)
    query = _records(spec).where(since < limit)
    still_open = STILL_OPEN.get(spec.name)
    return query if still_open is None else query.where(not_(still_open))


def _to_erase(spec: KindSpec, today: date) -> Select[Any]:
    query = _over(spec, today).where(not_(_is_held()))
    return query.where(not_(_stood_on(spec)) if spec.retention.action == DELETE else _never())


def _to_clear(spec: KindSpec, today: date) -> Select[Any]:
    """Give what loses its personal fields; what lost them is not due again."""
    query = _over(spec, today).where(not_(_is_held()), _has_personal(spec))
    match spec.retention.action:
        case "anonymise":
            return query
        case "delete":
            return query.where(_stood_on(spec))
    return query.where(_never())


def _is_held() -> ColumnElement[bool]:
    """Say whether a hold is on it, or on everything."""
    of_it = or_(Hold.record == Envelope.id, Hold.record.is_(None))
    return select(Hold.id).where(Hold.lifted_at.is_(None), of_it).exists()


def _stood_on(spec: KindSpec) -> ColumnElement[bool]:
    """Say whether records of other kinds, that do not belong to it, take their place from it.

    Without it they could come to be read by others than now, so it stays as long as they do.
    """
    found: list[ColumnElement[bool]] = []
    for other in REGISTRY.values():
        table = other.model.__table__.alias()
        for name in other.parents:
            if other.fields[name].to == spec.name:
                found.append(select(table.c.id).where(table.c[name] == Envelope.id).exists())
    return or_(*found) if found else _never()


def _has_personal(spec: KindSpec) -> ColumnElement[bool]:
    """Say whether something personal is left in it."""
    table = spec.model.__table__
    found: list[ColumnElement[bool]] = []
    keyed: Collection[str] = [
        name for name, f in spec.fields.items() if f.keyed and f.sensitive is not PUBLIC
    ]
    for name, field in spec.fields.items():
        if field.sensitive is PUBLIC or field.keyed:
            continue
        column = table.c[name]
        blank = field.required and field.free_text
        found.append(and_(column.is_not(None), column != intake.ANONYMOUS if blank else true()))
    if keyed:
        entries = select(Entry.key).where(Entry.record == Envelope.id, Entry.field.in_(keyed))
        found.append(entries.exists())
    return or_(*found) if found else _never()


def _never() -> ColumnElement[bool]:
    return Envelope.id.is_(None)
