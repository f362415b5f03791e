"""Nødnummer: a number of the municipality's own that every phone knows without a network."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    ORGANISATION,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
)
from server.roles import Role
from server.shapes import PUBLIC, number, ref, text


def place(facts: PlaceFacts) -> Place:
    """All who go out in its area; where no area is named, everybody."""
    area = facts.text("area")
    if area is None:
        return Place(None, frozenset({ORGANISATION}))
    return Place(area, frozenset({area_scope(area, "home")}))


class EmergencyNumber(
    Record,
    kind="emergency_number",
    order=76,
    words=("Nødnummer", "nødnumre"),
    writers=frozenset({Role.LEADER, Role.ADMIN}),
    readers=("everyone", "home"),
    retention=Retention(50, "changed_at", "Driftsopplysning uten personer", "delete"),
    parents=("area",),
    place=place,
):
    """Whom to call, on which number, and where in the list it stands."""

    area: Mapped[str | None] = ref("Område", to="area", section="Nødnummer")
    name: Mapped[str | None] = text(
        "Hvem er det?", max=80, required=True, sensitive=PUBLIC, section="Nødnummer"
    )
    telephone: Mapped[str | None] = text(
        "Telefon",
        max=20,
        pattern=r"\+?[0-9 ]{3,19}",
        sentence="Skriv telefonnummeret med sifre, for eksempel 900 00 000.",
        required=True,
        sensitive=PUBLIC,
        section="Nødnummer",
    )
    rank: Mapped[int | None] = number("Plass i lista", min=1, max=99, section="Nødnummer")

    example = {"name": "Vakttelefonen", "telephone": "900 00 000", "rank": 1}
