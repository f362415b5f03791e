"""What is past its deadline: counted for whoever may see it, and nobody else; it writes nothing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from server.access import visible_clause
from server.planning.calendar import day_of, start_of
from server.planning.deadlines import Deadline, Effect
from server.planning.owed import beyond, late_counts
from server.planning.rule_book import rule_book
from server.records.assistance_request import AssistanceRequest
from server.records.deviation import Deviation
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, KindSpec
from server.records.visit import Visit

MENDED = ("done", "verified", "rejected")
ANSWERED = ("answered", "forwarded")
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Requests:
    """How long those who asked for help have waited."""

    open: int
    a_week_old: int
    """Waiting for a week or more, and still in time."""
    past_due: int
    oldest: datetime | None


@dataclass(frozen=True)
class Overdue:
    """What is late on one day."""

    deviations: int
    critical: int
    """How many of the deviations are critical."""
    visits: int
    requests: Requests
    others: tuple[tuple[Deadline, int], ...] = ()
    """What else is late, by the rule it is late by."""
    beyond: tuple[tuple[Deadline, int], ...] = ()
    """What is late beyond the second limit, by rule: the leader is shown it."""


TOLD_APART = frozenset((spec.name, "due_on") for spec in (Deviation.spec, AssistanceRequest.spec))
"""The days that are counted with words of their own: by how grave, or how long somebody waits."""


def overdue(session: Session, scopes: Collection[str], now: datetime) -> Overdue:
    """Count what is past its deadline among what the holder of `scopes` may see."""
    today = day_of(now)
    late = late_deviations(today)
    book = rule_book(session)
    counts = late_counts(session, scopes, book, today)
    long_late = beyond(session, scopes, book, today)
    others = {c: n for c, n in counts.items() if not _told_apart(book.deadlines[c])}
    return Overdue(
        others=tuple((book.deadlines[code], count) for code, count in others.items()),
        beyond=tuple((book.deadlines[code], count) for code, count in long_late.items()),
        deviations=_count(session, scopes, late),
        critical=_count(session, scopes, late.where(Deviation.severity == "critical")),
        visits=_count(session, scopes, late_visits(today)),
        requests=_requests(session, scopes, today),
    )


def late_deviations(today: date) -> Select[Any]:
    """Select the ids of the deviations that are past their deadline and not mended."""
    return _of(Deviation.spec).where(
        Deviation.due_on < today,
        Deviation.status.is_not(None),
        Deviation.status != "draft",
        or_(Deviation.handling.is_(None), Deviation.handling.not_in(MENDED)),
    )


def late_visits(today: date) -> Select[Any]:
    """Select the ids of the visits that are past their deadline, neither made nor cancelled."""
    made, there = aliased(Visit), aliased(Envelope)
    return _of(PlannedVisit.spec).where(
        PlannedVisit.due_on < today,
        PlannedVisit.done.is_not(True),
        PlannedVisit.cancelled.is_not(True),
        ~exists().where(
            there.id == made.id,
            there.deleted.is_(False),
            made.planned_visit == PlannedVisit.id,
            made.status.is_not(None),
            made.status != "draft",
        ),
    )


def _told_apart(rule: Deadline) -> bool:
    return rule.effect is Effect.VISIT or (rule.kind, rule.target) in TOLD_APART


def open_requests() -> Select[Any]:
    """Select the ids of the requests for help that nobody has answered."""
    return _of(AssistanceRequest.spec).where(
        AssistanceRequest.status.is_not(None),
        AssistanceRequest.status != "draft",
        or_(AssistanceRequest.handling.is_(None), AssistanceRequest.handling.not_in(ANSWERED)),
    )


def is_appealed() -> ColumnElement[bool]:
    """Say whether an answer was appealed against, and nobody has decided the appeal yet."""
    return and_(
        AssistanceRequest.appealed_on.is_not(None), AssistanceRequest.appeal_decided_on.is_(None)
    )


def _requests(session: Session, scopes: Collection[str], today: date) -> Requests:
    asked = func.coalesce(AssistanceRequest.counted_from, AssistanceRequest.asked_at)
    waiting = open_requests()
    late = AssistanceRequest.due_on < today
    in_time = or_(AssistanceRequest.due_on.is_(None), AssistanceRequest.due_on >= today)
    a_week_ago = start_of(today - WEEK + timedelta(days=1))
    oldest = waiting.where(visible_clause(scopes)).with_only_columns(asked)
    return Requests(
        open=_count(session, scopes, waiting),
        a_week_old=_count(session, scopes, waiting.where(in_time, asked < a_week_ago)),
        past_due=_count(session, scopes, waiting.where(late)),
        oldest=session.scalars(oldest.order_by(asked).limit(1)).first(),
    )


def _of(spec: KindSpec) -> Select[Any]:
    model: Any = spec.model
    return (
        select(Envelope.id).join(model, model.id == Envelope.id).where(Envelope.deleted.is_(False))
    )


def _count(session: Session, scopes: Collection[str], found: Select[Any]) -> int:
    mine = found.where(visible_clause(scopes)).subquery()
    return session.execute(select(func.count()).select_from(mine)).scalar_one()
