"""Innboks: what waits for the office; approve, return with a comment to the exact field, undo.

Every decision goes through intake; a page that was overtaken decides nothing and keeps the words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.intake import Result
from server.office.blueprint import office
from server.office.bundles import Bundle, bundle, bundles, line_up, may_decide
from server.office.chosen import chosen_heads, seal_of
from server.office.decisions import (
    Form,
    decided,
    new_form,
    next_status,
    patch,
    says_already,
    send,
)
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated, sent_form, typed
from server.office.history import changes_since
from server.office.limits import beyond_limit
from server.office.shown import lines, place_words, show
from server.problems import Problem, ProblemText
from server.shapes import Json, state_of
from sync.mutation import is_id

COMMENT_MAX = 2000
DONE_MAX = 20
DONE = {"approved": "Godkjent", "returned": "Sendt tilbake"}
NOTHING_ASKED = ProblemText(
    422,
    "Du har ikke skrevet hva som skal rettes.",
    "Ingenting er sendt tilbake ennå.",
    "Skriv under feltet som skal rettes, og trykk Send tilbake.",
)
ASKED_AND_APPROVED = ProblemText(
    422,
    "Du har skrevet noe som skal rettes, men trykket Godkjenn.",
    "Det du skrev, står under.",
    "Trykk Send tilbake, eller tøm feltene og trykk Godkjenn.",
)
MOVED = ProblemText(
    409,
    "Registreringen er endret siden du åpnet den.",
    "Det du skrev, står under.",
    "Les endringene, og avgjør på nytt.",
)
NOT_YOURS = ProblemText(
    403,
    "Dette må en leder godkjenne.",
    "Ingenting er endret, og det venter fortsatt.",
    "Si fra til lederen din, eller send det tilbake.",
)


@dataclass
class Attempt:
    """What a reviewer tried to do, kept so that nothing typed is lost."""

    kept: Mapping[str, str] = field(default_factory=dict)
    moved: Sequence[Mapping[str, str]] = ()
    problem: ProblemText | None = None


@office.get("/inbox", defaults={"head": None})
@office.get("/inbox/<head>")
@seated
def inbox(desk: Desk, head: str | None) -> ResponseReturnValue:
    """Show the list and one bundle beside it."""
    return _page(desk, head, Attempt())


@office.post("/inbox/<head>/decision")
def decide(head: str) -> ResponseReturnValue:
    """Approve a head or send it back, all its records together."""
    state = request.form.get("decision", "")
    with at_desk() as desk:
        found = _to_review(desk, head)
        form, shown = sent_form(desk)
        comments = _comments(found)
        attempt = _refused(desk, found, state, comments, shown)
        if attempt is not None:
            return _page(desk, head, attempt)
        mutations = _decisions(desk, form, found, state, comments)
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now)
    if not _applied(results):
        return _overtaken(head)
    return redirect(url_for("office.inbox", done=head))


@office.post("/inbox/decisions")
def approve_many() -> ResponseReturnValue:
    """Approve what was chosen; those that moved on since the list was drawn are left."""
    chosen = dict(chosen_heads())
    with at_desk() as desk:
        form, _ = sent_form(desk)
        if not desk.reviews:
            raise Problem("no_access")
        found = [each for each in bundles(desk, _heads(desk, chosen)) if each.waiting]
        unmoved = [
            each
            for each in found
            if not _moved(each, seal_of(chosen[each.head.id]))
            and may_decide(desk, each, "approved")
            and not beyond_limit(desk, each.to_decide())
        ]
        mutations = [
            mutation
            for each in unmoved
            for mutation in _decisions(desk, form, each, "approved", {})
        ]
        actor, now = desk.actor, desk.now
    if mutations:
        send(database(), actor, mutations, now)
    with at_desk() as desk:
        done = [item.id for item in desk.items(chosen) if item.state == "approved"]
    left = len(chosen) - len(done)
    return redirect(
        url_for("office.inbox", done=",".join(done[:DONE_MAX]) or None, left=left or None)
    )


@office.post("/inbox/<head>/undo")
def undo(head: str) -> ResponseReturnValue:
    """Take a decision back: it waits again."""
    with at_desk() as desk:
        found = _to_review(desk, head)
        form, _ = sent_form(desk)
        again = next_status("submitted", desk.actor.user, desk.now)
        mutations = [patch(form, item, "status", again) for item in found.decided()]
        actor, now = desk.actor, desk.now
    if mutations and not _applied(send(database(), actor, mutations, now)):
        return _overtaken(head)
    return redirect(url_for("office.inbox", head=head))


def _page(desk: Desk, head: str | None, attempt: Attempt) -> ResponseReturnValue:
    lined = line_up(desk)
    waiting = lined.first
    shown = bundle(desk, head) if head else (waiting[0] if waiting else None)
    if head and shown is None:
        raise Problem("no_access")
    body = render_template(
        "office/inbox.html",
        lines=lines(desk, waiting),
        lined=lined,
        shown=show(desk, shown) if shown else None,
        chosen=head is not None,
        decided=_decided(desk),
        left=request.args.get("left", type=int),
        bulk_form=new_form(),
        kept=attempt.kept,
        moved=attempt.moved,
        problem=attempt.problem,
    )
    return body, attempt.problem.status if attempt.problem else 200


def _to_review(desk: Desk, head: str) -> Bundle:
    found = bundle(desk, head)
    if found is None or not desk.reviews_in(found.head.area):
        raise Problem("no_access")
    return found


def _comments(found: Bundle) -> dict[str, dict[str, str]]:
    """Read the comments, record → path → text, for records of this bundle alone."""
    comments: dict[str, dict[str, str]] = {}
    for item in found.items:
        for name, text in request.form.items():
            record, _, path = name.partition("|")
            if record == item.id and path and (words := typed(text, COMMENT_MAX)):
                comments.setdefault(item.id, {})[path] = words
    return comments


def _refused(
    desk: Desk,
    found: Bundle,
    state: str,
    comments: Mapping[str, Mapping[str, str]],
    shown: Mapping[str, int],
) -> Attempt | None:
    """Give the reason not to decide now, with all that was typed; None to go on."""
    kept = {f"{id}|{path}": text for id, asked in comments.items() for path, text in asked.items()}
    if state not in DONE:
        raise Problem("no_access")
    if _is_done(desk, found, state, comments):
        return None
    if _moved(found, shown) or not found.open(desk):
        return Attempt(kept, _news(desk, found, shown), MOVED)
    if state == "returned" and not comments:
        return Attempt(kept, problem=NOTHING_ASKED)
    if state == "approved" and comments:
        return Attempt(kept, problem=ASKED_AND_APPROVED)
    if not may_decide(desk, found, state):
        return Attempt(kept, problem=NOT_YOURS)
    limit = beyond_limit(desk, found.to_decide()) if state == "approved" else None
    return Attempt(kept, problem=limit) if limit else None


def _is_done(
    desk: Desk, found: Bundle, state: str, comments: Mapping[str, Mapping[str, str]]
) -> bool:
    """Say whether this very decision stands already: the form was sent twice."""
    return all(
        says_already(item, next_status(state, desk.actor.user, desk.now, comments.get(item.id)))
        for item in found.items
        if item.state != "draft"
    )


def _moved(found: Bundle, shown: Mapping[str, int]) -> bool:
    return {item.id: item.seq for item in found.items} != dict(shown)


def _news(desk: Desk, found: Bundle, shown: Mapping[str, int]) -> list[dict[str, str]]:
    return [
        {"who": event.who, "when": event.received, "label": change.label, "now": change.now}
        for item in found.items
        for event, change in changes_since(desk, item, shown.get(item.id, 0))
    ]


def _decisions(
    desk: Desk,
    form: Form,
    found: Bundle,
    state: str,
    comments: Mapping[str, Mapping[str, str]],
) -> list[dict[str, Json]]:
    return [
        decided(
            form,
            item,
            next_status(state, desk.actor.user, desk.now, comments.get(item.id)),
        )
        for item in found.to_decide()
    ]


def _applied(results: Sequence[Result]) -> bool:
    return all(result.state == "applied" for result in results)


def _overtaken(head: str) -> ResponseReturnValue:
    """Show it as it stands now, with what was typed: somebody else was first."""
    with at_desk() as desk:
        found = _to_review(desk, head)
        _, shown = sent_form(desk)
        kept = {
            f"{id}|{path}": text
            for id, asked in _comments(found).items()
            for path, text in asked.items()
        }
        return _page(desk, head, Attempt(kept, _news(desk, found, shown), MOVED))


def _heads(desk: Desk, ids: Iterable[str]) -> list[Item]:
    return [i for i in desk.items(ids) if "status" in i.spec.fields]


def _decided(desk: Desk) -> list[dict[str, str]]:
    """Give what was just decided, with the way back, as it stands now."""
    ids = [id for id in request.args.get("done", "").split(",")[:DONE_MAX] if is_id(id)]
    return [
        {
            "id": item.id,
            "title": place_words(desk, item),
            "words": DONE[state_of(item.body.get("status"))],
            "form": new_form(),
        }
        for item in desk.items(ids)
        if item.state in DONE and desk.reviews_in(item.area)
    ]
