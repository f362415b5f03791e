"""Område: a part of the municipality that people are given; it may hold nothing about persons."""

from sqlalchemy.orm import Mapped

from server.records.record import ORGANISATION, Place, PlaceFacts, Record, Retention
from server.roles import Role
from server.shapes import PUBLIC, text


def place(facts: PlaceFacts) -> Place:
    """Everybody in the organisation sees every area."""
    return Place(None, frozenset({ORGANISATION}))


class Area(
    Record,
    kind="area",
    order=70,
    words=("Område", "områder"),
    writers=frozenset({Role.ADMIN, Role.LEADER}),
    readers=("everyone",),
    retention=Retention(50, "changed_at", "Driftsopplysning uten personer", "delete"),
    place=place,
):
    """A part of the municipality with its own staff; grants and places name it."""

    name: Mapped[str | None] = text("Navn", max=80, sensitive=PUBLIC, required=True)

    example = {"name": "Lademoen"}
