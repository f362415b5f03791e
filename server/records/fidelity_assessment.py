"""Modelltrofasthet: how closely we follow Housing First, twice a year; about no resident."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    PERSONAL,
    day,
    keyed_number,
    keyed_text,
    ref,
)

PRINCIPLES = {
    "human_right": "Bolig som menneskerett",
    "respect": "Respekt, varme og medfølelse",
    "scattered": "Selvstendige boliger spredt i byen",
    "separation": "Skille mellom bolig og tjenester",
    "self_determination": "Brukerstyring",
    "commitment": "Oppfølging så lenge det trengs",
    "recovery": "Bedring",
    "harm_reduction": "Skadereduksjon",
}


def place(facts: PlaceFacts) -> Place:
    """Those who work with the homes in the area."""
    return place_in_area(facts, "work")


class FidelityAssessment(
    Record,
    kind="fidelity_assessment",
    order=98,
    words=("Modellvurdering", "modellvurderinger"),
    writers=TEAM_STAFF,
    readers=("work",),
    retention=Retention(10, "assessed_on", "Dokumentasjon av tjenesten", "archive"),
    parents=("area",),
    place=place,
):
    """Eight principles scored one to four, with a word on why."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Vurdering")
    assessed_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Vurdering")
    scores = keyed_number("Poeng 1–4", min=1, max=4, keys=PRINCIPLES, section="Poeng")
    notes = keyed_text(
        "Hvorfor?",
        max=400,
        keys=PRINCIPLES,
        sensitive=PERSONAL,
        section="Poeng",
        holds="scores",
        hint="Skriv aldri om en beboer",
    )
    next_on: Mapped[date | None] = day("Neste vurdering", indexed=True, section="Vurdering")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "assessed_on": "2026-06-15",
        "scores/human_right": 4,
        "scores/separation": 3,
        "notes/separation": "Samme person skrev varsel og fulgte opp.",
        "next_on": "2026-12-15",
    }
