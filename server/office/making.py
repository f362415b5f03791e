"""A new record made in the office: an ordinary form drawn by the kind's declaration.

What it hangs on is given by the page that one comes from, and must be the reader's to see.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import ledger
from server.office.blueprint import office
from server.office.decisions import (
    Form,
    create,
    new_form,
    next_status,
    patches,
    read_form,
    send,
)
from server.office.desk import Desk, Item
from server.office.drawn import Drawing, Slot, groups
from server.office.gate import at_desk, database, seated, sent_form
from server.office.new_plans import lived_in
from server.office.pages import page_of
from server.office.plans import BY_KIND
from server.office.rights import may_make
from server.office.troubles import WRONG, trouble
from server.office.where_made import AREA, ELSEWHERE, elsewhere, may_begin, placeless
from server.office.written import Written, read
from server.planning.calendar import day_of
from server.problems import Problem, ProblemText
from server.records import REGISTRY
from server.records.assignment import Assignment
from server.records.evaluation import Evaluation
from server.records.planned_visit import PlannedVisit
from server.records.record import KindSpec
from server.records.round import Round
from server.shapes import Field, Json, write_instant
from sync.mutation import one_per_id

MISSING = "Dette må fylles ut."
GIVEN = "given|"
ONWARD = {Evaluation.spec.name: ("plan", "evaluate_on", "next_on")}
"""By kind: what it hangs on, the field there that it moves, and its own that says to what."""
AFTERWARDS = {
    PlannedVisit.spec.name: frozenset({"done", "cancelled"}),
    Assignment.spec.name: frozenset(
        name for name, field in Assignment.spec.fields.items() if field.section == "Gjort"
    ),
    Round.spec.name: frozenset({"minutes"}),
}
"""By kind: what is said when the work is over, and not when it is planned."""
EXISTS = ProblemText(
    409,
    "Det er skrevet en slik før.",
    "Ingenting er endret, og det du skrev, står under.",
    "Åpne den som er der, og rett den.",
)


@dataclass(frozen=True)
class Draft:
    """What is about to be made: its kind, what it hangs on, and what follows from that."""

    spec: KindSpec
    given: dict[str, Item]
    """The records it was asked to hang on, by field; the first of a keyed field too."""
    start: dict[str, Json]
    """The values that follow from them, and are not asked for."""

    @property
    def area(self) -> str | None:
        """Give the area it will lie in, as far as it is known."""
        own = self.start.get(AREA)
        if isinstance(own, str):
            return own
        return next((item.area for item in self.given.values() if item.area), None)


@office.get("/new/<kind>")
@seated
def make(desk: Desk, kind: str) -> ResponseReturnValue:
    """Show the form for a new record."""
    draft = _draft(desk, kind, {name: one for name, one in request.args.items() if "|" not in name})
    if there := _standing(desk, draft.spec, draft.start):
        return redirect(url_for("office.edit", record=there.id))
    return _page(desk, draft, read_form(new_form(), desk.actor.user, desk.now))


@office.post("/new/<kind>")
def make_it(kind: str) -> ResponseReturnValue:
    """Make the record of what was typed."""
    with at_desk() as desk:
        form, _ = sent_form(desk)
        given = {
            name.removeprefix(GIVEN): id
            for name, id in request.form.items()
            if name.startswith(GIVEN)
        }
        draft = _draft(desk, kind, given)
        drawing, slots = _slots(desk, draft, form)
        written = read([slot.field for slot in slots], drawing.find)
        values = {**draft.start, **_kept(written), **_signed(draft.spec, form, desk)}
        values |= lived_in(desk, draft.spec, values)
        for name in (*draft.spec.missing(values), *placeless(desk, draft.spec, values, slots)):
            written.faults.setdefault(name, MISSING)
        for name in elsewhere(desk, form, draft.spec, values, _asked(draft)):
            written.faults.setdefault(name, ELSEWHERE)
        if written.faults:
            return _page(desk, draft, form, WRONG, written)
        if not may_make(desk, draft.spec, values):
            raise Problem("no_access")
        id = _only(draft.spec, values)
        mutation = create(form, kind, values, id)
        onward = _onward(form, draft, values)
        if _standing(desk, draft.spec, values) and not _mine(desk, mutation):
            return _page(desk, draft, form, EXISTS, written)
        actor, now = desk.actor, desk.now
    results = send(database(), actor, [mutation, *onward], now)
    with at_desk() as desk:
        if problem := trouble(results):
            return _page(desk, draft, form, problem, written)
        made = desk.item(str(mutation["id"]))
        back = _after(desk, made) if made else url_for("office.overview")
    return redirect(back)


def _after(desk: Desk, made: Item) -> str:
    """Give the page to go to: a plan's own, with its notice to be written and all that was said."""
    own = url_for("office.record", record=made.id)
    return own if made.spec.name in BY_KIND else page_of(desk, made)


def _draft(desk: Desk, kind: str, asked: Mapping[str, str]) -> Draft:
    """Read what a new record is to hang on; what the reader may not see is missing."""
    spec = REGISTRY.get(kind)
    if spec is None or spec.server_only or spec.server_made:
        raise Problem("no_access")
    given: dict[str, Item] = {}
    start: dict[str, Json] = {}
    for path, value in asked.items():
        found = spec.at(path)
        if found is None or not (found[0].to or found[0].holds or found[0].choices):
            continue
        if found[0].choices and found[1] is None:
            if value in found[0].choices:
                start[path] = value
            continue
        item = desk.item(found[1] or value)
        if item is None or item.spec.name != (found[0].to or found[0].holds):
            raise Problem("no_access")
        given[path] = item
        start[path] = True if found[1] else item.id
    for item in [*given.values()]:
        start = {**_inherited(spec, item), **start}
    return Draft(spec, given, start)


