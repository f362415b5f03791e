"""Samarbeidsavtale: who does what, the municipality or the board, and when they meet."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    PERSONAL,
    choice,
    day,
    ref,
    text,
)
from sync.rules import Rule

CARETAKING = {
    "municipality": "Kommunen",
    "company": "Boligselskapet",
    "shared": "Delt",
    "firm": "Et firma",
}


def place(facts: PlaceFacts) -> Place:
    """Where the company is, for all who work there."""
    return place_in_area(facts, "home", "housing_company")


class CooperationAgreement(
    Record,
    kind="cooperation_agreement",
    order=67,
    words=("Samarbeidsavtale", "samarbeidsavtaler"),
    writers=REVIEWERS,
    readers=("home",),
    retention=Retention(10, "changed_at", "Samarbeid med borettslag og sameier", "archive"),
    parents=("housing_company",),
    place=place,
):
    """One agreement with a board: both sides' tasks and the next meeting."""

    housing_company: Mapped[str | None] = ref(
        "Boligselskap", to="housing_company", required=True, rule=Rule.FIXED, section="Avtale"
    )
    signed_on: Mapped[date | None] = day("Inngått", section="Avtale")
    valid_until: Mapped[date | None] = day("Gjelder til", section="Avtale")
    we_do: Mapped[str | None] = text(
        "Hva gjør kommunen?", max=1000, sensitive=PERSONAL, section="Avtale"
    )
    they_do: Mapped[str | None] = text(
        "Hva gjør boligselskapet?", max=1000, sensitive=PERSONAL, section="Avtale"
    )
    caretaking: Mapped[str | None] = choice("Hvem har vaktmester?", CARETAKING, section="Avtale")
    channel: Mapped[str | None] = text(
        "Avtalt kontaktvei", max=120, sensitive=PERSONAL, section="Avtale"
    )
    next_meeting_on: Mapped[date | None] = day("Neste møte", indexed=True, section="Avtale")

    example = {
        "housing_company": "018f2c5e-0000-7000-8000-00000000000b",
        "signed_on": "2026-02-03",
        "we_do": "Runde i fellesarealene hver uke.",
        "they_do": "Styret tar vårdugnaden og holder rømningsveiene åpne.",
        "caretaking": "shared",
        "next_meeting_on": "2027-01-20",
    }
