"""Henvisning: a matter handed on with as few words as it takes, and the answer."""

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
    choice,
    day,
    flag,
    ref,
    text,
)

SERVICES = {
    "nav": "NAV",
    "health_office": "Helse- og velferdskontor",
    "home_care": "Hjemmetjenesten",
    "child_welfare": "Barnevernet",
    "follow_up": "Oppfølging i bolig",
    "housing_first": "Housing First",
    "mediation": "Konfliktrådet",
    "debt_advice": "Gjeldsrådgiver",
    "fire_prevention": "Brannforebyggende",
    "other": "Annet",
}
ANSWERS = {"accepted": "Tatt imot", "declined": "Avslått", "waiting": "Venter"}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class Referral(
    Record,
    kind="referral",
    order=63,
    words=("Henvisning", "henvisninger"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("dwelling", "tenancy"),
    place=place,
):
    """One matter handed on: to whom, when, and whether they took it."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Henvisning")
    tenancy: Mapped[str | None] = ref(
        "Leieforhold", to="tenancy", required=True, section="Henvisning"
    )
    to: Mapped[str | None] = choice("Til", SERVICES, required=True, section="Henvisning")
    words: Mapped[str | None] = text(
        "Det de trenger å vite", max=400, sensitive=SPECIAL, section="Henvisning"
    )
    agreed: Mapped[bool | None] = flag("Avtalt med leietakeren", section="Henvisning")
    sent_on: Mapped[date | None] = day("Sendt", required=True, indexed=True, section="Henvisning")
    answer: Mapped[str | None] = choice("Svar", ANSWERS, lasting=True, section="Henvisning")
    answered_on: Mapped[date | None] = day("Svart", lasting=True, section="Henvisning")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "to": "nav",
        "words": "Trenger hjelp med økonomi.",
        "agreed": True,
        "sent_on": "2026-10-12",
        "answer": "accepted",
        "answered_on": "2026-10-20",
    }
