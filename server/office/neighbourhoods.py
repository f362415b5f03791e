"""Områder og innspill: where residents find out together what is wrong, and what came of it.

What residents said stands here in their own words, for those who work there; what is printed for
others is `said`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.decisions import new_form, patches, send
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf, draw
from server.office.folders import head_of
from server.office.gate import at_desk, database, seated, sent_form
from server.office.home_readers import admit_to_homes
from server.office.line import ACTS, Act, lines, votes
from server.office.plans import areas_of
from server.office.rights import changeable, may_make
from server.office.troubles import trouble
from server.problems import Problem
from server.records.measure import Measure
from server.records.neighbourhood import Neighbourhood
from server.records.record import Envelope, members_of
from server.records.resident_input import ResidentInput
from server.shapes import Json

LOOSE_MAX, COUNTED_MAX, PLACES_MAX, OFFERED_MAX = 100, 2_000, 200, 4
CHALLENGE = "challenge"
ENDED = ("done", "rejected")


@office.get("/neighbourhoods")
@seated
def neighbourhoods(desk: Desk) -> ResponseReturnValue:
    """List the neighbourhoods with what waits in each, and what residents said that is in none."""
    admit_to_homes(desk)
    places = all_of(desk)
    waiting = desk.found(ResidentInput.spec.name, _unanswered, COUNTED_MAX)
    open_ones = desk.found(Measure.spec.name, _open_measures, COUNTED_MAX)
    today = desk.today.isoformat()
    loose = [item for item in waiting if item.text("neighbourhood") is None]
    return render_template(
        "office/neighbourhoods.html",
        places=[(place, areas_of(desk).get(place.area or "", "")) for place in places],
        waits=Counter(item.text("neighbourhood") for item in waiting),
        late=Counter(
            item.text("neighbourhood") for item in waiting if (item.text("due_on") or today) < today
        ),
        measures=Counter(item.text("neighbourhood") for item in open_ones),
        loose=lines(desk, loose[:LOOSE_MAX]),
        votes={item.id: votes(item) for item in loose},
        add=may_make(desk, Neighbourhood.spec, _somewhere(desk)),
        form=new_form(),
    )


@office.post("/inputs/<said>/challenge")
def make_challenge(said: str) -> ResponseReturnValue:
    """Let what a resident said be a challenge of a neighbourhood: one button, and no form."""
    where = request.args.get("in", "")
    with at_desk() as desk:
        item = desk.item(said)
        if item is None or item.spec is not ResidentInput.spec or not changeable(desk, [item]):
            raise Problem("no_access")
        place = desk.item(where or item.text("neighbourhood"))
        if place is None or place.spec is not Neighbourhood.spec:
            raise Problem("no_access")
        form, _ = sent_form(desk)
        wanted: dict[str, Json] = {"type": CHALLENGE, "neighbourhood": place.id}
        values = {path: value for path, value in wanted.items() if item.body.get(path) != value}
        mutations = [patches(form, item, values)] if values else []
        actor, now, head = desk.actor, desk.now, head_of(desk, item)
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return draw(desk, head.id if head else place.id, problem)
    return redirect(url_for("office.folder", head=place.id, _anchor=f"p-{said}"))


def all_of(desk: Desk) -> list[Item]:
    """Give the neighbourhoods that the reader may see, by name; asked once for a page."""

    def by_name(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(Neighbourhood, Neighbourhood.id == Envelope.id)
        return rows.order_by(Neighbourhood.name, Envelope.id)

    found: list[Item] = desk.once(
        "neighbourhoods", lambda: desk.found(Neighbourhood.spec.name, by_name, PLACES_MAX)
    )
    return found


def near(desk: Desk, item: Item) -> list[Item]:
    """Give the neighbourhoods that something can belong to, the likeliest first."""
    there = [place for place in all_of(desk) if place.area == item.area]
    house = item.text("building")
    return sorted(there, key=lambda place: house not in members_of(place.body, "buildings"))


def _acts(desk: Desk, item: Item) -> list[Act]:
    """Give what can be done with what a resident said."""
    at = item.text("neighbourhood")
    offered: list[Act] = []
    asked: dict[str, Any]
    if at is None:
        for place in near(desk, item)[:OFFERED_MAX]:
            asked = {"in": place.id}
            address = url_for("office.make_challenge", said=item.id, **asked)
            words = f"Gjør til utfordring i {desk.title(place)}"
            offered.append(Act(words, address, posts=True))
        return offered
    if item.text("type") != CHALLENGE:
        address = url_for("office.make_challenge", said=item.id)
        offered.append(Act("Gjør til utfordring", address, posts=True))
    asked = {"neighbourhood": at, f"inputs/{item.id}": 1}
    if desk.item(at):
        offered.append(Act("Lag tiltak", url_for("office.make", kind=Measure.spec.name, **asked)))
    return offered


def _panel(desk: Desk, item: Item, shelves: list[Shelf]) -> Mapping[str, Any]:
    said = [
        line for shelf in shelves for line in shelf.lines if line.item.spec is ResidentInput.spec
    ]
    return {
        "votes": {line.id: votes(line.item) for line in said},
        "unsummed": sum(1 for line in said if not line.item.text("summary")),
        "unanswered": sum(1 for line in said if not line.item.text("answered_on")),
    }


ACTS[ResidentInput.spec.name] = _acts
PANELS[Neighbourhood.spec.name] = Panel("office/panel_neighbourhood.html", _panel)


def _somewhere(desk: Desk) -> dict[str, Json]:
    able = Neighbourhood.spec.writers
    return {"area": next((a for a in areas_of(desk) if desk.actor.roles_in(a) & able), None)}


def _unanswered(rows: Select[Any]) -> Select[Any]:
    rows = rows.join(ResidentInput, ResidentInput.id == Envelope.id)
    rows = rows.where(ResidentInput.answered_on.is_(None), ResidentInput.type != "praise")
    return rows.order_by(ResidentInput.received_on, Envelope.id)


def _open_measures(rows: Select[Any]) -> Select[Any]:
    rows = rows.join(Measure, Measure.id == Envelope.id)
    rows = rows.where(Measure.handling.is_(None) | Measure.handling.not_in(ENDED))
    return rows.order_by(Envelope.id)
