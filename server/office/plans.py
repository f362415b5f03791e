"""What is planned, as lines: visits, rounds and assignments with day, place and people.

It reads through the desk alone: nobody sees a plan that they may not see. It writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Select, or_, select

from server.access import Actor, may_write
from server.checklists import CHECKLISTS
from server.office.dates import WEEKDAYS, day_words
from server.office.desk import Desk, Item
from server.people import Grant, User
from server.planning.calendar import holiday
from server.records.area import Area
from server.records.assignment import Assignment
from server.records.planned_visit import PlannedVisit
from server.records.record import READER_SETS, Entry, Envelope, KindSpec, Place, members_of
from server.records.round import Round
from server.roles import Role
from server.shapes import Json

LINES_MAX = 400
"""More than these on one page help nobody; the page says so and asks for a filter."""
WORKERS = READER_SETS["work"]
"""Those who go out or send others out: the landlord reads rounds and walks none."""
CLOSED = ("done", "cancelled", "rejected")


@dataclass(frozen=True)
class Sort:
    """A kind that is planned: the fields that say when, by whom and what for."""

    spec: KindSpec
    on: str
    at: str | None
    people: str
    what: str


SORTS = (
    Sort(PlannedVisit.spec, "planned_on", "planned_at", "visitors", "purpose"),
    Sort(Round.spec, "planned_on", None, "who", "checklist"),
    Sort(Assignment.spec, "due_on", "due_at", "who", "category"),
)
BY_KIND = {sort.spec.name: sort for sort in SORTS}


@dataclass(frozen=True)
class Worker:
    """Somebody to whom work can be given, with those of their roles that go out or send out."""

    actor: Actor
    name: str

    @property
    def id(self) -> str:
        """Give the user's id."""
        return self.actor.user


@dataclass(frozen=True)
class Filter:
    """Which plans are looked for."""

    first: date
    last: date
    area: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Line:
    """One plan, ready to print."""

    item: Item
    on: date
    at: str
    title: str
    what: str
    area: str
    people: tuple[str, ...]
    names: str
    late: bool
    """Planned for a day after its deadline."""
    due: str
    editable: bool

    @property
    def id(self) -> str:
        """Give the record's id."""
        return self.item.id

    @property
    def sort(self) -> Sort:
        """Give the fields that say when and by whom."""
        return BY_KIND[self.item.spec.name]


@dataclass(frozen=True)
class Day:
    """One day of a list or a calendar."""

    on: date
    words: str
    holiday: str | None
    is_today: bool
    lines: list[Line]

    @cached_property
    def weekend(self) -> bool:
        """Say whether it is a Saturday or a Sunday."""
        return self.on.weekday() >= 5


def may_plan(desk: Desk) -> bool:
    """Say whether a person may plan anything at all."""
    return bool(desk.actor.roles & WORKERS)


def may_change(desk: Desk, item: Item) -> bool:
    """Say whether a person may move a plan or give it to another; intake has the last word."""
    named = frozenset(members_of(item.body, BY_KIND[item.spec.name].people))
    return may_write(desk.actor, item.spec, Place(item.area, frozenset(), named))


def may_take(worker: Worker, item: Item) -> bool:
    """Say whether somebody may be given a plan: they work in its area and may write its kind."""
    return may_write(worker.actor, item.spec, Place(item.area, frozenset()))


def workers(desk: Desk) -> list[Worker]:
    """Give those who work where this person does, by name."""
    areas = {where for _, where in desk.actor.grants}
    found = desk.session.execute(
        select(User.id, User.name, Grant.role, Grant.area)
        .join(Grant, Grant.user == User.id)
        .where(User.closed_at.is_(None), Grant.role.in_([role.value for role in WORKERS]))
        .order_by(User.name, User.id)
    )
    grants: dict[tuple[str, str], list[tuple[Role, str | None]]] = {}
    for user, name, role, area in found:
        grants.setdefault((user, name), []).append((Role(role), area))
    everywhere = None in areas
    return [
        Worker(Actor(user, tuple(held)), name)
        for (user, name), held in grants.items()
        if everywhere or any(where is None or where in areas for _, where in held)
    ]


def areas_of(desk: Desk) -> dict[str, str]:
    """Give the areas of this person, by name."""
    everywhere = desk.actor.everywhere
    mine = {where for _, where in desk.actor.grants}
    found = desk.found(Area.spec.name, lambda q: q.order_by(Envelope.words, Envelope.id))
    return {a.id: a.text("name") or "" for a in found if everywhere or a.id in mine}


