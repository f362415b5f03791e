"""One field of a declaration: its words, its shape, its rule, and who could be hurt by it.

Nothing here knows a kind, a session or a request.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marshmallow import ValidationError

from server import patterns, values
from server.values import Shape
from sync.mutation import Json
from sync.rules import FieldRule


class Sensitivity(StrEnum):
    """How much harm the value can do in the wrong hands."""

    PUBLIC = "public"
    PERSONAL = "personal"
    SPECIAL = "special"


PUBLIC, PERSONAL, SPECIAL = Sensitivity.PUBLIC, Sensitivity.PERSONAL, Sensitivity.SPECIAL
UNTIL_TOLD = "Skriv slik at leietakeren kan lese det"
"""Stands beside every field of long free text (words.md, rule 7)."""
LONG_TEXT = 200
USERS, CHECKLIST_CODES, RULE_CODES = "user", "checklist_code", "rule_code"
"""What the keys of a keyed field may be, beside records: people, checklists, rules of the book."""


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
    holds: str | None = None
    """What the keys of a keyed field are: users (USERS), records of a kind by its name, codes of
    checklists or of rules, the points of one checklist by its code, or the keys of another keyed
    field of the same kind."""
    disclosed_by: str | None = None
    """The choice beside it that says how openly it may be told; see records/disclosure.py."""
    asked_of: tuple[str, tuple[str, ...]] | None = None
    """A choice beside it and some of its answers: of others it is asked no more than it stands."""
    server: bool = False
    """Written by the server alone; a path that no client may touch."""
    indexed: bool = False
    since: int = 1
    retired: int | None = None

    @property
    def lasting(self) -> bool:
        """Say whether the field stays open when the record is locked."""
        return self.rule.lasting

    @property
    def keyed(self) -> bool:
        """Say whether the paths are `name/key`."""
        return self.keys is not None

    @property
    def to(self) -> str | None:
        """Name the kind that a reference points at; None for other values."""
        return self.shape.to if isinstance(self.shape, patterns.Reference) else None

    @property
    def loose(self) -> bool:
        """Say whether it is a reference that waits for nothing."""
        return isinstance(self.shape, patterns.Reference) and self.shape.loose

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
