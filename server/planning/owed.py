"""What is owed: by every rule that is watched, what is late or due soon; it writes nothing.

What is found is found among what the holder of some scopes may see, and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from server.access import visible_clause
from server.planning.calendar import start_of
from server.planning.conditions import ANY, STATUS, Condition, Met, Refers
from server.planning.deadlines import CREATED, FILLED, OWED, Deadline, Effect
from server.planning.filling import about
from server.planning.rule_book import RuleBook
from server.planning.tries import given_up
from server.records import REGISTRY
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, KindSpec
from server.records.visit import Visit

LINES_MAX = 200
"""More of one rule than this help nobody at once; the page says so."""


@dataclass(frozen=True)
class Owed:
    """One record that a rule is about, and the last day on which it is in time."""

    rule: Deadline
    record: str
    due_on: date

    def late(self, today: date) -> bool:
        """Say whether its day is over, and somebody owes it."""
        return self.rule.effect in OWED and self.due_on < today

    def leads(self, today: date) -> bool:
        """Say whether it is late beyond the second limit, where the leader is shown it."""
        return self.late(today) and self.due_on + timedelta(days=self.rule.second) < today


def watched(book: RuleBook) -> list[Deadline]:
    """Give the rules that records are late by, or that a day comes by."""
    shown = OWED | {Effect.DATE}
    return [r for r in book.deadlines.values() if r.effect in shown and r.kind in REGISTRY]


def owed(
    session: Session,
    scopes: Collection[str],
    rule: Deadline,
    first: date | None,
    last: date,
    limit: int = LINES_MAX + 1,
) -> list[Owed]:
    """Give what a rule finds that is due between two days, by day; `first` None for ever ago."""
    if rule.effect is Effect.AGAIN:
        return _doors(session, scopes, rule, first, last)
    facts = _facts(rule)
    found = _select(rule, first, last, Envelope.id, *facts).where(visible_clause(scopes))
    rows = session.execute(found.order_by(*facts, Envelope.id).limit(limit)).all()
    return [Owed(rule, row[0], _due_on(rule, row[1:])) for row in rows]


def late_counts(
    session: Session, scopes: Collection[str], book: RuleBook, today: date
) -> dict[str, int]:
    """Count what is late, by rule; one question for all the rules that the tables can answer."""
    yesterday = today - timedelta(days=1)
    rules = [rule for rule in watched(book) if rule.effect in OWED]
    asked = [
        _select(rule, None, yesterday, literal(rule.code).label("code"), Envelope.id.label("id"))
        for rule in rules
        if rule.effect is not Effect.AGAIN
    ]
    counts: dict[str, int] = {}
    if asked:
        every = union_all(*asked).subquery()
        mine = (
            select(every.c.code, func.count())
            .join(Envelope, Envelope.id == every.c.id)
            .where(visible_clause(scopes))
            .group_by(every.c.code)
        )
        counts = {str(row[0]): row[1] for row in session.execute(mine)}
    for rule in rules:
        if rule.effect is Effect.AGAIN and (
            doors := _doors(session, scopes, rule, None, yesterday)
        ):
            counts[rule.code] = len(doors)
    return {rule.code: counts[rule.code] for rule in rules if counts.get(rule.code)}


def beyond(
    session: Session, scopes: Collection[str], book: RuleBook, today: date
) -> dict[str, int]:
    """Count, by rule, what is late beyond the second limit."""
    counts = {}
    for rule in watched(book):
        if rule.effect in OWED:
            last = today - timedelta(days=1 + rule.second)
            if found := owed(session, scopes, rule, None, last):
                counts[rule.code] = len(found)
    return counts


def _select(rule: Deadline, first: date | None, last: date, *columns: Any) -> Select[Any]:
    """Select what a rule is about, is not met, and is due between two days."""
    spec, model = _model(rule)
    found: Select[Any] = select(*columns).select_from(model).join(Envelope, Envelope.id == model.id)
    return found.where(
        Envelope.deleted.is_(False),
        *_between(rule, first, last),
        *_standing(rule, spec),
        *(_open(rule, spec, model, each) for each in rule.met),
    )


def _model(rule: Deadline) -> tuple[KindSpec, Any]:
    spec = PlannedVisit.spec if rule.effect is Effect.VISIT else REGISTRY[rule.kind]
    return spec, spec.model


def _standing(rule: Deadline, spec: KindSpec) -> Iterator[ColumnElement[bool]]:
    """Narrow to what the rule is about; a draft is nobody's to wait for unless the rule says so."""
    if rule.effect is Effect.VISIT:
        yield PlannedVisit.rule == rule.code
        yield PlannedVisit.done.is_not(True)
        yield PlannedVisit.cancelled.is_not(True)
        yield ~_refers(PlannedVisit, Refers(Visit.spec.name, "planned_visit"))
        return
    model: Any = spec.model
    drafts = any(each.field == STATUS and "draft" in each.values for each in rule.where)
    yield from about(rule)
    if STATUS in spec.fields and not any(each.field == STATUS for each in rule.where):
        yield and_(model.status.is_not(None), model.status != "draft")
    elif drafts:
        yield or_(model.status.is_(None), model.status == "draft")


