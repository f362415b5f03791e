"""Fravær: who is away and who covers, and from there what they had is shared out; never why."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.access import may_write
from server.office.away import coming
from server.office.blueprint import office
from server.office.decisions import create, new_form, send
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, sent_form
from server.office.planner import admit, day_in
from server.office.plans import areas_of, workers
from server.office.troubles import trouble
from server.problems import ProblemText
from server.records.absence import Absence
from server.records.record import Place
from server.shapes import Json

SPEC = Absence.spec
HALF = ProblemText(
    422,
    "Du har ikke valgt hvem og hvilke dager, eller de to siste dagene er byttet om.",
    "Ingenting er endret.",
    "Velg en kollega, første og siste dag, og lagre på nytt.",
)


@office.get("/planner/absences")
@seated
def absences(desk: Desk) -> ResponseReturnValue:
    """List who is away, what of theirs stands without anybody, and offer to write more."""
    admit(desk)
    return _page(desk)


@office.post("/planner/absences")
def write_absence() -> ResponseReturnValue:
    """Write that somebody is away, in each area where the writer may and they work."""
    with at_desk() as desk:
        admit(desk)
        form, _ = sent_form(desk)
        everybody = {worker.id: worker for worker in workers(desk)}
        who, cover = everybody.get(request.form.get("who", "")), request.form.get("cover", "")
        first, last = (day_in(desk, request.form.get(name, "")) for name in ("from", "until"))
        areas = [a for a in areas_of(desk) if who and who.actor.roles_in(a) and _may(desk, a)]
        if who is None or first is None or last is None or last < first or not areas:
            return _page(desk, HALF)
        days: dict[str, Json] = {"from_on": first.isoformat(), "until_on": last.isoformat()}
        values = {"colleague": who.id, **days}
        if cover in everybody and cover != who.id:
            values["covered_by"] = cover
        mutations = [create(form, SPEC.name, {**values, "area": area}) for area in areas]
        actor, now = desk.actor, desk.now
    if problem := trouble(send(database(), actor, mutations, now)):
        with at_desk() as desk:
            return _page(desk, problem)
    return redirect(url_for("office.absences"))


def _may(desk: Desk, area: str) -> bool:
    return may_write(desk.actor, SPEC, Place(area, frozenset()))


def _page(desk: Desk, problem: ProblemText | None = None) -> ResponseReturnValue:
    body = render_template(
        "office/absences.html",
        away=coming(desk, whole=True),
        workers=workers(desk),
        may_write=any(_may(desk, area) for area in areas_of(desk)),
        typed=request.form,
        form=new_form(),
        problem=problem,
    )
    return body, problem.status if problem else 200
