"""One deviation: what was found, how far the work has come, and what can be said of it next.

What is said is a mutation like any other, and tells whoever found it; nothing here says how it
was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from server.access import may_write
from server.office import present
from server.office.blueprint import office
from server.office.board import lines, state_of
from server.office.dates import moment_words
from server.office.decisions import new_form, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, typed
from server.office.history import events
from server.office.home_readers import admit_to_homes
from server.office.records import added_words
from server.office.troubles import WRONG, trouble
from server.office.written import Written, editable, edited, entries, read, shown_at
from server.problems import Problem, ProblemText
from server.records.assignment import Assignment
from server.records.deviation import HANDLING, Deviation
from server.records.record import Envelope, Place
from server.shapes import Field, Json, read_instant, write_instant
from sync.mutation import canonical

WORDS_MAX = 500
STATE = "handling"
STEPS: Mapping[str, tuple[str, ...]] = {
    "open": ("ordered", "done", "waiting", "rejected"),
    "ordered": ("done", "waiting", "rejected", "open"),
    "waiting": ("ordered", "done", "rejected", "open"),
    "done": ("verified", "open"),
    "verified": ("open",),
    "rejected": ("open",),
}
"""What can be said next; the words of the state are the words of the button."""
AGAIN = "Åpne igjen"


@office.get("/deviations/<deviation>")
@seated
def deviation(desk: Desk, deviation: str) -> ResponseReturnValue:
    """Show one deviation."""
    return _page(desk, deviation)


@office.post("/deviations/<deviation>/handling")
def handle(deviation: str) -> ResponseReturnValue:
    """Say how far the work has come, and what came of it."""
    state = request.form.get("state", "")
    words = typed(request.form.get("words", ""), WORDS_MAX)
    with at_desk() as desk:
        item = _find(desk, deviation)
        if not may_handle(desk, item) or (state and state not in HANDLING):
            raise Problem("no_access")
        form, _ = sent_form(desk)
        written = read(_lasting())
        written.shown[STATE] = shown_at(STATE)
        if written.faults:
            return _page(desk, deviation, WRONG, written, words)
        values = dict(written.values)
        if state or words:
            values[STATE] = said(state or state_of(item), desk, words)
        values = {path: v for path, v in values.items() if not _stands(item, path, v)}
        mutations = [edited(form, item, written, values)] if values else []
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    if problem := trouble(results):
        with at_desk() as desk:
            return _page(desk, deviation, problem, written, words)
    return redirect(url_for("office.deviation", deviation=deviation, said=state or "saved"))


def may_handle(desk: Desk, item: Item) -> bool:
    """Say whether somebody may say how the work goes; intake has the last word."""
    return item.spec is Deviation.spec and may_write(
        desk.actor, item.spec, Place(item.area, frozenset(), frozenset(item.authors))
    )


def said(state: str, desk: Desk, words: str = "") -> Json:
    """Give the value that says how far the work has come, signed by the reader."""
    step: dict[str, Json] = {"state": state, "by": desk.actor.user, "at": write_instant(desk.now)}
    return {**step, "words": words} if words else step


def _find(desk: Desk, deviation: str) -> Item:
    admit_to_homes(desk)
    item = desk.item(deviation)
    if item is None or item.spec is not Deviation.spec:
        raise Problem("no_access")
    return item


def _page(
    desk: Desk,
    deviation: str,
    problem: ProblemText | None = None,
    written: Written | None = None,
    words: str = "",
) -> ResponseReturnValue:
    item = _find(desk, deviation)
    fields = _lasting()
    later = {STATE, *(field.name for field in fields)}
    told = request.args.get("said", "")
    may = may_handle(desk, item) and item.state != "draft"
    body = render_template(
        "office/deviation.html",
        item=item,
        line=lines(desk, [item])[0],
        facts=present.part(desk, item, skip={*later, "item"}),
        outcome=present.part(desk, item, skip=item.spec.fields.keys() - later | {STATE}),
        entries=entries(item, fields, written) if may else [],
        standing=_standing(desk, item),
        steps=[(s, AGAIN if s == "open" else HANDLING[s]) for s in STEPS[state_of(item)]],
        shown_state=canonical(item.body.get(STATE)).decode(),
        words=words,
        said=HANDLING.get(told, "Lagret" if told else ""),
        jobs=_jobs(desk, item),
        addenda=added_words(desk, item),
        events=events(desk, item),
        building=_building_of(desk, item),
        form=new_form(),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _standing(desk: Desk, item: Item) -> dict[str, str]:
    """Say how far it has come, who said so and in which words."""
    handling = item.body.get(STATE)
    if not isinstance(handling, Mapping):
        return {"state": HANDLING["open"], "who": "", "words": ""}
    when = moment_words(read_instant(str(handling["at"])), desk.now)
    return {
        "state": HANDLING[state_of(item)],
        "who": f"{desk.person(handling['by'])}, {when}",
        "words": str(handling.get("words") or ""),
    }


def _jobs(desk: Desk, item: Item) -> list[dict[str, str]]:
    """Give the assignments that mend it, where the reader may see them."""

    def narrow(rows: Select[Any]) -> Select[Any]:
        return (
            rows.join(Assignment, Assignment.id == Envelope.id)
            .where(Assignment.deviation == item.id)
            .order_by(Envelope.created_at, Envelope.id)
        )

    jobs = desk.found(Assignment.spec.name, narrow)
    return [{"id": job.id, "words": job.text("words") or ""} for job in jobs]


def _building_of(desk: Desk, item: Item) -> Item | None:
    home = desk.item(item.text("dwelling"))
    return desk.item(item.text("building") or (home.text("building") if home else None))


def _stands(item: Item, path: str, value: Json) -> bool:
    """Say whether this very thing is said already, whenever that was: the form was sent twice."""
    there = item.body.get(path)
    if isinstance(there, Mapping) and isinstance(value, Mapping):
        return {**there, "at": ""} == {**value, "at": ""}
    return there == value


def _lasting() -> list[Field]:
    return [field for field in editable(Deviation.spec) if field.lasting]
