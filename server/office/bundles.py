"""What the office decides together: a visit with all that hangs on it, or one record alone.

A bundle is its head and its parts, as far as the reader may see them. Read only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from server.office.desk import Desk, Item
from server.office.waiting import (
    HEAD,
    PARTS,
    Waiting,
    deviations_of,
    is_waiting,
    reasons,
    waiting,
)
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec

QUESTIONS = REGISTRY["review"].model
LINES_MAX = 200
DECIDED = ("approved", "returned")


@dataclass(frozen=True)
class Bundle:
    """A head and its parts, the head first."""

    head: Item
    parts: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Give every record of it, the head first."""
        return (self.head, *self.parts)

    @property
    def waiting(self) -> bool:
        """Say whether something in it waits for a decision."""
        return any(is_waiting(item) for item in self.items)

    def open(self, desk: Desk) -> bool:
        """Say whether it can be decided about: it waits, or has not closed by itself yet."""
        return any(
            item.state == "submitted" and (item.locked_at is None or item.locked_at > desk.now)
            for item in self.to_decide()
        )

    def to_decide(self) -> list[Item]:
        """Give the records that a decision moves."""
        return [
            item
            for item in self.items
            if item.state == "submitted" and (self._hangs(item) or is_waiting(item))
        ]

    def decided(self) -> list[Item]:
        """Give the records that an undo moves back: none while the head itself is undecided."""
        if self.head.state not in DECIDED:
            return []
        last = self.head.body["status"]
        return [
            item
            for item in self.items
            if item.state in DECIDED and (self._hangs(item) or _same_step(item, last))
        ]

    def _hangs(self, item: Item) -> bool:
        """Say whether it always shares the head's decisions; a deviation does while it waits."""
        return item is self.head or any(item.spec is spec for spec, _ in PARTS)


def _same_step(item: Item, last: Any) -> bool:
    """Say whether a record was decided together with its head."""
    status: Any = item.body["status"]
    return bool((status["by"], status["at"]) == (last["by"], last["at"]))


@dataclass(frozen=True)
class Lined:
    """The first of what waits, and how many there are in all; there are more when not `whole`."""

    first: list[Bundle]
    count: int
    whole: bool


def line_up(desk: Desk) -> Lined:
    """Give what waits for the reader: who is waiting for us first, then the longest waiting."""
    queue = waiting(desk)
    why = reasons(desk, desk.items(id for each in queue.heads for id in each.records))

    def urgency(each: Waiting) -> tuple[int, float, str]:
        ranks = [(why[id].rank, why[id].since.timestamp()) for id in each.records if id in why]
        return (*min(ranks, default=(9, 0.0)), each.head)

    heads = [each.head for each in sorted(queue.heads, key=urgency)]
    return Lined(bundles(desk, desk.items(heads[:LINES_MAX])), len(heads), queue.whole)


def waiting_bundles(desk: Desk) -> list[Bundle]:
    """Give the first of what waits for the reader."""
    return line_up(desk).first


def count_waiting(desk: Desk) -> int:
    """Count the heads under which something waits, to the limit of what is lined up."""
    return len(waiting(desk).heads)


def bundles(desk: Desk, heads: Sequence[Item]) -> list[Bundle]:
    """Give the bundles of some heads (one query per kind of part)."""
    ids = [head.id for head in heads if head.spec is HEAD]
    parts: dict[str, list[Item]] = {head.id: [] for head in heads}
    for spec, name in PARTS if ids else ():
        for part in desk.found(spec.name, _hanging(spec, name, ids)):
            parts[str(part.body[name])].append(part)
    faults = deviations_of(part for each in parts.values() for part in each)
    for fault in desk.items(faults):
        if faults[fault.id] in parts:
            parts[faults[fault.id]].append(fault)
    return [Bundle(head, tuple(parts[head.id])) for head in heads]


def _hanging(spec: KindSpec, name: str, visits: Sequence[str]) -> Any:
    model: Any = spec.model

    def narrow(found: Select[Any]) -> Select[Any]:
        return (
            found.join(model, model.id == Envelope.id)
            .where(getattr(model, name).in_(visits))
            .order_by(Envelope.created_at, Envelope.id)
        )

    return narrow


def bundle(desk: Desk, head: str) -> Bundle | None:
    """Give one bundle; None when its head is missing, or not the reader's to see."""
    item = desk.item(head)
    if item is None or "status" not in item.spec.fields:
        return None
    return bundles(desk, [item])[0]


def may_decide(desk: Desk, each: Bundle, state: str = "returned") -> bool:
    """Say whether the reader may move everything that a decision would move."""
    return desk.reviews_in(each.head.area) and all(
        state != "approved" or desk.actor.roles_in(item.area) & item.spec.approvers
        for item in (*each.to_decide(), *each.decided())
    )


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
