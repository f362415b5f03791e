"""Arrangement: what is planned and what was held, with what it cost and how many came.

Heads are counted and nobody is named; how people liked it is shown from five answers on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_

from server.office import members
from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.line import came, lines
from server.office.plans import areas_of
from server.office.rights import may_make
from server.records.event import Event
from server.records.record import Envelope, members_of

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


@office.get("/events")
@seated
def event_list(desk: Desk) -> ResponseReturnValue:
    """List what is to come, and what was."""
    admit_to_homes(desk)
    today = desk.today
    coming = desk.found(Event.spec.name, _on(lambda e: e.held_on >= today, up=True), EACH_MAX)
    held = desk.found(Event.spec.name, _on(lambda e: e.held_on < today, up=False), EACH_MAX)
    area = next(iter(areas_of(desk)), None)
    return render_template(
        "office/event_list.html",
        coming=lines(desk, coming),
        held=lines(desk, held),
        came={item.id: came(item) for item in (*coming, *held)},
        names={item.id: _companies(desk, item) for item in (*coming, *held)},
        add=may_make(desk, Event.spec, {"area": area}),
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


def _companies(desk: Desk, item: Item) -> str:
    return ", ".join(desk.title(one) for one in desk.items(members_of(item.body, "companies")))


def _on(when: Callable[[Any], Any], *, up: bool) -> Callable[[Select[Any]], Select[Any]]:
    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Event, Event.id == Envelope.id).where(when(Event))
        rows = rows.where(or_(Event.handling.is_(None), Event.handling != CANCELLED))
        return rows.order_by(Event.held_on if up else Event.held_on.desc(), Envelope.id)

    return narrow
