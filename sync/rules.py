"""The five rules by which a path is reconciled: pure functions, blind to records and rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from sync.mutation import Json, Seen, same

Version: TypeAlias = tuple[int, str, int | None]
"""Who last wrote a path: the record's seq then, the replica, and its n (None: no chain)."""

INITIAL: Final = "draft"
"""The state of a record whose status nobody has written."""
_SIGNATURE: Final = frozenset({"by", "at"})


class Rule(StrEnum):
    """How a field settles two edits that did not know of each other."""

    ASK = "ask"
    LATEST = "latest"
    STRICTEST = "strictest"
    FORWARD = "forward"
    FIXED = "fixed"


class Outcome(StrEnum):
    """What became of one path of a mutation."""

    WRITTEN = "written"
    EQUAL = "equal"
    SUPERSEDED = "superseded"
    REVIEW = "review"
    NOT_WRITTEN = "not_written"


@dataclass(frozen=True, slots=True)
class FieldRule:
    """A field's rule, with what that rule needs to know.

    `order` (strictest) runs from the least to the most restrictive value; `transitions` (forward)
    says which states may follow a state; `keyed` means that the paths are `field/key`; `lasting`
    means that the field stays open when the record is locked, because its work goes on.
    """

    rule: Rule = Rule.ASK
    order: tuple[str, ...] | None = None
    transitions: Mapping[str, frozenset[str]] | None = None
    keyed: bool = False
    lasting: bool = False

    def __post_init__(self) -> None:
        if (self.order is not None) != (self.rule is Rule.STRICTEST):
            raise ValueError("an order belongs to strictest, and strictest needs one")
        if (self.transitions is not None) != (self.rule is Rule.FORWARD):
            raise ValueError("transitions belong to forward, and forward needs them")


@dataclass(frozen=True, slots=True)
class Mine:
    """Who writes: the replica, its n (None: no chain), and whether the record had left draft."""

    replica: str
    n: int | None
    closed: bool = False


def state_of(status: Json) -> str:
    """The state in a composite status; a record without one is a draft."""
    state = status.get("state") if isinstance(status, Mapping) else None
    return state if isinstance(state, str) else INITIAL


def is_earlier(version: Version, mine: Mine) -> bool:
    """Whether my own replica wrote this, at or before my n: I knew of it, whatever my form says."""
    _, replica, n = version
    return replica == mine.replica and n is not None and mine.n is not None and n <= mine.n


def is_later(version: Version, mine: Mine) -> bool:
    """Whether my own replica wrote this after my n: I have changed my mind since."""
    _, replica, n = version
    return replica == mine.replica and n is not None and mine.n is not None and n > mine.n


def is_in_chain(version: Version, mine: Mine) -> bool:
    """Whether my own replica wrote this and n tells in which order with mine."""
    return is_earlier(version, mine) or is_later(version, mine)


def is_concurrent(version: Version | None, seen: Seen, mine: Mine) -> bool:
    """Whether somebody else wrote here and I did not know."""
    if version is None or version[0] <= seen.seq:
        return False
    return not is_in_chain(version, mine)


def _settled(
    standing: Json, version: Version | None, value: Json, seen: Seen, mine: Mine
) -> Outcome | None:
    """What every rule but two agrees on; None when two people differ and neither knew."""
    if version is None or version[0] <= seen.seq or is_earlier(version, mine):
        return Outcome.WRITTEN
    if is_later(version, mine):
        return Outcome.SUPERSEDED
    return Outcome.EQUAL if same(standing, value) else None


def ask(standing: Json, version: Version | None, value: Json, seen: Seen, mine: Mine) -> Outcome:
    """A person decides, because nobody else knows which of two answers is true.

    Whoever saw what stands may write over it; so may the replica that wrote it, in its own order.
    The same answer twice is no question. All else is one: what stands stays, and both are kept.
    """
    return _settled(standing, version, value, seen, mine) or Outcome.REVIEW


def latest(standing: Json, version: Version | None, value: Json, seen: Seen, mine: Mine) -> Outcome:
    """The last received stands, because the stake is lower than the cost of asking.

    Received, not written: clocks order nothing. What it replaced is in the history. Only my own
    edits out of order are put back in order.
    """
    return _settled(standing, version, value, seen, mine) or Outcome.WRITTEN


def strictest(
    order: tuple[str, ...],
    standing: Json,
    version: Version | None,
    value: Json,
    seen: Seen,
    mine: Mine,
) -> Outcome:
    """The more restrictive value stands while nobody knew of the other, because that errs safely.

    Whoever has seen it may relax it: care, not a ratchet. An empty value restricts nothing. A
    value that has no place in the order cannot be weighed, so a person is asked.
    """
    settled = _settled(standing, version, value, seen, mine)
    if settled is not None:
        return settled
    ranks: dict[Json, int] = {name: rank for rank, name in enumerate(order, 1)} | {None: 0}
    here = ranks.get(standing) if isinstance(standing, str | None) else None
    there = ranks.get(value) if isinstance(value, str | None) else None
    if here is None or there is None:
        return Outcome.REVIEW
    return Outcome.WRITTEN if there > here else Outcome.SUPERSEDED


def forward(
    transitions: Mapping[str, frozenset[str]],
    standing: Json,
    version: Version | None,
    value: Json,
    seen: Seen,
    mine: Mine,
) -> Outcome:
    """A status moves along allowed steps only, because each end is somebody's decision.

    Two who reached the same end agree, whoever signed first. Two different ends are two decisions,
    even when a step leads from one to the other: the second knew nothing of the first (an offline
    «submitted» must not undo an approval). An impossible step is asked about, never taken.
    """
    if version is not None and is_later(version, mine):
        return Outcome.SUPERSEDED
    if is_concurrent(version, seen, mine):
        agreed = same(_unsigned(standing), _unsigned(value))
        return Outcome.EQUAL if agreed else Outcome.REVIEW
    here, there = state_of(standing), state_of(value)
    allowed = here == there or there in transitions.get(here, frozenset())
    return Outcome.WRITTEN if allowed else Outcome.REVIEW


def _unsigned(status: Json) -> Json:
    """A status without who and when: what was decided."""
    if not isinstance(status, Mapping):
        return status
    return {name: part for name, part in status.items() if name not in _SIGNATURE}


def fixed(standing: Json, version: Version | None, value: Json, seen: Seen, mine: Mine) -> Outcome:
    """Words belong to whoever wrote them, and are closed once others may have relied on them.

    The replica that wrote a key may rewrite it while the record is a draft. From submission, and
    for everybody else from the start, a new text is a question and never an overwriting, seen or
    not. A new key may always be added.
    """
    if version is None:
        return Outcome.WRITTEN
    if is_later(version, mine):
        return Outcome.SUPERSEDED
    if version[1] != mine.replica or mine.closed:
        return Outcome.EQUAL if same(standing, value) else Outcome.REVIEW
    return ask(standing, version, value, seen, mine)


def decide(
    rule: FieldRule,
    *,
    standing: Json,
    version: Version | None,
    value: Json,
    seen: Seen,
    mine: Mine,
) -> Outcome:
    """Judge one path by its field's rule; `standing` is None where nothing stands."""
    match rule.rule:
        case Rule.ASK:
            return ask(standing, version, value, seen, mine)
        case Rule.LATEST:
            return latest(standing, version, value, seen, mine)
        case Rule.STRICTEST:
            return strictest(rule.order or (), standing, version, value, seen, mine)
        case Rule.FORWARD:
            return forward(rule.transitions or {}, standing, version, value, seen, mine)
        case Rule.FIXED:
            return fixed(standing, version, value, seen, mine)
