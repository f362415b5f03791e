"""Dialogmøte: when the parties meet, with whom leading; what each said before is elsewhere."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import PARTIES
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
    SPECIAL,
    clock,
    day,
    handling,
    keyed_choice,
    keyed_flag,
    ref,
    text,
    user_ref,
)
from sync.rules import Rule

HANDLING = {
    "offered": "Tilbudt",
    "planned": "Avtalt",
    "held": "Holdt",
    "declined": "Takket nei",
    "cancelled": "Avlyst",
}
CHECKED = {"done": "Gjort", "not_done": "Ikke gjort"}


def place(facts: PlaceFacts) -> Place:
    """The case team and the leader."""
    return place_in_team(facts, of="case")


class DialogueMeeting(
    Record,
    kind="dialogue_meeting",
    order=88,
    words=("Dialogmøte", "dialogmøter"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("case",),
    place=place,
):
    """One meeting between the parties: when, where, who came and what it led to."""

    case: Mapped[str | None] = ref(
        "Nabokonflikt", to="conflict_case", required=True, rule=Rule.FIXED, section="Møte"
    )
    planned_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Møte")
    planned_at: Mapped[str | None] = clock("Klokkeslett", section="Møte")
    meet: Mapped[str | None] = text("Hvor?", max=120, sensitive=PERSONAL, section="Møte")
    leads: Mapped[str | None] = user_ref("Hvem leder møtet?", section="Møte")
    came = keyed_flag("Hvem kom?", PARTIES, section="Møte")
    checks = keyed_choice("Trygt møte", CHECKED, section="Sjekkliste", holds="DIALOG")
    summary: Mapped[str | None] = text(
        "Hva kom dere fram til?", max=2000, sensitive=SPECIAL, section="Møte"
    )
    handling: Mapped[str | None] = handling("Gjennomføring", HANDLING, section="Møte")

    example = {
        "case": "018f2c5e-0000-7000-8000-000000000031",
        "planned_on": "2026-11-25",
        "planned_at": "14:00",
        "meet": "Møterommet i Eksempelgården",
        "leads": "018f2c5e-0000-7000-8000-000000000003",
        "came/a": True,
        "came/b": True,
        "checks/DIALOG-01": "done",
    }
