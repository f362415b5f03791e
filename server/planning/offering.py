"""Regular offers: the visit at which a household is offered again what it has not said yes to.

A no never ends an offer. It reads what the rules need and gives writes; it writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from server.planning.calendar import add_working_days, day_of, noon_of, worked_from, worked_until
from server.planning.deadlines import Deadline, Effect
from server.planning.filling import about
from server.planning.outcome import ONCE, Write
from server.planning.rule_book import RuleBook
from server.planning.standing import Standing, day_at, only, standing
from server.records.offer import Offer
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, members_of
from server.records.tenancy import Tenancy

NEAR = timedelta(days=14)
"""A visit that is agreed within so many days of it serves, and no other is made."""


def new_offers(session: Session, book: RuleBook, first: date, last: date) -> Iterator[Write]:
    """Give the visits to make for the offers whose day to be given again comes."""
    for rule in book.about(Offer.spec.name, Effect.VISIT):
        offers = list(standing(session, Offer.spec, only(*about(rule), *_waiting(first, last))))
        homes = {str(each.text("tenancy")) for each in offers}
        there = standing(session, Tenancy.spec, only(Envelope.id.in_(homes)))
        tenancies = {each.id: each for each in there}
        agreed = _agreed(session, homes)
        for offer in sorted(offers, key=lambda each: (str(each.body["again_on"]), each.id)):
            tenancy = tenancies.get(str(offer.text("tenancy")))
            write = _visit(rule, offer, tenancy) if tenancy else None
            if tenancy is None or write is None or write.on is None:
                continue
            days = agreed.setdefault(tenancy.id, set())
            if first <= write.on <= last and all(abs(on - write.on) > NEAR for on in days):
                days.add(write.on)
                yield write


def _waiting(first: date, last: date) -> Iterator[object]:
    """Narrow to the newest offer of its sort whose day is near."""
    newer, there = aliased(Offer), aliased(Envelope)
    yield Offer.again_on.between(first - NEAR, last)
    later = or_(
        newer.offered_on > Offer.offered_on,
        and_(newer.offered_on == Offer.offered_on, newer.id > Offer.id),
    )
    same = and_(newer.tenancy == Offer.tenancy, newer.what == Offer.what)
    yield ~exists().where(there.id == newer.id, there.deleted.is_(False), same, later)


def _agreed(session: Session, tenancies: Collection[str]) -> dict[str, set[date]]:
    """Give the days that visits are agreed for, by tenancy."""
    found = (
        select(PlannedVisit.tenancy, PlannedVisit.planned_on)
        .join(Envelope, Envelope.id == PlannedVisit.id)
        .where(
            Envelope.deleted.is_(False),
            PlannedVisit.tenancy.in_(tenancies),
            PlannedVisit.cancelled.is_not(True),
            PlannedVisit.done.is_not(True),
        )
    )
    days: dict[str, set[date]] = {}
    for tenancy, on in session.execute(found):
        if on is not None:
            days.setdefault(str(tenancy), set()).add(on)
    return days


def _visit(rule: Deadline, offer: Standing, tenancy: Standing) -> Write | None:
    """Plan it on the first working day from when it is due, and never before it was known."""
    again_on, ended_on = day_at(offer.body["again_on"]), day_at(tenancy.body.get("ended_on"))
    dwelling = offer.text("dwelling") or tenancy.text("dwelling")
    if again_on is None or dwelling is None or tenancy.body.get("ended"):
        return None
    due_on = rule.due_on(again_on)
    known_on = day_of(offer.created_at)
    on = worked_from(max(again_on, add_working_days(known_on, 1)))
    if on > due_on:
        on = max(worked_until(due_on), known_on)
    if ended_on is not None and ended_on < on:
        return None
    return Write(
        rule=rule.code,
        period=ONCE,
        subject=offer.id,
        kind=PlannedVisit.spec.name,
        set={
            "dwelling": dwelling,
            "tenancy": tenancy.id,
            "purpose": rule.target,
            "planned_on": on.isoformat(),
            "due_on": due_on.isoformat(),
            "rule": rule.code,
            **{f"visitors/{user}": True for user in members_of(tenancy.body, "team")},
        },
        at=noon_of(again_on),
        area=tenancy.area,
        on=on,
    )
