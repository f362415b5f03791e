"""The dozen calls that declare a field (`text`, `choice`, `day`, …), and the Field they give.

A call gives a typed column whose `info["field"]` is the Field; a keyed call gives the Field itself.
What a value may be is said in `values`; nothing here knows a kind, a session or a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypedDict, Unpack

from marshmallow import ValidationError
from sqlalchemy.orm import MappedColumn, mapped_column

from server import values
from server.values import (
    CODE_PATTERN,
    INTEGER_MAX,
    REVIEWERS,
    STATES,
    UUID_PATTERN,
    Json,
    Shape,
    may_step,
    read_instant,
    state_of,
    write_instant,
)
from sync.rules import FieldRule, Rule


__all__ = [
    "CODE_PATTERN",
    "INTEGER_MAX",
    "PERSONAL",
    "PUBLIC",
    "REVIEWERS",
    "SPECIAL",
    "STATES",
    "UUID_PATTERN",
    "Field",
    "Json",
    "Sensitivity",
    "Shape",
    "anything",
    "choice",
    "clock",
    "composite",
    "day",
    "flag",
    "instant",
    "keyed_anything",
    "keyed_choice",
    "keyed_flag",
    "keyed_text",
    "may_step",
    "number",
    "read_instant",
    "ref",
    "state_of",
    "status",
    "text",
    "user_ref",
    "values",
    "write_instant",
]


class Sensitivity(StrEnum):
    """How much harm the value can do in the wrong hands."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SPECIAL = "special"


PUBLIC, PERSONAL, SPECIAL = Sensitivity.PUBLIC, Sensitivity.PERSONAL, Sensitivity.SPECIAL
UNTIL_TOLD = "Skriv slik at leietakeren kan lese det"
"""Stands beside every field of free text (words.md, rule 7)."""


@dataclass(frozen=True)
class Field:
    """One field: its words, its shape, its rule, and who could be hurt by it."""

    name: str
    label: str
    shape: Shape
    rule: FieldRule
    required: bool = False
    sensitive: Sensitivity = PUBLIC
    section: str | None = None
    hint: str | None = None
    keys: str | None = None
    """The pattern of a keyed field's keys; None for a field that is not keyed."""
    key_labels: Mapping[str, str] | None = None
    server: bool = False
    """Written by the server alone; a path that no client may touch."""
    indexed: bool = False
    since: int = 1
    retired: int | None = None

    @property
    def keyed(self) -> bool:
        """Say whether the paths are `name/key`."""
        return self.keys is not None

    @property
    def to(self) -> str | None:
        """Name the kind that a reference points at; None for other values."""
        return self.shape.to if isinstance(self.shape, values.Reference) else None

    @property
    def choices(self) -> Mapping[str, str]:
        """Give the answers by code; empty for other values."""
        return self.shape.choices if isinstance(self.shape, values.Choice) else {}

    @property
    def max(self) -> int | None:
        """Give the largest size in code points; None for other values."""
        return self.shape.max if isinstance(self.shape, values.Words) else None

    @property
    def free_text(self) -> bool:
        """Say whether a person can write anything at all here."""
        return isinstance(self.shape, values.Words) and self.shape.pattern is None

    def deserialize(self, value: Json, key: str | None = None) -> Json:
        """Give the canonical value; raises ValidationError with a sentence in bokmål."""
        if (key is None) == self.keyed or (self.keys and not re.fullmatch(self.keys, key or "")):
            raise ValidationError("Dette feltet finnes ikke.")
        read: Json = self.shape.deserialize(value)
        return read


class Rest(TypedDict, total=False):
    """The keywords that every declaration takes."""

    rule: Rule
    required: bool
    sensitive: Sensitivity
    section: str
    hint: str
    server: bool
    indexed: bool
    since: int
    retired: int


def text(
    label: str,
    *,
    max: int,
    pattern: str | None = None,
    sentence: str | None = None,
    **rest: Unpack[Rest],
) -> MappedColumn[Any]:
    """Declare a text of at most `max` code points."""
    return _column(label, values.Words(max, pattern, sentence), rest)


def choice(label: str, choices: Mapping[str, str], **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare one of a few answers, code → bokmål."""
    return _column(label, values.Choice(choices), rest)


def day(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a calendar day."""
    return _column(label, values.Day(), rest)


def clock(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a time of day."""
    return _column(label, values.TimeOfDay(), rest)


def instant(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a moment in UTC."""
    return _column(label, values.Moment(), rest)


def number(label: str, *, min: int, max: int, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a whole number within limits."""
    return _column(label, values.Number(min, max), rest)


def flag(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare yes or no."""
    return _column(label, values.Flag(), rest)


def ref(label: str, *, to: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a reference to a record of the kind `to`, or of `any`."""
    return _column(label, values.Reference(to), Rest(**{"indexed": True, **rest}))


def user_ref(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a reference to a user."""
    return _column(label, values.Person(), rest)


def anything(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a bounded JSON value that belongs to another field."""
    return _column(label, values.Anything(), rest)


def composite(label: str, shape: values.Composite, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare values that are judged together."""
    return _column(label, shape, rest)


def status(label: str = "Status", **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare the life cycle draft → submitted → returned | approved."""
    return _column(label, values.Status(), Rest(**{"rule": Rule.FORWARD, "indexed": True, **rest}))


def keyed_text(
    label: str, *, max: int, keys: str = UUID_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare texts, each under its own key."""
    return _field(label, values.Words(max), rest, keys)


def keyed_choice(
    label: str, choices: Mapping[str, str], *, keys: str = CODE_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare answers, each under its own key."""
    return _field(label, values.Choice(choices), rest, keys)


def keyed_flag(
    label: str, keys: str | Mapping[str, str] = UUID_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare a set: the members are the keys that are true; `keys` may name them, code → bokmål."""
    if isinstance(keys, str):
        return _field(label, values.Flag(), rest, keys)
    pattern = "|".join(map(re.escape, keys))
    return replace(_field(label, values.Flag(), rest, pattern), key_labels=dict(keys))


def keyed_anything(label: str, *, keys: str = UUID_PATTERN, **rest: Unpack[Rest]) -> Field:
    """Declare bounded JSON values, each under its own key."""
    return _field(label, values.Anything(), rest, keys)


def _column(label: str, shape: Shape, rest: Rest) -> MappedColumn[Any]:
    field = _field(label, shape, rest)
    return mapped_column(
        shape.column_type(), nullable=True, index=field.indexed or None, info={"field": field}
    )


def _field(label: str, shape: Shape, rest: Rest, keys: str | None = None) -> Field:
    words = dict(rest)
    rule = words.pop("rule", Rule.ASK)
    free = isinstance(shape, values.Words) and shape.pattern is None and shape.max > 200
    if free and not rest.get("server"):
        words.setdefault("hint", UNTIL_TOLD)
    transitions = None
    if isinstance(shape, values.Status):
        states = {state for step in values.STATUS_STEPS for state in step}
        transitions = {
            state: frozenset(after for before, after in values.STATUS_STEPS if before == state)
            for state in sorted(states)
        }
    decided = FieldRule(rule=rule, order=None, transitions=transitions, keyed=keys is not None)
    return Field(name="", label=label, shape=shape, rule=decided, keys=keys, **words)  # type: ignore[arg-type]
