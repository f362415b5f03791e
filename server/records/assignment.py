"""Oppdrag: a small job in a home or a building, and who did it together; no case notes."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    me_scope,
)
from server.shapes import (
    PERSONAL,
    USERS,
    choice,
    clock,
    day,
    flag,
    handling,
    keyed_flag,
    keyed_text,
    number,
    ref,
    text,
)
from sync.rules import Rule

CATEGORIES = {
    "tidy": "Rydding",
    "waste": "Avfall",
    "minor_repair": "Småreparasjon",
    "lock_door": "Lås og dør",
    "lamp": "Lys",
    "drain": "Avløp",
    "ventilation": "Ventilasjon",
    "furniture": "Møbler",
    "outdoor": "Ute",
    "snow_sand": "Snø og strøing",
    "sanitation": "Sanering",
    "teach_task": "Vise hvordan",
    "other": "Annet",
}
SOURCES = {
    "tenant": "Beboer",
    "team": "Bomiljøteamet",
    "follow_up": "Oppfølging",
    "landlord": "Eiendom",
    "board": "Styret",
    "self": "Sett selv",
}
DONE_BY = {
    "us": "Vi",
    "together": "Sammen",
    "resident_with_help": "Beboer med hjelp",
    "resident": "Beboer selv",
}
HANDLING = {
    "new": "Nytt",
    "accepted": "Tatt",
    "started": "I gang",
    "waiting": "Venter",
    "not_today": "Ikke i dag",
    "done": "Gjort",
    "rejected": "Gjøres ikke",
}


def place(facts: PlaceFacts) -> Place:
    """Seen by all who work in the area, whoever has taken it."""
    area = area_by(facts, "dwelling", "building")
    who = facts.members("who")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), frozenset(who))
    return Place(area, frozenset({area_scope(area, "work")}), frozenset(who))


class Assignment(
    Record,
    kind="assignment",
    order=26,
    words=("Oppdrag", "oppdrag"),
    writers=READER_SETS["work"],
    readers=("work",),
    retention=Retention(5, "changed_at", "Vedlikehold og oppfølging", "archive"),
    parents=("dwelling", "building"),
    place=place,
):
    """What is to be done and where; then who did it, how long it took and what was used."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Oppdrag")
    building: Mapped[str | None] = ref("Bygning", to="building", section="Oppdrag")
    deviation: Mapped[str | None] = ref("Retter avviket", to="deviation", section="Oppdrag")
    words: Mapped[str | None] = text(
        "Hva skal gjøres?", max=400, required=True, sensitive=PERSONAL, section="Oppdrag"
    )
    category: Mapped[str | None] = choice("Hva slags?", CATEGORIES, section="Oppdrag")
    source: Mapped[str | None] = choice("Hvem spurte?", SOURCES, section="Oppdrag")
    due_on: Mapped[date | None] = day("Dato", indexed=True, section="Oppdrag")
    due_at: Mapped[str | None] = clock("Klokkeslett", section="Oppdrag")
    who = keyed_flag("Hvem tar det?", section="Oppdrag", holds=USERS)
    meet: Mapped[str | None] = text(
        "Hvem møter du?", max=120, sensitive=PERSONAL, section="Oppdrag"
    )
    phone: Mapped[str | None] = text(
        "Telefon",
        max=20,
        pattern=r"\+?[0-9 ]{3,19}",
        sentence="Skriv telefonnummeret med sifre, for eksempel 900 00 000.",
        sensitive=PERSONAL,
        section="Oppdrag",
    )
    done_by: Mapped[str | None] = choice("Hvem gjorde det?", DONE_BY, section="Gjort")
    minutes: Mapped[int | None] = number("Minutter", min=0, max=1440, section="Gjort")
    result: Mapped[str | None] = text("Kort fortalt", max=400, sensitive=PERSONAL, section="Gjort")
    materials = keyed_text(
        "Materialer", max=120, rule=Rule.FIXED, sensitive=PERSONAL, section="Gjort"
    )
    waste_bags: Mapped[int | None] = number("Sekker avfall", min=0, max=999, section="Gjort")
    needles: Mapped[bool | None] = flag("Sprøyter eller smittefare", section="Gjort")
    needle_boxes: Mapped[int | None] = number("Kanylebokser brukt", min=0, max=99, section="Gjort")
    handling: Mapped[str | None] = handling("Gang i oppdraget", HANDLING, section="Gjort")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "words": "Tett sluk på badet.",
        "category": "drain",
        "source": "tenant",
        "due_on": "2026-11-23",
        "who/018f2c5e-0000-7000-8000-000000000003": True,
        "done_by": "together",
        "minutes": 45,
        "materials/018f2c5e-0000-7000-8000-000000000006": "Vannlås, 1 stk.",
        "waste_bags": 2,
    }
