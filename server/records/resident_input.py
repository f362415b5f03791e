"""Innspill: what residents said, in their own words and nameless, and the answer."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import TOPICS
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
    PUBLIC,
    choice,
    day,
    flag,
    ref,
    tally,
    text,
)
from sync.rules import Rule

TYPES = {"challenge": "Utfordring", "idea": "Idé", "praise": "Ros"}
AGES = {"child": "Barn", "youth": "Ungdom", "adult": "Voksen", "elder": "Eldre"}
CHANNELS = {
    "meeting": "På møte",
    "walk": "På trygghetsvandring",
    "door": "I døra eller oppgangen",
    "box": "Postkasse",
    "resident_mode": "Beboermodus",
    "other": "På annen måte",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in its area, the landlord too: nobody is named in it."""
    return place_in_area(facts, "home", "neighbourhood", "event", "building")


class ResidentInput(
    Record,
    kind="resident_input",
    order=54,
    words=("Innspill", "innspill"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(10, "received_on", "Medvirkning, uten personopplysninger", "archive"),
    parents=("area", "neighbourhood", "event", "building"),
    place=place,
):
    """One challenge or idea, how many stand behind it, and the answer they were given."""

    area: Mapped[str | None] = ref("Område", to="area", section="Innspill")
    neighbourhood: Mapped[str | None] = ref("Nabolag", to="neighbourhood", section="Innspill")
    event: Mapped[str | None] = ref("Arrangement", to="event", section="Innspill")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Innspill")
    type: Mapped[str | None] = choice("Hva er det?", TYPES, required=True, section="Innspill")
    words: Mapped[str | None] = text(
        "Med beboernes egne ord",
        max=1000,
        required=True,
        rule=Rule.FIXED,
        sensitive=PERSONAL,
        section="Innspill",
    )
    words_shareable: Mapped[bool | None] = flag(
        "Ordene kan deles slik de står",
        section="Innspill",
        hint="Ja bare når ingen kan kjennes igjen",
    )
    topic: Mapped[str | None] = choice("Tema", TOPICS, section="Innspill")
    meet: Mapped[str | None] = text("Hvor?", max=120, sensitive=PUBLIC, section="Innspill")
    dark: Mapped[bool | None] = flag("Gjelder når det er mørkt", section="Innspill")
    age: Mapped[str | None] = choice("Sagt av", AGES, section="Innspill")
    channel: Mapped[str | None] = choice("Hvordan?", CHANNELS, section="Innspill")
    received_on: Mapped[date | None] = day(
        "Mottatt", required=True, indexed=True, section="Innspill"
    )
    votes = tally("Stemmer", {}, max=10_000, section="Innspill")
    summary: Mapped[str | None] = text(
        "Kort sagt av oss", max=200, sensitive=PUBLIC, section="Svar"
    )
    due_on: Mapped[date | None] = day("Svar innen", lasting=True, indexed=True, section="Svar")
    answer: Mapped[str | None] = text(
        "Hva ble gjort?", max=1000, sensitive=PERSONAL, lasting=True, section="Svar"
    )
    answered_on: Mapped[date | None] = day("Svart", lasting=True, section="Svar")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "event": "018f2c5e-0000-7000-8000-000000000041",
        "type": "challenge",
        "words": "Det er bekmørkt bak søppelskuret.",
        "topic": "safety",
        "meet": "Bak søppelskuret",
        "dark": True,
        "age": "adult",
        "channel": "meeting",
        "received_on": "2026-10-05",
        "votes/018f2c5e-0000-7000-8000-000000000003": 7,
    }
