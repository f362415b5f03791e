"""Nabokonflikt: a case between neighbours, known to its team; the parties stand apart."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import NEIGHBOUR_TROUBLES
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
    PERSONAL,
    USERS,
    choice,
    day,
    handling,
    keyed_flag,
    ref,
    text,
)

HANDLING = {
    "received": "Mottatt",
    "triage": "Vurderes",
    "mapping": "Kartlegges",
    "separate_talks": "Samtaler hver for seg",
    "dialogue_offered": "Dialog tilbudt",
    "dialogue_held": "Dialog holdt",
    "agreement": "Avtale",
    "follow_up": "Følges opp",
    "closed": "Avsluttet",
}
OUTCOMES = {
    "solved": "Løst",
    "calmer": "Roligere",
    "unsolved": "Ikke løst",
    "moved": "Flyttet",
    "referred": "Sendt til konfliktrådet",
    "formal_warning": "Over til utleieren som advarsel",
    "police": "Over til politiet",
}


def place(facts: PlaceFacts) -> Place:
    """The case team and the leader; nobody else learns that there is a case."""
    return place_in_team(facts, area=("building",))


class ConflictCase(
    Record,
    kind="conflict_case",
    order=80,
    words=("Nabokonflikt", "nabokonflikter"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "closed_on", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("area", "building"),
    place=place,
):
    """One conflict: what kind, who works on it, how far it has come and how it ended."""

    area: Mapped[str | None] = ref("Område", to="area", section="Sak")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Sak")
    title: Mapped[str | None] = text(
        "Kort om saken, uten navn", max=120, required=True, sensitive=PERSONAL, section="Sak"
    )
    category: Mapped[str | None] = choice("Hva gjelder det?", NEIGHBOUR_TROUBLES, section="Sak")
    opened_on: Mapped[date | None] = day("Åpnet", required=True, indexed=True, section="Sak")
    team = keyed_flag("Hvem jobber med saken?", section="Sak", holds=USERS)
    parties_due_on: Mapped[date | None] = day(
        "Begge parter kontaktet innen", lasting=True, indexed=True, section="Gang"
    )
    parties_contacted_on: Mapped[date | None] = day(
        "Begge parter er kontaktet", lasting=True, section="Gang"
    )
    handling: Mapped[str | None] = handling("Hvor langt?", HANDLING, section="Gang")
    outcome: Mapped[str | None] = choice("Hvordan gikk det?", OUTCOMES, section="Gang")
    closed_on: Mapped[date | None] = day("Avsluttet", section="Gang")

    example = {
        "building": "018f2c5e-0000-7000-8000-000000000008",
        "title": "Bråk om natta mellom to etasjer",
        "category": "noise",
        "opened_on": "2026-11-02",
        "team/018f2c5e-0000-7000-8000-000000000003": True,
    }
