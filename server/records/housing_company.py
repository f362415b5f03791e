"""Boligselskap: a cooperative or condominium that the municipality has homes in; no persons."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
    me_scope,
)
from server.shapes import PUBLIC, choice, code, number, ref, text

FORMS = {
    "cooperative": "Borettslag",
    "condominium": "Sameie",
    "other": "Annet boligselskap",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area know the company."""
    area = facts.text("area")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)))
    return Place(area, frozenset({area_scope(area, "home")}))


class HousingCompany(
    Record,
    kind="housing_company",
    order=66,
    words=("Boligselskap", "boligselskaper"),
    writers=REVIEWERS,
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge kommunen har boliger der", "archive"),
    parents=("area",),
    place=place,
):
    """The owner of the common parts where the municipality owns only some of the homes."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Boligselskap")
    name: Mapped[str | None] = text(
        "Navn", max=120, required=True, sensitive=PUBLIC, section="Boligselskap"
    )
    form: Mapped[str | None] = choice("Form", FORMS, section="Boligselskap")
    organisation_number: Mapped[str | None] = code(
        "Organisasjonsnummer",
        max=9,
        pattern="[0-9]{9}",
        sentence="Skriv ni sifre uten mellomrom.",
        section="Boligselskap",
    )
    property_manager: Mapped[str | None] = text(
        "Forretningsfører", max=120, sensitive=PUBLIC, section="Boligselskap"
    )
    shares: Mapped[int | None] = number(
        "Kommunens andeler", min=0, max=10_000, section="Boligselskap"
    )
    shares_total: Mapped[int | None] = number(
        "Andeler i alt", min=0, max=10_000, section="Boligselskap"
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "name": "Eksempelhaugen borettslag",
        "form": "cooperative",
        "organisation_number": "999999999",
        "shares": 6,
        "shares_total": 80,
    }
