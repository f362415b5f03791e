"""Bundles ready to print: a line of the list, and the whole beside it with what was asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from server.office import present
from server.office.bundles import Bundle, may_decide, open_questions
from server.office.dates import moment_words
from server.office.decisions import new_form, seal
from server.office.desk import Desk, Item
from server.office.history import last_return
from server.office.present import Part
from server.office.waiting import Reason, reasons, sent_at
from server.records.record import Entry
from sync.rules import Rule


@dataclass
class Line:
    """One head in a list."""

    id: str
    title: str
    what: str
    author: str
    submitted: str
    seal: str
    reasons: list[Reason] = field(default_factory=list)
    deviations: int = 0
    questions: int = 0


@dataclass
class Shown:
    """One bundle beside the list, ready to print."""

    id: str
    title: str
    kind: str
    author: str
    submitted: str
    status: Mapping[str, Any]
    form: str
    seal: str
    may_decide: bool
    may_approve: bool
    may_undo: bool
    reasons: list[Reason] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)


def lines(desk: Desk, found: Sequence[Bundle]) -> list[Line]:
    """Give list lines with what deserves a look: why it is here, deviations, open questions."""
    records = [item.id for each in found for item in each.items]
    deviations = _deviations(desk, records)
    questions = open_questions(desk, records)
    why = reasons(desk, (item for each in found for item in each.items))
    desk.know(author for each in found for author in each.head.authors)
    desk.items(str(each.head.body.get("dwelling")) for each in found)
    return [
        Line(
            id=each.head.id,
            title=place_words(desk, each.head),
            what=what_words(desk, each.head),
            author=authors(desk, each.head),
            submitted=moment_words(sent_at(each.head), desk.now),
            seal=seal(each.items),
            reasons=_sorted_reasons(each, why),
            deviations=sum(deviations.get(item.id, 0) for item in each.items),
            questions=sum(len(questions.get(item.id, {})) for item in each.items),
        )
        for each in found
    ]


def place_words(desk: Desk, item: Item) -> str:
    """Name the home or the building that a record is about, else the record itself."""
    place = desk.item(item.text("dwelling") or item.text("building"))
    return desk.title(place or item)


def what_words(desk: Desk, item: Item) -> str:
    """Say what a record is: its kind, and the choice that sorts it."""
    for name, declared in item.spec.fields.items():
        value = item.body.get(name)
        if declared.choices and declared.required and not declared.keyed and value:
            return f"{item.spec.words[0]} · {present.value_words(desk, declared, value)}"
    return item.spec.words[0]


def _sorted_reasons(each: Bundle, why: Mapping[str, Reason]) -> list[Reason]:
    """Give each reason once, the weightiest first."""
    found = {why[item.id].words: why[item.id] for item in each.items if item.id in why}
    return sorted(found.values(), key=lambda reason: (reason.rank, reason.words))


def show(desk: Desk, each: Bundle) -> Shown:
    """Lay out one bundle, with the comments and the values of last time beside each field."""
    status = each.head.body.get("status")
    questions = open_questions(desk, [item.id for item in each.items])
    shown = Shown(
        id=each.head.id,
        title=place_words(desk, each.head),
        kind=each.head.spec.words[0],
        author=authors(desk, each.head),
        submitted=moment_words(sent_at(each.head), desk.now),
        status=status if isinstance(status, Mapping) else {"state": "draft"},
        form=new_form(),
        seal=seal(each.items),
        may_decide=each.open(desk) and may_decide(desk, each),
        may_approve=may_decide(desk, each, "approved"),
        may_undo=bool(each.decided()) and may_decide(desk, each, each.head.state),
        reasons=_sorted_reasons(each, reasons(desk, each.items)),
    )
    for item in each.items:
        part = present.part(desk, item, skip=_told_already(item, item is each.head))
        for path, review in questions.get(item.id, {}).items():
            if row := part.row(path):
                row.question = review
        _add_asked(desk, item, part)
        shown.parts.append(part)
    return shown


def _told_already(item: Item, is_head: bool) -> set[str]:
    """Name the fields that the headings tell: references but the head's first, and what is fixed.

    A moment is told by no heading.
    """
    refs = [name for name, field in item.spec.fields.items() if field.to]
    fixed = {
        name
        for name, field in item.spec.fields.items()
        if field.rule.rule is Rule.FIXED and not field.keyed and field.shape.control != "instant"
    }
    return (set() if is_head else fixed) | set(refs[1:] if is_head else refs)


def _add_asked(desk: Desk, item: Item, part: Part) -> None:
    """Print what the status asks for, or what the last return asked for and whether it changed."""
    status = item.body.get("status")
    asked = status.get("comments") if isinstance(status, Mapping) else None
    returned = last_return(desk, item) if not asked else None
    comments = asked if isinstance(asked, Mapping) else returned.comments if returned else {}
    for path, text in comments.items():
        row = part.row(path)
        if row is None:
            continue
        row.asked = str(text)
        if returned and path in returned.before:
            row.changed = True
            row.was = present.path_words(desk, item.spec, path, returned.before[path])


def _deviations(desk: Desk, records: Iterable[str]) -> dict[str, int]:
    rows = desk.session.execute(
        select(Entry.record, func.count())
        .where(Entry.record.in_(list(records)), Entry.value == "deviation")
        .group_by(Entry.record)
    )
    return dict(rows.all())


def authors(desk: Desk, item: Item) -> str:
    """Name those who wrote a record while it was a draft."""
    return ", ".join(desk.person(user) for user in item.authors)
