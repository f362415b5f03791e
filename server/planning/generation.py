"""Generated work: reads what the rules need, and writes what they give as mutations like any other.

Every write has ids made from rule, period and subject, so any number of schedulers writes it once;
what a person has changed, moved or deleted is never made again and never written over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session, aliased

from server import ledger
from server.access import Actor
from server.database import Database
from server.intake import CONTRACT, SERVER, take
from server.intake.papers import read_versions
from server.ledger import Entry
from server.planning.calendar import day_of
from server.planning.deadlines import Deadline, Effect, Start, started
from server.planning.outcome import Facts, Site, Tenancy, Write, due_write, mark, planned
from server.planning.rule_book import RuleBook, rule_book
from server.records import REGISTRY
from server.records.area import Area
from server.records.building import Building
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, Gone, KindSpec, members_of
from server.records.tenancy import Tenancy as TenancyRecord
from server.shapes import Json, read_instant, state_of

HORIZON = timedelta(days=28)
"""How far ahead work is made: enough to plan a month, short enough that little is made in vain."""
LOOKS_BACK = timedelta(days=2)
"""How long after a change a deadline that stands is worked out again."""
STAYS = frozenset({"exit"})
"""Visits that are made because a tenancy ends."""
AT_ONCE = 100
log = structlog.get_logger("oppgang.generation")


@dataclass(frozen=True)
class Standing:
    """A record as it is stored, with who wrote what last."""

    id: str
    area: str | None
    body: Mapping[str, Json]
    versions: Mapping[str, tuple[int, str, int | None]]
    created_at: datetime

    def since(self, path: str) -> int:
        """Give the seq at which a path was last written, 0 for never."""
        version = self.versions.get(path)
        return version[0] if version else 0

    def is_a_persons(self, path: str) -> bool:
        """Say whether somebody, and not a rule, wrote what stands at a path or took it away."""
        version = self.versions.get(path)
        return version is not None and version[1] != SERVER


def generate(database: Database, now: datetime) -> int:
    """Make the visits and rounds of the coming weeks, and end what has ended; give how many."""
    today = day_of(now)
    with database.reading() as session:
        book = rule_book(session)
        writes = [*upcoming(session, book, today, today + HORIZON), *_endings(session, book, today)]
    return _write(database, writes, now)


def set_deadlines(database: Database, now: datetime) -> int:
    """Fill in the deadlines of what was sent in since the last look; give how many."""
    with database.reading() as session:
        rules = rule_book(session).deadlines.values()
        writes = [
            w for rule in rules if rule.effect is Effect.DUE for w in _due(session, rule, now)
        ]
    return _write(database, writes, now)


def upcoming(session: Session, book: RuleBook, first: date, last: date) -> list[Write]:
    """Give what the rules would make for some days, and nobody has made, changed or deleted."""
    facts = Facts(_tenancies(session, book, first, last), tuple(_sites(session)))
    made = planned(book, facts, first, last)
    known = _known(session, [write.id for write in made])
    return [write for write in made if write.id not in known]


def writes_of(
    session: Session, book: RuleBook, code: str, now: datetime, last: date
) -> list[Write]:
    """Give what one rule would write from now until a day, if the book were this one."""
    today, alone = day_of(now), book.only(code)
    writes = [*upcoming(session, alone, today, last), *_endings(session, alone, today)]
    for rule in alone.deadlines.values():
        if rule.effect is Effect.DUE:
            writes += _due(session, rule, now)
    return [write for write in writes if write.rule == code]


def _write(database: Database, writes: list[Write], now: datetime) -> int:
    done = 0
    for first in range(0, len(writes), AT_ONCE):
        pushes = [w.mutation(SERVER, CONTRACT) for w in writes[first : first + AT_ONCE]]
        results = take(database, Actor(SERVER, ()), SERVER, pushes, now, server=True)
        done += sum(each.state == "applied" and not each.repeated for each in results)
        for each in results:
            if each.state != "applied":
                log.error("a rule's write was not applied", mid=each.mid, reason=each.reason)
    return done


def _tenancies(session: Session, book: RuleBook, first: date, last: date) -> list[Tenancy]:
    """Read the tenancies that began so lately that a rule may still plan a visit for them."""
    rules = [rule for rule in book.deadlines.values() if rule.effect is Effect.VISIT]
    if not rules:
        return []
    oldest = first - max(rule.due_on(first) - first for rule in rules) - timedelta(days=7)
    dwelling = aliased(Envelope)
    found = _standing(
        session,
        TenancyRecord.spec,
        lambda q: q.join(dwelling, dwelling.id == TenancyRecord.dwelling).where(
            dwelling.deleted.is_(False),
            TenancyRecord.started_on.between(oldest, last),
            TenancyRecord.ended.is_not(True),
        ),
    )
    records = list(found)
    purposes: dict[str | None, set[str]] = {}
    for tenancy, purpose in session.execute(
        select(PlannedVisit.tenancy, PlannedVisit.purpose)
        .join(Envelope, Envelope.id == PlannedVisit.id)
        .where(PlannedVisit.tenancy.in_([r.id for r in records]), Envelope.deleted.is_(False))
    ):
        purposes.setdefault(tenancy, set()).add(str(purpose))
    return [
        Tenancy(
            id=each.id,
            dwelling=str(each.body["dwelling"]),
            area=each.area,
            started_on=date.fromisoformat(str(each.body["started_on"])),
            ended_on=_day(each.body.get("ended_on")),
            known_on=day_of(each.created_at),
            team=members_of(each.body, "team"),
            purposes=frozenset(purposes.get(each.id, ())),
        )
        for each in records
    ]


def _sites(session: Session) -> Iterator[Site]:
    areas = _standing(session, Area.spec, lambda q: q)
    buildings: dict[str | None, dict[str, str]] = {}
    for each in _standing(session, Building.spec, lambda q: q):
        name = each.body.get("name") or each.body.get("address")
        buildings.setdefault(each.area, {})[each.id] = str(name)
    for area in areas:
        yield Site(area.id, buildings.get(area.id, {}))


def _endings(session: Session, book: RuleBook, today: date) -> Iterator[Write]:
    """Give the flags whose day has come, and the plans that fall with the tenancy they were for."""
    for rule in book.deadlines.values():
        if rule.effect is not Effect.MARK:
            continue
        spec = REGISTRY[rule.kind]
        model: Any = spec.model
        fact, flag = getattr(model, rule.start), getattr(model, rule.target)
        for each in _standing(session, spec, _where(fact <= today, flag.is_not(True))):
            day = _day(each.body.get(rule.start))
            later = each.since(rule.target) > each.since(rule.start)
            chosen = later and each.is_a_persons(rule.target)
            if day and not chosen and rule.covers(each.body) and rule.due_on(day) <= today:
                since = each.since(rule.target)
                yield mark(rule.code, spec.name, each.id, rule.target, day, since)
    yield from _cancellations(session, today)


def _cancellations(session: Session, today: date) -> Iterator[Write]:
    """Cancel the visits that were planned before anybody knew that the tenancy would have ended."""
    tenancies: dict[str, Standing] = {}
    plans = _standing(
        session,
        PlannedVisit.spec,
        lambda q: q.join(TenancyRecord, TenancyRecord.id == PlannedVisit.tenancy).where(
            TenancyRecord.ended_on <= today,
            PlannedVisit.planned_on > TenancyRecord.ended_on,
            PlannedVisit.done.is_not(True),
            PlannedVisit.cancelled.is_(None),
            PlannedVisit.purpose.is_(None) | PlannedVisit.purpose.not_in(STAYS),
        ),
    )
    for plan in list(plans):
        id = str(plan.body["tenancy"])
        if id not in tenancies:
            tenancies |= {t.id: t for t in _standing(session, TenancyRecord.spec, _is(id))}
        tenancy = tenancies.get(id)
        ended_on = _day(tenancy.body.get("ended_on")) if tenancy else None
        if tenancy is None or ended_on is None or plan.is_a_persons("cancelled"):
            continue
        if plan.since("planned_on") < tenancy.since("ended_on"):
            since = plan.since("cancelled")
            yield mark("ENDED", PlannedVisit.spec.name, plan.id, "cancelled", ended_on, since)


def _due(session: Session, rule: Deadline, now: datetime) -> Iterator[Write]:
    """Give the deadlines that a rule fills in: where none stands, or its own may have moved."""
    spec = REGISTRY[rule.kind]
    model: Any = spec.model
    due = getattr(model, rule.target)
    lately = Envelope.changed_at >= now - LOOKS_BACK
    narrow = [or_(due.is_(None), lately)]
    if rule.where:
        narrow.append(getattr(model, rule.where[0]) == rule.where[1])
    for each in _standing(session, spec, _where(*narrow)):
        draft = "status" in spec.fields and state_of(each.body.get("status")) == "draft"
        if draft or each.is_a_persons(rule.target) or each.body.get(rule.start) is None:
            continue
        start = _start(session, each, rule.start)
        standing, since = each.body.get(rule.target), each.since(rule.target)
        write = due_write(rule, each.id, start, standing, since, spec.fields)
        if write:
            yield write


def _start(session: Session, record: Standing, path: str) -> Start:
    """Say when the clock began: by the mutation that wrote the fact, its clock put right."""
    history = ledger.of_record(session, record.id)
    wrote = [entry for entry in history if entry.raw and _wrote(entry, path)]
    value = str(record.body[path])
    stated = read_instant(value) if "T" in value else date.fromisoformat(value)
    if not wrote:
        return started(stated, record.created_at, 0, record.created_at)
    mutation: Any = orjson.loads(wrote[-1].raw)
    captured_at = read_instant(mutation["captured_at"])
    return started(stated, captured_at, mutation["offset_ms"], wrote[-1].received_at)


def _wrote(entry: Entry, path: str) -> bool:
    return any(line["path"] == path and line["outcome"] == "written" for line in entry.effect)


def _standing(session: Session, spec: KindSpec, narrow: Any) -> Iterator[Standing]:
    """Read the records of a kind that are not deleted and that `narrow` leaves."""
    model: Any = spec.model
    found = (
        select(Envelope.id, Envelope.area, Envelope.body, Envelope.versions, Envelope.created_at)
        .join(model, model.id == Envelope.id)
        .where(Envelope.deleted.is_(False))
        .order_by(Envelope.id)
    )
    for row in session.execute(narrow(found)).all():
        yield _read(row)


def _read(row: Row[Any]) -> Standing:
    body, versions = orjson.loads(row.body), read_versions(row.versions)
    return Standing(row.id, row.area, body, versions, row.created_at)


def _where(*rules: Any) -> Any:
    return lambda found: found.where(*rules)


def _is(id: str) -> Any:
    return _where(Envelope.id == id)


def _known(session: Session, ids: Collection[str]) -> set[str]:
    """Give those ids that are taken, by what stands, what was deleted and what was erased."""
    known: set[str] = set()
    for some in _chunks(ids):
        for column in (Envelope.id, Gone.id):
            known |= set(session.scalars(select(column).where(column.in_(some))))
    return known


def _chunks(ids: Collection[str]) -> Iterable[list[str]]:
    every = list(ids)
    return (every[first : first + 500] for first in range(0, len(every), 500))


def _day(value: Json) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
