"""Innsyn being prepared: a household's package read through, and what others are owed left out.

Who prepares reads it whole and says of each passage that goes why it goes. It gives nothing out:
`insight_giving` does, when a second reader has read it too.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from server.keeping import insight as requests
from server.keeping.insight import REASONS, WORDS_MAX, Insight, Mark
from server.office import insight_shown
from server.office.blueprint import office
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated
from server.office.insight_access import Case, find, known, sees_insights, waits_for
from server.office.insight_marks import (
    SPOTS,
    UNREASONED,
    picked_everywhere,
    picked_in,
    spot_in,
)
from server.office.subject_blanks import loose
from server.office.subject_package import Package, gather
from server.problems import Problem, ProblemText
from sync.mutation import is_id

MOVED = ProblemText(
    422,
    "Kravet er ikke under arbeid lenger.",
    "Ingenting er endret nå.",
    "Se hvor langt det er kommet. Den som forbereder det, kan ta det tilbake.",
)
CHANGED = ProblemText(
    422,
    "Noe er endret siden du åpnet siden.",
    "Ingenting er gitt ut.",
    "Les det som er endret, og prøv igjen.",
)
LOOSE = ProblemText(
    422,
    "Noe er endret etter at det ble sladdet.",
    "Ingenting er gitt ut.",
    "Ta bort de sladdingene som ikke passer lenger, og sladd på nytt.",
)
Work = Callable[[Session, Insight], object]


@office.get("/insights")
@seated
def insight_list(desk: Desk) -> ResponseReturnValue:
    """Show the requests that the reader or another leader prepares, or that wait to be read."""
    if not sees_insights(desk):
        raise Problem("no_access")
    found = known(desk)
    desk.know({who for one in found for who in (one.row.prepared_by, one.row.approved_by) if who})
    lines = [
        {
            **insight_shown.line(desk, one),
            "tenancy": one.row.tenancy,
            "late": insight_shown.is_late(one.row, desk.today),
            "waits": waits_for(desk, one),
        }
        for one in found
    ]
    lines.sort(key=lambda line: not line["waits"])
    return render_template("office/insights.html", lines=lines)


@office.get("/insights/<insight>")
@seated
def insight_page(desk: Desk, insight: str) -> ResponseReturnValue:
    """Show a request with its whole package, and what the reader may do with it."""
    return page(desk, find(desk, insight))


@office.get("/insights/<insight>/<part>")
@seated
def insight_part(desk: Desk, insight: str, part: str) -> ResponseReturnValue:
    """Show one record of a package, with a form for each of its passages."""
    case = find(desk, insight)
    package = gathered(desk, case)
    if not case.prepares or part not in package.parts:
        raise Problem("no_access")
    if case.row.ready_at is not None:
        return redirect(url_for("office.insight_page", insight=insight))
    return _part_page(desk, case, package, part)


@office.post("/insights/<insight>/redact")
def redact(insight: str) -> ResponseReturnValue:
    """Leave passages out: of one record, or wherever some words stand."""
    record, reason = request.form.get("record", ""), request.form.get("reason", "")
    with at_desk() as desk:
        case = _prepared(desk, insight)
        package = gathered(desk, case)
        if record and record not in package.parts:
            return page(desk, case, CHANGED)
        found: list[Mark] | ProblemText = UNREASONED
        if reason in REASONS:
            found = (
                picked_in(package.parts[record], insight, request.form)
                if record
                else picked_everywhere(package, insight, request.form)
            )
        if isinstance(found, ProblemText):
            if record and case.row.ready_at is None:
                return _part_page(desk, case, package, record, found)
            return page(desk, case, found)
        marks, now = found, desk.now
    return _change(
        insight,
        lambda session, row: requests.mark(session, row, marks, reason, now),
        _page_of(insight, record),
    )


@office.post("/insights/<insight>/unredact")
def unredact(insight: str) -> ResponseReturnValue:
    """Let a passage stand again."""
    redaction, record = request.form.get("redaction", ""), request.form.get("record", "")
    with at_desk() as desk:
        _prepared(desk, insight)
    return _change(
        insight,
        lambda session, row: requests.unmark(session, row, redaction),
        _page_of(insight, record),
    )


@office.post("/insights/<insight>/ready")
def make_ready(insight: str) -> ResponseReturnValue:
    """Let a second reader have it, if it is as the page showed it."""
    with at_desk() as desk:
        case = _prepared(desk, insight)
        package, left = gathered(desk, case), requests.redactions(desk.session, insight)
        if request.form.get("shown") != insight_shown.stamp(insight, package, left):
            return page(desk, case, CHANGED)
        if loose(package, left):
            return page(desk, case, LOOSE)
        read, now = package.digests(insight), desk.now
    return _change(
        insight,
        lambda session, row: requests.make_ready(session, row, read, now),
        url_for("office.insight_page", insight=insight),
    )


def gathered(desk: Desk, case: Case) -> Package:
    """Gather the package of a request anew, as its reader sees it now."""
    return gather(desk, case.household, case.row.person)


def page(
    desk: Desk, case: Case, problem: ProblemText | None = None, changed: list[str] | None = None
) -> ResponseReturnValue:
    """Show a request with its package whole, to whoever has to read it."""
    row, package = case.row, gathered(desk, case)
    left = requests.redactions(desk.session, row.id)
    apart = loose(package, left)
    whole = [one for one in left if one not in apart]
    body = render_template(
        "office/insight.html",
        **_head(desk, case),
        problem=problem,
        spot=SPOTS.get(problem) if problem else None,
        changed=changed or [],
        loose=_loose_lines(package, apart),
        parts=insight_shown.parts(package, whole),
        standing=insight_shown.still_standing(package, whole),
        not_shown=package.not_shown,
        shown=insight_shown.stamp(row.id, package, left),
        reasons=REASONS,
        returned=row.returned,
        words_max=WORDS_MAX,
        given=request.form,
    )
    return make_response(body, problem.status if problem else 200)


def _loose_lines(package: Package, apart: list[requests.Redaction]) -> list[dict[str, str]]:
    return [
        {
            "id": one.id,
            "title": insight_shown.names(package, [one.record])[0],
            "why": REASONS[one.reason].short,
        }
        for one in apart
    ]


def _head(desk: Desk, case: Case) -> dict[str, Any]:
    row = case.row
    asked = desk.item(row.person)
    return {
        "insight": row.id,
        "household": case.household.id,
        "title": desk.title(case.household),
        "who": desk.person(row.prepared_by),
        "asked_by": desk.title(asked) if asked else "En annen, med fullmakt eller som verge",
        "state": insight_shown.state_words(desk, row),
        "due": insight_shown.due_words(desk, row),
        "second": insight_shown.second_words(case.household.area),
        "prepares": case.prepares,
        "leads": case.leads,
        "preparing": row.ready_at is None,
        "approved": row.approved_at is not None,
    }


def _part_page(
    desk: Desk, case: Case, package: Package, part: str, problem: ProblemText | None = None
) -> ResponseReturnValue:
    left = requests.redactions(desk.session, case.row.id)
    apart = loose(package, left)
    order = list(package.parts)
    at = order.index(part)
    body = render_template(
        "office/insight_part.html",
        **_head(desk, case),
        problem=problem,
        spot=spot_in(package.parts[part], request.form, problem),
        part=insight_shown.shown(package.parts[part], [one for one in left if one not in apart]),
        shown=package.parts[part].digest(case.row.id),
        previous=order[at - 1] if at else "",
        following=order[at + 1] if at + 1 < len(order) else "",
        reasons=REASONS,
        given=request.form,
    )
    return make_response(body, problem.status if problem else 200)


def _page_of(insight: str, record: str) -> str:
    """Give the page that a form was sent from: one record's, or the whole request's."""
    if is_id(record):
        return url_for("office.insight_part", insight=insight, part=record)
    return url_for("office.insight_page", insight=insight)


def _prepared(desk: Desk, insight: str) -> Case:
    """Give a request that the reader prepares; raises `no_access` for everybody else."""
    case = find(desk, insight)
    if not case.prepares:
        raise Problem("no_access")
    return case


def _change(insight: str, work: Work, target: str) -> ResponseReturnValue:
    """Do something with a request that is being prepared; what has moved on stays as it is."""
    with database().writing() as session:
        row = session.get(Insight, insight, with_for_update=True)
        moved = row is None or row.ready_at is not None
        if row is not None and not moved:
            work(session, row)
    if not moved:
        return redirect(target)
    with at_desk() as desk:
        return page(desk, find(desk, insight), MOVED)
