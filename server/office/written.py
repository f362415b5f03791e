"""What somebody typed into a form that was drawn by the contract, with what the form had shown.

The shown values travel in the form, so that intake judges against what its writer saw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from flask import request
from marshmallow import ValidationError

from server.office.decisions import BadForm, Form, patches, read_seal
from server.office.desk import Item
from server.office.gate import typed
from server.problems import Problem
from server.records.record import KindSpec
from server.shapes import Field, Json
from sync.mutation import canonical
from sync.rules import Rule

SHOWN = "shown|"
TYPED_MAX = 4_000
OURS = frozenset({"csrf", "form", "seal", "yes"})
"""What a form carries besides the fields of a record."""
CONTROLS = frozenset({"text", "choice", "flag", "day", "clock", "number"})
"""The shapes that a person can write in a form; the others have a page or a rule of their own."""
POINTING = frozenset({"ref", "user"})
"""The shapes that name a record or a person; they are chosen, never written."""
NO_NUMBER = "Skriv et helt tall."
Find = Callable[[Field, str], Json]
"""Gives the id that was meant; raises ValidationError with a sentence in bokmål."""


@dataclass
class Written:
    """What a form brought: the values that differ from what it showed, and what cannot be read."""

    values: dict[str, Json] = field(default_factory=dict)
    shown: dict[str, Json] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    """Everything that was typed, as it was typed."""
    faults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One field of a form, ready for the macros of shapes.html."""

    field: Field
    value: str | None
    shown: str
    fault: str
    options: Mapping[str, str] | None = None
    """The records or people to choose among, by id; None where the shape says what to write."""

    @property
    def id(self) -> str:
        """Name the control on the page."""
        return f"e-{self.field.name.replace('/', '-')}"

    @property
    def name(self) -> str:
        """Name what is sent."""
        return sent_as(self.field.name)

    @property
    def shown_name(self) -> str:
        """Name the hidden field that carries what was shown."""
        return SHOWN + self.field.name


def editable(spec: KindSpec) -> list[Field]:
    """Give the fields of a kind that a form can change."""
    return [
        each
        for each in spec.fields.values()
        if each.shape.control in CONTROLS
        and not (each.keyed or each.server or each.to or each.retired is not None)
        and each.rule.rule is not Rule.FIXED
    ]


def entries(item: Item, fields: Iterable[Field], written: Written | None = None) -> list[Entry]:
    """Lay fields out for a form: what is stored, or what was typed a moment ago."""
    kept, shown, faults = (written.kept, written.shown, written.faults) if written else ({}, {}, {})
    return [
        Entry(
            each,
            kept.get(each.name, as_typed(item.body.get(each.name))),
            canonical(shown.get(each.name, item.body.get(each.name))).decode(),
            faults.get(each.name, ""),
        )
        for each in fields
    ]


def sent_as(path: str) -> str:
    """Name a path in a form: as it is, but where the form has a part of its own by that name."""
    return f"field|{path}" if path in OURS else path


def is_box(field: Field) -> bool:
    """Say whether a path is one member of a set: a box that is ticked or not."""
    return field.keyed and field.shape.control == "flag"


def as_typed(value: Json) -> str | None:
    """Give a value as a form shows it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return None if value is None else str(value)


def read(fields: Iterable[Field], find: Find | None = None) -> Written:
    """Read these fields out of the form that was sent; raises `forged` for what we never drew.

    `find` gives the record or the person that was meant. A box that was left empty is not sent.
    """
    written = Written()
    for each in fields:
        text = request.form.get(sent_as(each.name))
        if is_box(each) and SHOWN + each.name in request.form:
            text = text or ""
        if text is None:
            continue
        words = typed(text, TYPED_MAX)
        shown = written.shown[each.name] = shown_at(each.name)
        written.kept[each.name] = words
        if words == (as_typed(shown) or ""):
            continue
        try:
            pointed = find is not None and words and each.shape.control in POINTING
            read = find(each, words) if find and pointed else _value(each, words)
            written.values[each.name] = read
        except ValidationError as bad:
            written.faults[each.name] = str(bad.messages[0])
    return written


def edited(form: Form, item: Item, written: Written, values: Mapping[str, Json]) -> dict[str, Json]:
    """Give the mutation that writes these values over what the form had shown."""
    seq = _seal().get(item.id)
    if seq is None:
        raise Problem("forged")
    as_shown = replace(item, body={**item.body, **written.shown}, seq=seq)
    return patches(form, as_shown, values)


def _value(declared: Field, words: str) -> Json:
    if not words:
        if declared.required:
            raise ValidationError("Dette må fylles ut.")
        return None
    control, value, key = declared.shape.control, words, declared.name.partition("/")[2]
    read: Any = value
    if control == "flag":
        read = {"true": True, "false": False}.get(value, value)
    elif control == "number":
        if not value.removeprefix("-").isdecimal() or not value.isascii() or len(value) > 12:
            raise ValidationError(NO_NUMBER)
        read = int(value)
    elif control == "clock":
        read = value[:5]
    return declared.deserialize(read, key or None)


def shown_at(name: str) -> Json:
    """Give the value that the form had shown at a path; raises `forged` for what is no value."""
    try:
        value: Json = orjson.loads(request.form.get(SHOWN + name, "null")[: 2 * TYPED_MAX])
    except orjson.JSONDecodeError as bad:
        raise Problem("forged") from bad
    return value


def _seal() -> dict[str, int]:
    try:
        return read_seal(request.form.get("seal", ""))
    except BadForm as bad:
        raise Problem("forged") from bad