def _between(rule: Deadline, first: date | None, last: date) -> Iterator[ColumnElement[bool]]:
    """Narrow by the day it is due: a field that holds it, or the fact and the time after it."""
    target = _target(rule)
    if target is not None:
        yield target.is_not(None)
        yield target <= last
        if first is not None:
            yield target >= first
        return
    yield _fact_until(rule, rule.latest_start(last))
    if first is not None:
        yield ~_fact_until(rule, rule.latest_start(first - timedelta(days=1)))


def _target(rule: Deadline) -> Any:
    if rule.effect is Effect.VISIT:
        return PlannedVisit.due_on
    if rule.effect in FILLED and rule.target:
        return getattr(REGISTRY[rule.kind].model, rule.target)
    return None


def _fact_until(rule: Deadline, last: date) -> ColumnElement[bool]:
    """Say that the fact, the first of its fields that is there, is no later than a day."""
    earlier: list[ColumnElement[bool]] = []
    choices: list[ColumnElement[bool]] = []
    for name in rule.starts:
        column = _column(rule, name)
        bound = (
            column < start_of(last + timedelta(days=1))
            if _is_moment(rule, name)
            else (column <= last)
        )
        choices.append(and_(*earlier, column.is_not(None), bound))
        earlier.append(column.is_(None))
    return or_(*choices)


def _facts(rule: Deadline) -> list[Any]:
    """Give the columns that lines are ordered by and their day is worked out from."""
    target = _target(rule)
    return [_column(rule, name) for name in rule.starts] if target is None else [target]


def _column(rule: Deadline, name: str) -> Any:
    return Envelope.created_at if name == CREATED else getattr(REGISTRY[rule.kind].model, name)


def _is_moment(rule: Deadline, name: str) -> bool:
    return name == CREATED or REGISTRY[rule.kind].fields[name].shape.control == "instant"


def _due_on(rule: Deadline, facts: Sequence[Any]) -> date:
    fact = next(each for each in facts if each is not None)
    if _target(rule) is None:
        return rule.due_on(fact)
    day: date = fact
    return day


def _open(rule: Deadline, spec: KindSpec, model: Any, met: Met) -> ColumnElement[bool]:
    """Say that this does not end it."""
    if isinstance(met, Condition):
        column = getattr(model, met.field)
        if spec.fields[met.field].shape.control == "flag":
            return or_(column.is_(None), column.is_(False))
        if met.values == (ANY,):
            return and_(column.is_(None))
        return or_(column.is_(None), column.not_in(met.values))
    if isinstance(met, Refers):
        return ~_refers(model, met)
    newer, there = aliased(model), aliased(Envelope)
    same = [getattr(newer, name) == getattr(model, name) for name in met.fields]
    dated = _dated(spec)
    this, other = getattr(model, dated), getattr(newer, dated)
    after = or_(other > this, and_(other == this, newer.id > model.id))
    return ~exists().where(there.id == newer.id, there.deleted.is_(False), *same, after)


def _dated(spec: KindSpec) -> str:
    """Give the day that a kind is dated by, and that makes one newer than another."""
    return next(n for n, f in spec.fields.items() if f.required and f.shape.control == "day")


def _refers(model: Any, met: Refers) -> ColumnElement[bool]:
    spec = REGISTRY[met.kind]
    other: Any = aliased(spec.model)
    there = aliased(Envelope)
    sent = [other.status.is_not(None), other.status != "draft"] if STATUS in spec.fields else []
    points = getattr(other, met.field) == model.id
    return exists().where(there.id == other.id, there.deleted.is_(False), points, *sent)


def _doors(
    session: Session, scopes: Collection[str], rule: Deadline, first: date | None, last: date
) -> list[Owed]:
    """Give the doors that stayed closed too often: they lie with the leader from that very day."""
    doors = {each.visit: each.visited_on for each in given_up(session, rule)}
    mine = session.scalars(
        select(Envelope.id).where(Envelope.id.in_(doors), visible_clause(scopes))
    )
    lines = [Owed(rule, id, doors[id]) for id in mine]
    found = [o for o in lines if o.due_on <= last and (first is None or o.due_on >= first)]
    return sorted(found, key=lambda each: (each.due_on, each.record))
