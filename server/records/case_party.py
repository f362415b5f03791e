"""Part: one side of a conflict; who talks with A need not know anything that B said."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.disclosure import DISCLOSURES, forgetting
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
    USERS,
    choice,
    day,
    keyed_flag,
    ref,
    text,
)
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """Those who talk with this party, its author, and the leader: never the whole case team."""
    return place_in_team(facts, area=("case",))


class CaseParty(
    Record,
    kind="case_party",
    order=84,
    words=("Part", "parter"),
    writers=READER_SETS["lead"],
    named_writers=TEAM_STAFF,
    readers=("lead",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    parents=("case", "dwelling"),
    place=place,
    consequence=forgetting("name", "phone", by="disclosure"),
):
    """Who is on one side, and who of us talks with them."""

    case: Mapped[str | None] = ref(
        "Nabokonflikt", to="conflict_case", required=True, rule=Rule.FIXED, section="Part"
    )
    side: Mapped[str | None] = choice("Side", PARTIES, required=True, section="Part")
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Part")
    name: Mapped[str | None] = text(
        "Navn", max=120, sensitive=SPECIAL, section="Part", disclosed_by="disclosure"
    )
    phone: Mapped[str | None] = text(
        "Telefon",
        max=20,
        pattern=r"\+?[0-9 ]{3,19}",
        sentence="Skriv telefonnummeret med sifre, for eksempel 900 00 000.",
        sensitive=SPECIAL,
        section="Part",
        disclosed_by="disclosure",
    )
    disclosure: Mapped[str | None] = choice("Hvor åpent er det?", DISCLOSURES, section="Part")
    team = keyed_flag("Hvem snakker med denne parten?", section="Part", holds=USERS)
    first_contact_on: Mapped[date | None] = day("Første kontakt", section="Part")

    example = {
        "case": "018f2c5e-0000-7000-8000-000000000031",
        "side": "a",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "name": "Eksempel Eksempelsen",
        "disclosure": "confidential",
        "team/018f2c5e-0000-7000-8000-000000000003": True,
        "first_contact_on": "2026-11-05",
    }
