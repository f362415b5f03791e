"""Frister: how long each kind is kept, what a change would end, who changed it and why.

A change is shown as the very list it would give before it is written, and it ends nothing: the
rules as a whole are then confirmed anew. What is stopped by a hold stays whatever stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.keeping import proposals, retention, terms
from server.keeping.proposals import Answered
from server.keeping.terms import ACTION, YEARS, BadTerm, Bound
from server.office.blueprint import office
from server.office.dates import counted, moment_words
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, typed
from server.office.privacy import KEEPERS, endings_of, sees_privacy
from server.planning.rule_book import REASON_MAX, RuleChange, RuleMoved, number_in
from server.problems import Problem
from server.records.kind import KindSpec
from server.roles import Role

ACTION_WORDS = {
    terms.ARCHIVE: "Bevares, og blir stående til arkivet har mottatt det",
    terms.DELETE: "Slettes",
    terms.ANONYMISE: "Personopplysningene tas bort",
}
NO_REASON = "Skriv hvorfor fristen endres."
WAITS = "Et forslag venter alt på svar. Det du skrev, står i skjemaet og er ikke sendt."


@office.get("/privacy/terms")
@seated
def kept_terms(desk: Desk) -> ResponseReturnValue:
    """List how long each kind is kept."""
    _admit(desk)
    return render_template(
        "office/terms.html",
        lines=[_line(spec) for spec in terms.standing(desk.session).values()],
        waiting=proposals.waiting(desk.session),
    )


@office.get("/privacy/terms/<kind>")
@seated
def kept_term(desk: Desk, kind: str) -> ResponseReturnValue:
    """Show one kind's retention and its history, and offer to change it."""
    _admit(desk)
    return term_page(desk, kind)


@office.post("/privacy/terms/<kind>")
def save_term(kind: str) -> ResponseReturnValue:
    """Show what a change would end; write it when that very change was shown and has a reason."""
    with at_desk() as desk:
        _admit(desk)
        writes = terms.change if decides(desk) else proposals.propose
        if not decides(desk) and not _proposes(desk):
            raise Problem("no_access")
        spec = _spec(desk, kind)
        cells = _cells(spec)
        reason = typed(request.form.get("reason", ""), REASON_MAX)
        try:
            then = terms.changed(desk.session, kind, cells)
        except BadTerm as bad:
            return make_response(term_page(desk, kind, cells, reason, fault=bad.column), 422)
        shown = request.form.get("shown") == _mark(cells)
        if not cells or request.form.get("do") != "save" or not shown:
            return make_response(term_page(desk, kind, cells, reason, then=then if cells else None))
        if not reason:
            return make_response(term_page(desk, kind, cells, reason, then=then, lacks=True), 422)
        by, now = desk.actor.user, desk.now
    seen = number_in(request.form.get("after", ""))
    try:
        with database().writing() as session:
            writes(session, kind, cells, by, now, reason=reason, after=seen)
    except Answered:
        with at_desk() as desk:
            return make_response(term_page(desk, kind, cells, reason, refused=WAITS), 409)
    except RuleMoved as moved:
        with at_desk() as desk:
            page = term_page(desk, kind, cells, reason, moved=desk.person(moved.by))
            return make_response(page, 409)
    done = "saved" if writes is terms.change else "proposed"
    return redirect(url_for("office.kept_term", kind=kind, done=done))


def _admit(desk: Desk) -> None:
    if not sees_privacy(desk):
        raise Problem("no_access")


def decides(desk: Desk) -> bool:
    """Say whether the reader changes terms, and answers those who propose to."""
    return bool(desk.actor.roles_in(None) & KEEPERS)


def _proposes(desk: Desk) -> bool:
    return Role.PRIVACY in desk.actor.roles_in(None)


def _spec(desk: Desk, kind: str) -> KindSpec:
    found = terms.standing(desk.session).get(kind)
    if found is None:
        raise Problem("no_access")
    return found


def _cells(spec: KindSpec) -> dict[str, str]:
    """Read what the form would change; what was not sent stands as it is."""
    now = {YEARS: str(spec.retention.years), ACTION: spec.retention.action}
    sent = {name: typed(request.form.get(name, text), 20) for name, text in now.items()}
    return {name: text for name, text in sent.items() if text != now[name]}


def _mark(cells: Mapping[str, str]) -> str:
    return "|".join(f"{name}={text}" for name, text in sorted(cells.items()))


