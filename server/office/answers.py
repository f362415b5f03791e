"""Ulike svar: two answers to one field, who wrote them, what each had seen; choose, and undo.

A choice is a mutation of the review; what it writes into the record is intake's to judge.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError
from sqlalchemy import Select

from server import ledger
from server.access import today_of
from server.office import present
from server.office.blueprint import office
from server.office.dates import day_words, moment_words
from server.office.decisions import (
    BadForm,
    Form,
    new_form,
    patch,
    read_form,
    read_seal,
    seal,
    send,
)
from server.office.desk import Desk, Item
from server.office.gate import at_desk, database, seated
from server.office.history import Change, Event, clock_note, events, raw_of
from server.office.inbox import MOVED
from server.problems import Problem, ProblemText
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec
from server.shapes import Field, Json, read_instant, write_instant

REVIEW = REGISTRY["review"]
WHY_MAX = 500
SETTLED_MAX = 20
SHORT = 120
WHOLE = "*"
NOT_TYPED = frozenset({"composite", "status", "json", "comments", "ref", "user"})
"""Controls for which «Et annet svar» cannot be typed by hand."""
NOT_CHOSEN = ProblemText(
    422,
    "Du har ikke valgt et svar.",
    "Ingenting er avgjort ennå.",
    "Velg hvilket svar som gjelder.",
)


@dataclass
class Side:
    """Who wrote an answer, when, and what they had seen."""

    who: str
    when: str
    seen: str


@dataclass
class Question:
    """One review with the record it is about, as the reader may see it."""

    review: Item
    about: Item | None
    spec: KindSpec | None
    path: str

    @property
    def decision(self) -> Mapping[str, Any] | None:
        """Give the decision that stands, None while it is open."""
        found = self.review.body.get("decision")
        return found if isinstance(found, Mapping) else None

    @property
    def standing(self) -> Json:
        """Give the value that stands in the record now."""
        if self.path == WHOLE:
            return self.about.deleted if self.about else None
        return self.about.body.get(self.path) if self.about else None

    @property
    def field(self) -> Field | None:
        """Give the field, when another answer to it can be typed."""
        found = self.spec.at(self.path) if self.spec and self.about else None
        return found[0] if found and found[0].shape.control not in NOT_TYPED else None

    @property
    def items(self) -> list[Item]:
        """Give the records that a decision rests on."""
        return [self.review, self.about] if self.about else [self.review]


def open_reviews(found: Select[Any]) -> Select[Any]:
    """Leave the reviews that nobody has decided, the oldest first."""
    model: Any = REVIEW.model
    return (
        found.join(model, model.id == Envelope.id)
        .where(model.decision.is_(None))
        .order_by(model.opened_at, Envelope.id)
    )


def _settled(found: Select[Any]) -> Select[Any]:
    model: Any = REVIEW.model
    return (
        found.join(model, model.id == Envelope.id)
        .where(model.decision.is_not(None))
        .order_by(Envelope.changed_at.desc(), Envelope.id)
    )


@office.get("/answers")
@seated
def answers(desk: Desk) -> ResponseReturnValue:
    """List what waits for a choice, and what was chosen lately."""
    waiting = [_question(desk, item) for item in desk.found(REVIEW.name, open_reviews)]
    settled = [_question(desk, item) for item in desk.found(REVIEW.name, _settled, SETTLED_MAX)]
    done = request.args.get("done", "")
    just = [each for each in settled if each.review.id == done]
    return render_template(
        "office/answers.html",
        lines=[_line(desk, each) for each in waiting],
        settled=[_line(desk, each) for each in settled],
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
        each = _find(desk, review)
        form, shown = _form(desk, each)
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
        each = _find(desk, review)
        form, _ = _form(desk, each)
        mutations = [patch(form, each.review, "decision", None)] if each.decision else []
        actor, now = desk.actor, desk.now
    if mutations:
        send(database(), actor, mutations, now)
    return redirect(url_for("office.answer", review=review))


def _question(desk: Desk, review: Item) -> Question:
    spec = REGISTRY.get(review.text("about_kind") or "")
    return Question(review, desk.item(review.text("about")), spec, review.text("path") or "")


def _find(desk: Desk, review: str) -> Question:
    item = desk.item(review)
    if item is None or item.spec is not REVIEW:
        raise Problem("no_access")
    return _question(desk, item)


def _form(desk: Desk, each: Question) -> tuple[Form, dict[str, int]]:
    if not _may_decide(desk, each):
        raise Problem("no_access")
    try:
        form = read_form(request.form.get("form", ""), desk.actor.user, desk.now)
        return form, read_seal(request.form.get("seal", ""))
    except BadForm as bad:
        raise Problem("forged") from bad


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
    return request.form.get("why", "").strip().replace("\r\n", "\n")[:WHY_MAX]


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
        decision["value"] = _typed(each, request.form.get("value", ""))
    if why := _why():
        decision["why"] = why
    return decision


def _typed(each: Question, text: str) -> Json:
    """Read what was typed in the field's own control; raises ValidationError in bokmål."""
    if each.spec is None or each.field is None or not text.strip():
        raise ValidationError("Skriv eller velg det andre svaret.")
    read: Json = text.strip()
    if each.field.shape.control == "flag":
        read = {"true": True, "false": False}.get(text, text)
    elif each.field.shape.control == "number" and text.strip().lstrip("-").isdecimal():
        read = int(text)
    return each.spec.deserialize(each.path, read)


