"""Nabolag: a small place with residents of its own, inside an area."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    FIELD_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    PERSONAL,
    PUBLIC,
    day,
    keyed_flag,
    ref,
    text,
)


def place(facts: PlaceFacts) -> Place:
    """All who work in its area."""
    return place_in_area(facts, "home")


class Neighbourhood(
    Record,
    kind="neighbourhood",
    order=75,
    words=("Nabolag", "nabolag"),
    writers=FIELD_STAFF,
    readers=("home",),
    retention=Retention(50, "changed_at", "Driftsopplysning uten personer", "archive"),
    parents=("area",),
    place=place,
):
    """Where residents find out together what is wrong and what to do."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Nabolag")
    name: Mapped[str | None] = text(
        "Navn", max=80, required=True, sensitive=PUBLIC, section="Nabolag"
    )
    buildings = keyed_flag("Bygninger", section="Nabolag", holds="building")
    started_on: Mapped[date | None] = day("Satsingen startet", section="Nabolag")
    words: Mapped[str | None] = text(
        "Kort om nabolaget", max=400, sensitive=PERSONAL, section="Nabolag"
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "name": "Eksempeltunet",
        "buildings/018f2c5e-0000-7000-8000-000000000008": True,
        "started_on": "2026-03-01",
    }
