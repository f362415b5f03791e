"""Hendelser: what happened to one of us, and what the leader does about it; apart from every home.

For leaders alone. The page knows no tenancy and shows none.
"""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.office import present
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.decisions import new_form, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form
from server.office.history import events
from server.office.safety import tabs
from server.office.troubles import WRONG, trouble
from server.office.written import Written, editable, edited, entries, read
from server.problems import Problem, ProblemText
from server.records.record import Envelope
from server.records.staff_incident import TYPES, StaffIncident
from server.roles import Role
from server.shapes import Field, read_instant

SPEC = StaffIncident.spec
SHOWN_MAX = 200


@office.get("/safety/incidents")
@seated
def incidents(desk: Desk) -> ResponseReturnValue:
    """Show what was told, what nobody has followed up first."""
    _admit(desk)

    def narrow(rows: Select[Any]) -> Select[Any]:
        own = rows.join(StaffIncident, StaffIncident.id == Envelope.id)
        told = own.where(StaffIncident.status.is_not(None), StaffIncident.status != "draft")
        followed = StaffIncident.followed_up_on
        return told.order_by(followed.is_not(None), StaffIncident.happened_at.desc(), Envelope.id)

    items = desk.found(SPEC.name, narrow, SHOWN_MAX)
    desk.know(author for item in items for author in item.authors)
    return render_template(
        "office/incidents.html",
        tabs=tabs(desk),
        waiting=[_line(desk, item) for item in items if not item.text("followed_up_on")],
        followed=[_line(desk, item) for item in items if item.text("followed_up_on")],
    )


@office.get("/safety/incidents/<incident>")
@seated
def incident(desk: Desk, incident: str) -> ResponseReturnValue:
    """Show one of them, with what is done about it."""
    return _page(desk, incident)


@office.post("/safety/incidents/<incident>")
def follow_up(incident: str) -> ResponseReturnValue:
    """Write what is done about it."""
    with at_desk() as desk:
        item = _find(desk, incident)
        form, _ = sent_form(desk)
        written = read(_lasting())
        if written.faults:
            return _page(desk, incident, WRONG, written)
        mutations = [edited(form, item, written, written.values)] if written.values else []
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return _page(desk, incident, problem, written)
    return redirect(url_for("office.incident", incident=incident, saved=1))


def _admit(desk: Desk) -> None:
    if Role.LEADER not in desk.actor.roles:
        raise Problem("no_access")


def _find(desk: Desk, incident: str) -> Item:
    _admit(desk)
    item = desk.item(incident)
    if item is None or item.spec is not SPEC or item.state == "draft":
        raise Problem("no_access")
    return item


def _page(
    desk: Desk,
    incident: str,
    problem: ProblemText | None = None,
    written: Written | None = None,
) -> ResponseReturnValue:
    item = _find(desk, incident)
    fields = _lasting()
    body = render_template(
        "office/incident.html",
        tabs=tabs(desk),
        item=item,
        line=_line(desk, item),
        facts=present.part(desk, item, skip={field.name for field in fields}),
        entries=entries(item, fields, written),
        events=events(desk, item),
        waits=item.state == "submitted",
        saved="saved" in request.args,
        form=new_form(),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _line(desk: Desk, item: Item) -> dict[str, str]:
    happened = item.text("happened_at")
    return {
        "id": item.id,
        "what": TYPES.get(item.text("type") or "", "Hendelse"),
        "who": ", ".join(desk.person(author) for author in item.authors),
        "when": moment_words(read_instant(happened), desk.now) if happened else "",
        "talk": "Vil snakke med noen" if item.body.get("wants_talk") is True else "",
        "hurt": "Noen ble skadet" if item.body.get("injured") is True else "",
        "followed": present.value_words(
            desk, SPEC.fields["followed_up_on"], item.body.get("followed_up_on")
        ),
    }


def _lasting() -> list[Field]:
    return [field for field in editable(SPEC) if field.lasting]
