"""What has happened in a home or a building, by date: every kind that refers to it, as the reader
may see it. What hangs on a visit is found on the visit's own page.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from server.office import present
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.shown import what_words
from server.office.waiting import PARTS
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.records.addendum import Addendum
from server.records.building import Building
from server.records.deviation import Deviation
from server.records.dwelling import Dwelling
from server.records.record import Entry, Envelope, KindSpec
from server.records.round import Round
from server.shapes import SPECIAL, STATES

EACH_MAX = 100
WORDS_MAX = 140
DAYS = ("visited_on", "planned_on", "found_on", "talked_on", "started_on", "due_on")
"""The field that says when something happened, where a kind has one; else when it was made."""
STOCK = (Building.spec, Dwelling.spec)
"""What a place is made of, is no event there."""


@dataclass(frozen=True)
class Event:
    """One line of a timeline."""

    id: str
    on: date
    when: str
    title: str
    words: str
    who: str
    state: str
    is_fault: bool


def timeline(desk: Desk, place: Item) -> list[Event]:
    """Give what has happened at a place, the latest first."""
    found = [
        item
        for spec in REGISTRY.values()
        for name, declared in spec.fields.items()
        if declared.to == place.spec.name and spec not in STOCK
        for item in desk.found(spec.name, _at(spec, name, place.id), EACH_MAX)
    ]
    found += desk.found(Addendum.spec.name, _at(Addendum.spec, "record", place.id), EACH_MAX)
    if place.spec is Building.spec:
        found += desk.found(Round.spec.name, _walks(place.id), EACH_MAX)
    seen = {item.id for item in found}
    alone = [item for item in found if not _hangs_on(item, seen)]
    desk.know(author for item in alone for author in item.authors)
    return sorted((_event(desk, item) for item in alone), key=lambda e: (e.on, e.id), reverse=True)


def _event(desk: Desk, item: Item) -> Event:
    on = next((item.text(name) for name in DAYS if item.text(name)), None)
    day = date.fromisoformat(on) if on else day_of(item.created_at)
    draft = "status" in item.spec.fields and item.state == "draft"
    handling = item.body.get("handling")
    state = present.path_words(desk, item.spec, "handling", handling) if handling else ""
    return Event(
        id=item.id,
        on=day,
        when=day_words(day, desk.today),
        title=_title(desk, item),
        words=_words(item),
        who=", ".join(desk.person(author) for author in item.authors),
        state=STATES["draft"] if draft else state,
        is_fault=item.spec is Deviation.spec,
    )


def _title(desk: Desk, item: Item) -> str:
    """Say what it is: the checklist that was run, else the kind and the choice that sorts it."""
    part = present.part_title(item)
    return part if part != item.spec.words[0] else what_words(desk, item)


def _words(item: Item) -> str:
    """Give the words that say what it is about; what was said in confidence stays on its page."""
    for name, declared in item.spec.fields.items():
        if declared.free_text and declared.required and declared.sensitive is not SPECIAL:
            words = item.text(name) or ""
            return words if len(words) <= WORDS_MAX else f"{words[: WORDS_MAX - 1]}…"
    return ""


def _hangs_on(item: Item, seen: Collection[str]) -> bool:
    """Say whether a record is a part of a visit, or of a round, that is in the list itself."""
    hangs = [name for spec, name in PARTS if spec is item.spec]
    return any(item.text(name) in seen for name in (*hangs, "round"))


def _at(spec: KindSpec, name: str, place: str) -> Any:
    model: Any = spec.model

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(model, model.id == Envelope.id).where(getattr(model, name) == place)
        return rows.order_by(Envelope.created_at.desc(), Envelope.id)

    return narrow


def _walks(building: str) -> Any:
    walked = select(Entry.record).where(
        Entry.field == "buildings", Entry.key == building, Entry.value == "true"
    )

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.where(Envelope.id.in_(walked))
        return rows.order_by(Envelope.created_at.desc(), Envelope.id)

    return narrow
