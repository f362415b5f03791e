"""Samtale: what was said at a visit, for the few who need it; the landlord never sees it."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import TALK_CHANNELS
from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    place_in_confidence,
)
from server.shapes import REVIEWERS, SPECIAL, choice, day, keyed_text, ref, status, text
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """A draft is its authors' own; then those who follow up and the area's office see it."""
    return place_in_confidence(facts)


class Conversation(
    Record,
    kind="conversation",
    order=40,
    words=("Samtale", "samtaler"),
    writers=REVIEWERS,
    named_writers=READER_SETS["work"],
    readers=("talk",),
    review=Review.ALWAYS,
    waits_as="Fortrolig",
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    one_per=(("visit",),),
    parents=("visit", "dwelling", "building", "tenancy"),
    place=place,
):
    """The words of a visit or a call: notes that are closed once sent in, and a summary."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", rule=Rule.FIXED)
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True)
    building: Mapped[str | None] = ref("Bygning", to="building")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy")
    channel: Mapped[str | None] = choice("Hvordan?", TALK_CHANNELS)
    talked_on: Mapped[date | None] = day("Dato", indexed=True)
    notes = keyed_text("Notat", max=4000, rule=Rule.FIXED, sensitive=SPECIAL, section="Samtale")
    summary: Mapped[str | None] = text(
        "Oppsummering", max=4000, sensitive=SPECIAL, section="Samtale"
    )
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "channel": "visit",
        "talked_on": "2026-11-23",
        "notes/018f2c5e-0000-7000-8000-000000000006": "Trives, men synes det er lytt.",
        "summary": "Alt vel. Ny prat i februar.",
    }