def _inherited(spec: KindSpec, item: Item) -> dict[str, Json]:
    """Give what a record has in common with what it hangs on: the references of the same name."""
    mine, theirs = spec.fields, item.spec.fields
    return {
        name: item.body[name]
        for name in spec.references & item.spec.references
        if mine[name].to == theirs[name].to and item.body.get(name) is not None
    }


def _slots(desk: Desk, draft: Draft, form: Form) -> tuple[Drawing, list[Slot]]:
    drawing = Drawing(desk, form, draft.spec, draft.start, draft.area)
    return drawing, drawing.slots(_asked(draft))


def _asked(draft: Draft) -> list[Field]:
    return [field for field in draft.spec.fields.values() if _is_asked(field, draft)]


def _is_asked(field: Field, draft: Draft) -> bool:
    """Say whether a field is for whoever makes the record; what no form can write, none draws."""
    if field.name in AFTERWARDS.get(draft.spec.name, ()) or field.name in draft.start:
        return False
    if field.name == AREA and not field.required:
        return draft.area is None
    return field.required or field.to is not None or not field.lasting


def _kept(written: Written) -> dict[str, Json]:
    return {path: value for path, value in written.values.items() if value is not None}


def _signed(spec: KindSpec, form: Form, desk: Desk) -> dict[str, Json]:
    """Give what is not asked for: when it was said, and that it is sent in."""
    told: dict[str, Json] = {
        name: write_instant(form.opened_at)
        for name, field in spec.fields.items()
        if field.required and field.shape.control == "instant"
    }
    if "status" in spec.fields:
        told["status"] = next_status("submitted", desk.actor.user, form.opened_at)
    return told


def _only(spec: KindSpec, values: Mapping[str, Json]) -> str:
    """Give the id of a record of which there is one; nothing for other kinds."""
    for names in spec.one_per:
        parts = [values.get(name) for name in names]
        if all(isinstance(part, str) for part in parts):
            return one_per_id(spec.name, [str(part) for part in parts])
    return ""


def _onward(form: Form, draft: Draft, values: Mapping[str, Json]) -> list[dict[str, Json]]:
    """Give what a new record says of the one it hangs on: a look back says when the next one is."""
    ref, theirs, mine = ONWARD.get(draft.spec.name, ("", "", ""))
    head, said = draft.given.get(ref), values.get(mine)
    if head is None or said is None or head.body.get(theirs) == said:
        return []
    return [patches(form, head, {theirs: said})]


def _standing(desk: Desk, spec: KindSpec, values: Mapping[str, Json]) -> Item | None:
    """Give the one record of these values where it is made already, for who may see it."""
    id = _only(spec, values)
    return desk.item(id) if id else None


def _mine(desk: Desk, mutation: Mapping[str, Json]) -> bool:
    """Say whether this very form made the record: then it was only sent twice."""
    return bool(ledger.find(desk.session, [str(mutation["mid"])]))


def _page(
    desk: Desk,
    draft: Draft,
    form: Form,
    problem: ProblemText | None = None,
    written: Written | None = None,
) -> ResponseReturnValue:
    """Draw the form; who may not make such a record there finds no page."""
    drawing, slots = _slots(desk, draft, form)
    spec, today = draft.spec, day_of(desk.now).isoformat()
    asked = {slot.field.name for slot in slots} | draft.start.keys()
    nowhere = any(spec.fields[name].required and name not in asked for name in spec.references)
    if nowhere or not may_begin(desk, spec, draft.start, slots):
        raise Problem("no_access")
    proposed: dict[str, Json] = {
        field.name: today
        for field in spec.fields.values()
        if field.required and field.shape.control == "day"
    }
    for slot in slots:
        if slot.field.required and slot.options and len(slot.options) == 1:
            proposed[slot.field.name] = next(iter(slot.options))
    if f"team/{desk.actor.user}" in asked:
        proposed[f"team/{desk.actor.user}"] = True
    body = render_template(
        "office/make.html",
        what=spec.words[0],
        on=[(spec.at(path), desk.title(item)) for path, item in draft.given.items()],
        asked=[(path, str(value)) for path, value in _carried(draft).items()],
        groups=groups(slots, spec, {}, written, proposed),
        kind=spec.name,
        back=_back(desk, draft),
        form=str(form.id),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _carried(draft: Draft) -> dict[str, str]:
    """Give what the form must bring along to be the same form."""
    refs = {path: item.id for path, item in draft.given.items()}
    said = {
        path: str(value)
        for path, value in draft.start.items()
        if path in draft.spec.fields and draft.spec.fields[path].choices
    }
    return {**refs, **said}


def _back(desk: Desk, draft: Draft) -> str:
    """Give the page that one comes from: of what it hangs on, else of what it belongs among."""
    first = next((item for path, item in draft.given.items() if path != AREA), None)
    if first is None and draft.spec.name in BY_KIND:
        return url_for("office.planner")
    first = first or next(iter(draft.given.values()), None)
    return page_of(desk, first) if first else url_for("office.overview")
