"""Kollega: a member of staff by name and team, so that every phone knows them offline."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import ORGANISATION, Place, PlaceFacts, Record, Retention
from server.roles import Role
from server.shapes import PERSONAL, PUBLIC, day, text
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """Everybody in the organisation knows their colleagues."""
    return Place(None, frozenset({ORGANISATION}))


class Colleague(
    Record,
    kind="colleague",
    order=80,
    words=("Kollega", "kollegaer"),
    writers=frozenset({Role.ADMIN}),
    readers=("everyone",),
    retention=Retention(1, "left_on", "Navn på ansatte, så lenge de arbeider her", "anonymise"),
    server_only=True,
    place=place,
):
    """A member of staff; the record has the user's id and is written when users change."""

    name: Mapped[str | None] = text("Navn", max=80, required=True, sensitive=PERSONAL)
    team: Mapped[str | None] = text("Team", max=80, sensitive=PUBLIC)
    left_on: Mapped[date | None] = day("Sluttet", rule=Rule.LATEST, server=True)

    example = {"name": "Kari Nordmann", "team": "Bomiljø Øst"}
