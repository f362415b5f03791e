"""A visit with everything that hangs on it, as the office reviews it: read only.

A bundle is a visit, its checklist runs and its conversation, as far as the reader may see them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from server.office import present
from server.office.dates import moment_words
from server.office.decisions import new_form, seal
from server.office.desk import Desk, Item
from server.office.history import last_return
from server.office.present import Part
from server.records import REGISTRY
from server.records.record import Entry, Envelope, KindSpec
from server.shapes import read_instant
from sync.rules import Rule

HEAD = REGISTRY["visit"]
PARTS: tuple[tuple[KindSpec, str], ...] = tuple(
    (spec, name)
    for spec in REGISTRY.values()
    if "status" in spec.fields
    for name, declared in spec.fields.items()
    if declared.to == HEAD.name
)
"""Every kind that hangs on a visit and is reviewed with it, and the field that it hangs by."""
QUESTIONS = REGISTRY["review"].model
LINES_MAX = 200


@dataclass(frozen=True)
class Bundle:
    """A visit and its parts, the visit first."""

    visit: Item
    parts: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Give every record of it, the visit first."""
        return (self.visit, *self.parts)

    @property
    def waiting(self) -> bool:
        """Say whether it waits for a decision."""
        return self.visit.state == "submitted"

    def to_decide(self) -> list[Item]:
        """Give the records that a decision moves."""
        return [item for item in self.items if item.state == "submitted"]

    def decided(self) -> list[Item]:
        """Give the records that an undo moves back."""
        return [item for item in self.items if item.state in ("approved", "returned")]


@dataclass
class Line:
    """One visit in a list."""

    id: str
    title: str
    purpose: str
    author: str
    submitted: str
    seal: str
    deviations: int = 0
    questions: int = 0


@dataclass
class Shown:
    """One visit beside the list, ready to print."""

    id: str
    title: str
    author: str
    submitted: str
    status: Mapping[str, Any]
    form: str
    seal: str
    may_decide: bool
    may_undo: bool
    parts: list[Part] = field(default_factory=list)


def waiting_visits(desk: Desk) -> list[Item]:
    """Give the visits that wait for the reader's decision, the longest waiting first."""
    if not desk.reviews:
        return []
    found = desk.found(HEAD.name, _submitted, LINES_MAX)
    return sorted(found, key=lambda item: (_sent_at(item), item.id))


def count_waiting(desk: Desk) -> int:
    """Count what `waiting_visits` would give without its limit."""
    if not desk.reviews:
        return 0
    return desk.count(HEAD.name, _submitted)


def _submitted(found: Select[Any]) -> Select[Any]:
    model: Any = HEAD.model
    return (
        found.join(model, model.id == Envelope.id)
        .where(model.status == "submitted")
        .order_by(Envelope.changed_at, Envelope.id)
    )


def bundles(desk: Desk, visits: Sequence[Item]) -> list[Bundle]:
    """Give the bundles of some visits (one query per kind of part)."""
    ids = [visit.id for visit in visits]
    parts: dict[str, list[Item]] = {id: [] for id in ids}
    for spec, name in PARTS if ids else ():
        for part in desk.found(spec.name, _hanging(spec, name, ids)):
            parts[str(part.body[name])].append(part)
    return [Bundle(visit, tuple(parts[visit.id])) for visit in visits]


def _hanging(spec: KindSpec, name: str, visits: Sequence[str]) -> Any:
    model: Any = spec.model

    def narrow(found: Select[Any]) -> Select[Any]:
        return (
            found.join(model, model.id == Envelope.id)
            .where(getattr(model, name).in_(visits))
            .order_by(Envelope.created_at, Envelope.id)
        )

    return narrow


def bundle(desk: Desk, visit: str) -> Bundle | None:
    """Give one visit's bundle; None when it is missing, deleted, or not the reader's to see."""
    item = desk.item(visit)
    if item is None or item.spec is not HEAD or item.deleted:
        return None
    return bundles(desk, [item])[0]


def lines(desk: Desk, found: Sequence[Bundle]) -> list[Line]:
    """Give list lines with what deserves a look: deviations and open questions."""
    records = [item.id for each in found for item in each.items]
    deviations = _deviations(desk, records)
    questions = open_questions(desk, records)
    desk.know(author for each in found for author in each.visit.authors)
    return [
        Line(
            id=each.visit.id,
            title=desk.title(each.visit),
            purpose=_words(desk, each.visit, "purpose"),
            author=authors(desk, each.visit),
            submitted=moment_words(_sent_at(each.visit), desk.now),
            seal=seal(each.items),
            deviations=sum(deviations.get(item.id, 0) for item in each.items),
            questions=sum(len(questions.get(item.id, {})) for item in each.items),
        )
        for each in found
    ]


def show(desk: Desk, each: Bundle) -> Shown:
    """Lay out one bundle, with the comments and the values of last time beside each field."""
    status = each.visit.body.get("status")
    questions = open_questions(desk, [item.id for item in each.items])
    shown = Shown(
        id=each.visit.id,
        title=desk.title(each.visit),
        author=authors(desk, each.visit),
        submitted=moment_words(_sent_at(each.visit), desk.now),
        status=status if isinstance(status, Mapping) else {"state": "draft"},
        form=new_form(),
        seal=seal(each.items),
        may_decide=desk.reviews and each.waiting,
        may_undo=desk.reviews and each.visit.state in ("approved", "returned"),
    )
    for item in each.items:
        part = present.part(desk, item, skip=_told_already(item))
        for path, review in questions.get(item.id, {}).items():
            if row := part.row(path):
                row.question = review
        _add_asked(desk, item, part)
        shown.parts.append(part)
    return shown


def _told_already(item: Item) -> set[str]:
    """Name the fields that the headings tell: references but the first, and what is fixed."""
    refs = [name for name, field in item.spec.fields.items() if field.to]
    shown = refs[:1] if item.spec is HEAD else []
    fixed = {
        name
        for name, field in item.spec.fields.items()
        if field.rule.rule is Rule.FIXED and not field.keyed
    }
    return fixed | (set(refs) - set(shown))


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


def open_questions(desk: Desk, records: Sequence[str]) -> dict[str, dict[str, str]]:
    """Give the open reviews about some records: record → path → review."""
    model: Any = QUESTIONS
    found: dict[str, dict[str, str]] = {}
    if not records:
        return found
    for item in desk.found(
        QUESTIONS.spec.name,
        lambda rows: rows.join(model, model.id == Envelope.id).where(
            model.about.in_(records), model.decision.is_(None)
        ),
    ):
        found.setdefault(str(item.body["about"]), {})[str(item.body["path"])] = item.id
    return found


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


def _sent_at(item: Item) -> datetime:
    """Give the moment of the last step of its life cycle."""
    status = item.body.get("status")
    at = status.get("at") if isinstance(status, Mapping) else None
    return read_instant(at) if isinstance(at, str) else item.changed_at


def _words(desk: Desk, item: Item, path: str) -> str:
    return present.path_words(desk, item.spec, path, item.body.get(path))
