"""Nødnumre: the municipality's own numbers that every phone knows without a network."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.access import may_write
from server.office.blueprint import office
from server.office.decisions import create, new_form, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form
from server.office.safety import tabs
from server.office.troubles import WRONG, trouble
from server.office.written import Entry, Written, as_typed, editable, read
from server.problems import Problem, ProblemText
from server.records.emergency_number import EmergencyNumber
from server.records.record import Envelope, Place
from server.roles import Role

SPEC = EmergencyNumber.spec
KEEPERS = frozenset({Role.LEADER, Role.ADMIN})
NATIONAL = (
    ("110", "Brann"),
    ("112", "Politi"),
    ("113", "Ambulanse"),
    ("116117", "Legevakt"),
    ("116111", "Barnevernvakt, alarmtelefon for barn og unge"),
)
"""What every phone shows without being told."""


@office.get("/safety/numbers")
@seated
def emergency_numbers(desk: Desk) -> ResponseReturnValue:
    """Show the list, with a form for one more."""
    return _page(desk)


@office.post("/safety/numbers")
def add_number() -> ResponseReturnValue:
    """Put one more in the list, for everybody."""
    with at_desk() as desk:
        _admit(desk)
        form, _ = sent_form(desk)
        written = read(editable(SPEC))
        for path in SPEC.missing(written.values):
            written.faults.setdefault(path, "Dette må fylles ut.")
        if written.faults:
            return _page(desk, WRONG, written)
        made, actor, now = create(form, SPEC.name, written.values), desk.actor, desk.now
    if trouble(send(database(), actor, [made], now)):
        raise Problem("no_access")
    return redirect(url_for("office.emergency_numbers"))


@office.post("/safety/numbers/<number>/gone")
def drop_number(number: str) -> ResponseReturnValue:
    """Take one out of the list."""
    with at_desk() as desk:
        _admit(desk)
        item = desk.item(number)
        if item is None or item.spec is not SPEC:
            raise Problem("no_access")
        form, shown = sent_form(desk)
        if item.id not in shown:
            raise Problem("forged")
        gone = {**create(form, SPEC.name, {}), "id": item.id, "op": "delete"}
        gone |= {"mid": form.name("gone", item.id), "seen": {"*": {"seq": shown[item.id]}}}
        actor, now = desk.actor, desk.now
    send(database(), actor, [gone], now)
    return redirect(url_for("office.emergency_numbers"))


def keeps_numbers(desk: Desk) -> bool:
    """Say whether the reader keeps the list."""
    return bool(desk.actor.roles & KEEPERS)


def _admit(desk: Desk) -> None:
    if not keeps_numbers(desk):
        raise Problem("no_access")


def _page(
    desk: Desk, problem: ProblemText | None = None, written: Written | None = None
) -> ResponseReturnValue:
    _admit(desk)

    def narrow(rows: Select[Any]) -> Select[Any]:
        own = rows.join(EmergencyNumber, EmergencyNumber.id == Envelope.id)
        return own.order_by(EmergencyNumber.rank, EmergencyNumber.name, Envelope.id)

    items = desk.found(SPEC.name, narrow)
    body = render_template(
        "office/emergency_numbers.html",
        tabs=tabs(desk) if desk.reviews else [],
        numbers=[(item, _may(desk, item)) for item in items],
        national=NATIONAL,
        entries=_blank(written),
        may=_may(desk, None),
        form=new_form(),
        seal=seal(items),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _may(desk: Desk, item: Item | None) -> bool:
    return may_write(desk.actor, SPEC, Place(item.area if item else None, frozenset()))


def _blank(written: Written | None) -> list[Entry]:
    kept, faults = (written.kept, written.faults) if written else ({}, {})
    return [
        Entry(each, as_typed(kept.get(each.name)), "null", faults.get(each.name, ""))
        for each in editable(SPEC)
    ]
