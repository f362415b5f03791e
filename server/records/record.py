"""What every kind of record shares: the envelope, its places, and the declaration read as data.

It may not name a kind: what differs between kinds stands in their own files beside this one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, ClassVar

from marshmallow import ValidationError
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from server.database import Base
from server.records.consequences import Body, Consequence, Deciding, Exceptional, FollowUp
from server.records.envelope import Entry, Envelope, Gone, ScopeMember
from server.records.folding import fold
from server.records.places import (
    FIELD_STAFF,
    ORGANISATION,
    ORGANISATION_REVIEW,
    READER_SETS,
    Place,
    PlaceFacts,
    area_scope,
    confided_scope,
    day_scope,
    me_scope,
    members_of,
    place_with_draft,
)
from server.records.purposes import PURPOSES
from server.roles import Role
from server.shapes import REVIEWERS, SPECIAL, Field
from sync.mutation import Json
from sync.rules import FieldRule

__all__ = [
    "DECLARED",
    "FIELD_STAFF",
    "ORGANISATION",
    "ORGANISATION_REVIEW",
    "PURPOSES",
    "READER_SETS",
    "REVIEWERS",
    "Body",
    "Deciding",
    "Entry",
    "Envelope",
    "FollowUp",
    "Gone",
    "KindSpec",
    "Place",
    "PlaceFacts",
    "Record",
    "Retention",
    "Review",
    "Role",
    "ScopeMember",
    "area_by",
    "area_scope",
    "confided_scope",
    "day_scope",
    "me_scope",
    "members_of",
    "place_beside",
    "place_in_confidence",
    "place_of",
    "place_with_draft",
]


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

    @cached_property
    def keyed(self) -> frozenset[str]:
        """Give the names of the keyed fields."""
        return frozenset(name for name, field in self.fields.items() if field.keyed)

    @cached_property
    def server_made(self) -> bool:
        """Say whether only the server can make one, and so only the server may take it away."""
        return any(field.server and field.required for field in self.fields.values())

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
        return tuple(
            name
            for name, field in self.fields.items()
            if field.required and field.retired is None and body.get(name) is None
        )

    def search_words(self, body: Body) -> str:
        """Give the folded words that the record is found by."""
        paths = [path for path in body if path.partition("/")[0] in self.searched]
        found = (body[path] for path in sorted(paths) if self.at(path))
        return fold(" ".join(value for value in found if isinstance(value, str)))


DECLARED: dict[str, KindSpec] = {}
"""Every kind by name as its file is read; `records.REGISTRY` gives them in display order."""


class Record(Base):
    """The base of every kind's typed table, a projection of the body keyed by the record's id."""

    __abstract__ = True

    spec: ClassVar[KindSpec]
    example: ClassVar[Body]

    id: Mapped[str] = mapped_column(
        String(36), ForeignKey("record.id", ondelete="CASCADE"), primary_key=True
    )

    def __init_subclass__(
        cls,
        *,
        kind: str,
        order: int,
        words: tuple[str, str],
        writers: frozenset[Role],
        readers: tuple[str, ...],
        retention: Retention,
        place: Callable[[PlaceFacts], Place],
        named_writers: frozenset[Role] | None = None,
        review: Review = Review.NONE,
        exception: Exceptional | None = None,
        waits_as: str = "",
        approvers: frozenset[Role] = REVIEWERS,
        one_per: tuple[tuple[str, ...], ...] = (),
        parents: tuple[str, ...] = (),
        server_only: bool = False,
        consequence: Consequence | None = None,
        **rest: Any,
    ) -> None:
        """Read the declaration before SQLAlchemy maps it, so that the order of fields is kept."""
        fields = {name: f for name, value in vars(cls).items() if (f := _declared(name, value))}
        cls.__tablename__ = kind
        super().__init_subclass__(**rest)
        cls.spec = DECLARED[kind] = KindSpec(
            name=kind,
            order=order,
            words=words,
            doc=(cls.__doc__ or "").strip(),
            model=cls,
            fields=fields,
            writers=writers,
            named_writers=writers if named_writers is None else named_writers,
            readers=readers,
            review=review,
            exception=exception,
            waits_as=waits_as or words[0],
            approvers=approvers,
            retention=retention,
            one_per=one_per,
            place=place,
            parents=parents,
            example=cls.example,
            server_only=server_only,
            consequence=consequence,
        )


def _declared(name: str, value: object) -> Field | None:
    if isinstance(value, Field):
        return replace(value, name=name)
    if isinstance(value, MappedColumn) and (field := value.column.info.get("field")):
        assert isinstance(field, Field)
        named = replace(field, name=name)
        value.column.info["field"] = named
        return named
    return None


def place_of(facts: PlaceFacts) -> Place:
    """Give the place of a record of any kind."""
    return DECLARED[facts.kind].place(facts)


def area_by(facts: PlaceFacts, *fields: str) -> str | None:
    """Give the area of the first referred record that is here and has one."""
    parents = filter(None, map(facts.parent, fields))
    return next((area for parent in parents if (area := place_of(parent).area)), None)


def place_in_confidence(facts: PlaceFacts) -> Place:
    """Place what came from a talk: with its authors, then with those who follow up and the office.

    Who follows up is said by the tenancy, its own or that of the visit's plan: anybody in the area
    may call themselves a visitor, so a plan says it only where no tenancy is known. When the
    tenancy has ended it is the office's alone, whoever wrote it.
    """
    visit = facts.parent("visit")
    plan = visit.parent("planned_visit") if visit else None
    tenancy = facts.parent("tenancy") or (plan.parent("tenancy") if plan else None)
    area = area_by(facts, "dwelling", "visit", "tenancy")
    if tenancy is not None and tenancy.body.get("ended") and area is not None:
        return Place(area, frozenset({area_scope(area, "talk")}), closed=True)
    known, who = (tenancy, "team") if tenancy else (plan, "visitors")
    return place_with_draft(facts, area, "talk", also=known.members(who) if known else ())


def place_beside(facts: PlaceFacts, field: str) -> Place:
    """Place what is about another record: where that is, with its author till nobody is named."""
    parent = facts.parent(field)
    there = place_of(parent) if parent else Place(None, frozenset())
    authors = frozenset(() if there.closed else facts.authors)
    mine = frozenset(me_scope(author, there.area) for author in authors)
    return Place(there.area, there.scopes | mine, there.named | authors, there.closed)
