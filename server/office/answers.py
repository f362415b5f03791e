"""Ulike svar: two answers to one field, who wrote them, what each had seen; choose, and undo.

A choice is a mutation of the review; what it writes into the record is intake's to judge.
"""

from __future__ import annotations

import re

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from server.office.blueprint import office
from server.office.decisions import new_form, patch, seal, send
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, sent_form, typed
from server.office.inbox import MOVED
from server.office.questions import (
    REVIEW,
    Question,
    author_side,
    history,
    label,
    line,
    open_reviews,
    other_side,
    question,
    sentence,
    settled_reviews,
    settled_words,
    words,
)
from server.problems import Problem, ProblemText
from server.shapes import Json, write_instant

WHY_MAX = 500
VALUE_MAX = 10_000
SETTLED_MAX = 20
NOT_CHOSEN = ProblemText(
    422,
    "Du har ikke valgt et svar.",
    "Ingenting er avgjort ennå.",
    "Velg hvilket svar som gjelder.",
)


@office.get("/answers")
@seated
def answers(desk: Desk) -> ResponseReturnValue:
    """List what waits for a choice, and what was chosen lately."""
    waiting = [question(desk, item) for item in desk.found(REVIEW.name, open_reviews)]
    settled = [
        question(desk, item) for item in desk.found(REVIEW.name, settled_reviews, SETTLED_MAX)
    ]
    done = request.args.get("done", "")
    just = [each for each in settled if each.review.id == done]
    return render_template(
        "office/answers.html",
        lines=[line(desk, each) for each in waiting],
        settled=[line(desk, each) for each in settled],
        decided=[
            {
                "id": each.review.id,
                "words": settled_words(desk, each),
                "may_undo": _may_decide(desk, each),
                "form": new_form(),
            }
            for each in just
        ],
    )


@office.get("/answers/<review>")
@seated
def answer(desk: Desk, review: str) -> ResponseReturnValue:
    """Show both answers to one field."""
    return _page(desk, _find(desk, review))


@office.post("/answers/<review>")
def choose(review: str) -> ResponseReturnValue:
    """Write down which answer holds, and why."""
    with at_desk() as desk:
        each = _find(desk, review, deciding=True)
        form, shown = sent_form(desk)
        if _is_repeat(desk, each):
            return redirect(url_for("office.answers", done=review))
        if {item.id: item.seq for item in each.items} != shown or each.decision:
            return _page(desk, each, MOVED)
        try:
            decision = _decision(desk, each)
        except ValidationError as bad:
            return _page(desk, each, _invalid(bad))
        if decision is None:
            return _page(desk, each, NOT_CHOSEN)
        mutation = patch(form, each.review, "decision", decision)
        actor, now = desk.actor, desk.now
    send(database(), actor, [mutation], now)
    with at_desk() as desk:
        each = _find(desk, review)
        if each.decision is None:
            return _page(desk, each, MOVED)
    return redirect(url_for("office.answers", done=review))


@office.post("/answers/<review>/undo")
def reopen(review: str) -> ResponseReturnValue:
    """Take a choice back: the question is open again."""
    with at_desk() as desk:
        each = _find(desk, review, deciding=True)
        form, _ = sent_form(desk)
        mutations = [patch(form, each.review, "decision", None)] if each.decision else []
        actor, now = desk.actor, desk.now
    if mutations:
        send(database(), actor, mutations, now)
    return redirect(url_for("office.answer", review=review))


def _find(desk: Desk, review: str, *, deciding: bool = False) -> Question:
    item = desk.item(review)
    if item is None or item.spec is not REVIEW:
        raise Problem("no_access")
    each = question(desk, item)
    if deciding and not _may_decide(desk, each):
        raise Problem("no_access")
    return each


def _may_decide(desk: Desk, each: Question) -> bool:
    is_author = each.review.body.get("author") == desk.actor.user
    return each.about is not None and (desk.reviews or is_author)


def _is_repeat(desk: Desk, each: Question) -> bool:
    """Say whether this very choice stands already: the form was sent twice."""
    decision = each.decision
    return (
        decision is not None
        and decision.get("by") == desk.actor.user
        and decision.get("choice") == request.form.get("choice")
        and (decision.get("why") or "") == _why()
    )


def _why() -> str:
    return typed(request.form.get("why", ""), WHY_MAX)


def _decision(desk: Desk, each: Question) -> dict[str, Json] | None:
    choice = request.form.get("choice", "")
    allowed = {"author", "standing", *(["other"] if each.field else [])}
    if choice not in allowed or each.about is None:
        return None
    decision: dict[str, Json] = {
        "choice": choice,
        "record_seq": each.about.seq,
        "by": desk.actor.user,
        "at": write_instant(desk.now),
    }
    if each.standing is not None:
        decision["was"] = each.standing
    if choice == "other":
        decision["value"] = _read(each, typed(request.form.get("value", ""), VALUE_MAX))
    if why := _why():
        decision["why"] = why
    return decision


def _read(each: Question, text: str) -> Json:
    """Read what was typed in the field's own control; raises ValidationError in bokmål."""
    if each.spec is None or each.field is None or not text.strip():
        raise ValidationError("Skriv eller velg det andre svaret.")
    read: Json = text.strip()
    if each.field.shape.control == "flag":
        read = {"true": True, "false": False}.get(text, text)
    elif each.field.shape.control == "number" and re.fullmatch("-?[0-9]{1,15}", text.strip()):
        read = int(text)
    return each.spec.deserialize(each.path, read)


def _invalid(bad: ValidationError) -> ProblemText:
    return ProblemText(422, str(bad.messages[0]), "Ingenting er avgjort ennå.", "Rett svaret.")


def _page(desk: Desk, each: Question, problem: ProblemText | None = None) -> ResponseReturnValue:
    decision = each.decision or {}
    value = each.review.body.get("value")
    standing = decision.get("was") if each.decision else each.standing
    mine, theirs = author_side(desk, each), other_side(desk, each, standing)
    body = render_template(
        "office/answer.html",
        shown={
            "id": each.review.id,
            "field": each.field,
            "field_label": label(desk, each),
            "kind_words": each.spec.words[0] if each.spec else "Registrering",
            "title": desk.title(each.about) if each.about else "",
            "about_link": each.about.id if each.about else None,
            "hidden": each.about is None,
            "incomplete": each.review.body.get("reason") == "invariant",
            "value": words(desk, each, value),
            "standing": words(desk, each, standing),
            "author": mine.who,
            "author_when": mine.when,
            "seen": mine.seen,
            "other": theirs.who,
            "other_when": theirs.when,
            "other_seen": theirs.seen,
            "sentence": sentence(desk, each, mine, theirs),
            "settled": settled_words(desk, each),
            "why": decision.get("why", ""),
            "form": new_form(),
            "seal": seal(each.items),
            "may_decide": _may_decide(desk, each),
            "may_undo": _may_decide(desk, each),
        },
        events=history(desk, each),
        kept={
            "choice": request.form.get("choice", ""),
            "value": request.form.get("value"),
            "why": request.form.get("why", ""),
        },
        problem=problem,
    )
    return body, problem.status if problem else 200
