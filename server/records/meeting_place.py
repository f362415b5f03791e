"""Møteplass: where neighbours can meet, whether it can be used and whether it is."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    PUBLIC,
    choice,
    day,
    flag,
    ref,
    text,
)
from sync.rules import Rule

TYPES = {
    "common_room": "Fellesrom",
    "courtyard": "Bakgård",
    "playground": "Lekeplass",
    "garden": "Hage eller plantekasser",
    "bench": "Benk",
    "workshop": "Verksted",
    "other": "Annet",
}
OWNERS = {
    "municipality": "Kommunen",
    "housing_company": "Boligselskapet",
    "residents": "Beboerne",
    "other": "Andre",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area."""
    return place_in_area(facts, "home", "neighbourhood", "building")


class MeetingPlace(
    Record,
    kind="meeting_place",
    order=76,
    words=("Møteplass", "møteplasser"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(50, "changed_at", "Driftsopplysning uten personer", "archive"),
    parents=("area", "neighbourhood", "building"),
    place=place,
):
    """A bench, a yard, a common room: what it is, whose, and if somebody uses it."""

    area: Mapped[str | None] = ref("Område", to="area", section="Møteplass")
    neighbourhood: Mapped[str | None] = ref("Nabolag", to="neighbourhood", section="Møteplass")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Møteplass")
    name: Mapped[str | None] = text(
        "Navn", max=80, required=True, sensitive=PUBLIC, section="Møteplass"
    )
    type: Mapped[str | None] = choice("Hva slags?", TYPES, required=True, section="Møteplass")
    owner: Mapped[str | None] = choice("Hvem eier?", OWNERS, section="Møteplass")
    usable: Mapped[bool | None] = flag("Kan brukes", rule=Rule.LATEST, section="Møteplass")
    in_use: Mapped[bool | None] = flag("Er i bruk", rule=Rule.LATEST, section="Møteplass")
    checked_on: Mapped[date | None] = day(
        "Sett sist", rule=Rule.LATEST, indexed=True, section="Møteplass"
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "name": "Benkene i bakgården",
        "type": "courtyard",
        "owner": "municipality",
        "usable": True,
        "in_use": True,
        "checked_on": "2026-10-02",
    }
