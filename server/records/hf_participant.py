"""Housing First: that somebody takes part, known to their own team alone; no diagnosis anywhere."""

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
    USERS,
    choice,
    day,
    keyed_flag,
    ref,
    text,
)

REASONS = {
    "wish": "Ønsker ikke mer",
    "moved": "Flyttet fra kommunen",
    "own_home": "Klarer seg i egen bolig",
    "institution": "Annet tilbud",
    "deceased": "Død",
}


def place(facts: PlaceFacts) -> Place:
    """The participant's own team and the leader; neither the office nor the landlord."""
    return place_in_team(facts)


class HfParticipant(
    Record,
    kind="hf_participant",
    order=92,
    words=("Deltaker", "deltakere"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "left_on", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("area", "tenancy"),
    place=place,
):
    """Who is followed by whom, from when; what happens to the home is events beside it."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Deltaker")
    label: Mapped[str | None] = text(
        "Kjennetegn for teamet", max=40, required=True, sensitive=SPECIAL, section="Deltaker"
    )
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", section="Deltaker")
    joined_on: Mapped[date | None] = day("Med fra", required=True, indexed=True, section="Deltaker")
    left_on: Mapped[date | None] = day("Ute av tiltaket", section="Deltaker")
    left_reason: Mapped[str | None] = choice("Hvorfor?", REASONS, section="Deltaker")
    team = keyed_flag("Hvem følger opp?", section="Deltaker", holds=USERS)

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "label": "HF-07",
        "joined_on": "2024-05-02",
        "team/018f2c5e-0000-7000-8000-000000000003": True,
    }
