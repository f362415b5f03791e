"""Erfaring: what was learnt at a site and what is changed because of it; it names nobody."""

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
    day,
    ref,
    text,
)


def place(facts: PlaceFacts) -> Place:
    """Where the site is, for all who work there."""
    return place_in_area(facts, "home", "site")


class Learning(
    Record,
    kind="learning",
    order=74,
    words=("Erfaring", "erfaringer"),
    writers=READER_SETS["work"],
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge programmet viser erfaringer", "archive"),
    parents=("site", "area"),
    place=place,
):
    """One thing learnt and one thing changed; it marks the chart from that day."""

    site: Mapped[str | None] = ref("Tiltakssted", to="programme_site", section="Erfaring")
    area: Mapped[str | None] = ref("Område", to="area", section="Erfaring")
    learnt_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Erfaring")
    learnt: Mapped[str | None] = text(
        "Hva lærte vi?", max=1000, required=True, sensitive=PERSONAL, section="Erfaring"
    )
    change: Mapped[str | None] = text(
        "Hva endrer vi?", max=1000, sensitive=PERSONAL, section="Erfaring"
    )
    changed_on: Mapped[date | None] = day("Endret fra", section="Erfaring")

    example = {
        "site": "018f2c5e-0000-7000-8000-000000000021",
        "learnt_on": "2026-04-20",
        "learnt": "Besøk etter klokka fem treffer flere.",
        "change": "To kvelder i uka settes av til besøk.",
        "changed_on": "2026-05-04",
    }
