"""What the judge is told, what it says, and the record after that; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from sync.mutation import WHOLE, Json, Mutation, Seen
from sync.rules import FieldRule, Outcome, Version

State: TypeAlias = Literal["applied", "review", "held"]
Reason: TypeAlias = Literal["ask", "status", "invariant", "delete", "locked"]


@dataclass(frozen=True, slots=True)
class Stored:
    """A record as it stands, read under its row's lock.

    A key that was removed is absent from `body` and keeps its version. `versions["*"]` is that of
    the deleted flag. `locked`: nothing is written any more without a person; the caller says False
    when it carries out that person's decision.
    """

    kind: str
    seq: int
    deleted: bool
    body: Mapping[str, Json]
    versions: Mapping[str, Version]
    locked: bool = False


def _holds(_: Mapping[str, Json]) -> tuple[str, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What the judge cannot know alone; the order in which it counts is the judge's.

    `invalid` gives a reason per path that has the wrong type or range. `invariants` takes the body
    that would result and names the paths that break it: every path that could mend it.
    `missing_n` is the lowest n of this replica, before this mutation's own, that is still on its
    way: it has not arrived and is no open form, or it is held on this record and will be judged
    again; None when there is none, or when it has been waited for long enough. `asked` gives, per
    path, the n behind this replica's open review there (None: it has no n).
    """

    fields: Mapping[str, FieldRule]
    kind_known: bool = True
    one_per: bool = False
    gone: bool = False
    may_write: bool = True
    missing_ref: str | None = None
    invalid: Mapping[str, str] = field(default_factory=dict)
    newer_contract: bool = False
    replica_revoked: bool = False
    fork: bool = False
    invariants: Callable[[Mapping[str, Json]], Iterable[str]] = _holds
    missing_n: int | None = None
    asked: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Effect:
    """What became of one path, and what stood there before: one line of the history."""

    path: str
    outcome: Outcome
    was: Json


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for a person: what the author wrote at a path, and what they had seen there.

    At path `*` the value is the flag: true asks for deletion, false for restoring.
    """

    path: str
    value: Json
    seen: Seen
    reason: Reason


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the server answers, and what it shall write.

    `reason` of `applied` is None, `equal` or `superseded`. `closes` names the paths where an open
    review of this replica, if there is one, is settled by this mutation. `deleted` is the new flag,
    or None to leave it. `waits_for` is a record id, or `<replica>/<n>` for an earlier mutation.
    """

    state: State
    reason: str | None = None
    creates: bool = False
    writes: dict[str, Json] = field(default_factory=dict)
    effect: list[Effect] = field(default_factory=list)
    reviews: list[Ask] = field(default_factory=list)
    closes: list[str] = field(default_factory=list)
    deleted: bool | None = None
    waits_for: str | None = None


def merged(body: Mapping[str, Json], writes: Mapping[str, Json]) -> dict[str, Json]:
    """The body after these writes; a path set to null is removed."""
    return {path: value for path, value in {**body, **writes}.items() if value is not None}


def applied(
    mutation: Mutation, stored: Stored | None, verdict: Verdict, facts: Facts, seq: int
) -> Stored | None:
    """The record after the verdict, at its fresh `seq`; unchanged when there is nothing to write.

    What a fork wrote is remembered without n, so that nothing chains onto it.
    """
    if not (verdict.writes or verdict.creates or verdict.deleted is not None):
        return stored
    old = stored or Stored(mutation.kind, 0, False, {}, {})
    version: Version = (seq, mutation.replica, None if facts.fork else mutation.n)
    touched = [*verdict.writes] + ([WHOLE] if verdict.deleted is not None else [])
    return replace(
        old,
        seq=seq,
        deleted=old.deleted if verdict.deleted is None else verdict.deleted,
        body=merged(old.body, verdict.writes),
        versions={**old.versions, **dict.fromkeys(touched, version)},
    )
