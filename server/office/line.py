"""One record as a line of a folder: what it is, how far it has come, when it is due, what can be
done with it. It decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from server.office import members, present
from server.office.dates import day_words
from server.office.decisions import seal
from server.office.desk import Desk, Item
from server.office.folders import FOLDERS
from server.office.next_days import Next, next_of
from server.office.rights import changeable, open_fields
from server.office.shown import what_words
from server.office.timeline import day_in
from server.planning.calendar import day_of
from server.records.conflict_case import ConflictCase
from server.records.event import Event
from server.records.measure import Measure
from server.records.record import KindSpec
from server.shapes import SPECIAL, STATES
from sync.mutation import canonical

STATE = "handling"
WORDS_MAX = 160


@dataclass(frozen=True)
class Ending:
    """What a last step says besides: the day, and how it went where that must be known."""

    state: str
    on: str
    outcome: str = ""


ENDINGS: Mapping[str, Ending] = {
    ConflictCase.spec.name: Ending("closed", "closed_on", "outcome"),
    Measure.spec.name: Ending("done", "done_on"),
}


@dataclass(frozen=True)
class Act:
    """One thing that can be done with a record: a page to go to, or a form with one button."""

    words: str
    address: str
    posts: bool = False


@dataclass(frozen=True)
class Steps:
    """How far the work has come, and what can be said next."""

    states: Mapping[str, str]
    now: str
    shown: str
    """What stands, to be judged against."""
    outcomes: Mapping[str, str]

    @property
    def passed(self) -> tuple[str, ...]:
        """Give the states that lie behind, in order."""
        codes = list(self.states)
        return tuple(codes[: codes.index(self.now)]) if self.now in codes else ()


@dataclass(frozen=True)
class Line:
    """One record, ready to print."""

    item: Item
    what: str
    words: str
    when: str
    state: str
    due: list[Next]
    sections: list[present.Section]
    steps: Steps | None
    may_change: bool
    may_step: bool
    opens: bool
    """Whether it is a folder of its own."""
    acts: list[Act]
    seal: str

    @property
    def id(self) -> str:
        """Give the record's id."""
        return self.item.id


Acts = Callable[[Desk, Item], list[Act]]
ACTS: dict[str, Acts] = {}
"""What can be done with a record of a kind, by kind; the pages of each programme add their own."""


def lines(desk: Desk, items: Iterable[Item], skip: Iterable[str] = ()) -> list[Line]:
    """Lay records out; `skip` are fields that the page tells already."""
    those = list(items)
    due, may, hidden = next_of(desk, those), changeable(desk, those), frozenset(skip)
    desk.items(id for item in those for name in item.spec.references if (id := item.text(name)))
    return [_line(desk, item, due.get(item.id, []), item.id in may, hidden) for item in those]


def _line(desk: Desk, item: Item, due: list[Next], may: bool, hidden: frozenset[str]) -> Line:
    on = day_in(item) or day_of(item.created_at)
    draft = "status" in item.spec.fields and item.state == "draft"
    steps = steps_of(item)
    acts = ACTS.get(item.spec.name)
    return Line(
        item=item,
        what=what_words(desk, item),
        words=words_of(item),
        when=day_words(on, desk.today),
        state=STATES["draft"] if draft else steps.states.get(steps.now, "") if steps else "",
        due=due,
        sections=present.part(desk, item, skip=hidden | {"status"}).sections,
        steps=steps,
        may_change=may and bool(open_fields(desk, item)),
        may_step=may and steps is not None and not draft,
        opens=item.spec.name in FOLDERS,
        acts=acts(desk, item) if acts and may else [],
        seal=seal([item]),
    )


def words_of(item: Item) -> str:
    """Give the words that say what it is; what was said in confidence is told only when opened."""
    for name, declared in item.spec.fields.items():
        if declared.free_text and declared.required and declared.sensitive is not SPECIAL:
            words = item.text(name) or ""
            return words if len(words) <= WORDS_MAX else f"{words[: WORDS_MAX - 1]}…"
    return ""


def states(spec: KindSpec) -> Mapping[str, str]:
    """Give the states of the work on a kind, in their order; none for a kind without."""
    declared = spec.fields.get(STATE)
    if declared is None or declared.shape.control != STATE:
        return {}
    choices: Any = declared.shape.limits["choices"]
    return {each["value"]: each["label"] for each in choices}


def steps_of(item: Item) -> Steps | None:
    """Give how far the work on a record has come; None for a kind that has no such steps."""
    known = states(item.spec)
    if not known:
        return None
    stands = item.body.get(STATE)
    state = stands.get("state") if isinstance(stands, Mapping) else None
    ending = ENDINGS.get(item.spec.name)
    outcomes = item.spec.fields[ending.outcome].choices if ending and ending.outcome else {}
    now = state if state in known else next(iter(known))
    return Steps(known, str(now), canonical(stands).decode(), outcomes)


def votes(item: Item) -> int:
    """Give how many stand behind what residents said."""
    declared = item.spec.fields.get("votes")
    return sum(members.sums(declared, item.body).values()) if declared else 0


def came(item: Item) -> int:
    """Give how many came to an event."""
    return sum(members.sums(Event.spec.fields["heads"], item.body).values())
