"""A door that stayed closed: the next try, planned in time; after some in a row a leader decides.

It reads what the rules need and gives writes; it writes nothing, and names nobody who lives there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.planning.calendar import add_working_days, day_of, noon_of, worked_until
from server.planning.deadlines import Deadline, Effect
from server.planning.filling import about
from server.planning.outcome import ONCE, Write
from server.planning.rule_book import RuleBook
from server.planning.standing import Standing, only, standing
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, members_of
from server.records.tenancy import Tenancy
from server.records.visit import Visit
from server.shapes import Json

MET = ("completed", "refused", "talked_at_door", "tenant_moved", "wrong_address")
"""Visits where somebody was met, or where nobody is to be looked for any more."""
SENT = ("submitted", "approved")
COPIED = ("tenancy", "purpose", "meet", "access_basis", "interpreter")


@dataclass(frozen=True)
class Tries:
    """One closed door that nothing has followed yet, and the tries in a row that led to it."""

    visit: str
    visited_on: date
    in_row: int


def new_tries(session: Session, book: RuleBook, first: date, last: date) -> Iterator[Write]:
    """Give the visits to make for the closed doors that nobody has planned a new try for."""
    for rule in book.deadlines.values():
        if rule.effect is not Effect.AGAIN:
            continue
        waiting = {
            each.visit: each
            for each in closed_doors(session, rule, first - timedelta(days=31))
            if each.in_row < int(rule.target)
        }
        visits = list(standing(session, Visit.spec, only(Visit.id.in_(waiting))))
        plans = _plans(session, visits)
        for visit in visits:
            plan = plans.get(visit.text("planned_visit") or "")
            write = _again(rule, visit, plan, waiting[visit.id].visited_on, first)
            if write is not None and write.on is not None and write.on <= last:
                yield write


def proposed_after(rule: Deadline) -> int:
    """Give how many working days after a closed door a new try is proposed: half of the time."""
    return max(rule.earliest, rule.count // 2 + 1)


def given_up(session: Session, rule: Deadline) -> list[Tries]:
    """Give the doors that stayed closed as often as the rule allows: the leader decides."""
    return [each for each in closed_doors(session, rule) if each.in_row >= int(rule.target)]


def closed_doors(session: Session, rule: Deadline, since: date | None = None) -> list[Tries]:
    """Give the visits without an answer that neither a visit nor a plan has followed."""
    later, plan = aliased(Visit), aliased(PlannedVisit)
    one, other = aliased(Envelope), aliased(Envelope)
    after = or_(
        later.visited_on > Visit.visited_on,
        and_(later.visited_on == Visit.visited_on, later.id > Visit.id),
    )
    visited = exists().where(
        one.id == later.id,
        one.deleted.is_(False),
        later.dwelling == Visit.dwelling,
        later.status.in_(SENT),
        after,
    )
    agreed = exists().where(
        other.id == plan.id,
        other.deleted.is_(False),
        plan.dwelling == Visit.dwelling,
        plan.planned_on > Visit.visited_on,
        plan.cancelled.is_not(True),
    )
    found = (
        select(Visit.id, Visit.visited_on, Visit.dwelling)
        .join(Envelope, Envelope.id == Visit.id)
        .where(
            Envelope.deleted.is_(False),
            *about(rule),
            Visit.visited_on.is_not(None),
            Visit.tries_ended_on.is_(None),
            ~visited,
            ~agreed,
        )
        .order_by(Visit.id)
    )
    if since is not None:
        found = found.where(Visit.visited_on >= since)
    rows = session.execute(found).all()
    counts = _in_row(session, rule, [str(row.dwelling) for row in rows])
    return [Tries(r.id, r.visited_on, counts.get(str(r.dwelling), 1)) for r in rows]


def _in_row(session: Session, rule: Deadline, dwellings: list[str]) -> dict[str, int]:
    """Count, for each home, the tries without an answer since somebody was last met there."""
    met = (
        select(Visit.dwelling.label("home"), func.max(Visit.visited_on).label("last"))
        .where(Visit.outcome.in_(MET), Visit.dwelling.in_(dwellings))
        .group_by(Visit.dwelling)
        .subquery()
    )
    tried = (
        select(Visit.dwelling, func.count())
        .join(Envelope, Envelope.id == Visit.id)
        .outerjoin(met, met.c.home == Visit.dwelling)
        .where(
            Envelope.deleted.is_(False),
            Visit.dwelling.in_(dwellings),
            *about(rule),
            or_(met.c.last.is_(None), Visit.visited_on > met.c.last),
        )
        .group_by(Visit.dwelling)
    )
    return {str(home): count for home, count in session.execute(tried).all()}


def _plans(session: Session, visits: list[Standing]) -> dict[str, Standing]:
    ids = {str(each.body["planned_visit"]) for each in visits if each.text("planned_visit")}
    there = {
        each.id: each for each in standing(session, PlannedVisit.spec, only(Envelope.id.in_(ids)))
    }
    homes = {str(plan.text("tenancy")) for plan in there.values() if plan.text("tenancy")}
    moved = {
        each.id
        for each in standing(session, Tenancy.spec, only(Envelope.id.in_(homes)))
        if each.body.get("ended") or each.text("ended_on")
    }
    return {id: plan for id, plan in there.items() if plan.text("tenancy") not in moved}


def _again(
    rule: Deadline, visit: Standing, plan: Standing | None, visited_on: date, first: date
) -> Write | None:
    """Plan the next try: on the day that was agreed at the door, else on one within the time."""
    if plan is None and visit.text("planned_visit"):
        return None
    on, due_on = _day(rule, visit, visited_on), rule.due_on(visited_on)
    if on < first:
        return None
    before: Mapping[str, Json] = plan.body if plan else {"purpose": visit.body.get("purpose")}
    values: dict[str, Json] = {
        name: before[name] for name in COPIED if before.get(name) is not None
    }
    values |= {
        "dwelling": visit.body["dwelling"],
        "planned_on": on.isoformat(),
        "due_on": due_on.isoformat(),
        "rule": rule.code,
    }
    values |= {f"visitors/{user}": True for user in members_of(before, "visitors")}
    return Write(
        rule=rule.code,
        period=ONCE,
        subject=visit.id,
        kind=PlannedVisit.spec.name,
        set=values,
        at=noon_of(visited_on),
        area=visit.area,
        on=on,
    )


def _day(rule: Deadline, visit: Standing, visited_on: date) -> date:
    """Give a day that follows from what is written alone, and none before it was known."""
    agreed = visit.text("next_contact_on")
    half = add_working_days(visited_on, proposed_after(rule))
    proposed = min(half, worked_until(rule.due_on(visited_on)))
    on = date.fromisoformat(agreed) if agreed else proposed
    known_on = day_of(visit.created_at)
    return on if on > max(visited_on, known_on) else add_working_days(known_on, 1)
