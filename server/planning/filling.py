"""What rules fill in: the days that follow from what was written, on the record or beside it.

It reads what the rules are about and gives writes; it writes nothing, and a person's word stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from server import ledger
from server.ledger import Entry
from server.planning.calendar import day_of, noon_of, worked_until
from server.planning.deadlines import Deadline, Effect, Start, started
from server.planning.outcome import Write, due_write
from server.planning.rule_book import RuleBook
from server.planning.standing import Standing, day_at, only, standing
from server.records import REGISTRY
from server.records.record import Envelope
from server.shapes import Json, read_instant, state_of

LOOKS_BACK = timedelta(days=2)
"""How long after a change a deadline that stands is worked out again."""


def filled(session: Session, book: RuleBook, now: datetime) -> Iterator[Write]:
    """Give what the rules fill in: where nothing stands, or their own may have moved."""
    for rule in book.deadlines.values():
        fill = FILLS.get(rule.effect)
        if fill is not None and rule.kind in REGISTRY and rule.target:
            yield from fill(session, rule, now)


def _due(session: Session, rule: Deadline, now: datetime) -> Iterator[Write]:
    spec = REGISTRY[rule.kind]
    due = getattr(spec.model, rule.target)
    lately = or_(due.is_(None), Envelope.changed_at >= now - LOOKS_BACK)
    for each in standing(session, spec, only(lately, *about(rule))):
        fact = rule.start_in(each.body)
        if fact is None or _is_draft(each, spec.fields) or not rule.covers(each.body):
            continue
        if _is_settled(each, rule.target, fact, spec.fields):
            continue
        start = _start(session, each, fact, rule)
        due_on = _before(rule, start) if rule.effect is Effect.BEFORE else None
        was, since = each.body.get(rule.target), each.since(rule.target)
        write = due_write(rule, each.id, start, was, since, spec.fields, due_on=due_on)
        if write:
            yield write


def _before(rule: Deadline, start: Start) -> date:
    """Give the last working day that lies so long before: on others nobody carries a notice out."""
    return worked_until(rule.latest_start(day_of(start.at)))


def _is_settled(each: Standing, target: str, fact: str, fields: Mapping[str, Any]) -> bool:
    """Say whether a person chose the day, and nothing has begun anew since."""
    if not each.is_a_persons(target):
        return False
    return not (fields[fact].server and each.since(fact) > each.since(target))


def _limit(session: Session, rule: Deadline, now: datetime) -> Iterator[Write]:
    """Bring a day back to the last one allowed, whoever wrote it."""
    spec = REGISTRY[rule.kind]
    lately = Envelope.changed_at >= now - LOOKS_BACK
    for each in standing(session, spec, only(lately, *about(rule))):
        fact = rule.start_in(each.body)
        begun, stands = day_at(each.body.get(fact or "")), day_at(each.body.get(rule.target))
        if begun is None or stands is None or not rule.covers(each.body):
            continue
        if (last := rule.due_on(begun)) < stands:
            was, since = each.body.get(rule.target), each.since(rule.target)
            yield _own(rule, each.id, rule.kind, rule.target, was, since, last, begun)


def _tell(session: Session, rule: Deadline, now: datetime) -> Iterator[Write]:
    """Tell what a record refers to of a fact, when it is newer than what stands there."""
    spec = REGISTRY[rule.kind]
    reference, _, path = rule.target.partition(".")
    parent = REGISTRY[str(spec.fields[reference].to)]
    model: Any = parent.model
    lately = or_(getattr(model, path).is_(None), Envelope.changed_at >= now - LOOKS_BACK)
    points = getattr(spec.model, reference)
    newest: dict[str, date] = {}

    def narrow(found: Any) -> Any:
        return found.join(model, model.id == points).where(lately, *about(rule))

    for each in standing(session, spec, narrow):
        day, fact = None, rule.start_in(each.body)
        if fact is not None and not _is_draft(each, spec.fields) and rule.covers(each.body):
            day = day_at(each.body[fact])
        to = each.text(reference)
        if day is not None and to is not None:
            newest[to] = max(day, newest.get(to, day))
    for other in standing(session, parent, only(Envelope.id.in_(newest))):
        was, day = other.body.get(path), newest[other.id]
        if (stood := day_at(was)) is None or stood < day:
            yield _own(rule, other.id, parent.name, path, was, other.since(path), day, day)


def _own(
    rule: Deadline, id: str, kind: str, path: str, was: Json, since: int, on: date, fact: date
) -> Write:
    return Write(
        rule=rule.code,
        period=f"{on.isoformat()}@{since}",
        subject=id,
        kind=kind,
        set={path: on.isoformat()},
        at=noon_of(fact),
        seen={path: (was, since)},
    )


def about(rule: Deadline) -> Iterator[ColumnElement[bool]]:
    """Narrow to what a rule may be about, as far as columns tell; `covers` says the rest."""
    spec = REGISTRY[rule.kind]
    for condition in rule.where:
        column = getattr(spec.model, condition.field, None)
        declared = spec.fields.get(condition.field)
        if column is None or declared is None or declared.keyed or "draft" in condition.values:
            continue
        known = declared.choices or declared.shape.control in ("status", "handling")
        yield column.in_(condition.values) if known else column.is_not(None)


def _start(session: Session, record: Standing, path: str, rule: Deadline) -> Start:
    """Say when the clock began: by the mutation that wrote the fact, its clock put right."""
    value = record.body[path]
    stated = _stated(value)
    if rule.as_it_stands or not isinstance(value, str):
        return Start(stated if isinstance(stated, datetime) else noon_of(stated), False)
    wrote = [e for e in ledger.of_record(session, record.id) if e.raw and _wrote(e, path)]
    if not wrote:
        return started(stated, record.created_at, 0, record.created_at)
    mutation: Any = orjson.loads(wrote[-1].raw)
    captured_at = read_instant(mutation["captured_at"])
    return started(stated, captured_at, mutation["offset_ms"], wrote[-1].received_at)


def _stated(value: Json) -> date | datetime:
    text = str(value.get("at") if isinstance(value, Mapping) else value)
    return read_instant(text) if "T" in text else date.fromisoformat(text)


def _wrote(entry: Entry, path: str) -> bool:
    return any(line["path"] == path and line["outcome"] == "written" for line in entry.effect)


def _is_draft(each: Standing, fields: Mapping[str, Any]) -> bool:
    return "status" in fields and state_of(each.body.get("status")) == "draft"


FILLS: Mapping[Effect, Callable[[Session, Deadline, datetime], Iterator[Write]]] = {
    Effect.DUE: _due,
    Effect.BEFORE: _due,
    Effect.DATE: _due,
    Effect.LIMIT: _limit,
    Effect.TELL: _tell,
}
