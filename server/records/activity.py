"""Aktivitet: something done together in everyday life; heads are counted and nobody is named."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import REPEATS
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
    USERS,
    choice,
    clock,
    day,
    flag,
    handling,
    keyed_flag,
    number,
    ref,
    text,
)

TYPES = {
    "cooking": "Matlaging",
    "coffee": "Kaffe og prat",
    "garden": "Hage",
    "tidy": "Rydding sammen",
    "craft": "Verksted",
    "walk": "Tur",
    "games": "Spill og lek",
    "other": "Annet",
}
PLACES = {
    "home": "Hjemme hos en beboer",
    "common_room": "Fellesrom",
    "outside": "Ute",
    "other": "Et annet sted",
}
HANDLING = {"planned": "Planlagt", "held": "Gjennomført", "cancelled": "Avlyst"}


def place(facts: PlaceFacts) -> Place:
    """Those who work with the homes in the area."""
    return place_in_area(facts, "work", "building")


class Activity(
    Record,
    kind="activity",
    order=28,
    words=("Aktivitet", "aktiviteter"),
    writers=READER_SETS["work"],
    readers=("work",),
    retention=Retention(5, "held_on", "Dokumentasjon av bomiljøarbeid", "archive"),
    parents=("area", "building"),
    place=place,
):
    """One everyday activity: what, where, how many, and whether residents led it."""

    area: Mapped[str | None] = ref("Område", to="area", section="Aktivitet")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Aktivitet")
    type: Mapped[str | None] = choice("Hva slags?", TYPES, required=True, section="Aktivitet")
    name: Mapped[str | None] = text("Navn", max=80, sensitive=PUBLIC, section="Aktivitet")
    where: Mapped[str | None] = choice("Hvor?", PLACES, section="Aktivitet")
    held_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Aktivitet")
    held_at: Mapped[str | None] = clock("Klokkeslett", section="Aktivitet")
    repeats: Mapped[str | None] = choice("Hvor ofte?", REPEATS, section="Aktivitet")
    repeats_until: Mapped[date | None] = day("Gjentas til og med", section="Aktivitet")
    series: Mapped[str | None] = ref("Del av rekka", to="activity", server=True)
    who = keyed_flag("Hvem er med fra oss?", section="Aktivitet", holds=USERS)
    invited: Mapped[int | None] = number("Invitert", min=0, max=10_000, section="Aktivitet")
    heads: Mapped[int | None] = number("Hvor mange kom?", min=0, max=1_000, section="Aktivitet")
    led_by_residents: Mapped[bool | None] = flag("Ledet av beboere", section="Aktivitet")
    minutes: Mapped[int | None] = number("Minutter", min=0, max=1440, section="Aktivitet")
    words: Mapped[str | None] = text(
        "Kort fortalt", max=400, sensitive=PERSONAL, section="Aktivitet"
    )
    handling: Mapped[str | None] = handling("Gjennomføring", HANDLING, section="Aktivitet")

    example = {
        "building": "018f2c5e-0000-7000-8000-000000000008",
        "type": "cooking",
        "name": "Torsdagssuppe",
        "where": "common_room",
        "held_on": "2026-11-19",
        "repeats": "weekly",
        "who/018f2c5e-0000-7000-8000-000000000003": True,
        "heads": 11,
        "led_by_residents": True,
    }
