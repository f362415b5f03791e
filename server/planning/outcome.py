"""Planning: from rules and facts to the writes that follow, worked out and not yet written.

The same function serves the job, which writes, and the preview, which does not; it reads no clock
and no database. A write's ids follow from rule, period and subject alone, so that it is made once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid5

from server.planning.calendar import add_working_days, noon_of, worked_from, worked_until
from server.planning.deadlines import Deadline, Effect, Start
from server.planning.rounds import Each, RoundRule
from server.planning.rule_book import RuleBook
from server.records.planned_visit import PlannedVisit
from server.records.round import Round
from server.shapes import Json, write_instant
from sync.mutation import NS

ONCE = "once"
TENANCY = "tenancy"
"""The kind whose beginning a first visit is counted from."""


@dataclass(frozen=True)
class Write:
    """One mutation to be, by a rule: a record to make, or some paths of one to fill."""

    rule: str
    period: str
    subject: str
    kind: str
    set: Mapping[str, Json]
    at: datetime
    """A moment that follows from the facts, so that every scheduler writes the same bytes."""
    area: str | None = None
    on: date | None = None
    """The day that a record which is to be made is planned for."""
    seen: Mapping[str, tuple[Json, int]] | None = None
    """What stands at the paths that are filled, and since when; None for a record to make."""

    @property
    def id(self) -> str:
        """Give the record's id: the subject itself, or a new name for what the rule makes."""
        return self.subject if self.seen is not None else self._name("record")

    @property
    def about(self) -> frozenset[str]:
        """Give the ids of what it stands on: its subject, and every record it would name."""
        return frozenset({self.subject, *(v for v in self.set.values() if isinstance(v, str))})

    def mutation(self, author: str, contract: int) -> dict[str, Any]:
        """Give it as it travels."""
        at = write_instant(self.at)
        return {
            "mid": self._name("mutation"),
            "replica": author,
            "n": None,
            "author": author,
            "contract": contract,
            "kind": self.kind,
            "id": self.id,
            "op": "create" if self.seen is None else "patch",
            "set": dict(self.set),
            "seen": {p: {"value": v, "seq": seq} for p, (v, seq) in (self.seen or {}).items()},
            "happened_at": at,
            "captured_at": at,
            "offset_ms": 0,
        }

    def _name(self, what: str) -> str:
        return str(uuid5(NS, "|".join((what, self.rule, self.period, self.subject))))


@dataclass(frozen=True)
class Tenancy:
    """What planning must know of a tenancy; it names nobody who lives there."""

    id: str
    dwelling: str
    area: str | None
    started_on: date
    ended_on: date | None
    known_on: date
    """The day the office learnt of it: nothing is planned for a day before that."""
    team: tuple[str, ...] = ()
    purposes: frozenset[str] = frozenset()
    """What visits have been planned for already, by whomever."""


@dataclass(frozen=True)
class Site:
    """An area and its buildings, by id and name."""

    area: str
    buildings: Mapping[str, str]


@dataclass(frozen=True)
class Facts:
    """What the rules are held against."""

    tenancies: Iterable[Tenancy] = ()
    sites: Iterable[Site] = ()
    known: frozenset[str] = field(default_factory=frozenset)
    """The ids of what exists, or existed and was taken away: none of it is made again."""


def planned(book: RuleBook, facts: Facts, first: date, last: date) -> list[Write]:
    """Give the records that the rules make for the days from first to last, by day.

    A visit whose deadline lies before the first day is not planned: rules look ahead.
    """
    made = [*_visits(book.deadlines.values(), facts, first, last)]
    for rule in book.rounds.values():
        for site in facts.sites:
            made += _rounds(rule, site, first, last)
    fresh = {write.id: write for write in made if write.id not in facts.known}
    return sorted(fresh.values(), key=lambda write: (write.on or first, write.rule, write.id))


