"""What has happened in a home or a building, by date: every kind that refers to it, as the reader
may see it. What hangs on a visit is found on the visit's own page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import null, or_, select
from sqlalchemy.sql.functions import coalesce

from server.access import visible_clause
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

PAGE = 100
WORDS_MAX = 140
DAYS = (
    *("visited_on", "planned_on", "found_on", "talked_on", "started_on", "received_on", "held_on"),
    *("opened_on", "agreed_on", "met_on", "happened_on", "offered_on", "sent_on", "seen_on"),
    *("noticed_on", "joined_on", "learnt_on", "from_on", "signed_on", "assessed_on", "due_on"),
)
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


@dataclass(frozen=True)
class Timeline:
    """One page of what has happened, the latest first, and whether there is more on either side."""

    events: list[Event]
    page: int
    older: bool


@dataclass(frozen=True)
class _Key:
    """What orders an event, without its content: a place may have thousands."""

    id: str
    on: date
    hangs_on: frozenset[str]


def timeline(desk: Desk, place: Item, page: int = 1) -> Timeline:
    """Give a page of what has happened at a place."""
    found: dict[str, _Key] = {}
    for spec in REGISTRY.values():
        fields = [name for name, declared in spec.fields.items() if declared.to == place.spec.name]
        if fields and spec not in STOCK:
            model: Any = spec.model
            at_place = or_(*(getattr(model, name) == place.id for name in fields))
            found |= _keys(desk, spec, at_place)
    found |= _keys(desk, Addendum.spec, Addendum.record == place.id)
    if place.spec is Building.spec:
        found |= _keys(desk, Round.spec, Round.id.in_(_walks(place.id)))
    alone = [key for key in found.values() if not key.hangs_on & found.keys()]
    alone.sort(key=lambda key: (key.on, key.id), reverse=True)
    first = (page - 1) * PAGE
    items = desk.items(key.id for key in alone[first : first + PAGE])
    days = {key.id: key.on for key in alone}
    desk.know(author for item in items for author in item.authors)
    events = [_event(desk, item, days[item.id]) for item in items]
    return Timeline(events, page, len(alone) > first + PAGE)


def _keys(desk: Desk, spec: KindSpec, where: Any) -> dict[str, _Key]:
    """Give the reader's records of a kind at a place, each with its day and what it hangs on."""
    model: Any = spec.model
    fields = spec.fields
    days = [getattr(model, n) for n in DAYS if n in fields and fields[n].shape.control == "day"]
    hangs = [name for part, name in PARTS if part is spec]
    hangs += ["round"] if "round" in fields else []
    rows = desk.session.execute(
        select(
            Envelope.id,
            coalesce(*days, null(), null()),
            Envelope.created_at,
            *(getattr(model, name) for name in hangs),
        )
        .join(model, model.id == Envelope.id)
        .where(
            visible_clause(desk.scopes),
            Envelope.kind == spec.name,
            Envelope.deleted.is_(False),
            where,
        )
    )
    return {
        id: _Key(id, day or day_of(made_at), frozenset(filter(None, on)))
        for id, day, made_at, *on in rows
    }


def _event(desk: Desk, item: Item, day: date) -> Event:
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


def day_in(item: Item) -> date | None:
    """Give the day on which something happened, where its kind says so."""
    on = next((item.text(name) for name in DAYS if item.text(name)), None)
    return date.fromisoformat(on) if on else None


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


def _walks(building: str) -> Any:
    return select(Entry.record).where(
        Entry.field == "buildings", Entry.key == building, Entry.value == "true"
    )
