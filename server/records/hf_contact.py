"""Kontakt i Housing First: that somebody met, and about what, by code; no diagnosis ever."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_team
from server.shapes import (
    SPECIAL,
    choice,
    day,
    flag,
    keyed_flag,
    number,
    ref,
    text,
)
from sync.rules import Rule

PLACES = {
    "home": "Hjemme",
    "phone": "På telefon",
    "outside": "Ute",
    "service": "Hos en tjeneste",
    "not_reached": "Ikke nådd",
}
INITIATIVES = {"planned": "Avtalt", "tenant": "Leietakeren", "us": "Vi"}
TOPICS = {
    "housing": "Bolig",
    "economy": "Økonomi",
    "network": "Nettverk",
    "activity": "Aktivitet",
    "practical": "Praktisk",
    "health_referral": "Hjelp til helsetjenesten",
    "neighbour": "Naboer",
    "crisis": "Krise",
}


def place(facts: PlaceFacts) -> Place:
    """The participant's team and the leader."""
    return place_in_team(facts, of="participant")


class HfContact(
    Record,
    kind="hf_contact",
    order=94,
    words=("Kontakt", "kontakter"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "met_on", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("participant",),
    place=place,
):
    """One contact: where, how long, about which topics, and when next."""

    participant: Mapped[str | None] = ref(
        "Deltaker", to="hf_participant", required=True, rule=Rule.FIXED, section="Kontakt"
    )
    met_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Kontakt")
    where: Mapped[str | None] = choice("Hvor?", PLACES, required=True, section="Kontakt")
    initiative: Mapped[str | None] = choice("Hvem tok kontakt?", INITIATIVES, section="Kontakt")
    minutes: Mapped[int | None] = number("Minutter", min=0, max=1440, section="Kontakt")
    topics = keyed_flag("Hva handlet det om?", TOPICS, section="Kontakt")
    together: Mapped[bool | None] = flag("Gjort sammen", section="Kontakt")
    words: Mapped[str | None] = text(
        "Kort fortalt",
        max=400,
        sensitive=SPECIAL,
        section="Kontakt",
        hint="Skriv slik at leietakeren kan lese det. Aldri diagnose eller rus",
    )
    next_on: Mapped[date | None] = day("Neste kontakt", section="Kontakt")

    example = {
        "participant": "018f2c5e-0000-7000-8000-000000000071",
        "met_on": "2026-11-20",
        "where": "home",
        "initiative": "planned",
        "minutes": 50,
        "topics/practical": True,
        "together": True,
        "next_on": "2026-11-27",
    }
