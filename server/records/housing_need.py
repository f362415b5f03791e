"""Boligbehov: what about the home does not fit the household; counted, and never a reason kept."""

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
    day,
    keyed_flag,
    ref,
)

NEEDS = {
    "too_small": "For liten",
    "not_accessible": "Ikke tilgjengelig",
    "unsafe_environment": "Utrygt bomiljø",
    "unsuitable_for_children": "Passer ikke for barn",
    "too_expensive": "For dyr",
    "poor_condition": "Dårlig stand",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class HousingNeed(
    Record,
    kind="housing_need",
    order=64,
    words=("Boligbehov", "boligbehov"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("dwelling", "tenancy"),
    place=place,
):
    """What the home lacks for those who live there; the half-year plan counts it."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Behov")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", required=True, section="Behov")
    seen_on: Mapped[date | None] = day("Sett", required=True, indexed=True, section="Behov")
    needs = keyed_flag("Hva passer ikke?", NEEDS, section="Behov")
    met_on: Mapped[date | None] = day("Dekket", lasting=True, section="Behov")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "seen_on": "2026-11-23",
        "needs/too_small": True,
    }
