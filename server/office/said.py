"""«Dere sa – vi gjorde»: what residents of a place said, and what came of it, for all to read.

Nothing is printed but what stands in PRINTED: our own summaries and answers, and a resident's own
words only where it is said that they may be shared. It names nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, or_, select

from server.office.blueprint import office
from server.office.dates import day_words
from server.office.desk import Desk, Item
from server.office.gate import seated
from server.office.home_readers import admit_to_homes
from server.office.line import steps_of
from server.problems import Problem
from server.records.building import Building
from server.records.event import Event
from server.records.measure import Measure
from server.records.neighbourhood import Neighbourhood
from server.records.programme_site import ProgrammeSite
from server.records.purposes import TOPICS
from server.records.record import Entry, Envelope, KindSpec, members_of
from server.records.resident_input import ResidentInput

PAIRS_MAX = 300
PRINTED: Mapping[str, tuple[str, ...]] = {
    ResidentInput.spec.name: ("summary", "topic", "meet", "answer", "answered_on", "due_on"),
    Measure.spec.name: ("name", "handling", "done_on", "due_on"),
}
"""What may be printed; `words` besides, where `words_shareable` says so."""
PLACES: tuple[KindSpec, ...] = (Neighbourhood.spec, ProgrammeSite.spec, Building.spec)


@dataclass(frozen=True)
class Done:
    """One measure, as residents are told of it."""

    name: str
    state: str
    when: str
    begun: bool
    """More than a proposal: it can be told as something that we do."""


@dataclass(frozen=True)
class Pair:
    """What was said, and what we did."""

    said: str
    answer: str
    answered: str
    promised: str
    measures: list[Done]

    @property
    def waits(self) -> bool:
        """Say whether nothing has come of it yet that can be told."""
        return not self.answer and not any(measure.begun for measure in self.measures)


@office.get("/said/<place>")
@seated
def said_and_done(desk: Desk, place: str) -> ResponseReturnValue:
    """Show the page of one neighbourhood, site or building, ready to print."""
    admit_to_homes(desk)
    item = desk.item(place)
    if item is None or item.spec not in PLACES:
        raise Problem("no_access")
    pairs = pairs_of(desk, item)
    return render_template(
        "office/said.html",
        place=desk.title(item),
        back=item,
        is_folder=item.spec is not Building.spec,
        told=[pair for pair in pairs if not pair.waits],
        waiting=[pair for pair in pairs if pair.waits],
        today=day_words(desk.today, desk.today),
        year=desk.today.year,
    )


def pairs_of(desk: Desk, place: Item) -> list[Pair]:
    """Give what was said at a place with what came of it, the latest first."""
    said = desk.found(ResidentInput.spec.name, _at(place), PAIRS_MAX)
    measures: dict[str, list[Item]] = {}
    for item in desk.found(Measure.spec.name, _of_inputs([one.id for one in said])):
        for id in members_of(item.body, "inputs"):
            measures.setdefault(id, []).append(item)
    return [_pair(desk, one, measures.get(one.id, [])) for one in said]


def _pair(desk: Desk, item: Item, measures: list[Item]) -> Pair:
    return Pair(
        said=said_words(item),
        answer=_printed(item, "answer"),
        answered=_day(desk, item, "answered_on"),
        promised=_day(desk, item, "due_on"),
        measures=[_done(desk, measure) for measure in measures],
    )


def said_words(item: Item) -> str:
    """Give what may be printed of what was said: ours, else theirs if shared, else the topic."""
    if summary := _printed(item, "summary"):
        return summary
    if item.body.get("words_shareable") is True and item.text("words"):
        return f"«{item.text('words')}»"
    topic, where = TOPICS.get(_printed(item, "topic"), ""), _printed(item, "meet")
    return ", ".join(filter(None, (topic or "Et innspill fra beboerne", where)))


def _done(desk: Desk, item: Item) -> Done:
    steps = steps_of(item)
    done, due = _day(desk, item, "done_on"), _day(desk, item, "due_on")
    when = done or (f"innen {due}" if due else "")
    state, begun = (steps.states[steps.now], bool(steps.passed)) if steps else ("", False)
    return Done(_printed(item, "name"), state, when, begun)


def _printed(item: Item, name: str) -> str:
    """Give the text of a field that may be printed; a field that may not is a fault of ours."""
    assert name in PRINTED[item.spec.name], name
    return item.text(name) or ""


def _day(desk: Desk, item: Item, name: str) -> str:
    on = _printed(item, name)
    return day_words(date.fromisoformat(on), desk.today) if on else ""


def _at(place: Item) -> Callable[[Select[Any]], Select[Any]]:
    """Narrow to what was said in a neighbourhood, or about the buildings and events of a site."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(ResidentInput, ResidentInput.id == Envelope.id)
        rows = rows.where(ResidentInput.type != "praise")
        houses = [place.id, *members_of(place.body, "buildings")]
        if place.spec is Neighbourhood.spec:
            rows = rows.where(ResidentInput.neighbourhood == place.id)
        else:
            there = select(Event.id).where(or_(Event.site == place.id, Event.building.in_(houses)))
            rows = rows.where(
                or_(ResidentInput.building.in_(houses), ResidentInput.event.in_(there))
            )
        return rows.order_by(ResidentInput.received_on.desc(), Envelope.id)

    return narrow


def _of_inputs(ids: list[str]) -> Callable[[Select[Any]], Select[Any]]:
    def narrow(rows: Select[Any]) -> Select[Any]:
        named = select(Entry.record).where(Entry.field == "inputs", Entry.key.in_(ids))
        rows = rows.join(Measure, Measure.id == Envelope.id).where(Envelope.id.in_(named))
        return rows.order_by(Measure.name, Envelope.id)

    return narrow