def visit_day(rule: Deadline, tenancy: Tenancy) -> date:
    """Propose a day: a working day in the middle of the window, and not before it was known."""
    earliest = tenancy.started_on + timedelta(days=rule.earliest)
    due_on = rule.due_on(tenancy.started_on)
    middle = earliest + (due_on - earliest) // 2
    proposed = worked_from(max(middle, add_working_days(tenancy.known_on, 1)))
    return proposed if proposed <= due_on else max(worked_until(due_on), tenancy.known_on)


def due_write(
    rule: Deadline,
    id: str,
    start: Start,
    standing: Json,
    since: int,
    fields: Mapping[str, Any],
    *,
    due_on: date | None = None,
) -> Write | None:
    """Fill a deadline in; None when it stands already. `since`: the seq of what stands there.

    A kind that has the fields for it is told from when the clock runs and whether to trust that.
    `due_on`: the day, where it is not simply so long after the start.
    """
    due = (due_on or rule.due_on(start.at)).isoformat()
    if due == standing:
        return None
    values: dict[str, Json] = {rule.target: due}
    if "counted_from" in fields and not rule.as_it_stands:
        values |= {"counted_from": write_instant(start.at), "clock_doubtful": start.doubtful}
    return Write(
        rule=rule.code,
        period=f"{due}@{since}",
        subject=id,
        kind=rule.kind,
        set=values,
        at=start.at,
        seen={path: (standing if path == rule.target else None, since) for path in values},
    )


def mark(rule: str, kind: str, id: str, path: str, fact: date, since: int) -> Write:
    """Set a flag because of a fact. `since`: the seq at which it was last written, 0 for never."""
    return Write(
        rule=rule,
        period=f"{fact.isoformat()}@{since}",
        subject=id,
        kind=kind,
        set={path: True},
        at=noon_of(fact),
        seen={path: (None, since)},
    )


def _visits(rules: Iterable[Deadline], facts: Facts, first: date, last: date) -> Iterator[Write]:
    wanted = [r for r in rules if r.effect is Effect.VISIT and r.kind == TENANCY]
    for tenancy in facts.tenancies:
        for rule in wanted:
            due_on, on = rule.due_on(tenancy.started_on), visit_day(rule, tenancy)
            ended = tenancy.ended_on is not None and tenancy.ended_on < on
            if due_on < first or on > last or ended or rule.target in tenancy.purposes:
                continue
            values: dict[str, Json] = {
                "dwelling": tenancy.dwelling,
                "tenancy": tenancy.id,
                "purpose": rule.target,
                "planned_on": on.isoformat(),
                "due_on": due_on.isoformat(),
                "rule": rule.code,
            }
            yield Write(
                rule=rule.code,
                period=ONCE,
                subject=tenancy.id,
                kind=PlannedVisit.spec.name,
                set=values | {f"visitors/{user}": True for user in tenancy.team},
                at=noon_of(tenancy.started_on),
                area=tenancy.area,
                on=on,
            )


def _rounds(rule: RoundRule, site: Site, first: date, last: date) -> Iterator[Write]:
    if not site.buildings:
        return
    walks = (
        {site.area: tuple(site.buildings)}
        if rule.each is Each.AREA
        else {building: (building,) for building in site.buildings}
    )
    for period, on in rule.days(first, last):
        for subject, buildings in walks.items():
            name = site.buildings.get(subject)
            values: dict[str, Json] = {
                "area": site.area,
                "checklist": rule.checklist,
                "name": f"{rule.words}, {name}"[:80] if name else rule.words,
                "frequency": rule.frequency.value,
                "planned_on": on.isoformat(),
                "rule": rule.code,
            }
            yield Write(
                rule=rule.code,
                period=period,
                subject=subject,
                kind=Round.spec.name,
                set=values | {f"buildings/{building}": True for building in buildings},
                at=noon_of(on),
                area=site.area,
                on=on,
            )
