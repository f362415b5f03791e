"""Fravær: that somebody is away and who covers; never why."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    day,
    ref,
    user_ref,
)


def place(facts: PlaceFacts) -> Place:
    """Those who plan and work in the area."""
    return place_in_area(facts, "work")


class Absence(
    Record,
    kind="absence",
    order=69,
    words=("Fravær", "fravær"),
    writers=REVIEWERS,
    readers=("work",),
    retention=Retention(1, "until_on", "Driftsopplysning om bemanning", "delete"),
    parents=("area",),
    place=place,
):
    """Which days a colleague is away, and who takes their visits."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Fravær")
    colleague: Mapped[str | None] = user_ref("Hvem?", required=True, section="Fravær")
    from_on: Mapped[date | None] = day("Fra og med", required=True, indexed=True, section="Fravær")
    until_on: Mapped[date | None] = day("Til og med", required=True, section="Fravær")
    covered_by: Mapped[str | None] = user_ref("Dekkes av", section="Fravær")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "colleague": "018f2c5e-0000-7000-8000-000000000003",
        "from_on": "2026-11-24",
        "until_on": "2026-11-26",
    }
