"""Tiltak: what is done about it, by whom and when, and that residents were told."""

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
    PERSONAL,
    PUBLIC,
    choice,
    day,
    handling,
    keyed_flag,
    number,
    ref,
    text,
    user_ref,
)

SIDES = {
    "residents": "Beboerne",
    "board": "Styret",
    "municipality": "Kommunen",
    "together": "Sammen",
}
HANDLING = {
    "suggested": "Foreslått",
    "prioritised": "Prioritert",
    "planned": "Planlagt",
    "in_progress": "I gang",
    "done": "Gjort",
    "rejected": "Blir ikke noe av",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area, the landlord too."""
    return place_in_area(facts, "home", "neighbourhood", "building", "housing_company")


class Measure(
    Record,
    kind="measure",
    order=55,
    words=("Tiltak", "tiltak"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(10, "changed_at", "Medvirkning, uten personopplysninger", "archive"),
    parents=("area", "neighbourhood", "building", "housing_company"),
    place=place,
):
    """One measure: who proposed, prioritised and leads it, and how far it has come."""

    area: Mapped[str | None] = ref("Område", to="area", section="Tiltak")
    neighbourhood: Mapped[str | None] = ref("Nabolag", to="neighbourhood", section="Tiltak")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Tiltak")
    housing_company: Mapped[str | None] = ref(
        "Boligselskap", to="housing_company", section="Tiltak"
    )
    name: Mapped[str | None] = text(
        "Hva skal gjøres?", max=200, required=True, sensitive=PUBLIC, section="Tiltak"
    )
    inputs = keyed_flag("Kommer av innspillene", section="Tiltak", holds="resident_input")
    proposed_by: Mapped[str | None] = choice("Foreslått av", SIDES, section="Tiltak")
    prioritised_by: Mapped[str | None] = choice("Prioritert av", SIDES, section="Tiltak")
    led_by: Mapped[str | None] = choice("Ledet av", SIDES, section="Tiltak")
    owner: Mapped[str | None] = user_ref("Hvem hos oss?", section="Tiltak")
    due_on: Mapped[date | None] = day("Frist", indexed=True, section="Tiltak")
    cost: Mapped[int | None] = number("Kostnad i kroner", min=0, max=100_000_000, section="Tiltak")
    handling: Mapped[str | None] = handling("Hvor langt?", HANDLING, section="Tiltak")
    done_on: Mapped[date | None] = day("Ferdig", section="Tiltak")
    told: Mapped[str | None] = text(
        "Fortalt beboerne", max=400, sensitive=PERSONAL, lasting=True, section="Svar"
    )
    told_on: Mapped[date | None] = day("Fortalt", lasting=True, section="Svar")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "name": "Lys bak søppelskuret",
        "inputs/018f2c5e-0000-7000-8000-000000000042": True,
        "proposed_by": "residents",
        "prioritised_by": "residents",
        "led_by": "municipality",
        "owner": "018f2c5e-0000-7000-8000-000000000003",
        "due_on": "2026-12-15",
        "cost": 8500,
    }