def _invalid(bad: ValidationError) -> ProblemText:
    return ProblemText(422, str(bad.messages[0]), "Ingenting er avgjort ennå.", "Rett svaret.")


def _words(desk: Desk, each: Question, value: Json) -> str:
    if each.path == WHOLE:
        return "Slett" if value is True else "Behold"
    if each.spec is None:
        return present.any_words(value)
    return present.path_words(desk, each.spec, each.path, value)


def _label(desk: Desk, each: Question) -> str:
    if each.path == WHOLE:
        return "Slette registreringen"
    return present.path_label(desk, each.spec, each.path) if each.spec else each.path


def settled_words(desk: Desk, each: Question) -> str:
    """Give «{navn} valgte {svar} {dato}. Det andre svaret ligger i historikken.»"""
    decision = each.decision
    if decision is None:
        return ""
    chosen = {
        "author": each.review.body.get("value"),
        "standing": decision.get("was"),
    }.get(str(decision.get("choice")), decision.get("value"))
    if decision.get("choice") == "withdrawn":
        return f"{desk.person(decision.get('by'))} trakk svaret. Det ligger i historikken."
    day = day_words(today_of(read_instant(str(decision["at"]))), today_of(desk.now)).rstrip(".")
    return (
        f"{desk.person(decision.get('by'))} valgte «{_words(desk, each, chosen)}» {day}. "
        "Det andre svaret ligger i historikken."
    )


def _line(desk: Desk, each: Question) -> dict[str, str]:
    return {
        "id": each.review.id,
        "field": _label(desk, each),
        "kind_words": each.spec.words[0] if each.spec else "Registrering",
        "title": desk.title(each.about) if each.about else "",
        "author": desk.person(each.review.body.get("author")),
        "opened": _when(desk, each.review.body.get("opened_at")),
        "reason": present.path_words(desk, REVIEW, "reason", each.review.body.get("reason")),
        "settled": settled_words(desk, each),
    }


def _when(desk: Desk, instant: Json) -> str:
    return moment_words(read_instant(instant), desk.now) if isinstance(instant, str) else ""


def _page(desk: Desk, each: Question, problem: ProblemText | None = None) -> ResponseReturnValue:
    mine, theirs = _author_side(desk, each), _other_side(desk, each)
    decision = each.decision or {}
    value, standing = each.review.body.get("value"), each.standing
    if each.decision:
        standing = decision.get("was")
    body = render_template(
        "office/answer.html",
        shown={
            "id": each.review.id,
            "field": each.field,
            "field_label": _label(desk, each),
            "kind_words": each.spec.words[0] if each.spec else "Registrering",
            "title": desk.title(each.about) if each.about else "",
            "about_link": each.about.id if each.about else None,
            "hidden": each.about is None,
            "value": _words(desk, each, value),
            "standing": _words(desk, each, standing),
            "author": mine.who,
            "author_when": mine.when,
            "seen": mine.seen,
            "other": theirs.who,
            "other_when": theirs.when,
            "other_seen": theirs.seen,
            "sentence": _sentence(desk, each, mine, theirs),
            "settled": settled_words(desk, each),
            "why": decision.get("why", ""),
            "form": new_form(),
            "seal": seal(each.items),
            "may_decide": _may_decide(desk, each),
            "may_undo": _may_decide(desk, each),
        },
        events=_history(desk, each),
        kept={
            "choice": request.form.get("choice", ""),
            "value": request.form.get("value"),
            "why": request.form.get("why", ""),
        },
        problem=problem,
    )
    return body, problem.status if problem else 200


