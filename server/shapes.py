"""The dozen calls that declare a field (`text`, `choice`, `day`, …), and the Field they give.

A call gives a typed column whose `info["field"]` is the Field; a keyed call gives the Field itself.
What a value may be is said in `values`; nothing here knows a kind, a session or a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypedDict, Unpack

from sqlalchemy.orm import MappedColumn, mapped_column

from server import composites, patterns, values
from server.composites import REVIEWERS, STATES, Composite, may_step, signer, state_of
from server.field import (
    LONG_TEXT,
    PERSONAL,
    PUBLIC,
    SPECIAL,
    UNTIL_TOLD,
    USERS,
    Field,
    Sensitivity,
)
from server.patterns import COUNTER_PATTERN, UUID_PATTERN, read_instant, write_instant
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
    "USERS",
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
    "handling",
    "instant",
    "keyed_anything",
    "keyed_choice",
    "keyed_composite",
    "keyed_flag",
    "keyed_number",
    "keyed_text",
    "may_step",
    "number",
    "patterns",
    "picture",
    "read_instant",
    "ref",
    "signer",
    "state_of",
    "status",
    "tally",
    "text",
    "user_ref",
    "values",
    "write_instant",
]


RULED = frozenset({"rule", "lasting"})
"""The keywords that make the rule; the others stand in the Field by the same names."""


class Rest(TypedDict, total=False):
    """The keywords that every declaration takes."""

    rule: Rule
    required: bool
    section: str
    hint: str
    server: bool
    lasting: bool
    """Stays open when the record is locked, because the work on it goes on."""
    indexed: bool
    holds: str
    """What the keys of a keyed field are; see Field."""
    disclosed_by: str
    asked_of: tuple[str, tuple[str, ...]]
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
    return _column(label, values.Words(max, pattern, sentence), rest, sensitive=sensitive)


def code(
    label: str, *, max: int, pattern: str, sentence: str | None = None, **rest: Unpack[Rest]
) -> MappedColumn[Any]:
    """Declare a text of one form that can name no person: an id, a code, a path."""
    return _column(label, values.Words(max, pattern, sentence), rest)


def picture(
    label: str, *, max_bytes: int, sensitive: Sensitivity, **rest: Unpack[Rest]
) -> MappedColumn[Any]:
    """Declare a small picture that travels with its record."""
    return _column(label, values.SmallPicture(max_bytes), rest, sensitive=sensitive)


def choice(label: str, choices: Mapping[str, str], **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare one of a few answers, code → bokmål; `strictest` weighs them in this order."""
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


def ref(label: str, *, to: str, loose: bool = False, **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare a reference to a record of the kind `to`, or of `any`; see Reference for `loose`."""
    return _column(label, patterns.Reference(to, loose), Rest(**{"indexed": True, **rest}))


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


def handling(label: str, states: Mapping[str, str], **rest: Unpack[Rest]) -> MappedColumn[Any]:
    """Declare how far the work on it has come, who said so and when; open as long as it lasts."""
    kept = Rest(**{"lasting": True, "indexed": True, **rest})
    return _column(label, composites.Handling(states), kept, sensitive=PERSONAL)


def keyed_text(
    label: str,
    *,
    max: int,
    sensitive: Sensitivity,
    keys: str | Mapping[str, str] = UUID_PATTERN,
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
    """Declare a set: its members are the keys that are true."""
    return _field(label, values.Flag(), rest, keys)


def keyed_number(
    label: str,
    *,
    min: int,
    max: int,
    keys: str | Mapping[str, str] = CODE_PATTERN,
    **rest: Unpack[Rest],
) -> Field:
    """Declare whole numbers, each under its own key."""
    return _field(label, values.Number(min, max), rest, keys)


def tally(label: str, groups: Mapping[str, str], *, max: int, **rest: Unpack[Rest]) -> Field:
    """Declare a count, by groups (code → bokmål) if there are any: `<who counts>[-<group>]`.

    Each phone and desk that counts has lines of its own: two counts add up, one person's too.
    """
    ends = f"-({'|'.join(map(re.escape, groups))})" if groups else ""
    counted = _field(label, values.Number(0, max), rest, COUNTER_PATTERN + ends)
    return replace(counted, key_labels=dict(groups) if groups else None, holds=USERS)


def keyed_composite(
    label: str,
    shape: Composite,
    *,
    sensitive: Sensitivity,
    keys: str = UUID_PATTERN,
    **rest: Unpack[Rest],
) -> Field:
    """Declare values that are judged together, each under its own key."""
    return _field(label, shape, rest, keys, sensitive)


def keyed_anything(
    label: str, *, sensitive: Sensitivity, keys: str = UUID_PATTERN, **rest: Unpack[Rest]
) -> Field:
    """Declare bounded JSON values, each under its own key."""
    return _field(label, values.Anything(), rest, keys, sensitive)


def _column(
    label: str, shape: Shape, rest: Rest, sensitive: Sensitivity = PUBLIC
) -> MappedColumn[Any]:
    field = _field(label, shape, rest, sensitive=sensitive)
    index = field.indexed or None
    return mapped_column(shape.column_type(), nullable=True, index=index, info={"field": field})


def _field(
    label: str,
    shape: Shape,
    rest: Rest,
    keys: str | Mapping[str, str] | None = None,
    sensitive: Sensitivity = PUBLIC,
) -> Field:
    """Make a field; a mapping as `keys` gives its keys and their names in bokmål."""
    named = None if keys is None or isinstance(keys, str) else dict(keys)
    kept: dict[str, Any] = {name: one for name, one in rest.items() if name not in RULED}
    field = Field(
        name="",
        label=label,
        shape=shape,
        rule=_rule(rest, shape, keys is not None),
        sensitive=sensitive,
        keys="|".join(map(re.escape, named)) if named else keys if isinstance(keys, str) else None,
        key_labels=named,
        **kept,
    )
    long = field.free_text and (field.max or 0) > LONG_TEXT
    return replace(field, hint=field.hint or UNTIL_TOLD) if long and not field.server else field


def _rule(rest: Rest, shape: Shape, keyed: bool) -> FieldRule:
    rule, lasting = rest.get("rule", Rule.ASK), rest.get("lasting", False)
    steps = composites.status_steps() if isinstance(shape, composites.Status) else None
    order = tuple(getattr(shape, "choices", ())) if rule is Rule.STRICTEST else None
    return FieldRule(rule, order, steps, keyed, lasting)
