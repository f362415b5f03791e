"""Whose time is over: the conditions that retention and the archive ask by; nothing is changed."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Date, Select, and_, not_, or_, select, true
from sqlalchemy.orm import aliased

from server import intake
from server.access import HERE
from server.keeping.holds import Hold
from server.records import REGISTRY
from server.records.receipt import Receipt
from server.records.record import Entry, Envelope, KindSpec
from server.records.review import Review
from server.shapes import PUBLIC

CHANGED_AT = "changed_at"
STILL_OPEN: dict[str, ColumnElement[bool]] = {
    Receipt.spec.name: Receipt.state.in_(("held", "review")),
    Review.spec.name: Review.decision.is_(None),
}
"""Work that waits for a person stays, however old it is (I-24)."""


def records(spec: KindSpec) -> Select[Any]:
    """Give the ids of all records of a kind, each joined with its typed row."""
    table = spec.model.__table__
    return (
        select(Envelope.id)
        .join(table, table.c.id == Envelope.id)
        .where(Envelope.kind == spec.name)
        .order_by(Envelope.id)
    )


def since(spec: KindSpec) -> ColumnElement[Any]:
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


def ripe(spec: KindSpec, today: date) -> Select[Any]:
    """Give the records whose time is over, but for what waits for a person."""
    years = spec.retention.years
    last = today.replace(year=today.year - years, day=min(today.day, 28))
    begun, limit = since(spec), cast(Any, last)
    if not isinstance(begun.type, Date):
        limit = datetime(last.year, last.month, last.day, tzinfo=HERE)
    query = records(spec).where(begun < limit, not_(waits_about()))
    still_open = STILL_OPEN.get(spec.name)
    return query if still_open is None else query.where(not_(still_open))


def waits_about() -> ColumnElement[bool]:
    """Say whether something about it waits for a person: it would go with what it is about."""
    found = [
        select(one.id).where(one.about == Envelope.id, STILL_OPEN[one.spec.name])
        for one in (Receipt, Review)
    ]
    return or_(*(each.correlate(Envelope).exists() for each in found))


def is_held() -> ColumnElement[bool]:
    """Say whether a hold is on it, or on everything."""
    of_it = or_(Hold.record == Envelope.id, Hold.record.is_(None))
    return select(Hold.id).where(Hold.lifted_at.is_(None), of_it).exists()


def stood_on(spec: KindSpec) -> ColumnElement[bool]:
    """Say whether records of other kinds, that do not belong to it, take their place from it.

    Without it they could come to be read by others than now, so it stays as long as they do.
    """
    found: list[ColumnElement[bool]] = []
    for other in REGISTRY.values():
        table = other.model.__table__.alias()
        for name in other.parents:
            if other.fields[name].to == spec.name:
                found.append(select(table.c.id).where(table.c[name] == Envelope.id).exists())
    return or_(*found) if found else never()


def belongs(spec: KindSpec) -> ColumnElement[bool]:
    """Say whether what it is about is still here: then it is kept as long, and ends with that."""
    table, owner = spec.model.__table__, aliased(Envelope)
    about = [name for name, f in spec.fields.items() if f.to == "any" and f.required]
    found = [select(owner.id).where(owner.id == table.c[name]).exists() for name in about]
    return or_(*found) if found else never()


def has_personal(spec: KindSpec) -> ColumnElement[bool]:
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
    return or_(*found) if found else never()


def never() -> ColumnElement[bool]:
    """Give the condition that no record meets."""
    return Envelope.id.is_(None)
