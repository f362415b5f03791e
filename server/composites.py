"""Values that belong together at one path: judged, stored and reviewed whole. Status is one.

Each is a shape like those of `values`; nothing here knows a kind of record or a session.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import JSON, String
from sqlalchemy.types import TypeEngine

from server.patterns import Moment, Person
from server.roles import Role
from server.values import CODE_PATTERN, Choice, Shape, Words
from sync.mutation import Json, canonical

COMMENTS_MAX = 200


class Composite(Shape):
    """Values that belong together, judged and reviewed whole; parts in brackets may be absent."""

    shape_name = "composite"
    control = "composite"

    def __init__(self, parts: Mapping[str, Shape], optional: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.parts = dict(parts)
        self.optional = optional

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, Json]:
        if not isinstance(value, Mapping) or not set(value) <= set(self.parts):
            raise ValidationError("Dette kan ikke leses.")
        read = {name: self.parts[name].deserialize(value[name]) for name in value}
        kept = {name: part for name, part in read.items() if part is not None}
        if set(self.parts) - self.optional - set(kept):
            raise ValidationError("Noe mangler her. Fyll ut resten.")
        return kept

    def column_type(self) -> TypeEngine[Any]:
        """Give a JSON column."""
        return JSON(none_as_null=True)

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Write the value as JSON text."""
        return canonical(value).decode()

    def typescript(self) -> str:
        """Give an object type."""
        marks = {name: "?" if name in self.optional else "" for name in self.parts}
        parts = (f"{name}{marks[name]}: {self.parts[name].typescript()}" for name in self.parts)
        return "{ " + "; ".join(parts) + " }"

    def json_schema(self) -> dict[str, Any]:
        """Give a closed object."""
        return {
            "type": "object",
            "properties": {name: part.json_schema() for name, part in self.parts.items()},
            "required": [name for name in self.parts if name not in self.optional],
            "additionalProperties": False,
        }


class Comments(Shape):
    """What to put right, by path: {"visited_on": "Feil dag?"}."""

    shape_name = "comments"
    control = "comments"

    def __init__(self, max: int = 2000) -> None:
        super().__init__()
        self.words = Words(max)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> dict[str, Json]:
        if not isinstance(value, Mapping) or len(value) > COMMENTS_MAX:
            raise ValidationError("Kommentarene kan ikke leses.")
        if not all(re.fullmatch(f"{CODE_PATTERN}(/{CODE_PATTERN})?", path) for path in value):
            raise ValidationError("En kommentar viser til et felt som ikke finnes.")
        read = {path: self.words.deserialize(text) for path, text in value.items()}
        return {path: text for path, text in read.items() if text is not None}

    def typescript(self) -> str:
        """Give a table of texts."""
        return "Record<string, string>"

    def json_schema(self) -> dict[str, Any]:
        """Give an open object of texts."""
        return {"type": "object", "additionalProperties": self.words.json_schema()}


STATES = {
    "draft": "Utkast",
    "submitted": "Sendt inn",
    "returned": "Sendt tilbake",
    "approved": "Godkjent",
}
REVIEWERS = frozenset({Role.OFFICE, Role.LEADER})
STATUS_STEPS: Mapping[tuple[str, str], frozenset[Role] | None] = {
    ("draft", "submitted"): None,
    ("returned", "submitted"): None,
    ("submitted", "returned"): REVIEWERS,
    ("submitted", "approved"): REVIEWERS,
    ("approved", "submitted"): REVIEWERS,
}
"""Who may take each step; None = everybody who may write the record."""


class Status(Composite):
    """Where a record is in its life, who moved it and when; absent = draft."""

    shape_name = "status"
    control = "status"

    def __init__(self) -> None:
        parts = {"state": Choice(STATES), "by": Person(), "at": Moment(), "comments": Comments()}
        super().__init__(parts, optional=frozenset({"comments"}))
        self.limits = {"choices": [{"value": v, "label": w} for v, w in STATES.items()]}

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for the state alone: what lists and reports ask for."""
        return String(16)

    def to_column(self, value: Json) -> Any:
        """Keep the state."""
        return state_of(value)

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Keep the state."""
        return state_of(value)


class Handling(Composite):
    """How far the work on something has come, who said so and when; absent = not begun."""

    shape_name = "handling"
    control = "handling"

    def __init__(self, states: Mapping[str, str]) -> None:
        parts = {"state": Choice(states), "by": Person(), "at": Moment(), "words": Words(500)}
        super().__init__(parts, optional=frozenset({"words"}))
        self.limits = {"choices": [{"value": v, "label": w} for v, w in states.items()]}

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for the state alone: what lists and reports ask for."""
        return String(16)

    def to_column(self, value: Json) -> Any:
        """Keep the state."""
        return value.get("state") if isinstance(value, Mapping) else None

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Keep the state."""
        state: Json = self.to_column(value)
        return state


def status_steps() -> Mapping[str, frozenset[str]]:
    """Give the states that may follow each state."""
    following: dict[str, set[str]] = {state: set() for state in STATES}
    for before, after in STATUS_STEPS:
        following[before].add(after)
    return {state: frozenset(after) for state, after in following.items()}


def state_of(status: Json) -> str:
    """Read the state out of a status value; no status, or none that can be read, is a draft."""
    state = status.get("state") if isinstance(status, Mapping) else None
    return state if isinstance(state, str) else "draft"


def signer(value: Json) -> str | None:
    """Give the user that a composite says it is `by`; intake holds it against the author."""
    by = value.get("by") if isinstance(value, Mapping) else None
    return by if isinstance(by, str) else None


def may_step(
    roles: frozenset[Role],
    before: Json,
    after: Json,
    approvers: frozenset[Role] = REVIEWERS,
) -> bool:
    """Say whether somebody with these roles may move a status so; unknown steps are the judge's.

    To write a state anew is to say it, comments and all, so what only the office may say stays so.
    An approval is given and taken back by `approvers` alone.
    """
    here, there = state_of(before), state_of(after)
    again = here == there and here in ("returned", "approved")
    needed = REVIEWERS if again else STATUS_STEPS.get((here, there))
    if needed is not None and "approved" in (here, there):
        needed = approvers
    return needed is None or bool(needed & roles)
