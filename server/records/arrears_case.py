"""Husleierestanse: dates from the first unpaid rent to the end; no amounts and no reasons."""

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
    choice,
    day,
    flag,
    ref,
)

OUTCOMES = {
    "paid": "Betalt",
    "instalment": "Betaler ned",
    "nav_guarantee": "NAV dekket",
    "moved_voluntarily": "Flyttet selv",
    "averted": "Avverget på annen måte",
    "evicted": "Kastet ut",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class ArrearsCase(
    Record,
    kind="arrears_case",
    order=65,
    words=("Restansesak", "restansesaker"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("dwelling", "tenancy"),
    place=place,
):
    """One household's way through arrears, by dates alone, and how it ended."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Restanse")
    tenancy: Mapped[str | None] = ref(
        "Leieforhold", to="tenancy", required=True, section="Restanse"
    )
    noticed_on: Mapped[date | None] = day(
        "Oppdaget", required=True, indexed=True, section="Restanse"
    )
    contacted_on: Mapped[date | None] = day("Kontaktet", section="Restanse")
    plan_on: Mapped[date | None] = day("Avtale om nedbetaling", section="Restanse")
    nav_on: Mapped[date | None] = day("NAV er varslet", section="Restanse")
    warned_on: Mapped[date | None] = day("Skriftlig varsel", section="Restanse")
    notice_on: Mapped[date | None] = day("Oppsigelse", section="Restanse")
    protest_due_on: Mapped[date | None] = day(
        "Kan protestere til", indexed=True, section="Restanse"
    )
    protested_on: Mapped[date | None] = day("Protestert", section="Restanse")
    suit_due_on: Mapped[date | None] = day("Sak må reises innen", indexed=True, section="Restanse")
    petition_on: Mapped[date | None] = day("Begjæring om fravikelse", section="Restanse")
    eviction_on: Mapped[date | None] = day("Berammet fravikelse", indexed=True, section="Restanse")
    outcome: Mapped[str | None] = choice("Hvordan gikk det?", OUTCOMES, section="Utfall")
    closed_on: Mapped[date | None] = day("Avsluttet", indexed=True, section="Utfall")
    children: Mapped[bool | None] = flag("Barn i husstanden", section="Utfall")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "noticed_on": "2026-08-25",
        "contacted_on": "2026-08-27",
        "nav_on": "2026-09-02",
        "notice_on": "2026-10-01",
        "petition_on": "2026-10-20",
        "outcome": "instalment",
        "closed_on": "2026-11-10",
        "children": True,
    }
