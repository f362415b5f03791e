"""Tiltakssted: a place where a programme runs, from its baseline to what came of it."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.field import CHECKLIST_CODES, RULE_CODES
from server.records.record import (
    REVIEWERS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    CODE_PATTERN,
    PUBLIC,
    choice,
    day,
    keyed_flag,
    number,
    ref,
    text,
)

PROGRAMMES = {
    "ny_vri": "Ny Vri",
    "area_initiative": "Områdesatsing",
    "housing_first": "Housing First",
    "follow_up": "Oppfølging i bolig",
    "other": "Annet",
}
STAGES = {
    "planned": "Planlagt",
    "starting": "I oppstart",
    "running": "I drift",
    "ended": "Avsluttet",
}
PACKAGE = {
    "visits": "Besøk etter 30 og 90 dager",
    "rounds": "Runder i bygningene",
    "events": "Beboermøter og fester",
    "dugnad": "Dugnad vår og høst",
    "activities": "Hverdagsaktiviteter",
    "learning": "Erfaringslogg",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area know where the programme runs, the landlord too."""
    return place_in_area(facts, "home")


class ProgrammeSite(
    Record,
    kind="programme_site",
    order=72,
    words=("Tiltakssted", "tiltakssteder"),
    writers=REVIEWERS,
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge programmet viser erfaringer", "archive"),
    parents=("area",),
    place=place,
):
    """One complex or neighbourhood in a programme: since when, how far, and with which package."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Tiltakssted")
    name: Mapped[str | None] = text(
        "Navn", max=120, required=True, sensitive=PUBLIC, section="Tiltakssted"
    )
    programme: Mapped[str | None] = choice(
        "Program", PROGRAMMES, required=True, section="Tiltakssted"
    )
    stage: Mapped[str | None] = choice("Hvor langt?", STAGES, section="Tiltakssted")
    started_on: Mapped[date | None] = day("Startet", indexed=True, section="Tiltakssted")
    ended_on: Mapped[date | None] = day("Avsluttet", section="Tiltakssted")
    buildings = keyed_flag("Bygninger", section="Tiltakssted", holds="building")
    dwellings: Mapped[int | None] = number("Boliger", min=0, max=10_000, section="Tiltakssted")
    copied_from: Mapped[str | None] = ref("Bygger på", to="programme_site", section="Tiltakssted")
    package = keyed_flag("Pakka", PACKAGE, section="Pakke")
    checklists = keyed_flag(
        "Sjekklister i pakka", CODE_PATTERN, holds=CHECKLIST_CODES, section="Pakke"
    )
    rules = keyed_flag("Regler i pakka", CODE_PATTERN, holds=RULE_CODES, section="Pakke")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "name": "Eksempelgården",
        "programme": "ny_vri",
        "stage": "running",
        "started_on": "2026-01-12",
        "buildings/018f2c5e-0000-7000-8000-000000000008": True,
        "dwellings": 48,
        "package/visits": True,
        "checklists/NYVRI1": True,
        "rules/MOVE_IN_VISIT": True,
    }
