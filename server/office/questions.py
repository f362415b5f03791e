"""Ulike svar as they are read: one question, its two sides, and what was decided about it.

It decides nothing; a side that the reader may not see is named as one, and not shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from server import ledger
from server.access import today_of
from server.office import present
from server.office.dates import day_words, moment_words
from server.office.desk import Desk, Item
from server.office.history import Change, Event, clock_note, events, place_of, raw_of
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec
from server.shapes import Field, Json, read_instant

REVIEW = REGISTRY["review"]
SHORT = 120
"""Answers that together are longer than this are not repeated in a sentence."""
WHOLE = "*"
NOT_TYPED = frozenset({"composite", "status", "json", "comments", "ref", "user"})
"""Controls for which «Et annet svar» cannot be typed by hand."""
HIDDEN = "En annen har svart noe annet. Kontoret avgjør."


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
            return False if self.about else None
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


def settled_reviews(found: Select[Any]) -> Select[Any]:
    model: Any = REVIEW.model
    return (
        found.join(model, model.id == Envelope.id)
        .where(model.decision.is_not(None))
        .order_by(Envelope.changed_at.desc(), Envelope.id)
    )


def question(desk: Desk, review: Item) -> Question:
    spec = REGISTRY.get(review.text("about_kind") or "")
    return Question(review, desk.item(review.text("about")), spec, review.text("path") or "")


def words(desk: Desk, each: Question, value: Json) -> str:
    if each.path == WHOLE:
        return "Slett" if value is True else "Behold"
    if each.spec is None:
        return present.any_words(value)
    return present.path_words(desk, each.spec, each.path, value)


def label(desk: Desk, each: Question) -> str:
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
        f"{desk.person(decision.get('by'))} valgte «{words(desk, each, chosen)}» {day}. "
        "Det andre svaret ligger i historikken."
    )


def line(desk: Desk, each: Question) -> dict[str, str]:
    return {
        "id": each.review.id,
        "field": label(desk, each),
        "kind_words": each.spec.words[0] if each.spec else "Registrering",
        "title": desk.title(each.about) if each.about else "",
        "author": desk.person(each.review.body.get("author")),
        "opened": _when(desk, each.review.body.get("opened_at")),
        "reason": present.path_words(desk, REVIEW, "reason", each.review.body.get("reason")),
        "settled": settled_words(desk, each),
    }


def _when(desk: Desk, instant: Json) -> str:
    return moment_words(read_instant(instant), desk.now) if isinstance(instant, str) else ""


def author_side(desk: Desk, each: Question) -> Side:
    found = ledger.find(desk.session, [each.review.text("mid") or ""])
    entry = next(iter(found.values()), None)
    when = f"Mottatt {_when(desk, each.review.body.get('opened_at'))}."
    if entry and (note := clock_note(raw_of(entry), entry.received_at, desk.now)):
        when = f"{note} {when}"
    seen = each.review.body.get("seen")
    shown = seen.get("value") if isinstance(seen, Mapping) else None
    return Side(desk.person(each.review.body.get("author")), when, words(desk, each, shown))


def other_side(desk: Desk, each: Question, standing: Json) -> Side:
    """Find who wrote what stands, or stood when it was decided: by its last writer."""
    if each.about is None:
        return Side("En annen", "", "")
    for entry in reversed(ledger.of_record(desk.session, each.about.id)):
        raw = raw_of(entry)
        written = any(
            line["path"] == each.path and line["outcome"] == "written" for line in entry.effect
        )
        is_flag = each.path == WHOLE
        if written and (is_flag or (raw.get("set") or {}).get(each.path) == standing):
            seen = (raw.get("seen") or {}).get(each.path, {}).get("value")
            note = clock_note(raw, entry.received_at, desk.now)
            when = f"{note} Mottatt {moment_words(entry.received_at, desk.now)}.".strip()
            return Side(desk.person(entry.author), when, words(desk, each, seen))
    return Side("Ingen", "", "")


def sentence(desk: Desk, each: Question, mine: Side, theirs: Side) -> str:
    reason = each.review.body.get("reason")
    if each.about is None:
        return HIDDEN
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
        return (
            f"Registreringen ville mangle noe som må være fylt ut, så det {mine.who} skrev, "
            "er ikke tatt i bruk. Det er tatt vare på."
        )
    one, other = (
        words(desk, each, each.review.body.get("value")),
        words(desk, each, each.standing),
    )
    if each.decision or len(one) + len(other) > SHORT:
        return "Begge er tatt vare på."
    return f"{mine.who} skrev «{one}». {theirs.who} skrev «{other}». Begge er tatt vare på."


def history(desk: Desk, each: Question) -> list[Event]:
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
    told, why = "Angret avgjørelsen", ""
    if isinstance(decision, Mapping):
        chosen = {"author": each.review.body.get("value"), "standing": decision.get("was")}
        value = chosen.get(str(decision.get("choice")), decision.get("value"))
        told, why = f"Valgte {words(desk, each, value)}", str(decision.get("why") or "")
    return Event(
        mid=entry.mid,
        seq=entry.seq or 0,
        who=desk.person(entry.author),
        received=moment_words(entry.received_at, desk.now),
        place=place_of(entry),
        state_words="",
        clock_note="",
        why=why,
        changes=[Change("decision", "Avgjørelse", told)],
    )
