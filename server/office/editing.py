"""The fields of a record in an ordinary form drawn by the contract, for what has no life cycle.

What is typed is judged against what the form had shown: two who changed the same are asked.
"""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from server.access import may_write
from server.office import present
from server.office.blueprint import office
from server.office.decisions import new_form, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form
from server.office.handling import WRONG, trouble
from server.office.written import Written, editable, edited, entries, read
from server.problems import Problem, ProblemText
from server.records.building import Building
from server.records.dwelling import Dwelling
from server.records.record import Place
from server.records.tenancy import Tenancy


def may_edit(desk: Desk, item: Item) -> bool:
    """Say whether a reader may correct a record in a form; intake has the last word."""
    if item.deleted or "status" in item.spec.fields or not editable(item.spec):
        return False
    if item.spec.server_only or item.spec.server_made:
        return False
    return may_write(desk.actor, item.spec, Place(item.area, frozenset()))


def page_of(desk: Desk, item: Item) -> str:
    """Give the page that a record is best read on: its own, or that of the home it is told on."""
    if item.spec is Building.spec:
        return url_for("office.building", building=item.id)
    tenancy = item if item.spec is Tenancy.spec else desk.item(item.text("tenancy"))
    home = tenancy.text("dwelling") if tenancy else None
    if home or item.spec is Dwelling.spec:
        return url_for("office.dwelling", dwelling=home or item.id)
    return url_for("office.record", record=item.id)


@office.get("/records/<record>/edit")
@seated
def edit(desk: Desk, record: str) -> ResponseReturnValue:
    """Show the form."""
    return _page(desk, record)


@office.post("/records/<record>/edit")
def save(record: str) -> ResponseReturnValue:
    """Write what differs from what the form had shown."""
    with at_desk() as desk:
        item = _find(desk, record)
        form, _ = sent_form(desk)
        written = read(editable(item.spec))
        if written.faults:
            return _page(desk, record, WRONG, written)
        mutations = [edited(form, item, written, written.values)] if written.values else []
        actor, now, back = desk.actor, desk.now, page_of(desk, item)
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return _page(desk, record, problem)
    return redirect(back)


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or not may_edit(desk, item):
        raise Problem("no_access")
    return item


def _page(
    desk: Desk, record: str, problem: ProblemText | None = None, written: Written | None = None
) -> ResponseReturnValue:
    item = _find(desk, record)
    body = render_template(
        "office/edit.html",
        name=present.record_name(desk, item),
        entries=entries(item, editable(item.spec), written),
        record=item.id,
        back=page_of(desk, item),
        form=new_form(),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200
