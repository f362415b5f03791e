"""The values a field can hold, shape by shape: each IS a marshmallow field plus column, control and type.

`deserialize` is the one validator: it gives the canonical wire value or raises ValidationError
with a sentence in bokmål. Nothing here knows a kind of record, a session or a request.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, ClassVar, TypeAlias, Union

from marshmallow import ValidationError, fields
from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer, String, Text
from sqlalchemy.types import TypeEngine

from server.database import Instant
from server.roles import Role

Json: TypeAlias = Union[None, bool, int, str, list["Json"], dict[str, "Json"]]

UUID_PATTERN = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
CODE_PATTERN = "[A-Za-z0-9_.-]{1,64}"
INSTANT_PATTERN = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)
INTEGER_MAX = 2**53 - 1
ANYTHING_MAX_CHARACTERS = 65_536
COMMENTS_MAX = 200


class Shape(fields.Field[Any]):
    """One way to hold a value; subclasses say how it is checked, stored, drawn and typed."""

    name: ClassVar[str]
    control: ClassVar[str]
    limits: Mapping[str, Json] = {}
    """What the phone's form must know of the limits: max, min, choices, to."""

    def __init__(self) -> None:
        super().__init__(allow_none=True)

    def column_type(self) -> TypeEngine[Any]:
        """Give the column that the projection keeps the value in."""
        return String(64)

    def to_column(self, value: Json) -> Any:
        """Turn a canonical value into what the column takes."""
        return value

    def typescript(self) -> str:
        """Give the TypeScript type of a value that is there."""
        return "string"

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a value that is there."""
        raise NotImplementedError


class Words(Shape):
    """Text; its size is counted in code points, and lines end with \\n."""

    name = "text"
    control = "text"

    def __init__(self, max: int, pattern: str | None = None, sentence: str | None = None) -> None:
        super().__init__()
        self.max = max
        self.pattern = pattern
        self.sentence = sentence or "Skriv dette på en annen måte."
        self.limits = {"max": max, **({"pattern": pattern} if pattern else {})}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        if not isinstance(value, str):
            raise ValidationError("Skriv tekst her.")
        if not value:
            return None
        words = unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n"))
        if len(words) > self.max:
            raise ValidationError(f"Skriv høyst {self.max} tegn. Nå er det {len(words)}.")
        if not words.isprintable() and any(_is_control(sign) for sign in words):
            raise ValidationError("Teksten har et tegn som ikke kan lagres. Skriv den på nytt.")
        if self.pattern and not re.fullmatch(self.pattern, words):
            raise ValidationError(self.sentence)
        return words

    def column_type(self) -> TypeEngine[Any]:
        """Give a sized column for short text and an open one for long."""
        return String(self.max) if self.max <= 255 else Text()

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a text."""
        schema: dict[str, Any] = {"type": "string", "maxLength": self.max}
        return schema | ({"pattern": f"^{self.pattern}$"} if self.pattern else {})


class Choice(Shape):
    """One of a few named answers; the wire carries the English code."""

    name = "choice"
    control = "choice"

    def __init__(self, choices: Mapping[str, str]) -> None:
        super().__init__()
        self.choices = dict(choices)
        self.limits = {"choices": [{"value": v, "label": w} for v, w in choices.items()]}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in self.choices:
            raise ValidationError("Velg et av svarene i lista.")
        return value

    def typescript(self) -> str:
        """Give the union of the codes."""
        return " | ".join(f"'{value}'" for value in self.choices)

    def json_schema(self) -> dict[str, Any]:
        """Give the enumeration of the codes."""
        return {"enum": list(self.choices)}


class Pattern(Shape):
    """A text of one fixed form, such as an id, a day or a time of day."""

    pattern: ClassVar[str]
    sentence: ClassVar[str]

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(self.pattern, value):
            raise ValidationError(self.sentence)
        self.check(value)
        return value

    def check(self, value: str) -> None:
        """Refuse a value of the right form that means nothing."""

    def json_schema(self) -> dict[str, Any]:
        """Give the pattern."""
        return {"type": "string", "pattern": f"^{self.pattern}$"}


class Day(Pattern):
    """A calendar day, YYYY-MM-DD."""

    name = "day"
    control = "day"
    pattern = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    sentence = "Skriv en dato, for eksempel 12.3.2026."

    def check(self, value: str) -> None:
        """Refuse days that do not exist, and years that are slips of the thumb."""
        try:
            day = date.fromisoformat(value)
        except ValueError as bad:
            raise ValidationError(self.sentence) from bad
        if not FIRST_DAY <= day <= LAST_DAY:
            raise ValidationError(self.sentence)

    def column_type(self) -> TypeEngine[Any]:
        """Give a date column."""
        return Date()

    def to_column(self, value: Json) -> Any:
        """Turn the day into a date."""
        return date.fromisoformat(str(value))


