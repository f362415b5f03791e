"""Måltall: what a complex cost and how many complaints it had in one period; it names nobody."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    Place,
    PlaceFacts,
    Record,
    Retention,
)
from server.records.standing import place_in_area
from server.shapes import (
    day,
    flag,
    number,
    ref,
)
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """Where the site is."""
    return place_in_area(facts, "home", "site")


class SiteFigures(
    Record,
    kind="site_figures",
    order=73,
    words=("Måltall", "måltall"),
    writers=REVIEWERS,
    readers=("home",),
    retention=Retention(50, "changed_at", "Så lenge programmet viser erfaringer", "archive"),
    one_per=(("site", "from_on"),),
    parents=("site",),
    place=place,
):
    """The same five numbers before and after, for one complex and one period."""

    site: Mapped[str | None] = ref(
        "Tiltakssted", to="programme_site", required=True, rule=Rule.FIXED, section="Måltall"
    )
    from_on: Mapped[date | None] = day(
        "Fra og med", required=True, rule=Rule.FIXED, indexed=True, section="Måltall"
    )
    until_on: Mapped[date | None] = day("Til og med", required=True, section="Måltall")
    baseline: Mapped[bool | None] = flag("Før programmet startet", section="Måltall")
    complaints: Mapped[int | None] = number("Bomiljøklager", min=0, max=100_000, section="Måltall")
    damage_cases: Mapped[int | None] = number("Skadesaker", min=0, max=100_000, section="Måltall")
    damage_cost: Mapped[int | None] = number(
        "Skadekostnad i kroner", min=0, max=1_000_000_000, section="Måltall"
    )
    waste_cost: Mapped[int | None] = number(
        "Avfall i kroner", min=0, max=1_000_000_000, section="Måltall"
    )
    invoices_returned: Mapped[int | None] = number(
        "Fakturaer i retur", min=0, max=100_000, section="Måltall"
    )

    example = {
        "site": "018f2c5e-0000-7000-8000-000000000021",
        "from_on": "2025-01-01",
        "until_on": "2025-12-31",
        "baseline": True,
        "complaints": 31,
        "damage_cases": 12,
        "damage_cost": 640000,
        "waste_cost": 88000,
        "invoices_returned": 57,
    }
