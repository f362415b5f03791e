"""Innsyn read a second time, approved or sent back, and given out as it was approved.

The package is gathered anew each time. Where anything in it is not as the second reader read it,
nothing leaves, and the page says what has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from os import SEEK_END
from typing import Any, BinaryIO

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from server import access_log
from server.keeping import insight as requests
from server.keeping.insight import WORDS_MAX, Insight
from server.keeping.paper import Album
from server.office import insight_shown
from server.office.blueprint import office
from server.office.desk import Desk
from server.office.gate import asks_anew, at_desk, database, keep_readings, settings, typed
from server.office.insight_access import find
from server.office.insight_marks import UNSAID
from server.office.insights import CHANGED, LOOSE, MOVED, gathered, page
from server.office.subject_blanks import as_said, loose, pictured
from server.office.subject_file import as_json, as_pdf
from server.office.subject_readings import readings
from server.photos import attachments
from server.planning.calendar import day_of
from server.problems import Problem, ProblemText

FORMS: Mapping[str, tuple[str, Callable[[Mapping[str, Any], Album], BinaryIO]]] = {
    "pdf": ("application/pdf", as_pdf),
    "json": ("application/json", as_json),
}
SAME_PERSON = ProblemText(
    422,
    "Du kan ikke godkjenne det du selv har forberedt.",
    "Ingenting er gitt ut.",
    "Be den andre leseren om å lese det.",
)
UNAPPROVED = ProblemText(
    422,
    "Ingen andre har godkjent dette.",
    "Ingenting er gitt ut.",
    "Den andre leseren må lese og godkjenne først.",
)
CHANGED_SINCE = ProblemText(
    422,
    "Noe er endret etter at det ble lest.",
    "Ingenting er gitt ut.",
    "Den som forbereder kravet, må ta det tilbake, lese på nytt og be om ny godkjenning.",
)

NO_PICTURE = ProblemText(
    422,
    "Et bilde kan ikke hentes nå.",
    "Ingenting er gitt ut.",
    "Prøv igjen. Hjelper det ikke, si fra til dem som drifter tjenesten.",
)


@office.post("/insights/<insight>/approve")
@asks_anew
def approve_insight(insight: str) -> ResponseReturnValue:
    """Let it be given out: the second reader has read this very package."""
    with at_desk() as desk:
        case = find(desk, insight)
        if case.prepares:
            return page(desk, case, SAME_PERSON)
        package, left = gathered(desk, case), requests.redactions(desk.session, insight)
        if apart := insight_shown.changed(
            package, insight, requests.read_before(desk.session, insight)
        ):
            return page(desk, case, CHANGED_SINCE, apart)
        if loose(package, left):
            return page(desk, case, LOOSE)
        if request.form.get("shown") != insight_shown.stamp(insight, package, left):
            return page(desk, case, CHANGED)
        read, user, now = package.digests(insight), desk.actor.user, desk.now
        ready_at = case.row.ready_at
    with database().writing() as session:
        row = session.get(Insight, insight, with_for_update=True)
        stands = row is not None and row.ready_at == ready_at and row.approved_at is None
        if row is not None and stands:
            requests.approve(session, row, read, user, now)
    return _back_to(insight, stands)


@office.post("/insights/<insight>/back")
def send_insight_back(insight: str) -> ResponseReturnValue:
    """Let it be prepared further: sent back by the second reader, or taken back by who prepares."""
    words = typed(request.form.get("words", ""), WORDS_MAX)
    with at_desk() as desk:
        case = find(desk, insight)
        if not words and not case.prepares:
            return page(desk, case, UNSAID)
        user, now, prepares = desk.actor.user, desk.now, case.prepares
    with database().writing() as session:
        row = session.get(Insight, insight, with_for_update=True)
        stands = row is not None and row.ready_at is not None
        if row is not None and stands:
            requests.take_back(session, row, words, user, now)
    if not prepares:
        return redirect(url_for("office.insight_list"))
    return _back_to(insight, stands)


@office.post("/insights/<insight>/package")
@asks_anew
def give_insight(insight: str) -> ResponseReturnValue:
    """Hand out the package as a file, if all of it is as it was approved, and write that down."""
    form = request.form.get("form", "")
    with at_desk() as desk:
        case = find(desk, insight)
        if not case.leads:
            raise Problem("no_access")
        if case.row.approved_at is None:
            return page(desk, case, UNAPPROVED)
        if form not in FORMS:
            raise Problem("forged")
        package, left = gathered(desk, case), requests.redactions(desk.session, insight)
        before = requests.read_before(desk.session, insight)
        if apart := insight_shown.changed(package, insight, before):
            return page(desk, case, CHANGED_SINCE, apart)
        if loose(package, left):
            return page(desk, case, LOOSE)
        album = _album(desk, pictured(package, left))
        if album is None:
            return page(desk, case, NO_PICTURE)
        looked = readings(desk, package.parts.keys())
        said = as_said(package, left, case.household.id, looked, desk.now)
        approved_at, user, now = case.row.approved_at, desk.actor.user, desk.now
    mime, write = FORMS[form]
    file = write(said, album)
    with database().writing() as session:
        row = session.get(Insight, insight, with_for_update=True)
        stands = row is not None and row.approved_at == approved_at
        if row is not None and stands:
            requests.give_out(session, row, form, len(package.parts), user, now)
    if not stands:
        return _back_to(insight, stands)
    keep_readings({access_log.EXPORT: list(package.parts)}, {})
    return _sent(file, mime, f"innsyn-{day_of(now)}.{form}")


def _album(desk: Desk, ids: Iterable[str]) -> Album | None:
    """Give some pictures as they were redrawn; None when one of them is not in the store."""
    store, album = attachments.store_of(settings()), Album()
    for id in ids:
        jpeg = attachments.picture(desk.session, store, desk.scopes, id)
        if jpeg is None:
            return None
        album.add(id, jpeg)
    return album


def _sent(file: BinaryIO, mime: str, name: str) -> Response:
    """Send a file piece by piece, to be kept under a name."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    sent = Response(wrap_file(request.environ, file), content_type=mime, direct_passthrough=True)
    sent.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    sent.headers["Content-Length"] = str(size)
    return sent


def _back_to(insight: str, stands: bool) -> ResponseReturnValue:
    """Show the request as it is now; say so when somebody else was first."""
    if stands:
        return redirect(url_for("office.insight_page", insight=insight))
    with at_desk() as desk:
        return page(desk, find(desk, insight), MOVED)
