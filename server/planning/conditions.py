"""Conditions of a rule: which records it is about, and what must be there for it to be met.

They are read out of a rule's row and held against a body; no database and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from server.shapes import Json, state_of

ANY = "*"
"""Whatever stands there; a no does not count as standing."""
STATUS = "status"


@dataclass(frozen=True)
class Condition:
    """A field, and the values of it that count."""

    field: str
    values: tuple[str, ...]

    def holds(self, body: Mapping[str, Json]) -> bool:
        """Say whether a body has such a value; of a keyed field one member is enough."""
        if self.field == STATUS:
            return state_of(body.get(STATUS)) in self.values
        keyed = f"{self.field}/"
        found = [v for path, v in body.items() if path == self.field or path.startswith(keyed)]
        return any(self._counts(value) for value in found)

    def _counts(self, value: Json) -> bool:
        if value is None or value is False:
            return False
        state = value.get("state") if isinstance(value, Mapping) else value
        return self.values == (ANY,) or str(state) in self.values


@dataclass(frozen=True)
class Refers:
    """Met when a record of this kind was sent in that refers to this one by that field."""

    kind: str
    field: str


@dataclass(frozen=True)
class Newer:
    """Met when there is a newer record of the same kind that has the same in these fields."""

    fields: tuple[str, ...]


Met: TypeAlias = Condition | Refers | Newer


def read_where(text: str) -> tuple[Condition, ...]:
    """Read «severity=high&status=submitted/approved»; raises ValueError."""
    return tuple(_condition(part) for part in text.split("&")) if text else ()


def read_met(text: str) -> tuple[Met, ...]:
    """Read «acknowledged_on,handling=done/rejected,visit.planned_visit,^tenancy+what».

    One of them is enough. A field alone is met when something stands in it. Raises ValueError.
    """
    return tuple(_met(part) for part in text.split(",")) if text else ()


def _met(text: str) -> Met:
    if text.startswith("^"):
        fields = tuple(text[1:].split("+"))
        if not all(fields):
            raise ValueError(f"{text!r} names no field")
        return Newer(fields)
    kind, dot, field = text.partition(".")
    if dot:
        if not kind or not field:
            raise ValueError(f"{text!r} is written kind.field")
        return Refers(kind, field)
    return _condition(text if "=" in text else f"{text}={ANY}")


def _condition(text: str) -> Condition:
    name, equals, values = text.partition("=")
    if not name or not equals or not values:
        raise ValueError(f"{text!r} is written field=value")
    return Condition(name, tuple(values.split("/")))
