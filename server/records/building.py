"""Bygning: a house with stairwells and common parts; it may hold nothing about who lives there."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
    me_scope,
)
from server.shapes import PERSONAL, PUBLIC, choice, code, ref, text

OWNERSHIPS = {
    "municipal": "Kommunen eier hele bygget",
    "company": "Borettslag eller sameie",
    "leased": "Kommunen leier",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area see a building."""
    area = facts.text("area")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)))
    return Place(area, frozenset({area_scope(area, "home")}))


class Building(
    Record,
    kind="building",
    order=64,
    words=("Bygning", "bygninger"),
    writers=READER_SETS["home"],
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge kommunen har boliger der", "archive"),
    parents=("area",),
    place=place,
):
    """A building; who owns it decides who is responsible for its common parts."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Bygning")
    address: Mapped[str | None] = text(
        "Adresse", max=120, required=True, sensitive=PUBLIC, section="Bygning"
    )
    name: Mapped[str | None] = text("Navn", max=80, sensitive=PUBLIC, section="Bygning")
    ownership: Mapped[str | None] = choice("Eierform", OWNERSHIPS, section="Bygning")
    housing_company: Mapped[str | None] = ref(
        "Boligselskap", to="housing_company", section="Bygning"
    )
    cadastral_number: Mapped[str | None] = code(
        "Matrikkelnummer",
        max=30,
        pattern="[0-9]{4}-[0-9]+/[0-9]+(/[0-9]+){0,2}",
        sentence="Skriv kommune, gårds- og bruksnummer, for eksempel 5001-12/345.",
        section="Bygning",
    )
    building_number: Mapped[str | None] = code(
        "Bygningsnummer",
        max=12,
        pattern="[0-9]{1,12}",
        sentence="Skriv bygningsnummeret med sifre.",
        section="Bygning",
    )
    access: Mapped[str | None] = text(
        "Adkomst", max=1000, sensitive=PERSONAL, section="Adkomst", hint="Port, kode, heis"
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "address": "Storgata 12",
        "ownership": "municipal",
        "cadastral_number": "5001-12/345",
        "building_number": "10101010",
    }
