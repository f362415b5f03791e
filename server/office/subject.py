"""Personvern: what is held about one household, given out to them, and erased when it must be.

A leader of the area does both, having shown anew who they are. Nothing is given out that the leader
could not have opened; what is erased goes as a whole, and a hold stops it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import access_log, acts
from server.keeping import erasure, holds, receipts, subject
from server.office import present
from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.gate import asks_anew, at_desk, database, keep_readings, moment, seated, typed
from server.office.gate import settings as settings_of
from server.office.subject_package import counts, gather
from server.office.subject_pdf import as_pdf
from server.problems import Problem, ProblemText
from server.records.tenancy import Tenancy
from server.roles import Role

GIVEN, ERASED = "insight_given", "subject_erased"
REASON_MAX = 200
FORMS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], bytes]]] = {
    "pdf": ("application/pdf", as_pdf),
    "json": ("application/json", lambda said: orjson.dumps(said, option=orjson.OPT_INDENT_2)),
}
UNREASONED = ProblemText(
    422, "Grunnen mangler.", "Ingenting er slettet.", "Skriv hvorfor det skal slettes."
)
HELD = ProblemText(
    422,
    "Slettingen er stanset.",
    "Ingenting er slettet.",
    "Se «Sletting». Opphev stansen først, hvis grunnen ikke gjelder lenger.",
)


def keeps_subject(desk: Desk, item: Item) -> bool:
    """Say whether the reader answers for what is held about a household: its leader does."""
    return item.spec is Tenancy.spec and Role.LEADER in desk.actor.roles_in(item.area)


@office.get("/subjects/<record>")
@seated
def subject_page(desk: Desk, record: str) -> ResponseReturnValue:
    """Show how much is held about a household, and offer to give it out or to erase it."""
    return _page(desk, _find(desk, record))


@office.post("/subjects/<record>/package")
@asks_anew
def give_insight(record: str) -> ResponseReturnValue:
    """Hand out everything about a household as a file, and write down that it was done."""
    form = request.form.get("form", "")
    with at_desk() as desk:
        item = _find(desk, record)
        if form not in FORMS:
            raise Problem("forged")
        package = gather(desk, item)
        user, now = desk.actor.user, desk.now
    keep_readings({access_log.EXPORT: package.ids}, {})
    with database().writing() as session:
        acts.note(session, GIVEN, user, now, record, form=form, records=len(package.ids))
    mime, write = FORMS[form]
    named = {"Content-Disposition": f'attachment; filename="innsyn-{now:%Y-%m-%d}.{form}"'}
    return Response(write(package.said), content_type=mime, headers=named)


@office.post("/subjects/<record>/erase")
@asks_anew
def erase_subject(record: str) -> ResponseReturnValue:
    """Erase everything about a household, and begin to wait for the phones."""
    reason = typed(request.form.get("reason", ""), REASON_MAX)
    with at_desk() as desk:
        item = _find(desk, record)
        ids = sorted(subject.about(desk.session, record))
        if not reason:
            return _page(desk, item, UNREASONED)
        if holds.holds_any(desk.session, ids):
            return _page(desk, item, HELD)
        user = desk.actor.user
    gone = erasure.erase(database(), settings_of(), ids, moment(), f"{ERASED}: {reason}", user)
    receipts.expect(database(), gone, moment())
    return redirect(url_for("office.overview"))


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or item.deleted or not keeps_subject(desk, item):
        raise Problem("no_access")
    return item


def _page(desk: Desk, item: Item, problem: ProblemText | None = None) -> ResponseReturnValue:
    by_kind, maybe, hidden = counts(desk, item)
    body = render_template(
        "office/subject.html",
        record=item.id,
        name=present.record_name(desk, item),
        by_kind=sorted(by_kind.items()),
        maybe=maybe,
        hidden=hidden,
        given=request.form.get("reason", ""),
        problem=problem,
    )
    return body, problem.status if problem else 200
