"""What every kind of record shares: the envelope, its places, and the declaration read as data.

It may not name a kind: what differs between kinds stands in their own files beside this one.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from server.database import Base
from server.records.consequences import (
    Allows,
    Around,
    Body,
    Consequence,
    Deciding,
    Exceptional,
    FollowUp,
)
from server.records.envelope import Entry, Envelope, Gone, ScopeMember
from server.records.kind import KindSpec, Retention, Review
from server.records.places import (
    ALONE,
    FIELD_STAFF,
    ORGANISATION,
    READER_SETS,
    SETTLING,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    area_scope,
    confided_scope,
    day_scope,
    me_scope,
    members_of,
    organisation_scope,
    place_with_draft,
)
from server.roles import Role
from server.shapes import REVIEWERS, Field
from sync.mutation import one_per_id

__all__ = [
    "DECLARED",
    "FIELD_STAFF",
    "ORGANISATION",
    "READER_SETS",
    "REVIEWERS",
    "Around",
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
    "SETTLING",
    "TEAM_STAFF",
    "ScopeMember",
    "area_by",
    "area_scope",
    "confided_scope",
    "day_scope",
    "has_life",
    "me_scope",
    "members_of",
    "organisation_scope",
    "place_in_confidence",
    "place_of",
    "place_with_draft",
    "settlers",
]


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
        allows: Allows | None = None,
        conceals: bool = False,
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
            allows=allows,
            conceals=conceals,
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
    return facts.placed(DECLARED[facts.kind].place)


def has_life(facts: PlaceFacts) -> bool:
    """Say whether a record is a draft before it is sent in; the others are sent in when written."""
    return "status" in DECLARED[facts.kind].fields


def settlers(kind: str | None, *places: Place) -> str:
    """Name the reader set of those who settle what is open about a record: its office and leader.

    What the office may not read is the leader's alone to settle, by its kind or where it is.
    """
    spec = DECLARED.get(kind or "")
    alone = spec is not None and {*spec.readers} == {ALONE}
    return ALONE if alone or any(place.led for place in places) else "review"


def area_by(facts: PlaceFacts, *fields: str) -> str | None:
    """Give the area of the first referred record that is here and has one."""
    parents = filter(None, map(facts.parent, fields))
    return next((area for parent in parents if (area := place_of(parent).area)), None)


def place_in_confidence(facts: PlaceFacts) -> Place:
    """Place what came from a talk: with its authors, then with those who follow up and the office.

    Who follows up is said by the tenancy, its own or the one the visit's plan confides to. Only
    where no tenancy is known the plan's visitors do, as far as it confides in them, and only the
    plan that the visit was made from: anybody in the area may call themselves a visitor, or point a
    visit at a plan of their own. When the tenancy has ended it is the office's alone, whoever
    wrote it.
    """
    visit = facts.parent("visit")
    plan = visit.parent("planned_visit") if visit else None
    if visit and plan and visit.id != one_per_id(visit.kind, [plan.id]):
        plan = None
    tenancy = facts.parent("tenancy") or (plan.parent("confided_to") if plan else None)
    area = area_by(facts, "dwelling", "visit", "tenancy")
    if tenancy is not None and tenancy.body.get("ended") and area is not None:
        return Place(area, frozenset({area_scope(area, "talk")}), closed=True)
    known, who = (tenancy, "team") if tenancy else (plan, "confided")
    also = known.members(who) if known else ()
    return place_with_draft(facts, area, "talk", also, drafted=has_life(facts))


def place_beside(facts: PlaceFacts, field: str) -> Place:
    """Place what is about another record: where that is, with its author till nobody is named.

    What is deleted takes along what is about it, and brings it back when it is restored.
    """
    parent = facts.parent(field)
    there = place_of(parent) if parent else Place(None, frozenset())
    gone = parent is not None and parent.deleted
    authors = frozenset(() if there.closed or gone else facts.authors)
    mine = frozenset(me_scope(author, there.area) for author in authors)
    scopes = frozenset() if gone else there.scopes | mine
    return Place(there.area, scopes, there.named | authors, there.closed or gone)
