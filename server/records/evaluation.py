"""Evaluering: how living there goes, area by area, at one time; never a score of a person."""

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
from server.shapes import (
    SPECIAL,
    day,
    flag,
    keyed_number,
    ref,
    status,
    text,
)
from sync.rules import Rule

LEVELS = {
    "home": "Hjemmet",
    "economy": "Økonomi og regninger",
    "neighbours": "Naboer",
    "network": "Nettverk",
    "food": "Mat og innkjøp",
    "services": "Kontakt med tjenester",
}
"""0 the municipality does it, 1 together, 2 the tenant with help, 3 the tenant alone."""


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class Evaluation(
    Record,
    kind="evaluation",
    order=61,
    words=("Evaluering", "evalueringer"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("plan", "dwelling", "tenancy"),
    place=place,
):
    """One look back with the tenant: a level for each area of the home's life."""

    plan: Mapped[str | None] = ref(
        "Oppfølgingsplan", to="follow_up_plan", required=True, rule=Rule.FIXED, section="Evaluering"
    )
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", required=True)
    held_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Evaluering")
    together: Mapped[bool | None] = flag("Gjort sammen med leietakeren", section="Evaluering")
    levels = keyed_number(
        "Mestring 0–3",
        min=0,
        max=3,
        keys=LEVELS,
        section="Mestring",
        hint="0 vi gjør det · 1 sammen · 2 leietakeren med hjelp · 3 leietakeren selv",
    )
    words: Mapped[str | None] = text(
        "Hva går bra, og hva er vanskelig?", max=2000, sensitive=SPECIAL, section="Evaluering"
    )
    next_on: Mapped[date | None] = day("Neste evaluering", section="Evaluering")
    status: Mapped[str | None] = status()

    example = {
        "plan": "018f2c5e-0000-7000-8000-000000000063",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "held_on": "2026-12-01",
        "together": True,
        "levels/home": 2,
        "levels/economy": 1,
        "words": "Åpner posten selv nå.",
        "next_on": "2027-03-01",
    }
