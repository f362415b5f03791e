"""Runde: a walk through buildings with a checklist; its answers are runs of their own."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
    me_scope,
)
from server.shapes import (
    CODE_PATTERN,
    PUBLIC,
    USERS,
    choice,
    code,
    day,
    handling,
    keyed_flag,
    number,
    ref,
    text,
)

FREQUENCIES = {
    "weekly": "Hver uke",
    "monthly": "Hver måned",
    "quarterly": "Hvert kvartal",
    "season": "Vår og høst",
    "once": "Én gang",
}
HANDLING = {
    "planned": "Planlagt",
    "started": "Startet",
    "done": "Gjennomført",
    "cancelled": "Avlyst",
}


def place(facts: PlaceFacts) -> Place:
    """Seen by all who work in its area, whoever walks it."""
    area, who = facts.text("area"), facts.members("who")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), frozenset(who))
    return Place(area, frozenset({area_scope(area, "home")}), frozenset(who))


class Round(
    Record,
    kind="round",
    order=22,
    words=("Runde", "runder"),
    writers=READER_SETS["home"],
    readers=("home",),
    retention=Retention(10, "planned_on", "Internkontroll", "archive"),
    parents=("area",),
    place=place,
):
    """Which buildings are walked, with which checklist, when and by whom."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Runde")
    checklist: Mapped[str | None] = code(
        "Sjekkliste",
        max=20,
        pattern="[A-Z0-9]{2,20}",
        sentence="Velg en sjekkliste.",
        required=True,
        section="Runde",
    )
    name: Mapped[str | None] = text("Navn", max=80, sensitive=PUBLIC, section="Runde")
    frequency: Mapped[str | None] = choice("Hvor ofte?", FREQUENCIES, section="Runde")
    planned_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Runde")
    buildings = keyed_flag("Bygninger", section="Runde", holds="building")
    who = keyed_flag("Hvem går?", section="Runde", holds=USERS)
    minutes: Mapped[int | None] = number("Minutter", min=0, max=1440, section="Runde")
    rule: Mapped[str | None] = code(
        "Laget etter regelen", max=64, pattern=CODE_PATTERN, server=True
    )
    handling: Mapped[str | None] = handling("Gjennomføring", HANDLING, section="Runde")

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": "2026-11-23",
        "buildings/018f2c5e-0000-7000-8000-000000000008": True,
        "who/018f2c5e-0000-7000-8000-000000000003": True,
    }
