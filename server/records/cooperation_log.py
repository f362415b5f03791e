"""Samarbeidslogg: a contact with a board, with what we keep and what we share kept apart."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
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

CHANNELS = {
    "meeting": "Møte",
    "phone": "På telefon",
    "email": "E-post",
    "met": "Møttes på stedet",
}


def place(facts: PlaceFacts) -> Place:
    """Those who work with the homes in the area; the landlord's side and the board never."""
    return place_in_area(facts, "work", "housing_company")


class CooperationLog(
    Record,
    kind="cooperation_log",
    order=68,
    words=("Kontakt med styret", "kontakter med styret"),
    writers=READER_SETS["work"],
    readers=("work",),
    retention=Retention(5, "changed_at", "Samarbeid med borettslag og sameier", "archive"),
    parents=("housing_company",),
    place=place,
):
    """One talk or meeting with a board, and the summary that may leave the house."""

    housing_company: Mapped[str | None] = ref(
        "Boligselskap", to="housing_company", required=True, rule=Rule.FIXED, section="Kontakt"
    )
    talked_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Kontakt")
    channel: Mapped[str | None] = choice("Hvordan?", CHANNELS, section="Kontakt")
    words: Mapped[str | None] = text(
        "Notat for oss", max=2000, sensitive=PERSONAL, section="Kontakt"
    )
    shared: Mapped[str | None] = text(
        "Dette kan styret få", max=2000, sensitive=PERSONAL, section="Kontakt"
    )
    shared_on: Mapped[date | None] = day("Delt med styret", section="Kontakt")

    example = {
        "housing_company": "018f2c5e-0000-7000-8000-00000000000b",
        "talked_on": "2026-10-14",
        "channel": "meeting",
        "words": "Styret er bekymret for sykkelboden.",
        "shared": "Vi setter opp nytt lys i sykkelboden før jul.",
        "shared_on": "2026-10-15",
    }
