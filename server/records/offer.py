"""Tilbud: what a household was offered, the answer, and when it is offered again."""

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
    ref,
    text,
)

WHAT = {
    "follow_up": "Oppfølging i bolig",
    "economy": "Råd om økonomi",
    "practical": "Praktisk hjelp",
    "activity": "Aktivitet eller fellesskap",
    "health": "Kontakt med helsetjenesten",
    "other": "Annet",
}
ANSWERS = {
    "yes": "Ja",
    "not_now": "Ikke nå",
    "no": "Nei",
    "not_reached": "Ikke nådd",
}


def place(facts: PlaceFacts) -> Place:
    """Where the talk is that it came from."""
    return place_in_confidence(facts)


class Offer(
    Record,
    kind="offer",
    order=62,
    words=("Tilbud", "tilbud"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "archive"),
    parents=("dwelling", "tenancy"),
    place=place,
):
    """One offer and its answer; the day to offer again keeps it alive."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Tilbud")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", required=True, section="Tilbud")
    what: Mapped[str | None] = choice("Hva tilbys?", WHAT, required=True, section="Tilbud")
    words: Mapped[str | None] = text(
        "Hvordan ble det sagt?", max=400, sensitive=SPECIAL, section="Tilbud"
    )
    offered_on: Mapped[date | None] = day("Tilbudt", required=True, indexed=True, section="Tilbud")
    answer: Mapped[str | None] = choice("Svar", ANSWERS, section="Tilbud")
    again_on: Mapped[date | None] = day("Tilbys igjen", indexed=True, section="Tilbud")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "tenancy": "018f2c5e-0000-7000-8000-00000000000a",
        "what": "follow_up",
        "offered_on": "2026-10-01",
        "answer": "not_now",
        "again_on": "2027-01-04",
    }
