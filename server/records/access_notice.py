"""Varsel: that a home's tenant was told in time; the letter is printed from it."""

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
    clock,
    day,
    ref,
    text,
)

BASES = {
    "inspection_notice": "Varsel om tilsyn",
    "maintenance_notice": "Varsel om vedlikehold",
    "change_notice": "Varsel om endringer",
    "emergency_no_notice": "Nødstilfelle uten varsel",
}
CHANNELS = {
    "post_box": "I postkassa",
    "in_person": "Sagt i døra",
    "letter": "Brev",
    "sms": "SMS",
    "board": "Oppslag",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in the area, the landlord too: it concerns the home and not a person."""
    return place_in_area(facts, "home", "dwelling")


class AccessNotice(
    Record,
    kind="access_notice",
    order=11,
    words=("Varsel", "varsler"),
    writers=READER_SETS["home"],
    readers=("home",),
    retention=Retention(5, "planned_on", "Husleieloven § 5-6, bevis for varsel", "archive"),
    parents=("dwelling",),
    place=place,
):
    """One notice: which day, on what ground, when and how it was given."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Varsel")
    planned_on: Mapped[date | None] = day(
        "Dagen det gjelder", required=True, indexed=True, section="Varsel"
    )
    planned_at: Mapped[str | None] = clock("Klokkeslett", section="Varsel")
    basis: Mapped[str | None] = choice("Adgang", BASES, required=True, section="Varsel")
    reason: Mapped[str | None] = text(
        "Hva skal gjøres?", max=400, required=True, sensitive=PERSONAL, section="Varsel"
    )
    notify_by_on: Mapped[date | None] = day(
        "Varsles senest", lasting=True, indexed=True, section="Varsel"
    )
    notified_on: Mapped[date | None] = day("Varslet", section="Varsel")
    channel: Mapped[str | None] = choice("Hvordan?", CHANNELS, section="Varsel")
    told_after_on: Mapped[date | None] = day("Fortalt etterpå", lasting=True, section="Varsel")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "planned_on": "2026-12-04",
        "planned_at": "10:00",
        "basis": "inspection_notice",
        "reason": "Kontroll av røykvarsler og slokkeutstyr.",
        "notified_on": "2026-11-23",
        "channel": "post_box",
    }
