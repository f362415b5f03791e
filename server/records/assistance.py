"""Bistand gitt: advice, guidance or practical help that was given; neither need nor request."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    place_in_confidence,
)
from server.shapes import SPECIAL, choice, day, ref, status, text
from sync.rules import Rule

FORMS = {"advice": "Råd", "guidance": "Veiledning", "practical": "Praktisk hjelp"}
TYPES = {
    "advice_economy": "Råd om økonomi",
    "advice_mastery": "Råd om å bo",
    "advice_services": "Råd om tjenester",
    "practical_application": "Hjelp til å søke",
    "practical_lease_or_purchase": "Hjelp til å leie eller kjøpe",
    "practical_prevent_eviction": "Hjelp til å beholde boligen",
    "adapted_or_protected_dwelling": "Tilpasning, hjelpe- og vernetiltak",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class Assistance(
    Record,
    kind="assistance",
    order=46,
    words=("Bistand gitt", "bistand gitt"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6", "archive"),
    parents=("visit", "dwelling", "tenancy"),
    place=place,
):
    """What was wished for in the resident's words, what was done, and what came of it."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy")
    form: Mapped[str | None] = choice("Hva slags?", FORMS, required=True, section="Bistand")
    type: Mapped[str | None] = choice("Hva gjaldt det?", TYPES, section="Bistand")
    wish: Mapped[str | None] = text(
        "Ønsket, med beboerens egne ord", max=1000, sensitive=SPECIAL, section="Bistand"
    )
    done: Mapped[str | None] = text(
        "Hva ble gjort?", max=1000, sensitive=SPECIAL, section="Bistand"
    )
    next_on: Mapped[date | None] = day("Neste gang", section="Bistand")
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "form": "practical",
        "type": "practical_application",
        "wish": "Vil ha hjelp til å søke bostøtte.",
        "done": "Vi fylte ut søknaden sammen.",
    }
