"""Ba om hjelp: who asked, how long they have waited, what they were answered; it decides nothing.

The clock runs from when it was asked. An answer, a provisional one and a forwarding are said with
day and words, and travel the same road as everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import ColumnElement, Select, func

from server.access import may_write_clause
from server.office import appeals, present
from server.office.appeals import Appeal
from server.office.blueprint import office
from server.office.dates import counted, day_words, moment_words
from server.office.decisions import new_form, patches, seal, send
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, typed
from server.office.handling import said
from server.office.planner import day_in
from server.office.troubles import trouble
from server.planning.calendar import day_of
from server.planning.overdue import is_appealed, open_requests
from server.planning.rule_book import rule_book
from server.planning.standing import day_at
from server.problems import Problem, ProblemText
from server.records.assistance_request import HANDLING, AssistanceRequest
from server.records.record import Envelope
from server.shapes import Json, read_instant

SPEC = AssistanceRequest.spec
LINES_MAX = 300
WORDS_MAX = 500
TO_MAX = 120
STEPS: Mapping[str, tuple[str, str]] = {
    "provisional": ("Foreløpig svar er gitt", "provisional_on"),
    "answered": ("Vedtaket er sendt", "answered_on"),
    "forwarded": ("Sendt videre til rett sted", "forwarded_on"),
}
"""What can be said, in which words, and the field of its day."""
NOT_SAID = ProblemText(
    422,
    "Du har ikke valgt hva som er gjort og hvilken dag.",
    "Det du skrev, står under, og ingenting er endret.",
    "Velg, skriv en dag som ikke er senere enn i dag, og lagre på nytt.",
)
TOO_EARLY = ProblemText(
    422,
    "Dagen er før det som klagen følger av.",
    "Det du skrev, står under, og ingenting er endret.",
    "Se når vedtaket ble sendt og klagen kom, og skriv dagen på nytt.",
)
NO_PLACE = ProblemText(
    422,
    "Du har ikke skrevet hvor det er sendt.",
    "Det du skrev, står under, og ingenting er endret.",
    "Skriv hvem som fikk det, og lagre på nytt.",
)


@dataclass(frozen=True)
class Line:
    """One request in the list."""

    id: str
    home: str
    asked: str
    age: str
    due: str
    late: bool
    state: str
    appeal: str
    representative: str
    appealed: Appeal | None


def sees_requests(desk: Desk) -> bool:
    """Say whether the reader answers those who ask for help somewhere."""
    return desk.reviews


@office.get("/requests")
@seated
def requests(desk: Desk) -> ResponseReturnValue:
    """List those who wait for an answer, the longest waiting first, then those who have one.

    Only where the reader answers: whoever follows a household up reads its request elsewhere.
    """
    if not sees_requests(desk):
        raise Problem("no_access")
    waiting = open_requests().with_only_columns(Envelope.id)
    since = func.coalesce(AssistanceRequest.counted_from, AssistanceRequest.asked_at)

    held, appealed = Envelope.id.in_(waiting), is_appealed()
    answered_by_me = may_write_clause(desk.actor, SPEC)

    def narrow(which: ColumnElement[bool]) -> Any:
        def rows(found: Select[Any]) -> Select[Any]:
            found = found.join(AssistanceRequest, AssistanceRequest.id == Envelope.id)
            sent = AssistanceRequest.status != "draft"
            return found.where(sent, answered_by_me, which).order_by(since, Envelope.id)

        return rows

    lists = (held, ~held & ~appealed, ~held & appealed)
    found = [desk.found(SPEC.name, narrow(which), LINES_MAX) for which in lists]
    desk.items(home for items in found for item in items if (home := item.text("dwelling")))
    return render_template(
        "office/requests.html",
        waiting=[_line(desk, item) for item in found[0]],
        done=[_line(desk, item) for item in reversed(found[1])],
        appeals=[_line(desk, item) for item in found[2]],
        laws=rule_book(desk.session).laws_on(SPEC.name),
    )


@office.get("/requests/<id>")
@seated
def help_request(desk: Desk, id: str) -> ResponseReturnValue:
    """Show one request, and offer to say what was done."""
    return _page(desk, id)


@office.post("/requests/<id>")
def answer_request(id: str) -> ResponseReturnValue:
    """Say that it was answered, answered for now, or sent to the right place."""
    step = request.form.get("step", "")
    words = typed(request.form.get("words", ""), WORDS_MAX)
    to = typed(request.form.get("to", ""), TO_MAX)
    with at_desk() as desk:
        item = _find(desk, id)
        form, shown = sent_form(desk)
        on = day_in(desk, request.form.get("on", ""))
        of_appeal = appeals.offered(item)
        if step not in (*STEPS, *of_appeal) or on is None or on > desk.today:
            return _page(desk, id, NOT_SAID)
        if step == "forwarded" and not to:
            return _page(desk, id, NO_PLACE)
        if step in of_appeal and (first := appeals.earliest(item, step)) and on < first:
            return _page(desk, id, TOO_EARLY)
        values = (
            appeals.said_of(step, on, words) if step in of_appeal else _said(desk, step, on, words)
        )
        if step == "forwarded":
            values["forwarded_to"] = to
        as_shown = _as_shown(item, shown)
        mutations = [patches(form, as_shown, values)]
        actor, now = desk.actor, desk.now
    if problem := trouble(send(database(), actor, mutations, now)):
        with at_desk() as desk:
            return _page(desk, id, problem)
    return redirect(url_for("office.help_request", id=id, said=step))


def _said(desk: Desk, step: str, on: date, words: str) -> dict[str, Json]:
    return {"handling": said(step, desk, words), STEPS[step][1]: f"{on}"}


def _as_shown(item: Item, shown: Mapping[str, int]) -> Item:
    if shown.get(item.id) != item.seq:
        raise Problem("changed_meanwhile", navn="En annen")
    return item


def _find(desk: Desk, id: str) -> Item:
    item = desk.item(id)
    if item is None or item.spec is not SPEC or item.state == "draft":
        raise Problem("no_access")
    if not desk.reviews_in(item.area):
        raise Problem("no_access")
    return item


def _page(desk: Desk, id: str, problem: ProblemText | None = None) -> ResponseReturnValue:
    item = _find(desk, id)
    body = render_template(
        "office/request.html",
        line=_line(desk, item),
        part=present.part(desk, item),
        steps={**{code: words for code, (words, _) in STEPS.items()}, **appeals.offered(item)},
        laws=rule_book(desk.session).laws_on(SPEC.name),
        today=desk.today.isoformat(),
        typed=request.form,
        said={**HANDLING, **{code: words for code, (words, _) in appeals.STEPS.items()}}.get(
            request.args.get("said", ""), ""
        ),
        form=new_form(),
        seal=seal([item]),
        problem=problem,
    )
    return body, problem.status if problem else 200


def _line(desk: Desk, item: Item) -> Line:
    asked = read_instant(item.text("counted_from") or str(item.body["asked_at"]))
    due, appeal = day_at(item.body.get("due_on")), day_at(item.body.get("appeal_due_on"))
    handling = item.body.get("handling")
    state = str(handling.get("state")) if isinstance(handling, Mapping) else "received"
    home = desk.item(item.text("dwelling"))
    days = (desk.today - day_of(asked)).days
    return Line(
        id=item.id,
        home=desk.title(home) if home else item.spec.words[0],
        asked=moment_words(asked, desk.now),
        age=counted(days, "{antall} dag", "{antall} dager"),
        due=day_words(due, desk.today) if due else "",
        late=due is not None and due < desk.today and state == "received",
        state=HANDLING.get(state, state),
        appeal=day_words(appeal, desk.today) if appeal else "",
        representative=item.text("representative") or "",
        appealed=appeals.appeal_of(desk, item),
    )