def lines(desk: Desk, asked: Filter) -> tuple[list[Line], bool]:
    """Give the open plans that a filter finds, by day and time, and whether some were left out."""
    items: list[Item] = []
    for sort in SORTS:
        items += desk.found(sort.spec.name, _narrow(sort, asked), LINES_MAX + 1)
    cut = len(items) > LINES_MAX
    found = as_lines(desk, items)
    found.sort(key=lambda line: (line.on, line.at or "~", line.title, line.id))
    return found[:LINES_MAX], cut


def as_lines(desk: Desk, items: Collection[Item]) -> list[Line]:
    """Lay records out as lines; what they refer to is read at once."""
    targets = [item.text(name) for item in items for name in ("dwelling", "building")]
    desk.items([*filter(None, targets), *filter(None, (item.area for item in items))])
    desk.know({user for i in items for user in members_of(i.body, BY_KIND[i.spec.name].people)})
    return [line for item in items if (line := _line(desk, item)) is not None]


def by_day(desk: Desk, found: Iterable[Line], days: Iterable[date]) -> list[Day]:
    """Put lines under their days."""
    lying: dict[date, list[Line]] = {}
    for line in found:
        lying.setdefault(line.on, []).append(line)
    today = desk.today
    return [
        Day(on, day_title(on, today), holiday(on), on == today, lying.get(on, [])) for on in days
    ]


def day_title(on: date, today: date) -> str:
    """Give «mandag 23.11.»."""
    return f"{WEEKDAYS[on.weekday()]} {day_words(on, today)}"


def moved(line: Line, to: date) -> dict[str, Json]:
    """Give what moves a plan to another day."""
    return {line.sort.on: to.isoformat()}


def given(line: Line, to: str, instead_of: str | None) -> dict[str, Json]:
    """Give what puts one person on a plan, in the place of another or of everybody."""
    leaving = [p for p in line.people if instead_of is None or p == instead_of]
    off: dict[str, Json] = {f"{line.sort.people}/{p}": None for p in leaving if p != to}
    return off if to in line.people else {**off, f"{line.sort.people}/{to}": True}


@dataclass(frozen=True)
class Wanted:
    """What is to be done with the chosen plans."""

    to: Worker | None
    on: date | None
    instead_of: str | None

    def of(self, line: Line) -> dict[str, Json]:
        """Give the values that do it to one plan; none when it is done already."""
        if self.to is not None:
            return given(line, self.to.id, self.instead_of)
        assert self.on is not None
        return {} if line.on == self.on else moved(line, self.on)


def _narrow(sort: Sort, asked: Filter) -> Any:
    model: Any = sort.spec.model
    on = getattr(model, sort.on)

    def narrow(found: Select[Any]) -> Select[Any]:
        found = found.join(model, model.id == Envelope.id)
        found = found.where(on.between(asked.first, asked.last))
        for flag in ("done", "cancelled"):
            if flag in sort.spec.fields:
                found = found.where(getattr(model, flag).is_not(True))
        if "handling" in sort.spec.fields:
            found = found.where(or_(model.handling.is_(None), model.handling.not_in(CLOSED)))
        if asked.area:
            found = found.where(Envelope.area == asked.area)
        if asked.person:
            mine = select(Entry.record).where(
                Entry.field == sort.people, Entry.key == asked.person, Entry.value == "true"
            )
            found = found.where(Envelope.id.in_(mine))
        return found.order_by(on, Envelope.id)

    return narrow


def _line(desk: Desk, item: Item) -> Line | None:
    sort = BY_KIND[item.spec.name]
    on = item.text(sort.on)
    if on is None:
        return None
    people = members_of(item.body, sort.people)
    due = item.text("due_on") if sort.on != "due_on" else None
    area = desk.item(item.area)
    return Line(
        item=item,
        on=date.fromisoformat(on),
        at=(item.text(sort.at) if sort.at else None) or "",
        title=_title(desk, item),
        what=_what(item, sort),
        area=(area.text("name") if area else None) or "",
        people=people,
        names=", ".join(sorted(desk.person(user) for user in people)),
        late=due is not None and on > due,
        due=day_words(date.fromisoformat(due), desk.today) if due else "",
        editable=may_change(desk, item),
    )


def _title(desk: Desk, item: Item) -> str:
    target = desk.item(item.text("dwelling") or item.text("building"))
    if target is not None:
        return desk.title(target)
    return item.text("name") or item.spec.words[0]


def _what(item: Item, sort: Sort) -> str:
    value = item.text(sort.what)
    if value is None:
        return item.spec.words[0]
    if value in CHECKLISTS:
        return str(CHECKLISTS[value]["title_nb"])
    return f"{item.spec.words[0]}: {item.spec.fields[sort.what].choices.get(value, value)}"
