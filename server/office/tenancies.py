"""What is done with a tenancy from its dwelling's page: it ends, goes on, and is given a team.

Each is a mutation; a page that was overtaken changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from server.office.blueprint import office
from server.office.decisions import patches, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, sent_form
from server.office.homes import dossier
from server.office.households import can_follow_up
from server.office.plans import workers
from server.problems import Problem, ProblemText
from server.records.record import members_of
from server.records.tenancy import Tenancy
from server.shapes import Json

TEAM_MAX = 200
MOVED = ProblemText(
    409,
    "Leieforholdet er endret siden siden ble vist.",
    "Ingenting er endret av det du gjorde.",
    "Se over, og gjør det på nytt.",
)
NO_DAY = ProblemText(
    422,
    "Datoen kan ikke brukes.",
    "Leieforholdet er ikke avsluttet.",
    "Velg en dag som ikke er før leieforholdet begynte.",
)
Change = Callable[[Desk, Item], Mapping[str, Json] | ProblemText]


@office.post("/tenancies/<tenancy>/end")
def end_tenancy(tenancy: str) -> ResponseReturnValue:
    """Say that a tenancy has ended: what is personal leaves every phone."""

    def ends(desk: Desk, item: Item) -> Mapping[str, Json] | ProblemText:
        on = _day(request.form.get("ended_on", ""))
        started = item.text("started_on") or ""
        if on is None or on.isoformat() < started:
            return NO_DAY
        return {"ended_on": on.isoformat(), "ended": True}

    return _change(tenancy, ends)


@office.post("/tenancies/<tenancy>/resume")
def resume_tenancy(tenancy: str) -> ResponseReturnValue:
    """Take back that a tenancy has ended."""
    return _change(tenancy, lambda desk, item: {"ended_on": None, "ended": None})


@office.post("/tenancies/<tenancy>/team")
def set_team(tenancy: str) -> ResponseReturnValue:
    """Say who follows a tenancy up."""

    def team(desk: Desk, item: Item) -> Mapping[str, Json]:
        able = {w.id for w in workers(desk) if can_follow_up(w, item.area)}
        chosen = set(request.form.getlist("team")[:TEAM_MAX]) & able
        standing = set(members_of(item.body, "team"))
        joins: dict[str, Json] = {f"team/{user}": True for user in sorted(chosen - standing)}
        leaves = {f"team/{user}": None for user in sorted((standing & able) - chosen)}
        return {**joins, **leaves}

    return _change(tenancy, team)


def _change(tenancy: str, values_of: Change) -> ResponseReturnValue:
    """Write what a form says of a tenancy, unless it moved on since the form was drawn."""
    with at_desk() as desk:
        item = _find(desk, tenancy)
        form, shown = sent_form(desk)
        dwelling = item.text("dwelling") or ""
        values = values_of(desk, item)
        if isinstance(values, ProblemText):
            return dossier(desk, dwelling, values)
        stands = {path: item.body.get(path) for path in values} == dict(values)
        if not stands and shown.get(item.id) != item.seq:
            return dossier(desk, dwelling, MOVED)
        mutations = [] if stands else [patches(form, item, values)]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    if any(result.state != "applied" for result in results):
        with at_desk() as desk:
            return dossier(desk, dwelling, MOVED)
    return redirect(url_for("office.dwelling", dwelling=dwelling, _anchor=f"t-{tenancy}"))


def _find(desk: Desk, tenancy: str) -> Item:
    item = desk.item(tenancy)
    if item is None or item.spec is not Tenancy.spec:
        raise Problem("no_access")
    if not desk.reviews_in(item.area):
        raise Problem("no_access")
    return item


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
