"""Who is away in the coming days, and what of theirs nobody has taken; never why they are away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import Select

from server.office.desk import Desk, Item
from server.office.plans import Filter, day_title, lines
from server.office.whose import people_of
from server.planning.owed import owed, watched
from server.planning.rule_book import rule_book
from server.records.absence import Absence
from server.records.record import Envelope

AHEAD = timedelta(days=60)
SHOWN_MAX = 60


@dataclass(frozen=True)
class Away:
    """One absence, and what lies with the absent in its days."""

    id: str
    name: str
    days: str
    cover: str
    count: int
    """How many plans still stand with them."""
    follow_ups: tuple[tuple[str, str], ...]
    """The deadlines of these days that lie with them: record and words."""
    link: str


def coming(desk: Desk, *, whole: bool = False) -> list[Away]:
    """Give the absences that are not over, by day; `whole`: with the follow-ups of their days."""

    def narrow(found: Select[Any]) -> Select[Any]:
        today = desk.today
        return (
            found.join(Absence, Absence.id == Envelope.id)
            .where(Absence.until_on >= today, Absence.from_on <= today + AHEAD)
            .order_by(Absence.from_on, Envelope.id)
        )

    return [_away(desk, item, whole) for item in desk.found(Absence.spec.name, narrow, SHOWN_MAX)]


def _away(desk: Desk, item: Item, whole: bool) -> Away:
    who, cover = str(item.body["colleague"]), item.text("covered_by")
    first = max(date.fromisoformat(str(item.body["from_on"])), desk.today)
    last = date.fromisoformat(str(item.body["until_on"]))
    standing, _ = lines(desk, Filter(first, last, item.area, who))
    days = day_title(first, desk.today)
    if last != first:
        days = f"{days.rstrip('.')} til {day_title(last, desk.today)}"
    span = {"on": first.isoformat(), "until": last.isoformat(), "person": who}
    return Away(
        id=item.id,
        name=desk.person(who),
        days=days.rstrip("."),
        cover=desk.person(cover) if cover else "",
        count=len(standing),
        follow_ups=_follow_ups(desk, who, first, last) if whole else (),
        link=url_for("office.share", **span, **({"with": cover} if cover else {})),  # type: ignore[arg-type]
    )


def _follow_ups(desk: Desk, who: str, first: date, last: date) -> tuple[tuple[str, str], ...]:
    """Give what is due in these days and lies with somebody."""
    found = []
    for rule in watched(rule_book(desk.session)):
        due = owed(desk.session, desk.scopes, rule, first, last)
        for item in desk.items(line.record for line in due):
            if who in people_of(desk, rule, item):
                found.append((item.id, f"{rule.words}: {desk.title(item)}"))
    return tuple(found)