class TimeOfDay(Pattern):
    """A time of day by the wall clock, HH:MM."""

    name = "clock"
    control = "clock"
    pattern = "([01][0-9]|2[0-3]):[0-5][0-9]"
    sentence = "Skriv et klokkeslett, for eksempel 09.30."

    def column_type(self) -> TypeEngine[Any]:
        """Give a column of five characters."""
        return String(5)


class Moment(Pattern):
    """A moment in UTC with milliseconds and Z."""

    name = "instant"
    control = "instant"
    pattern = INSTANT_PATTERN
    sentence = "Tidspunktet kan ikke leses."

    def check(self, value: str) -> None:
        """Refuse moments that do not exist."""
        try:
            read_instant(value)
        except ValueError as bad:
            raise ValidationError(self.sentence) from bad

    def column_type(self) -> TypeEngine[Any]:
        """Give a UTC column."""
        return Instant()

    def to_column(self, value: Json) -> Any:
        """Turn the moment into an aware datetime."""
        return read_instant(str(value))


class Reference(Pattern):
    """The id of another record; `to` names its kind, or `any`."""

    name = "ref"
    control = "ref"
    pattern = UUID_PATTERN
    sentence = "Dette viser ikke til en registrering."

    def __init__(self, to: str) -> None:
        super().__init__()
        self.to = to
        self.limits = {"to": to}

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for an id."""
        return String(36)


class Person(Pattern):
    """The id of a user."""

    name = "user"
    control = "user"
    pattern = UUID_PATTERN
    sentence = "Dette viser ikke til en kollega."

    def column_type(self) -> TypeEngine[Any]:
        """Give a column for an id."""
        return String(36)


class Number(Shape):
    """A whole number within limits."""

    name = "number"
    control = "number"

    def __init__(self, min: int, max: int) -> None:
        super().__init__()
        self.min, self.max = min, max
        self.limits = {"min": min, "max": max}

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValidationError("Skriv et helt tall.")
        if not self.min <= value <= self.max:
            raise ValidationError(f"Skriv et tall fra {self.min} til {self.max}.")
        return value

    def column_type(self) -> TypeEngine[Any]:
        """Give an integer column that holds the limits."""
        return Integer() if self.max < 2**31 else BigInteger()

    def typescript(self) -> str:
        """Give number."""
        return "number"

    def json_schema(self) -> dict[str, Any]:
        """Give the range."""
        return {"type": "integer", "minimum": self.min, "maximum": self.max}


class Flag(Shape):
    """Yes or no."""

    name = "flag"
    control = "flag"

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Svar ja eller nei.")
        return value

    def column_type(self) -> TypeEngine[Any]:
        """Give a boolean column."""
        return Boolean()

    def typescript(self) -> str:
        """Give boolean."""
        return "boolean"

    def json_schema(self) -> dict[str, Any]:
        """Give boolean."""
        return {"type": "boolean"}


class Anything(Shape):
    """Any JSON value of bounded size: what another field holds, kept as it came."""

    name = "json"
    control = "json"

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Json:
        if len(json.dumps(value, ensure_ascii=False)) > ANYTHING_MAX_CHARACTERS:
            raise ValidationError("Dette er for stort til å lagres.")
        kept: Json = value
        return kept

    def column_type(self) -> TypeEngine[Any]:
        """Give a JSON column."""
        return JSON(none_as_null=True)

    def typescript(self) -> str:
        """Give the JSON type."""
        return "Json"

    def json_schema(self) -> dict[str, Any]:
        """Give the schema that takes anything."""
        return {}


class Composite(Shape):
    """Values that belong together, judged and reviewed whole; parts in brackets may be absent."""

    name = "composite"
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

    name = "comments"
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

    name = "status"
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


def state_of(status: Json) -> str:
    """Read the state out of a status value; no status is a draft."""
    return str(status["state"]) if isinstance(status, Mapping) else "draft"


def may_step(roles: frozenset[Role], before: Json, after: Json) -> bool:
    """Say whether somebody with these roles may move a status so; unknown steps are the judge's."""
    needed = STATUS_STEPS.get((state_of(before), state_of(after)))
    return needed is None or bool(needed & roles)


def read_instant(text: str) -> datetime:
    """Read a wire moment; raises ValueError when it is none."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def write_instant(moment: datetime) -> str:
    """Write an aware moment as the wire does: milliseconds and Z."""
    utc = moment.astimezone(UTC)
    return f"{utc:%Y-%m-%dT%H:%M:%S}.{utc.microsecond // 1000:03d}Z"


def _is_control(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs")