def _author_side(desk: Desk, each: Question) -> Side:
    found = ledger.find(desk.session, [each.review.text("mid") or ""])
    entry = next(iter(found.values()), None)
    when = f"Mottatt {_when(desk, each.review.body.get('opened_at'))}."
    if entry and (note := clock_note(raw_of(entry), entry.received_at, desk.now)):
        when = f"{note} {when}"
    seen = each.review.body.get("seen")
    shown = seen.get("value") if isinstance(seen, Mapping) else None
    return Side(desk.person(each.review.body.get("author")), when, _words(desk, each, shown))


def _other_side(desk: Desk, each: Question) -> Side:
    """Find who wrote what stands: the last one whose value was written there."""
    if each.about is None:
        return Side("En annen", "", "")
    for entry in reversed(ledger.of_record(desk.session, each.about.id)):
        if any(line["path"] == each.path and line["outcome"] == "written" for line in entry.effect):
            raw = raw_of(entry)
            seen = (raw.get("seen") or {}).get(each.path, {}).get("value")
            note = clock_note(raw, entry.received_at, desk.now)
            when = f"{note} Mottatt {moment_words(entry.received_at, desk.now)}.".strip()
            return Side(desk.person(entry.author), when, _words(desk, each, seen))
    return Side("Ingen", "", "")


def _sentence(desk: Desk, each: Question, mine: Side, theirs: Side) -> str:
    reason = each.review.body.get("reason")
    if each.about is None:
        return "En annen har svart noe annet. Kontoret avgjør."
    if reason == "locked":
        return (
            f"Registreringen er låst. Det {mine.who} skrev, er lagt ved som tillegg til vurdering."
        )
    if reason == "delete":
        return (
            f"{theirs.who} endret dette etter at {mine.who} så det sist. "
            "Det er ikke slettet. Kontoret avgjør."
        )
    if reason == "invariant":
        return f"Noe er fylt ut feil. Det {mine.who} skrev, er tatt vare på."
    one, other = (
        _words(desk, each, each.review.body.get("value")),
        _words(desk, each, each.standing),
    )
    if each.decision or len(one) + len(other) > SHORT:
        return "Begge er tatt vare på."
    return f"{mine.who} skrev «{one}». {theirs.who} skrev «{other}». Begge er tatt vare på."


def _history(desk: Desk, each: Question) -> list[Event]:
    """Give what happened to this field, and what was decided about it, latest first."""
    told: list[Event] = []
    for entry in ledger.of_record(desk.session, each.review.id):
        decision = (raw_of(entry).get("set") or {}).get("decision")
        told.insert(0, _decided(desk, each, entry, decision))
    about = events(desk, each.about) if each.about else []
    for event in about:
        event.changes = [change for change in event.changes if change.path == each.path]
    return told + [event for event in about if event.changes]


def _decided(desk: Desk, each: Question, entry: ledger.Entry, decision: Json) -> Event:
    words, why = "Angret avgjørelsen", ""
    if isinstance(decision, Mapping):
        chosen = {"author": each.review.body.get("value"), "standing": decision.get("was")}
        value = chosen.get(str(decision.get("choice")), decision.get("value"))
        words, why = f"Valgte {_words(desk, each, value)}", str(decision.get("why") or "")
    return Event(
        mid=entry.mid,
        seq=entry.seq or 0,
        who=desk.person(entry.author),
        received=moment_words(entry.received_at, desk.now),
        place="Kontoret",
        state_words="",
        clock_note="",
        why=why,
        changes=[Change("decision", "Avgjørelse", words)],
    )
