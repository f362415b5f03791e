"""What is somebody's to do when they leave: work, cases and drafts where the reader leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, select

from server import people
from server.access import all_areas
from server.office.dates import day_words
from server.office.desk import Desk, Item, item_of
from server.office.plans import CLOSED
from server.records import REGISTRY
from server.records.activity import Activity
from server.records.assignment import Assignment
from server.records.case_party import CaseParty
from server.records.conflict_case import ConflictCase
from server.records.dialogue_meeting import DialogueMeeting
from server.records.event import Event
from server.records.hf_participant import HfParticipant
from server.records.measure import Measure
from server.records.places import me_scope
from server.records.planned_visit import PlannedVisit
from server.records.record import Entry, Envelope, KindSpec, ScopeMember, members_of
from server.records.round import Round
from server.records.tenancy import Tenancy
from server.roles import Role
from server.shapes import state_of

MOST = 300
"""More than these of one sort are handed over in several turns."""


@dataclass(frozen=True)
class Theirs:
    """One way for something to be somebody's: the field that names them, and what ends it."""

    spec: KindSpec
    field: str
    is_case: bool = False
    on: str = ""
    """The day it is for; what is past is nobody's work any more."""
    ends: tuple[str, ...] = ()


WAYS = (
    Theirs(PlannedVisit.spec, "visitors", on="planned_on", ends=("done", "cancelled")),
    Theirs(Round.spec, "who", on="planned_on"),
    Theirs(Assignment.spec, "who"),
    Theirs(Activity.spec, "who", on="held_on"),
    Theirs(Event.spec, "who", on="held_on"),
    Theirs(DialogueMeeting.spec, "leads", on="planned_on"),
    Theirs(Measure.spec, "owner", ends=("done_on",)),
    Theirs(Tenancy.spec, "team", True, ends=("ended", "ended_on")),
    Theirs(ConflictCase.spec, "team", True, ends=("closed_on",)),
    Theirs(CaseParty.spec, "team", True),
    Theirs(HfParticipant.spec, "team", True, ends=("left_on",)),
)


@dataclass(frozen=True)
class Line:
    """One thing that is somebody's."""

    key: str
    """The record and the field, as the form sends it."""
    item: Item
    way: Theirs | None
    """None for a draft."""
    words: str
    alone: bool
    """Nobody else who is named there works there any more."""


def lines_of(desk: Desk, user: str) -> list[Line]:
    """Give what is somebody's and lies where the reader leads: work, cases, then drafts."""
    found = [
        Line(f"{item.id}/{way.field}", item, way, *_said(desk, way, item, user))
        for way in WAYS
        for item in _undone(desk, way, user)[:MOST]
    ]
    return found + _drafts(desk, user)


def _undone(desk: Desk, way: Theirs, user: str) -> list[Item]:
    """Give what is somebody's to do in one way, all of it, the nearest day first."""
    found = desk.found(way.spec.name, _named(way, user, desk.today))
    undone = [item for item in found if _led(desk, item.area) and _stands(way, item)]
    return sorted(undone, key=lambda item: (item.text(way.on or "-") or "", desk.title(item)))


def _named(way: Theirs, user: str, today: date) -> Any:
    model: Any = way.spec.model

    def narrow(found: Select[Any]) -> Select[Any]:
        found = found.join(model, model.id == Envelope.id)
        if way.on:
            found = found.where(getattr(model, way.on) >= today)
        if not way.spec.fields[way.field].keyed:
            return found.where(getattr(model, way.field) == user)
        named = select(Entry.record).where(Entry.field == way.field, Entry.key == user)
        return found.where(Envelope.id.in_(named))

    return narrow


def _stands(way: Theirs, item: Item) -> bool:
    """Say whether something that is not past is still somebody's to do."""
    if any(item.body.get(name) for name in way.ends):
        return False
    handling = item.body.get("handling")
    state = handling.get("state") if isinstance(handling, dict) else None
    return state not in (*CLOSED, "held", "closed") and item.state != "approved"


def _alone(desk: Desk, way: Theirs, item: Item, user: str) -> bool:
    if not way.spec.fields[way.field].keyed:
        return True
    others = set(members_of(item.body, way.field)) - {user}
    grants = people.grants_of(desk.session, others) if others else {}
    return not any(where in (None, item.area) for held in grants.values() for _, where in held)


def _drafts(desk: Desk, user: str) -> list[Line]:
    """Give somebody's drafts where the reader leads, by kind and day alone: they are not read."""
    areas = [area for area in all_areas(desk.session) if _led(desk, area)]
    mine = select(ScopeMember.id).where(
        ScopeMember.scope.in_([me_scope(user, area) for area in areas]), ScopeMember.present
    )
    kinds = [name for name, spec in REGISTRY.items() if "status" in spec.fields]
    rows = desk.session.execute(
        select(Envelope.__table__)
        .where(Envelope.id.in_(mine), Envelope.kind.in_(kinds), Envelope.deleted.is_(False))
        .order_by(Envelope.created_at, Envelope.id)
    )
    found = [item for item in map(item_of, rows) if state_of(item.body.get("status")) == "draft"]
    return [
        Line(f"{item.id}/", item, None, f"{item.spec.words[0]}, utkast", True)
        for item in found[:MOST]
    ]


def _said(desk: Desk, way: Theirs, item: Item, user: str) -> tuple[str, bool]:
    title, kind, day = desk.title(item), item.spec.words[0], item.text(way.on or "-")
    words = kind if title == kind else f"{kind}: {title}"
    words += f", {day_words(date.fromisoformat(day), desk.today)}" if day else ""
    return words, _alone(desk, way, item, user)


def _led(desk: Desk, area: str | None) -> bool:
    return area is not None and Role.LEADER in desk.actor.roles_in(area)
