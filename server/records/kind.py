"""One kind's declaration as data: `record` reads it out of a kind's file, all else derives from it.

It may not name a kind, and reads no database.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from marshmallow import ValidationError

from server.records.consequences import Allows, Body, Consequence, Exceptional
from server.records.folding import fold
from server.records.places import Place, PlaceFacts
from server.roles import Role
from server.shapes import PUBLIC, SPECIAL, Field
from sync.mutation import Json
from sync.rules import FieldRule

if TYPE_CHECKING:
    from server.records.record import Record


class Review(StrEnum):
    """When a submitted record waits for the office."""

    NONE = "none"
    EXCEPTION = "exception"
    ALWAYS = "always"


@dataclass(frozen=True)
class Retention:
    """How long a record is kept, why, and what happens then."""

    years: int
    after: str
    """The field that the years are counted from: its own, a parent's (`tenancy.ended_on`), or
    `changed_at`."""
    basis: str
    action: str
    """archive | delete | anonymise."""


@dataclass(frozen=True)
class KindSpec:
    """One kind's declaration as data; everything else is derived from it."""

    name: str
    order: int
    """Where the kind comes among the others on a screen: small numbers first."""
    words: tuple[str, str]
    doc: str
    model: type["Record"]
    fields: Mapping[str, Field]
    writers: frozenset[Role]
    named_writers: frozenset[Role]
    """The roles that may write when the user is named in the place; as a rule the writers."""
    readers: tuple[str, ...]
    """The reader sets its places use, in words of READER_SETS; `me` and `day` are the named."""
    review: Review
    exception: Exceptional | None
    """Says which bodies the office must look at, where it need not look at all."""
    waits_as: str
    """Why such a record waits for the office, in the words of its inbox."""
    approvers: frozenset[Role]
    """Who approves it and takes an approval back; to send it back is every reviewer's."""
    retention: Retention
    one_per: tuple[tuple[str, ...], ...]
    """The fields that name a record of which there is one: the first of these that is whole."""
    place: Callable[[PlaceFacts], Place]
    parents: tuple[str, ...]
    example: Body
    server_only: bool
    consequence: Consequence | None
    allows: Allows | None
    """Says whether somebody who may write it may write this of it; None = all of it."""
    conceals: bool
    """What its special texts say leaves the phone when the day they were written is over."""

    @cached_property
    def keyed(self) -> frozenset[str]:
        """Give the names of the keyed fields."""
        return frozenset(name for name, field in self.fields.items() if field.keyed)

    @cached_property
    def server_made(self) -> bool:
        """Say whether only the server can make one, and so only the server may take it away."""
        return any(field.server and field.required for field in self.fields.values())

    @cached_property
    def about_people(self) -> bool:
        """Say whether reading one is a reading about people, which the access log keeps."""
        confided = bool({"talk", "lead"} & set(self.readers))
        personal = any(field.sensitive is not PUBLIC for field in self.fields.values())
        return personal or confided or "status" in self.fields

    @cached_property
    def references(self) -> frozenset[str]:
        """Give the names of the fields that refer to a record."""
        return frozenset(name for name, field in self.fields.items() if field.to)

    @cached_property
    def searched(self) -> frozenset[str]:
        """Give the names of the fields whose words find the record."""
        return frozenset(
            name for name, f in self.fields.items() if f.free_text and f.sensitive is not SPECIAL
        )

    @cached_property
    def _whole(self) -> dict[str, tuple[Field, None]]:
        return {name: (field, None) for name, field in self.fields.items() if not field.keyed}

    @cached_property
    def _required(self) -> tuple[str, ...]:
        fields = self.fields.items()
        return tuple(name for name, f in fields if f.required and f.retired is None)

    def at(self, path: str) -> tuple[Field, str | None] | None:
        """Find the field and the key of a path; None when the contract knows no such path."""
        if path in self._whole:
            return self._whole[path]
        name, slash, key = path.partition("/")
        field = self.fields.get(name)
        if field is None or field.keyed != bool(slash):
            return None
        return field, key if slash else None

    def deserialize(self, path: str, value: Json) -> Json:
        """Give the canonical value at a path; raises ValidationError with a sentence in bokmål."""
        found = self.at(path)
        if found is None:
            raise ValidationError("Dette feltet finnes ikke.")
        return found[0].deserialize(value, found[1])

    def rule(self, path: str) -> FieldRule | None:
        """Give the rule that a path is judged by."""
        found = self.at(path)
        return found[0].rule if found else None

    def missing(self, body: Body) -> tuple[str, ...]:
        """Give the required paths that a submitted body lacks."""
        return tuple([name for name in self._required if body.get(name) is None])

    def own_words(self, body: Body) -> str:
        """Name a record by its first two short fields, such as a home's address and unit number.

        Empty where none of them is its own required words.
        """
        short = {
            name: field
            for name, field in self.fields.items()
            if field.max is not None and field.max <= 255 and not field.keyed
        }
        if not any(field.required and field.free_text for field in short.values()):
            return ""
        found = (body.get(name) for name in list(short)[:2])
        return ", ".join(words for words in found if isinstance(words, str) and words)

    def search_words(self, body: Body) -> str:
        """Give the folded words that the record is found by."""
        paths = [path for path in body if path.partition("/")[0] in self.searched]
        found = (body[path] for path in sorted(paths) if self.at(path))
        return fold(" ".join(value for value in found if isinstance(value, str)))
