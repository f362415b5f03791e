"""Samtale med en part: what one side said, for those who talk with that side alone."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import TALK_CHANNELS
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
    ref,
    status,
    text,
)
from sync.rules import Rule

WILLING = {"yes": "Ja", "maybe": "Kanskje", "no": "Nei", "not_asked": "Ikke spurt"}


def place(facts: PlaceFacts) -> Place:
    """Those who talk with the party, and the leader once it is sent in."""
    return place_in_team(facts, of="party")


class PartyTalk(
    Record,
    kind="party_talk",
    order=86,
    words=("Samtale med part", "samtaler med parter"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("party",),
    place=place,
    conceals=True,
):
    """One talk with one side: what was said, what is wished for, and whether they will meet."""

    party: Mapped[str | None] = ref(
        "Part", to="case_party", required=True, rule=Rule.FIXED, section="Samtale"
    )
    talked_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Samtale")
    channel: Mapped[str | None] = choice("Hvordan?", TALK_CHANNELS, section="Samtale")
    words: Mapped[str | None] = text(
        "Hva ble sagt?", max=4000, required=True, sensitive=SPECIAL, section="Samtale"
    )
    wish: Mapped[str | None] = text(
        "Hva ønsker parten?", max=400, sensitive=SPECIAL, section="Samtale"
    )
    dialogue: Mapped[str | None] = choice("Vil møtes?", WILLING, section="Samtale")
    next_on: Mapped[date | None] = day("Neste kontakt", section="Samtale")
    status: Mapped[str | None] = status()

    example = {
        "party": "018f2c5e-0000-7000-8000-000000000032",
        "talked_on": "2026-11-09",
        "channel": "visit",
        "words": "Sover dårlig og er lei seg for stemningen i oppgangen.",
        "wish": "Vil at det skal være stille om natta.",
        "dialogue": "yes",
    }
