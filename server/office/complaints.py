"""A complaint becomes a case, or joins one that its reader is in; nobody else learns of either."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office.blueprint import office
from server.office.decisions import create, patches, send
from server.office.desk import Desk, Item
from server.office.folder import PANELS, Panel, Shelf, draw
from server.office.folders import open_folder
from server.office.gate import at_desk, database, sent_form, typed
from server.office.plans import workers
from server.office.rights import changeable
from server.office.troubles import trouble
from server.problems import Problem, ProblemText
from server.records.complaint import Complaint
from server.records.conflict_case import ConflictCase
from server.records.record import TEAM_STAFF, Envelope
from server.shapes import Json

TITLE_MAX = 120
TEAM_MAX = 50
CASES_MAX = 200
MOVED = ProblemText(
    409,
    "Klagen er endret siden siden ble vist.",
    "Ingenting er endret av det du gjorde.",
    "Se over, og gjør det på nytt.",
)
NO_TITLE = ProblemText(
    422,
    "Saken mangler noen ord.",
    "Ingen sak er laget.",
    "Skriv kort hva saken gjelder, uten navn.",
)


def able(desk: Desk, item: Item) -> dict[str, str]:
    """Give those who may be in the team of a case where a complaint lies."""
    there = (w for w in workers(desk) if w.actor.roles_in(item.area) & TEAM_STAFF)
    return {worker.id: worker.name for worker in there}


def open_cases(desk: Desk) -> list[Item]:
    """Give the open cases that the reader is in."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        rows = rows.join(ConflictCase, ConflictCase.id == Envelope.id)
        return rows.where(ConflictCase.closed_on.is_(None)).order_by(ConflictCase.title)

    return desk.found(ConflictCase.spec.name, narrow, CASES_MAX)


def _panel(desk: Desk, item: Item, shelves: list[Shelf]) -> Mapping[str, Any]:
    loose = item.text("case") is None and bool(changeable(desk, [item]))
    standing = desk.item(item.text("case"))
    return {
        "loose": loose,
        "able": able(desk, item) if loose else {},
        "me_id": desk.actor.user,
        "open_cases": [(one.id, desk.title(one)) for one in open_cases(desk)] if loose else [],
        "case": {"id": standing.id, "title": desk.title(standing)} if standing else None,
    }


PANELS[Complaint.spec.name] = Panel("office/panel_complaint.html", _panel)


@office.post("/complaints/<complaint>/case")
def put_in_case(complaint: str) -> ResponseReturnValue:
    """Put a complaint into a case that is there, or into a new one with a team."""
    chosen = request.form.get("case", "")
    with at_desk() as desk:
        item = _find(desk, complaint)
        form, shown = sent_form(desk)
        if shown.get(item.id) != item.seq:
            return draw(desk, item.id, MOVED)
        mutations: list[dict[str, Json]] = []
        if chosen:
            if chosen not in {case.id for case in open_cases(desk)}:
                raise Problem("no_access")
        else:
            values = _new_case(desk, item)
            if isinstance(values, ProblemText):
                return draw(desk, item.id, values)
            made = create(form, ConflictCase.spec.name, values)
            mutations, chosen = [made], str(made["id"])
        mutations.append(patches(form, item, {"case": chosen}))
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now)
    with at_desk() as desk:
        if problem := trouble(results):
            return draw(desk, complaint, problem)
        opens = desk.item(chosen)
    back = url_for("office.folder", head=chosen) if opens else url_for("office.cases")
    return redirect(back)


def _find(desk: Desk, complaint: str) -> Item:
    _, item = open_folder(desk, complaint)
    if item.spec is not Complaint.spec or item.text("case") or not changeable(desk, [item]):
        raise Problem("no_access")
    return item


def _new_case(desk: Desk, item: Item) -> dict[str, Json] | ProblemText:
    """Give the values of a case made of a complaint: where, about what, and with which team."""
    title = typed(request.form.get("title", ""), TITLE_MAX)
    if not title:
        return NO_TITLE
    team = set(request.form.getlist("team")[:TEAM_MAX]) & able(desk, item).keys()
    values: dict[str, Json] = {
        "title": title,
        "opened_on": desk.today.isoformat(),
        **{f"team/{user}": True for user in sorted(team)},
    }
    for name in ("building", "category"):
        if item.text(name):
            values[name] = item.text(name)
    return {**values, "area": item.area} if item.area else values
