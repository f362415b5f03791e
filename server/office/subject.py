"""Personvern: what is held about one household, asked for by them, and erased when it must be.

A leader of the area sees to both. What is asked for is prepared as a request of its own; what is
erased goes as a whole, when the leader has shown anew who they are, and a hold stops it.
"""

from __future__ import annotations

from datetime import date, timedelta

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.keeping import erasure, holds, insight, receipts, subject
from server.office import present
from server.office.blueprint import office
from server.office.desk import Desk, Item
from server.office.gate import asks_anew, at_desk, database, moment, seated
from server.office.gate import settings as settings_of
from server.office.insight_access import keeps_subject, known
from server.office.insight_shown import line, second_words
from server.office.spot import Spot
from server.office.subject_package import counts
from server.problems import Problem, ProblemText
from server.records.contact import Contact
from server.records.record import Envelope

ERASED = "subject_erased"
GROUNDS = {
    "needless": "Opplysningene trengs ikke lenger til det de ble samlet inn for",
    "consent": "Samtykket er trukket tilbake, og det er ikke noe annet grunnlag",
    "objection": "De har protestert, og det er ikke grunn til å fortsette",
    "unlawful": "Opplysningene skulle ikke vært behandlet, eller står på feil husstand",
    "law": "Loven krever at de slettes",
}
"""GDPR article 17 (1). The code is kept for good, with who and when: words of one's own could tell
of who is erased, and neither the log nor the ledger of erasures can let go of any."""
ASKED_AGO_MAX = timedelta(days=366)
UNREASONED = ProblemText(
    422, "Grunnen mangler.", "Ingenting er slettet.", "Velg hvorfor det skal slettes."
)
UNDATED = ProblemText(
    422,
    "Datoen kan ikke brukes.",
    "Ingenting er åpnet.",
    "Velg hvem som ba om innsyn, og hvilken dag kravet kom.",
)
HELD = ProblemText(
    422,
    "Slettingen er stanset.",
    "Ingenting er slettet.",
    "Se «Sletting». Opphev stansen først, hvis grunnen ikke gjelder lenger.",
)

SPOTS = {UNREASONED: Spot("reason", "Hvorfor?"), UNDATED: Spot("asked_on", "Hvilken dag?")}


@office.get("/subjects/<record>")
@seated
def subject_page(desk: Desk, record: str) -> ResponseReturnValue:
    """Show how much is held about a household, and offer to give it out or to erase it."""
    return _page(desk, _find(desk, record))


@office.post("/subjects/<record>/insights")
def open_insight(record: str) -> ResponseReturnValue:
    """Begin to prepare what a household asked for."""
    with at_desk() as desk:
        item = _find(desk, record)
        asked_on, person = _day(desk, request.form.get("asked_on", "")), request.form.get("person")
        if asked_on is None or (person and person not in dict(_people(desk, item))):
            return _page(desk, item, UNDATED)
        user, now = desk.actor.user, desk.now
    with database().writing() as session:
        opened = insight.open_request(session, record, person or None, asked_on, user, now)
    return redirect(url_for("office.insight_page", insight=opened))


@office.post("/subjects/<record>/erase")
@asks_anew
def erase_subject(record: str) -> ResponseReturnValue:
    """Erase everything about a household, and begin to wait for the phones."""
    ground = request.form.get("reason", "")
    with at_desk() as desk:
        item = _find(desk, record)
        ids = sorted(subject.about(desk.session, record))
        if ground not in GROUNDS:
            return _page(desk, item, UNREASONED)
        if holds.holds_any(desk.session, ids):
            return _page(desk, item, HELD)
        user = desk.actor.user
    gone = erasure.erase(database(), settings_of(), ids, moment(), f"{ERASED}: {ground}", user)
    receipts.expect(database(), gone, moment())
    return redirect(url_for("office.overview"))


def _find(desk: Desk, record: str) -> Item:
    item = desk.item(record)
    if item is None or not keeps_subject(desk, item):
        raise Problem("no_access")
    return item


def _day(desk: Desk, typed_in: str) -> date | None:
    """Read the day somebody asked; None when it is none, lies ahead or is long gone."""
    try:
        day = date.fromisoformat(typed_in)
    except ValueError:
        return None
    return day if desk.today - ASKED_AGO_MAX <= day <= desk.today else None


def _people(desk: Desk, item: Item) -> list[tuple[str, str]]:
    """Give those of a household who may have asked, with what to call them."""
    table = Contact.__table__
    found = desk.found(
        Contact.spec.name,
        lambda query: query.join(table, table.c.id == Envelope.id).where(
            table.c.tenancy == item.id
        ),
    )
    return [(each.id, desk.title(each)) for each in found]


def _page(desk: Desk, item: Item, problem: ProblemText | None = None) -> ResponseReturnValue:
    by_kind, maybe, hidden = counts(desk, item)
    body = render_template(
        "office/subject.html",
        record=item.id,
        name=present.record_name(desk, item),
        by_kind=sorted(by_kind.items()),
        maybe=maybe,
        hidden=hidden,
        given=request.form,
        people=_people(desk, item),
        grounds=GROUNDS,
        today=desk.today.isoformat(),
        second=second_words(item.area),
        insights=[line(desk, one) for one in known(desk, item.id)],
        problem=problem,
        spot=SPOTS.get(problem) if problem else None,
    )
    return body, problem.status if problem else 200
