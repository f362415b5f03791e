"""Nøkkel: one key changing hands, by its number; two who write it offline make two lines."""

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
    code,
    day,
    ref,
    text,
    user_ref,
)
from sync.rules import Rule

ACTIONS = {
    "out": "Utlevert",
    "in": "Levert tilbake",
    "lost": "Mistet",
    "copied": "Kopiert",
    "destroyed": "Ødelagt",
}
HOLDERS = {
    "us": "Vi",
    "colleague": "En kollega",
    "tenant": "Leietakeren",
    "craftsman": "Håndverker",
    "landlord": "Eiendom",
    "board": "Styret",
}


def place(facts: PlaceFacts) -> Place:
    """Those who work with the homes in the area; it names no tenant."""
    return place_in_area(facts, "work", "dwelling", "building")


class KeyHandover(
    Record,
    kind="key_handover",
    order=29,
    words=("Nøkkelutlevering", "nøkkelutleveringer"),
    writers=READER_SETS["work"],
    readers=("work",),
    retention=Retention(5, "happened_on", "Kontroll med nøkler til boliger", "archive"),
    parents=("dwelling", "building"),
    place=place,
):
    """One line of the key ledger: which key, out or in, and who has it."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Nøkkel")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Nøkkel")
    serial: Mapped[str | None] = code(
        "Nøkkelnummer",
        max=40,
        pattern="[A-Za-z0-9_./-]{1,40}",
        sentence="Skriv nummeret på nøkkelen uten mellomrom.",
        required=True,
        rule=Rule.FIXED,
        indexed=True,
        section="Nøkkel",
    )
    action: Mapped[str | None] = choice(
        "Hva skjedde?", ACTIONS, required=True, rule=Rule.FIXED, section="Nøkkel"
    )
    happened_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Nøkkel")
    holder: Mapped[str | None] = choice("Hvem har den nå?", HOLDERS, section="Nøkkel")
    colleague: Mapped[str | None] = user_ref("Kollega", section="Nøkkel")
    due_back_on: Mapped[date | None] = day("Leveres innen", indexed=True, section="Nøkkel")
    words: Mapped[str | None] = text("Merknad", max=200, sensitive=PERSONAL, section="Nøkkel")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "serial": "H0203-2",
        "action": "out",
        "happened_on": "2026-11-23",
        "holder": "craftsman",
        "due_back_on": "2026-11-27",
    }
