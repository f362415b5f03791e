"""Arrangement: what is planned and what was held, with what it cost and how many came; and the
everyday activities that residents and we do together.

Heads are counted and nobody is named; how people liked it is shown from five answers on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_

from server.office import members, present
from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.line import came, lines, steps_of
from server.office.plans import areas_of
from server.office.rights import may_make
from server.records.activity import Activity
from server.records.event import Event
from server.records.record import READER_SETS, Envelope, members_of
from server.shapes import Field

EACH_MAX = 100
CANCELLED = "cancelled"


@dataclass(frozen=True)
class Sums:
    """What an event came to."""

    came: int
    groups: str
    share: str
    """How many of the invited households that is about, as far as both are known."""
    each: str
    """What it cost for each who came."""
    faces: str
    left: int | None
    """What is left of the budget."""


@dataclass(frozen=True)
class Doing:
    """One everyday activity, ready to print."""

    id: str
    words: str
    facts: list[str]
    state: str
    led: bool


@office.get("/events")
@seated
def event_list(desk: Desk) -> ResponseReturnValue:
    """List what is to come, and what was."""
    admit_to_homes(desk)
    today = desk.today
    coming, held = _coming(desk, Event, today), _held(desk, Event, today)
    area = next(iter(areas_of(desk)), None)
    return render_template(
        "office/event_list.html",
        coming=lines(desk, coming),
        held=lines(desk, held),
        came={item.id: came(item) for item in (*coming, *held)},
        names={item.id: _companies(desk, item) for item in (*coming, *held)},
        add=may_make(desk, Event.spec, {"area": area}),
        doings=[
            ("Kommer", _doings(desk, _coming(desk, Activity, today))),
            ("Har vært", _doings(desk, _held(desk, Activity, today))),
        ],
        add_doing=may_make(desk, Activity.spec, {"area": area}),
        sees_doings=bool(desk.actor.roles & READER_SETS["work"]),
    )


def sums_of(item: Item) -> Sums:
    """Add up who came, what it cost, and how it was."""
    spent, budget, invited = (item.body.get(name) for name in ("spent", "budget", "invited"))
    count = came(item)
    return Sums(
        came=count,
        groups=members.sum_words(Event.spec.fields["heads"], item.body),
        share=f"{count} på {invited} inviterte husstander"
        if count and isinstance(invited, int)
        else "",
        each=f"{round(spent / count)} kr" if isinstance(spent, int) and count else "",
        faces=members.sum_words(members.OPINION, item.body),
        left=budget - spent if isinstance(budget, int) and isinstance(spent, int) else None,
    )


def _panel(desk: Desk, item: Item, shelves: list[Shelf]) -> Mapping[str, Any]:
    return {
        "sums": sums_of(item),
        "spent": item.body.get("spent"),
        "budget": item.body.get("budget"),
        "companies": [
            (one.id, desk.title(one)) for one in desk.items(members_of(item.body, "companies"))
        ],
        "minutes": item.text("shared_minutes"),
        "votes": {},
    }


PANELS[Event.spec.name] = Panel("office/panel_event.html", _panel)


def _doings(desk: Desk, items: list[Item]) -> list[Doing]:
    """Say of each activity when and where it is, who came, and who of us was with them."""
    fields = Activity.spec.fields
    desk.items(str(item.body.get("building")) for item in items)
    desk.know(user for item in items for user in members_of(item.body, "who"))
    return [_doing(desk, item, fields) for item in items]


def _doing(desk: Desk, item: Item, fields: Mapping[str, Field]) -> Doing:
    def said(name: str) -> str:
        value = item.body.get(name)
        return "" if value is None else present.value_words(desk, fields[name], value)

    heads, minutes = item.body.get("heads"), item.body.get("minutes")
    facts = [
        said("held_on"),
        said("held_at"),
        said("building") or said("where"),
        said("repeats"),
        f"{heads} kom" if heads else "",
        f"{minutes} minutter" if minutes else "",
        ", ".join(sorted(desk.person(user) for user in members_of(item.body, "who"))),
    ]
    steps = steps_of(item)
    return Doing(
        id=item.id,
        words=" · ".join(filter(None, (said("name"), said("type")))),
        facts=[fact for fact in facts if fact],
        state=steps.states[steps.now] if steps else "",
        led=item.body.get("led_by_residents") is True,
    )


def _coming(desk: Desk, kind: Any, today: date) -> list[Item]:
    return desk.found(kind.spec.name, _on(kind, lambda one: one.held_on >= today), EACH_MAX)


def _held(desk: Desk, kind: Any, today: date) -> list[Item]:
    past = _on(kind, lambda one: one.held_on < today, latest=True)
    return desk.found(kind.spec.name, past, EACH_MAX)


def _companies(desk: Desk, item: Item) -> str:
    return ", ".join(desk.title(one) for one in desk.items(members_of(item.body, "companies")))


def _on(
    kind: Any, when: Callable[[Any], Any], *, latest: bool = False
) -> Callable[[Select[Any]], Select[Any]]:
    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(kind, kind.id == Envelope.id).where(when(kind))
        rows = rows.where(or_(kind.handling.is_(None), kind.handling != CANCELLED))
        return rows.order_by(kind.held_on.desc() if latest else kind.held_on, Envelope.id)

    return narrow
