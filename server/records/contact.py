"""Kontakt: a person to call, in a tenancy or a housing company; it says nothing of their life."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    me_scope,
    place_of,
)
from server.shapes import PERSONAL, USERS, choice, flag, keyed_flag, ref, text
from sync.rules import Rule

ROLES = {
    "tenant": "Leietaker",
    "partner": "Partner",
    "representative": "Fullmektig eller verge",
    "board": "Styret",
    "caretaker": "Vaktmester",
    "other": "Annen",
}
CHANNELS = {
    "call": "Ring",
    "message": "Send melding",
    "letter": "Brev",
    "in_person": "Møt opp",
}


def place(facts: PlaceFacts) -> Place:
    """A tenant's contact is where the tenancy is, a company's where its area is worked in."""
    tenancy = facts.parent("tenancy")
    if tenancy is not None:
        return place_of(tenancy)
    area = area_by(facts, "housing_company")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), frozenset(facts.authors))
    return Place(area, frozenset({area_scope(area, "work")}))


class Contact(
    Record,
    kind="contact",
    order=58,
    words=("Kontakt", "kontakter"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk", "work"),
    retention=Retention(1, "tenancy.ended_on", "Følger leieforholdet det hører til", "delete"),
    parents=("tenancy", "housing_company"),
    place=place,
):
    """Whom to call, in which language, and how they want to be reached."""

    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", section="Kontakt")
    housing_company: Mapped[str | None] = ref(
        "Boligselskap", to="housing_company", section="Kontakt"
    )
    role: Mapped[str | None] = choice("Hvem er det?", ROLES, section="Kontakt")
    name: Mapped[str | None] = text(
        "Navn", max=120, required=True, sensitive=PERSONAL, section="Kontakt"
    )
    phone: Mapped[str | None] = text(
        "Telefon",
        max=20,
        pattern=r"\+?[0-9 ]{3,19}",
        sentence="Skriv telefonnummeret med sifre, for eksempel 900 00 000.",
        sensitive=PERSONAL,
        section="Kontakt",
    )
    language: Mapped[str | None] = text("Språk", max=40, sensitive=PERSONAL, section="Kontakt")
    interpreter: Mapped[bool | None] = flag("Trenger tolk", section="Kontakt")
    channel: Mapped[str | None] = choice("Nås best", CHANNELS, section="Kontakt")

    sealed_for = keyed_flag(
        "Sperret for alle andre enn", holds=USERS, rule=Rule.LATEST, server=True
    )

    example = {
        "tenancy": "018f2c5e-0000-7000-8000-000000000007",
        "role": "tenant",
        "name": "Eksempel Leietaker",
        "phone": "900 00 000",
        "language": "Tigrinja",
        "interpreter": True,
        "channel": "call",
    }
