"""Recurring work: what was planned once with «every other week until», planned on and on till then.

Each time is a record of its own, named by its first and its nominal day, so that it is made once;
what somebody moves, cancels or deletes is never made again. It reads and gives writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import Session

from server.planning.calendar import add_months, holiday, noon_of, worked_from
from server.planning.outcome import Write
from server.planning.standing import Standing, only, standing
from server.records.activity import Activity
from server.records.planned_visit import PlannedVisit
from server.records.record import KindSpec, members_of
from server.records.tenancy import Tenancy
from server.shapes import Json

WEEKS = {"weekly": 1, "biweekly": 2}
TIMES_MAX = 520
"""Ten years of weeks: a series goes no further, whatever last day was written."""
SERIES = "SERIES"
"""Stands where a rule's code would: that it is one of a series."""


@dataclass(frozen=True)
class Sort:
    """A kind that comes again: the field of its day, what is copied, and where a holiday leads."""

    spec: KindSpec
    on: str
    copied: tuple[str, ...]
    sets: tuple[str, ...]
    moves: bool
    """Whether it is moved to the next working day on a holiday; else it falls out."""


SORTS = (
    Sort(
        PlannedVisit.spec,
        "planned_on",
        ("dwelling", "tenancy", "purpose", "planned_at", "meet", "access_basis", "interpreter"),
        ("visitors",),
        moves=True,
    ),
    Sort(
        Activity.spec,
        "held_on",
        ("area", "building", "type", "name", "where", "held_at", "invited"),
        ("who",),
        moves=False,
    ),
)


def recurring(session: Session, first: date, last: date) -> Iterator[Write]:
    """Give what recurs from the first day to the last."""
    for sort in SORTS:
        for head in _heads(session, sort, first):
            yield from _times(sort, head, first, last)


def nominal_days(begins: date, repeats: str, until: date) -> Iterator[date]:
    """Give every day after the first that falls in a series, holidays and all."""
    for number in range(1, TIMES_MAX + 1):
        weeks = WEEKS.get(repeats)
        day = begins + number * timedelta(weeks=weeks) if weeks else add_months(begins, number)
        if day > until:
            return
        yield day


def day_held(nominal: date, *, moves: bool) -> date | None:
    """Give the day that it is done on: a holiday moves it to the next working day, or takes it."""
    if holiday(nominal) is None:
        return nominal
    return worked_from(nominal) if moves else None


def _heads(session: Session, sort: Sort, first: date) -> Iterator[Standing]:
    """Give the first of each series that still goes on; one that was called off takes it along."""
    model: Any = sort.spec.model
    narrow = [model.repeats.is_not(None), model.repeats_until >= first, model.series.is_(None)]
    if "cancelled" in sort.spec.fields:
        narrow.append(model.cancelled.is_not(True))
    if "handling" in sort.spec.fields:
        narrow.append(or_(model.handling.is_(None), model.handling != "cancelled"))
    heads = list(standing(session, sort.spec, only(*narrow)))
    homes = {tenancy for head in heads if (tenancy := head.text("tenancy"))}
    over = {
        each.id: each.text("ended_on")
        for each in standing(session, Tenancy.spec, only(Tenancy.id.in_(homes)))
        if each.text("ended_on") or each.body.get("ended")
    }
    return (head for head in heads if head.text("tenancy") not in over)


def _times(sort: Sort, head: Standing, first: date, last: date) -> Iterator[Write]:
    begins, until = head.text(sort.on), head.text("repeats_until")
    if begins is None or until is None:
        return
    for nominal in nominal_days(
        date.fromisoformat(begins), str(head.body["repeats"]), date.fromisoformat(until)
    ):
        on = day_held(nominal, moves=sort.moves)
        if nominal > last:
            return
        if on is not None and first <= on <= last:
            yield _time(sort, head, nominal, on)


def _time(sort: Sort, head: Standing, nominal: date, on: date) -> Write:
    values = {name: head.body[name] for name in sort.copied if head.body.get(name) is not None}
    sets: dict[str, Json] = {
        f"{name}/{member}": True for name in sort.sets for member in members_of(head.body, name)
    }
    own: dict[str, Json] = {sort.on: on.isoformat(), "series": head.id}
    return Write(
        rule=SERIES,
        period=nominal.isoformat(),
        subject=head.id,
        kind=sort.spec.name,
        set={**values, **sets, **own},
        at=noon_of(nominal),
        area=head.area,
        on=on,
    )
