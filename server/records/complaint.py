"""Bomiljøklage: what a neighbour told us, and how openly; the office's until a case takes it."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.disclosure import DISCLOSURES, forgetting
from server.records.purposes import NEIGHBOUR_TROUBLES
from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    area_by,
    place_with_draft,
)
from server.records.standing import place_in_team
from server.shapes import (
    PERSONAL,
    SPECIAL,
    choice,
    day,
    flag,
    ref,
    status,
    text,
)

CHANNELS = {
    "phone": "På telefon",
    "letter": "Brev eller e-post",
    "form": "Skjema på nett",
    "met": "Møtte oss",
    "board": "Fra styret",
    "police": "Fra politiet",
}
FREQUENCIES = {
    "once": "Én gang",
    "sometimes": "Av og til",
    "weekly": "Hver uke",
    "daily": "Hver dag",
}


def place(facts: PlaceFacts) -> Place:
    """With its case team; before there is one, with its author and the area's office."""
    if facts.parent("case"):
        return place_in_team(facts, of="case")
    return place_with_draft(facts, area_by(facts, "dwelling", "building"), "talk")


class Complaint(
    Record,
    kind="complaint",
    order=82,
    words=("Bomiljøklage", "bomiljøklager"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=(
        "talk",
        "lead",
    ),
    review=Review.ALWAYS,
    waits_as="Bomiljøklage",
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("case", "building", "dwelling"),
    place=place,
    consequence=forgetting("complainant", by="disclosure"),
):
    """One complaint in its own words, with what must be known to act at once."""

    case: Mapped[str | None] = ref(
        "Nabokonflikt", to="conflict_case", lasting=True, section="Klage"
    )
    building: Mapped[str | None] = ref("Bygning", to="building", section="Klage")
    dwelling: Mapped[str | None] = ref("Boligen det klages på", to="dwelling", section="Klage")
    received_on: Mapped[date | None] = day("Mottatt", required=True, indexed=True, section="Klage")
    channel: Mapped[str | None] = choice("Hvordan?", CHANNELS, section="Klage")
    category: Mapped[str | None] = choice(
        "Hva gjelder det?", NEIGHBOUR_TROUBLES, required=True, section="Klage"
    )
    words: Mapped[str | None] = text(
        "Hva skjedde, og når?", max=2000, required=True, sensitive=SPECIAL, section="Klage"
    )
    frequency: Mapped[str | None] = choice("Hvor ofte?", FREQUENCIES, section="Klage")
    homes_lie: Mapped[str | None] = text(
        "Hvordan ligger boligene til hverandre?", max=200, sensitive=PERSONAL, section="Klage"
    )
    contact_so_far: Mapped[str | None] = text(
        "Kontakt mellom partene til nå", max=400, sensitive=SPECIAL, section="Klage"
    )
    others: Mapped[bool | None] = flag("Flere har klaget på det samme", section="Klage")
    desired: Mapped[str | None] = text(
        "Hva ønsker den som klager?", max=400, sensitive=SPECIAL, section="Klage"
    )
    police: Mapped[bool | None] = flag("Politiet er ringt", section="Klage")
    disclosure: Mapped[str | None] = choice(
        "Hvor åpent er det?", DISCLOSURES, required=True, section="Den som klager"
    )
    complainant: Mapped[str | None] = text(
        "Den som klager",
        max=120,
        sensitive=SPECIAL,
        section="Den som klager",
        disclosed_by="disclosure",
    )
    acknowledge_due_on: Mapped[date | None] = day(
        "Bekreftes innen", lasting=True, indexed=True, section="Svar"
    )
    acknowledged_on: Mapped[date | None] = day("Bekreftet", lasting=True, section="Svar")
    status: Mapped[str | None] = status()

    example = {
        "building": "018f2c5e-0000-7000-8000-000000000008",
        "received_on": "2026-11-02",
        "channel": "phone",
        "category": "noise",
        "words": "Høy musikk etter midnatt tre netter på rad.",
        "frequency": "weekly",
        "others": True,
        "desired": "At det blir stille etter klokka elleve.",
        "disclosure": "confidential",
    }
