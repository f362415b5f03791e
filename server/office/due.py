"""Frister: what is late and what comes, by the rules of the municipality; it writes nothing.

Each line says with whom it lies; nothing is counted or ordered by person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.office import present
from server.office.blueprint import office
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.gate import seated
from server.office.plans import BY_KIND, areas_of, day_title
from server.office.whose import know_whose, people_of, whose_words
from server.planning.deadlines import OWED, Deadline, Effect
from server.planning.laws import Law
from server.planning.owed import LINES_MAX, Owed, owed, watched
from server.planning.rule_book import rule_book
from server.problems import Problem
from server.records.record import READER_SETS
from server.roles import Role
from sync.mutation import is_id

AHEAD = timedelta(days=6)
VIEWS = {"late": "Over fristen", "week": "De neste sju dagene", "long": "Lenge over fristen"}
NOTHING = {
    "late": "Ingenting er over fristen.",
    "week": "Ingen frister de neste sju dagene.",
    "long": "Ingenting er lenge over fristen.",
}
READERS = READER_SETS["home"]


@dataclass(frozen=True)
class Line:
    """One record that something is to be done with, and by when."""

    id: str
    on: date
    words: str
    """What is to be done, as the rule says it."""
    name: str
    area: str
    due: str
    whose: str
    beyond: bool


@dataclass(frozen=True)
class Group:
    """The lines of one rule."""

    rule: Deadline
    lines: tuple[Line, ...]
    cut: bool
    laws: tuple[Law, ...]


@office.get("/deadlines")
@seated
def deadlines(desk: Desk) -> ResponseReturnValue:
    """Show what is late, or what comes this week."""
    if not sees_deadlines(desk):
        raise Problem("no_access")
    views = {code: words for code, words in VIEWS.items() if code != "long" or leads(desk)}
    view = request.args.get("view", "")
    view = view if view in views else "late"
    area = request.args.get("area", "")
    mine = request.args.get("mine") == "1"
    found = groups(desk, view, area if is_id(area) else None, mine=mine)
    return render_template(
        "office/deadlines.html",
        groups=found,
        view=view,
        views=[(code, words, _link(code, area, mine)) for code, words in views.items()],
        areas=areas_of(desk),
        area=area,
        mine=mine,
        nothing=NOTHING[view],
        today=day_title(desk.today, desk.today),
    )


def sees_deadlines(desk: Desk) -> bool:
    """Say whether the reader works with what has deadlines."""
    return bool(desk.actor.roles & READERS)


def leads(desk: Desk) -> bool:
    """Say whether the reader is shown what is late beyond the second limit."""
    return Role.LEADER in desk.actor.roles


def groups(desk: Desk, view: str, area: str | None = None, *, mine: bool = False) -> list[Group]:
    """Give what a view shows, by rule, in the order of the rules' table."""
    found, book = [], rule_book(desk.session)
    for rule in watched(book):
        lines = _owed(desk, rule, view)
        cut = len(lines) > LINES_MAX
        person = desk.actor.user if mine else None
        if shown := as_lines(desk, lines[:LINES_MAX], area, person):
            found.append(Group(rule, shown, cut, tuple(book.laws_on(rule.code))))
    return found


def due_by_day(
    desk: Desk, first: date, last: date, area: str | None, person: str | None
) -> dict[date, list[Line]]:
    """Give what is due on the days of a plan, but for what is itself planned and shown there.

    Whoever plans works with what has deadlines.
    """
    rules = [rule for rule in watched(rule_book(desk.session)) if not _is_a_plan(rule)]
    found = [line for rule in rules for line in owed(desk.session, desk.scopes, rule, first, last)]
    days: dict[date, list[Line]] = {}
    for line in as_lines(desk, found, area, person):
        days.setdefault(line.on, []).append(line)
    return days


def _is_a_plan(rule: Deadline) -> bool:
    return rule.effect is Effect.VISIT or rule.kind in BY_KIND


def as_lines(
    desk: Desk, lines: Sequence[Owed], area: str | None = None, person: str | None = None
) -> tuple[Line, ...]:
    """Lay out what is owed in an area, by a person; what it refers to is read at once."""
    items = {item.id: item for item in desk.items(line.record for line in lines)}
    pairs = [(line, items[line.record]) for line in lines if line.record in items]
    know_whose(desk, ((line.rule, item) for line, item in pairs))
    kept = [
        (line, item)
        for line, item in pairs
        if (area is None or item.area == area)
        and (person is None or person in people_of(desk, line.rule, item))
    ]
    desk.items(item.area for _, item in kept if item.area)
    return tuple(_line(desk, line, item) for line, item in kept)


def _owed(desk: Desk, rule: Deadline, view: str) -> list[Owed]:
    today = desk.today
    if view == "week":
        return owed(desk.session, desk.scopes, rule, today, today + AHEAD)
    if rule.effect not in OWED:
        return []
    days = 1 + (rule.second if view == "long" else 0)
    return owed(desk.session, desk.scopes, rule, None, today - timedelta(days=days))


def _line(desk: Desk, line: Owed, item: Item) -> Line:
    area = desk.item(item.area)
    return Line(
        id=item.id,
        on=line.due_on,
        words=line.rule.words,
        name=present.record_name(desk, item),
        area=(area.text("name") if area else None) or "",
        due=due_words(line.due_on, desk.today),
        whose=whose_words(desk, line.rule, item),
        beyond=line.leads(desk.today),
    )


def due_words(due_on: date, today: date) -> str:
    """Give «Frist i dag» or «Frist 3.12.»."""
    return "Frist i dag" if due_on == today else f"Frist {day_words(due_on, today)}"


def _link(view: str, area: str, mine: bool) -> str:
    asked = {"view": view, "area": area if is_id(area) else "", "mine": "1" if mine else ""}
    return url_for("office.deadlines", **{name: text for name, text in asked.items() if text})  # type: ignore[arg-type]
