"""The values a field can hold, shape by shape: marshmallow field, column, control and type in one.

`deserialize` is the one validator: it gives the canonical wire value or raises ValidationError
with a sentence in bokmål. Nothing here knows a kind of record, a session or a request.
"""

from __future__ import annotations

import base64
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields
from sqlalchemy import JSON, BigInteger, Boolean, Integer, String, Text
from sqlalchemy.types import TypeEngine

from sync.mutation import Json, canonical

CODE_PATTERN = "[A-Za-z0-9_.-]{1,64}"
ANYTHING_MAX_CHARACTERS = 65_536
START_OF_PIXELS, END_OF_PICTURE = 0xDA, 0xD9
TELLING = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})
"""The segments of a JPEG where cameras and programs write: Exif, XMP, IPTC, comments."""


class Shape(fields.Field[Any]):
    """One way to hold a value; subclasses say how it is checked, stored, drawn and typed."""

    shape_name: ClassVar[str]
    control: ClassVar[str]
    limits: Mapping[str, Json] = {}
    """What the phone's form must know of the limits: max, min, choices, to."""

    def __init__(self) -> None:
        super().__init__(allow_none=True)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Any = None, **kwargs: Any
    ) -> Any:
        """Check one value; marshmallow's steps for missing keys are left out, a path is there."""
        return None if value is None else self._deserialize(value, attr, data, **kwargs)

    def column_type(self) -> TypeEngine[Any]:
        """Give the column that the projection keeps the value in."""
        return String(64)

    def to_column(self, value: Json) -> Any:
        """Turn a canonical value into what the column takes."""
        return value

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Turn a canonical value into what the column's driver takes; as a rule it is that."""
        return value

    def typescript(self) -> str:
        """Give the TypeScript type of a value that is there."""
        return "string"

    def json_schema(self) -> dict[str, Any]:
        """Give the JSON Schema of a value that is there."""
        raise NotImplementedError


class Words(Shape):
    """Text; its size is counted in code points, and lines end with \\n."""

    shape_name = "text"
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
        words = value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
        if not words.isascii():
            words = unicodedata.normalize("NFC", words)
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


class SmallPicture(Words):
    """A small JPEG as base64, of pixels alone: no part of it may say where or how it was taken."""

    shape_name = "picture"
    control = "picture"

    def __init__(self, max_bytes: int) -> None:
        super().__init__(
            -(-max_bytes // 3) * 4,
            "/9j/([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?",
            "Det lille bildet må være et JPEG-bilde.",
        )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> str | None:
        words = super()._deserialize(value, attr, data, **kwargs)
        if words is not None and not _is_bare_jpeg(base64.b64decode(words)):
            raise ValidationError("Det lille bildet kan ikke ha annet i seg enn bildet.")
        return words

    def column_type(self) -> TypeEngine[Any]:
        """Give a column that says whether there is one; the picture itself is in the body."""
        return String(4)

    def to_column(self, value: Json) -> Any:
        """Say what there is."""
        return "jpeg"

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Say what there is."""
        return "jpeg"


def _is_bare_jpeg(raw: bytes) -> bool:
    """Whether a JPEG's head has nothing but JFIF's and Adobe's few bytes about the pixels."""
    at = 2
    while raw[at : at + 1] == b"\xff" and at + 1 < len(raw):
        marker = raw[at + 1]
        if marker in (START_OF_PIXELS, END_OF_PICTURE):
            return raw.endswith(bytes([0xFF, END_OF_PICTURE]))
        if marker in TELLING:
            return False
        at += 2 + int.from_bytes(raw[at + 2 : at + 4], "big")
    return False


class Choice(Shape):
    """One of a few named answers; the wire carries the English code."""

    shape_name = "choice"
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


class Number(Shape):
    """A whole number within limits."""

    shape_name = "number"
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

    shape_name = "flag"
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

    shape_name = "anything"
    control = "json"

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Json:
        if len(json.dumps(value, ensure_ascii=False)) > ANYTHING_MAX_CHARACTERS:
            raise ValidationError("Dette er for stort til å lagres.")
        kept: Json = value
        return kept

    def column_type(self) -> TypeEngine[Any]:
        """Give a JSON column."""
        return JSON(none_as_null=True)

    def to_driver(self, value: Json, on_sqlite: bool) -> Json:
        """Write the value as JSON text."""
        return canonical(value).decode()

    def typescript(self) -> str:
        """Give the JSON type."""
        return "Json"

    def json_schema(self) -> dict[str, Any]:
        """Give the schema that takes anything."""
        return {}


def _is_control(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cs")
