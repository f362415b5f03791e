"""Hjemmebesøk: the header of a visit; its answers and its words are records of their own."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import ACCESS_BASES, PRESENT, PURPOSES
from server.records.record import (
    FIELD_STAFF,
    TEAM_STAFF,
    Body,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    area_by,
    place_with_draft,
)
from server.roles import Role
from server.shapes import PERSONAL, choice, day, flag, keyed_flag, ref, status, text

OUTCOMES = {
    "completed": "Gjennomført",
    "no_answer": "Ikke hjemme",
    "refused": "Ikke i dag",
    "postponed_by_tenant": "Utsatt av leietakeren",
    "postponed_by_us": "Utsatt av oss",
    "aborted_safety": "Avbrutt for sikkerhets skyld",
    "tenant_moved": "Leietakeren har flyttet",
    "wrong_address": "Feil adresse",
    "no_interpreter": "Manglet tolk",
    "talked_at_door": "Snakket i døra",
}
INTERPRETERS = {
    "not_needed": "Ikke behov",
    "present": "Kvalifisert tolk til stede",
    "phone": "Kvalifisert tolk på telefon",
    "unqualified": "Tolk uten kvalifisering",
    "missing": "Manglet tolk",
}


def place(facts: PlaceFacts) -> Place:
    """A draft is its authors' own; then all who may read visits in the area see it."""
    return place_with_draft(facts, area_by(facts, "dwelling", "planned_visit"), "visit")


def allows(roles: frozenset[Role], own: bool, before: Body, after: Body) -> bool:
    """That nobody tries that door again is for who leads to say, whoever knocked."""
    said = before.get("tries_ended_on") != after.get("tries_ended_on")
    return not said or Role.LEADER in roles


class Visit(
    Record,
    kind="visit",
    order=20,
    words=("Hjemmebesøk", "hjemmebesøk"),
    writers=FIELD_STAFF,
    named_writers=TEAM_STAFF,
    readers=("visit",),
    review=Review.EXCEPTION,
    retention=Retention(5, "visited_on", "Boligsosialloven § 6, oppfølging", "archive"),
    one_per=(("planned_visit",),),
    parents=("dwelling", "planned_visit"),
    place=place,
    allows=allows,
):
    """One visit in a home: when, on what ground, who was there as roles, and how it went."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Besøket")
    planned_visit: Mapped[str | None] = ref("Avtalt besøk", to="planned_visit", section="Besøket")
    purpose: Mapped[str | None] = choice(
        "Hva gjelder det?", PURPOSES, required=True, section="Besøket"
    )
    visited_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Besøket")
    access_basis: Mapped[str | None] = choice("Adgang", ACCESS_BASES, section="Besøket")
    outcome: Mapped[str | None] = choice(
        "Hvordan gikk det?", OUTCOMES, required=True, section="Besøket"
    )
    present = keyed_flag("Hvem var til stede?", PRESENT, section="Besøket")
    interpreter: Mapped[str | None] = choice(
        "Tolk", INTERPRETERS, section="Besøket", hint="Aldri barn eller familie"
    )
    language: Mapped[str | None] = text(
        "Hvilket språk?", max=40, sensitive=PERSONAL, section="Besøket"
    )
    as_last: Mapped[bool | None] = flag(
        "Noe av tolk eller språk er fylt ut som sist", section="Besøket"
    )
    next_contact_on: Mapped[date | None] = day("Neste kontakt", section="Veien videre")
    tries_ended_on: Mapped[date | None] = day(
        "Ingen flere forsøk, avgjort", lasting=True, section="Veien videre"
    )
    told: Mapped[bool | None] = flag(
        "Leietakeren har fått vite hva som er skrevet", section="Veien videre"
    )
    status: Mapped[str | None] = status()

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "planned_visit": "018f2c5e-0000-7000-8000-000000000004",
        "purpose": "move_in",
        "visited_on": "2026-11-23",
        "access_basis": "agreed_voluntary",
        "outcome": "completed",
        "present/tenant": True,
        "next_contact_on": "2027-02-15",
        "told": True,
        "status": {
            "state": "submitted",
            "by": "018f2c5e-0000-7000-8000-000000000003",
            "at": "2026-11-23T09:12:00.000Z",
        },
    }
