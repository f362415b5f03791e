"""Arrangement: a meeting, a dugnad or a festival; heads are counted and nobody is named."""

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
    PUBLIC,
    USERS,
    choice,
    clock,
    day,
    handling,
    keyed_choice,
    keyed_flag,
    keyed_text,
    number,
    ref,
    tally,
    text,
)

TYPES = {
    "residents_meeting": "Beboermøte",
    "dugnad": "Dugnad",
    "summer_festival": "Sommerfest",
    "winter_festival": "Vinterfest",
    "courtyard_cafe": "Gårdskafé",
    "info_meeting": "Informasjonsmøte",
    "safety_walk": "Trygghetsvandring",
}
POINTS = {
    "ok": "I orden",
    "deviation": "Avvik",
    "not_relevant": "Ikke relevant",
    "done": "Gjort",
    "not_done": "Ikke gjort",
}
GROUPS = {"adult": "Voksne", "youth": "Ungdom", "child": "Barn"}
FEWEST_FACES = 5
"""Fewer answers than these could tell whose they are; they are shown to nobody at the office."""
FACES = {"happy": "Bra", "fair": "Midt på treet", "sad": "Ikke bra"}
HANDLING = {
    "planned": "Planlagt",
    "held": "Gjennomført",
    "cancelled": "Avlyst",
}


def place(facts: PlaceFacts) -> Place:
    """All who work in the area, the landlord too: it is no secret and names nobody."""
    return place_in_area(facts, "home", "building", "site", "neighbourhood")


class Event(
    Record,
    kind="event",
    order=50,
    words=("Arrangement", "arrangementer"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(10, "held_on", "Dokumentasjon av bomiljøarbeid", "archive"),
    parents=("area", "building", "site", "neighbourhood"),
    place=place,
):
    """One event from plan to minutes: who arranges, how many came, what it cost."""

    area: Mapped[str | None] = ref("Område", to="area", section="Arrangement")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Arrangement")
    site: Mapped[str | None] = ref("Tiltakssted", to="programme_site", section="Arrangement")
    neighbourhood: Mapped[str | None] = ref("Nabolag", to="neighbourhood", section="Arrangement")
    type: Mapped[str | None] = choice("Hva slags?", TYPES, required=True, section="Arrangement")
    name: Mapped[str | None] = text(
        "Navn", max=120, required=True, sensitive=PUBLIC, section="Arrangement"
    )
    held_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Arrangement")
    held_at: Mapped[str | None] = clock("Klokkeslett", section="Arrangement")
    meet: Mapped[str | None] = text("Hvor?", max=120, sensitive=PUBLIC, section="Arrangement")
    purpose: Mapped[str | None] = text(
        "Hva vil vi oppnå?", max=400, sensitive=PERSONAL, section="Arrangement"
    )
    who = keyed_flag("Hvem er med fra oss?", section="Arrangement", holds=USERS)
    companies = keyed_flag(
        "Boligselskaper som er med", section="Arrangement", holds="housing_company"
    )
    tasks = keyed_text("Oppgave", max=200, sensitive=PERSONAL, section="Plan")
    risks = keyed_choice(
        "Trygt?",
        POINTS,
        section="Plan",
        holds="DUGNAD",
        asked_of=("type", ("dugnad", "summer_festival", "winter_festival", "courtyard_cafe")),
    )
    checks = keyed_choice(
        "Før, i og etter møtet",
        POINTS,
        section="Plan",
        holds="BEBOERMOTE",
        since=2,
        asked_of=("type", ("residents_meeting", "info_meeting")),
    )
    children_activity: Mapped[str | None] = text(
        "Hva gjør barna?", max=400, sensitive=PERSONAL, section="Plan"
    )
    budget: Mapped[int | None] = number("Budsjett i kroner", min=0, max=10_000_000, section="Plan")
    invited: Mapped[int | None] = number("Inviterte husstander", min=0, max=10_000, section="Plan")
    heads = tally("Hvor mange kom?", GROUPS, max=10_000, section="Telling")
    faces = tally("Hvordan var det?", FACES, max=10_000, section="Telling")
    volunteers: Mapped[int | None] = number("Frivillige", min=0, max=10_000, section="Telling")
    spent: Mapped[int | None] = number(
        "Brukt i kroner", min=0, max=10_000_000, lasting=True, section="Etterpå"
    )
    waste_bags: Mapped[int | None] = number("Sekker avfall", min=0, max=9_999, section="Etterpå")
    shared_minutes: Mapped[str | None] = text(
        "Referat som kan deles", max=4000, sensitive=PERSONAL, lasting=True, section="Etterpå"
    )
    minutes_due_on: Mapped[date | None] = day(
        "Referatet deles innen", lasting=True, indexed=True, section="Etterpå"
    )
    minutes_shared_on: Mapped[date | None] = day(
        "Referatet er delt", lasting=True, section="Etterpå"
    )
    handling: Mapped[str | None] = handling("Gjennomføring", HANDLING, section="Etterpå")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "type": "summer_festival",
        "name": "Sommerfest i bakgården",
        "held_on": "2026-06-13",
        "held_at": "15:00",
        "meet": "Bakgården",
        "who/018f2c5e-0000-7000-8000-000000000003": True,
        "companies/018f2c5e-0000-7000-8000-00000000000b": True,
        "children_activity": "Hoppeslott og ansiktsmaling.",
        "budget": 12000,
        "invited": 64,
        "heads/018f2c5e-0000-7000-8000-000000000003-adult": 41,
        "heads/018f2c5e-0000-7000-8000-000000000003-child": 27,
        "faces/018f2c5e-0000-7000-8000-000000000003-happy": 30,
        "volunteers": 9,
        "spent": 10450,
        "waste_bags": 6,
    }
