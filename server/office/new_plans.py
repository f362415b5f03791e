"""The ways to a new plan: an agreed visit, an assignment, a round; for who may make it there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for

from server.access import may_write
from server.office.desk import Desk, Item
from server.office.households import running_in
from server.office.plans import areas_of
from server.office.rights import may_make
from server.records.assignment import Assignment
from server.records.planned_visit import PlannedVisit
from server.records.record import KindSpec, Place
from server.records.round import Round
from server.shapes import Json

Ways = list[tuple[str, str]]
"""The words of each link, and where it leads."""
VISIT, JOB, ROUND = PlannedVisit.spec, Assignment.spec, Round.spec
WORDS = {VISIT.name: "Nytt avtalt besøk", JOB.name: "Nytt oppdrag", ROUND.name: "Ny runde"}


def from_home(desk: Desk, dwelling: Item) -> Ways:
    """Give what can be planned in a dwelling; a visit goes to those who live there now."""
    here: dict[str, Any] = {"dwelling": dwelling.id}
    lived = running_in(desk, dwelling.id)
    visit = {**here, "tenancy": lived.id} if lived else here
    return [
        (WORDS[spec.name], url_for("office.make", kind=spec.name, **given))
        for spec, given in ((VISIT, visit), (JOB, here))
        if may_make(desk, spec, given)
    ]


def from_planner(desk: Desk, area: str | None) -> Ways:
    """Give what can be planned from the planner, where its home is written in the form."""
    names = areas_of(desk)
    ways = [
        (WORDS[spec.name], url_for("office.make", kind=spec.name))
        for spec in (VISIT, JOB)
        if any(_may(desk, spec, each) for each in names)
    ]
    return ways + _rounds(desk, {area: names[area]} if area in names else names)


def lived_in(desk: Desk, spec: KindSpec, values: Mapping[str, Json]) -> dict[str, Json]:
    """Give the tenancy of a visit whose home alone was written: its visitors are to call there."""
    home = values.get("dwelling")
    if spec is not VISIT or values.get("tenancy") or not isinstance(home, str):
        return {}
    running = running_in(desk, home)
    return {"tenancy": running.id} if running else {}


def _rounds(desk: Desk, names: dict[str, str]) -> Ways:
    """Give one way for each area: a round lies in one, and its buildings and people with it."""
    open_to = {id: name for id, name in names.items() if _may(desk, ROUND, id)}
    words = WORDS[ROUND.name]
    return [
        (
            words if len(open_to) == 1 else f"{words} i {name}",
            url_for("office.make", kind=ROUND.name, area=id),
        )
        for id, name in open_to.items()
    ]


def _may(desk: Desk, spec: KindSpec, area: str) -> bool:
    return may_write(desk.actor, spec, Place(area, frozenset()))
