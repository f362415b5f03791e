"""Generated work: reads what the rules need, and writes what they give as mutations like any other.

Every write has ids made from rule, period and subject, so any number of schedulers writes it once;
what a person has changed, moved or deleted is never made again and never written over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from server.access import Actor, barred
from server.database import Database
from server.intake import CONTRACT, SERVER, take
from server.planning.calendar import day_of
from server.planning.deadlines import Effect
from server.planning.filling import filled
from server.planning.offering import new_offers
from server.planning.outcome import Facts, Site, Tenancy, Write, mark, planned
from server.planning.rule_book import RuleBook, rule_book
from server.planning.series import recurring
from server.planning.standing import Standing, day_at, known, only, standing
from server.planning.tries import new_tries
from server.records import REGISTRY
from server.records.area import Area
from server.records.building import Building
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, members_of
from server.records.tenancy import Tenancy as TenancyRecord

HORIZON = timedelta(days=28)
"""How far ahead work is made: enough to plan a month, short enough that little is made in vain."""
STAYS = frozenset({"exit"})
"""Visits that are made because a tenancy ends."""
AT_ONCE = 100
log = structlog.get_logger("oppgang.generation")


def generate(database: Database, now: datetime) -> int:
    """Make the work of the coming weeks, and end what has ended; give how many."""
    today = day_of(now)
    with database.reading() as session:
        book = rule_book(session)
        writes = [*upcoming(session, book, today, today + HORIZON), *_endings(session, book, today)]
    return _write(database, writes, now)


def set_deadlines(database: Database, now: datetime) -> int:
    """Fill in what follows from what was sent in since the last look; give how many."""
    with database.reading() as session:
        writes = list(filled(session, rule_book(session), now))
    return _write(database, writes, now)


def upcoming(session: Session, book: RuleBook, first: date, last: date) -> list[Write]:
    """Give what would be made for some days, and nobody has made, changed or deleted."""
    facts = Facts(_tenancies(session, book, first, last), tuple(_sites(session)))
    made = [
        *planned(book, facts, first, last),
        *recurring(session, first, last),
        *new_tries(session, book, first, last),
        *new_offers(session, book, first, last),
    ]
    taken = known(session, [write.id for write in made])
    fresh = [write for write in made if write.id not in taken]
    return sorted(fresh, key=lambda write: (write.on or first, write.rule, write.id))


def writes_of(
    session: Session, book: RuleBook, code: str, now: datetime, last: date
) -> list[Write]:
    """Give what one rule would write from now until a day, if the book were this one.

    It is for showing: what is barred is no count there, whoever asks.
    """
    today, alone = day_of(now), book.only(code)
    writes = [*upcoming(session, alone, today, last), *_endings(session, alone, today)]
    every = (*writes, *filled(session, alone, now))
    return countable(session, [each for each in every if each.rule == code])


def countable(session: Session, writes: Sequence[Write]) -> list[Write]:
    """Leave out what stands on something barred: for what is shown, whoever asks."""
    hidden = barred(session, {id for each in writes for id in each.about})
    return [each for each in writes if hidden.isdisjoint(each.about)]


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
    rules = book.about(TenancyRecord.spec.name, Effect.VISIT)
    if not rules:
        return []
    oldest = first - max(rule.due_on(first) - first for rule in rules) - timedelta(days=7)
    dwelling = aliased(Envelope)
    found = standing(
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
            ended_on=day_at(each.body.get("ended_on")),
            known_on=day_of(each.created_at),
            team=members_of(each.body, "team"),
            purposes=frozenset(purposes.get(each.id, ())),
        )
        for each in records
    ]


def _sites(session: Session) -> Iterator[Site]:
    areas = standing(session, Area.spec, lambda q: q)
    buildings: dict[str | None, dict[str, str]] = {}
    for each in standing(session, Building.spec, lambda q: q):
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
        for each in standing(session, spec, only(fact <= today, flag.is_not(True))):
            day = day_at(each.body.get(rule.start))
            later = each.since(rule.target) > each.since(rule.start)
            chosen = later and each.is_a_persons(rule.target)
            if day and not chosen and rule.covers(each.body) and rule.due_on(day) <= today:
                since = each.since(rule.target)
                yield mark(rule.code, spec.name, each.id, rule.target, day, since)
    yield from _cancellations(session, today)


def _cancellations(session: Session, today: date) -> Iterator[Write]:
    """Cancel the visits that were planned before anybody knew that the tenancy would have ended."""
    tenancies: dict[str, Standing] = {}
    plans = standing(
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
            tenancies |= {
                t.id: t for t in standing(session, TenancyRecord.spec, only(Envelope.id == id))
            }
        tenancy = tenancies.get(id)
        ended_on = day_at(tenancy.body.get("ended_on")) if tenancy else None
        if tenancy is None or ended_on is None or plan.is_a_persons("cancelled"):
            continue
        if plan.since("planned_on") < tenancy.since("ended_on"):
            since = plan.since("cancelled")
            yield mark("ENDED", PlannedVisit.spec.name, plan.id, "cancelled", ended_on, since)
