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

from server import composites, patterns, values
from server.composites import REVIEWERS, STATES, Composite, may_step, signer, state_of
from server.patterns import UUID_PATTERN, read_instant, write_instant
from server.values import CODE_PATTERN, Shape
from sync.mutation import INTEGER_MAX, Json
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
    "Composite",
    "Field",
    "Json",
    "Sensitivity",
    "Shape",
    "anything",
    "choice",
    "clock",
    "code",
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
    "patterns",
    "read_instant",
    "ref",
    "signer",
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
"""Stands beside every field of long free text (words.md, rule 7)."""
LONG_TEXT = 200


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
        return self.shape.to if isinstance(self.shape, patterns.Reference) else None

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
        if key is not None if self.keys is None else not re.fullmatch(self.keys, key or ""):
            raise ValidationError("Dette feltet finnes ikke.")
        read: Json = self.shape.deserialize(value)
        return read


class Rest(TypedDict, total=False):
    """The keywords that every declaration takes."""

    rule: Rule
    required: bool
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
    sensitive: Sensitivity,
    pattern: str | None = None,
    sentence: str | None = None,
    **rest: Unpack[Rest],
) -> MappedColumn[Any]:
    """Declare a text of at most `max` code points; who it could hurt must be said each time."""
    shape = values.Words(max, pattern, sentence)
    return _column(label, shape, rest, sensitive=sensitive)


def code(
    label: str, *, max: int, pattern: str, sentence: str | None = None, **rest: Unpack[Rest]
) -> MappedColumn[Any]:
    """Declare a text of one form that can name no person: an id, a code, a path."""
    return _column(label, values.Words(max, pattern, sentence), rest)


def choice(label: str, choices: Mapping[str, str], **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare one of a few answers, code → bokmål."""
    return _column(label, values.Choice(choices), rest)


def day(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a calendar day."""
    return _column(label, patterns.Day(), rest)


def clock(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a time of day."""
    return _column(label, patterns.TimeOfDay(), rest)


def instant(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a moment in UTC."""
    return _column(label, patterns.Moment(), rest)


def number(label: str, *, min: int, max: int, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a whole number within limits."""
    return _column(label, values.Number(min, max), rest)


def flag(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare yes or no."""
    return _column(label, values.Flag(), rest)


def ref(label: str, *, to: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a reference to a record of the kind `to`, or of `any`."""
    return _column(label, patterns.Reference(to), Rest(**{"indexed": True, **rest}))


def user_ref(label: str, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a reference to a user."""
    return _column(label, patterns.Person(), rest)


def anything(label: str, *, sensitive: Sensitivity, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a bounded JSON value that belongs to another field."""
    return _column(label, values.Anything(), rest, sensitive=sensitive)


def composite(
    label: str, shape: Composite, *, sensitive: Sensitivity, **rest: Unpack[Rest]
) -> MappedColumn[Any]:
    """Declare values that are judged together."""
    return _column(label, shape, rest, sensitive=sensitive)


def status(label: str = "Status", **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare the life cycle draft → submitted → returned | approved."""
    return _column(
        label, composites.Status(), Rest(**{"rule": Rule.FORWARD, "indexed": True, **rest})
    )


def keyed_text(
    label: str,
    *,
    max: int,
    sensitive: Sensitivity,
    keys: str = UUID_PATTERN,
    **rest: Unpack[Rest],
) -> Field:
    """Declare texts, each under its own key; who they could hurt must be said each time."""
    return _field(label, values.Words(max), rest, keys, sensitive)


def keyed_choice(
    label: str, choices: Mapping[str, str], *, keys: str = CODE_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare answers, each under its own key."""
    return _field(label, values.Choice(choices), rest, keys)


def keyed_flag(
    label: str, keys: str | Mapping[str, str] = UUID_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare a set: its members are the keys that are true; `keys` may name them in bokmål."""
    if isinstance(keys, str):
        return _field(label, values.Flag(), rest, keys)
    pattern = "|".join(map(re.escape, keys))
    return replace(_field(label, values.Flag(), rest, pattern), key_labels=dict(keys))


def keyed_anything(
    label: str, *, sensitive: Sensitivity, keys: str = UUID_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare bounded JSON values, each under its own key."""
    return _field(label, values.Anything(), rest, keys, sensitive)


def _column(
    label: str, shape: Shape, rest: Rest, sensitive: Sensitivity = PUBLIC
) -> MappedColumn[Any]:
    field = _field(label, shape, rest, sensitive=sensitive)
    return mapped_column(
        shape.column_type(), nullable=True, index=field.indexed or None, info={"field": field}
    )


def _field(
    label: str,
    shape: Shape,
    rest: Rest,
    keys: str | None = None,
    sensitive: Sensitivity = PUBLIC,
) -> Field:
    field = Field(
        name="",
        label=label,
        shape=shape,
        rule=_rule(rest.get("rule", Rule.ASK), shape, keys is not None),
        required=rest.get("required", False),
        sensitive=sensitive,
        section=rest.get("section"),
        hint=rest.get("hint"),
        keys=keys,
        server=rest.get("server", False),
        indexed=rest.get("indexed", False),
        since=rest.get("since", 1),
        retired=rest.get("retired"),
    )
    long = field.free_text and (field.max or 0) > LONG_TEXT
    return replace(field, hint=field.hint or UNTIL_TOLD) if long and not field.server else field


def _rule(rule: Rule, shape: Shape, keyed: bool) -> FieldRule:
    steps = composites.status_steps() if isinstance(shape, composites.Status) else None
    return FieldRule(rule, transitions=steps, keyed=keyed)
