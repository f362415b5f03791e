"""The fields of a record in an ordinary form drawn by the contract, for who may write them.

What is typed is judged against what the form had shown: two who changed the same are asked.
"""

from __future__ import annotations

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from server.office import present
from server.office.blueprint import office
from server.office.decisions import Form, new_form, read_form, seal, send
from server.office.desk import Desk, Item
from server.office.drawn import Drawing, Slot, groups
from server.office.gate import at_desk, database, seated, sent_form
from server.office.pages import page_of
from server.office.rights import changeable, open_fields
from server.office.troubles import WRONG, trouble
from server.office.written import Written, edited, read
from server.problems import Problem, ProblemText
from server.shapes import Field


@office.get("/records/<record>/edit")
@seated
def edit(desk: Desk, record: str) -> ResponseReturnValue:
    """Show the form."""
    return _page(desk, record, read_form(new_form(), desk.actor.user, desk.now))


@office.post("/records/<record>/edit")
def save(record: str) -> ResponseReturnValue:
    """Write what differs from what the form had shown."""
    with at_desk() as desk:
        item, fields = _find(desk, record)
        form, _ = sent_form(desk)
        drawing, slots = _slots(desk, item, fields, form)
        written = read([slot.field for slot in slots], drawing.find)
        if written.faults:
            return _page(desk, record, form, WRONG, written)
        mutations = [edited(form, item, written, written.values)] if written.values else []
        actor, now, back = desk.actor, desk.now, page_of(desk, item)
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return _page(desk, record, form, problem)
    return redirect(back)


def _find(desk: Desk, record: str) -> tuple[Item, list[Field]]:
    item = desk.item(record)
    fields = open_fields(desk, item) if item else []
    if item is None or not fields or not changeable(desk, [item]):
        raise Problem("no_access")
    return item, fields


def _slots(desk: Desk, item: Item, fields: list[Field], form: Form) -> tuple[Drawing, list[Slot]]:
    drawing = Drawing(desk, form, item.spec, item.body, item.area)
    return drawing, drawing.slots(fields)


def _page(
    desk: Desk,
    record: str,
    form: Form,
    problem: ProblemText | None = None,
    written: Written | None = None,
) -> ResponseReturnValue:
    item, fields = _find(desk, record)
    _, slots = _slots(desk, item, fields, form)
    body = render_template(
        "office/edit.html",
        name=present.record_name(desk, item),
        groups=groups(slots, item.spec, item.body, written),
        record=item.id,
        back=page_of(desk, item),
        form=str(form.id),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200
