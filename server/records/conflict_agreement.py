"""Avtale mellom naboer: what both sides agreed, in words that both can read, and how it holds."""

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
    SPECIAL,
    choice,
    day,
    keyed_flag,
    ref,
    text,
)
from sync.rules import Rule

HOLDS = {"yes": "Ja", "partly": "Delvis", "no": "Nei"}


def place(facts: PlaceFacts) -> Place:
    """The case team and the leader."""
    return place_in_team(facts, of="case")


class ConflictAgreement(
    Record,
    kind="conflict_agreement",
    order=90,
    words=("Naboavtale", "naboavtaler"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("case",),
    place=place,
):
    """One agreement and its two follow-ups, after two and six weeks."""

    case: Mapped[str | None] = ref(
        "Nabokonflikt", to="conflict_case", required=True, rule=Rule.FIXED, section="Avtale"
    )
    agreed_on: Mapped[date | None] = day("Avtalt", required=True, indexed=True, section="Avtale")
    words: Mapped[str | None] = text(
        "Hva er avtalt?", max=2000, required=True, sensitive=SPECIAL, section="Avtale"
    )
    agreed = keyed_flag("Hvem sa ja?", PARTIES, section="Avtale")
    first_due_on: Mapped[date | None] = day(
        "Første oppfølging innen", lasting=True, indexed=True, section="Oppfølging"
    )
    first_on: Mapped[date | None] = day("Første oppfølging", lasting=True, section="Oppfølging")
    first_holds: Mapped[str | None] = choice(
        "Holder avtalen?", HOLDS, lasting=True, section="Oppfølging"
    )
    second_due_on: Mapped[date | None] = day(
        "Andre oppfølging innen", lasting=True, indexed=True, section="Oppfølging"
    )
    second_on: Mapped[date | None] = day("Andre oppfølging", lasting=True, section="Oppfølging")
    second_holds: Mapped[str | None] = choice(
        "Holder avtalen nå?", HOLDS, lasting=True, section="Oppfølging"
    )

    example = {
        "case": "018f2c5e-0000-7000-8000-000000000031",
        "agreed_on": "2026-11-25",
        "words": "Stille etter klokka 23. Vi ringer på hos hverandre før vi klager.",
        "agreed/a": True,
        "agreed/b": True,
    }
