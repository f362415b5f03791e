"""Avtale: what two sides have agreed, in words that both can read; shown to the resident."""

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
from server.shapes import PERSONAL, choice, day, flag, ref, status, text
from sync.rules import Rule

DOERS = {
    "tenant": "Leietakeren",
    "us": "Vi",
    "together": "Sammen",
    "landlord": "Eiendom",
    "other": "Andre",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class Agreement(
    Record,
    kind="agreement",
    order=42,
    words=("Avtale", "avtaler"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("visit", "dwelling", "tenancy"),
    place=place,
):
    """One thing agreed: what, who does it, by when, and whether it was kept."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy")
    what: Mapped[str | None] = text(
        "Hva er avtalt?", max=400, required=True, sensitive=PERSONAL, section="Avtale"
    )
    doer: Mapped[str | None] = choice("Hvem gjør det?", DOERS, section="Avtale")
    due_on: Mapped[date | None] = day("Innen", section="Avtale")
    kept: Mapped[bool | None] = flag("Gjort", rule=Rule.LATEST, lasting=True, section="Avtale")
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "what": "Barnevogna settes i boden.",
        "doer": "tenant",
        "due_on": "2026-12-01",
    }
