"""Boforløp: what happened to the home of somebody in Housing First, by code and date alone."""

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
    choice,
    day,
    ref,
)
from sync.rules import Rule

TYPES = {
    "offered": "Tilbudt bolig",
    "accepted": "Takket ja",
    "moved_in": "Flyttet inn",
    "moved_within": "Flyttet innen tiltaket",
    "temporary_absence": "Borte en tid",
    "institution_stay": "Opphold i institusjon eller fengsel",
    "back_home": "Hjemme igjen",
    "lost_tenancy": "Mistet boligen",
    "moved_out_planned": "Flyttet ut etter plan",
    "deceased": "Død",
}
REASONS = {
    "arrears": "Husleie",
    "neighbours": "Naboer",
    "damage": "Skade",
    "wish": "Eget ønske",
    "other": "Annet",
}


def place(facts: PlaceFacts) -> Place:
    """The participant's team and the leader."""
    return place_in_team(facts, of="participant")


class HfHousingEvent(
    Record,
    kind="hf_housing_event",
    order=96,
    words=("Boforløp", "boforløp"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "happened_on", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("participant", "dwelling"),
    place=place,
):
    """One step in a housing career; bostabilitet is counted from these."""

    participant: Mapped[str | None] = ref(
        "Deltaker", to="hf_participant", required=True, rule=Rule.FIXED, section="Boforløp"
    )
    type: Mapped[str | None] = choice("Hva skjedde?", TYPES, required=True, section="Boforløp")
    happened_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Boforløp")
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Boforløp")
    reason: Mapped[str | None] = choice("Hvorfor?", REASONS, section="Boforløp")

    example = {
        "participant": "018f2c5e-0000-7000-8000-000000000071",
        "type": "moved_in",
        "happened_on": "2024-06-01",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
    }