def term_page(
    desk: Desk,
    kind: str,
    cells: Mapping[str, str] | None = None,
    reason: str = "",
    *,
    then: KindSpec | None = None,
    fault: str = "",
    lacks: bool = False,
    moved: str = "",
    refused: str = "",
    answer: str = "",
) -> str:
    """Draw one kind's retention, with what was typed, what waits for an answer, and what was."""
    spec, bound = _spec(desk, kind), terms.bound_of(kind)
    history = terms.history(desk.session, kind)
    values = {YEARS: str(spec.retention.years), ACTION: spec.retention.action} | dict(cells or {})
    return render_template(
        "office/term.html",
        kind=kind,
        line=_line(spec),
        bound=_bound_words(bound),
        values=values,
        actions={each: ACTION_WORDS[each] for each in terms.actions_of(kind)},
        decides=decides(desk),
        proposes=_proposes(desk),
        proposal=_proposal(desk, spec),
        refused=refused,
        answer=answer,
        then=then and _preview(desk, spec, then, cells or {}),
        fault=_fault(fault, bound) if fault else "",
        faulty=fault,
        unchanged=cells == {},
        no_reason=NO_REASON if lacks else "",
        reason=reason,
        reason_max=REASON_MAX,
        moved=moved,
        done=request.args.get("done"),
        after=(not moved and request.form.get("after")) or (history[-1].id if history else 0),
        history=_history(desk, kind, history),
    )


def _history(desk: Desk, kind: str, changes: list[RuleChange]) -> list[dict[str, Any]]:
    """Give what was changed and what was refused, newest first, with who proposed and decided."""
    answered = proposals.answered(desk.session, kind)
    became = {one.change: one for one in answered}
    events = [
        (one.changed_at, one.changed_by, one.reason, one.cells, became.get(one.id))
        for one in changes
    ]
    events += [
        (one.decided_at, one.decided_by, one.reason, one.cells, one)
        for one in answered
        if one.change is None and one.decided_at and one.decided_by
    ]
    return [
        {
            "who": _who(desk, by, at),
            "proposed": said and _who(desk, said.proposed_by, said.proposed_at),
            "refused": said is not None and said.change is None,
            "answer": said and said.answer,
            "reason": reason,
            "lines": [_cell(name, text) for name, text in cells.items()],
        }
        for at, by, reason, cells, said in sorted(events, key=itemgetter(0), reverse=True)
    ]


def _who(desk: Desk, user: str, at: datetime) -> str:
    return f"{desk.person(user)}, {moment_words(at, desk.now)}"


def _proposal(desk: Desk, spec: KindSpec) -> dict[str, Any] | None:
    """Give the proposal that waits, with what it would end; that is left out when it cannot be."""
    found = proposals.waiting(desk.session).get(spec.name)
    if found is None:
        return None
    try:
        then = terms.changed(desk.session, spec.name, found.cells)
    except BadTerm:
        then = spec
    return {
        "id": found.id,
        "who": _who(desk, found.proposed_by, found.proposed_at),
        "reason": found.reason,
        **_preview(desk, spec, then, found.cells),
    }


def _line(spec: KindSpec) -> dict[str, str]:
    term = spec.retention
    return {
        "name": spec.name,
        "kind": spec.words[0],
        "years": _years(term.years),
        "action": ACTION_WORDS[term.action],
        "basis": term.basis,
    }


def _preview(
    desk: Desk, spec: KindSpec, then: KindSpec, cells: Mapping[str, str]
) -> dict[str, Any]:
    """Give what is due by the rule as it stands and as it would be: the same count as the list."""
    before, after = (retention.due_of(desk.session, one, desk.now) for one in (spec, then))
    return {
        "mark": _mark(cells),
        "lines": [_cell(name, text) for name, text in cells.items()],
        "before": endings_of(before) or ["Ingenting"],
        "after": endings_of(after) or ["Ingenting"],
    }


def _cell(name: str, text: str) -> str:
    return f"Frist: {_years(int(text))}" if name == YEARS else ACTION_WORDS[text]


def _years(count: int) -> str:
    return counted(count, "{antall} år", "{antall} år")


def _bound_words(bound: Bound) -> str:
    if not bound.law:
        return ""
    least = f"Minst {_years(bound.least)}" if bound.least > terms.LEAST_YEARS else ""
    most = f"høyst {_years(bound.most)}" if bound.most < terms.MOST_YEARS else ""
    words = ", ".join(each for each in (least, most) if each)
    return f"{words[:1].upper()}{words[1:]}. {bound.law}."


def _fault(column: str, bound: Bound) -> str:
    if column == YEARS:
        return f"Skriv et helt tall fra {bound.least} til {bound.most}. Ingenting er endret."
    return "Det som skal bevares, kan ikke settes til sletting. Ingenting er endret."
