"""Avtalt besøk: where, when and by whom a home will be visited; not what was found there."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    FIELD_STAFF,
    PURPOSES,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    day_scope,
    me_scope,
)
from server.shapes import PERSONAL, choice, clock, day, flag, keyed_flag, ref, text
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """Seen in its area, in each visitor's own list, and first of all in each visitor's day."""
    visitors, planned_on = facts.members("visitors"), facts.text("planned_on")
    area = area_by(facts, "dwelling")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), frozenset(visitors))
    scopes = {area_scope(area, "visit")} | {me_scope(visitor, area) for visitor in visitors}
    if planned_on:
        scopes |= {day_scope(visitor, planned_on, area) for visitor in visitors}
    return Place(area, frozenset(scopes), frozenset(visitors))


class PlannedVisit(
    Record,
    kind="planned_visit",
    order=10,
    words=("Avtalt besøk", "avtalte besøk"),
    writers=FIELD_STAFF,
    readers=("visit",),
    retention=Retention(2, "planned_on", "Boligsosialloven § 6, oppfølging", "delete"),
    parents=("dwelling",),
    place=place,
):
    """An agreed visit: a date, a time and who goes; the visit itself is another record."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Besøket")
    purpose: Mapped[str | None] = choice("Hva gjelder det?", PURPOSES, section="Besøket")
    planned_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Besøket")
    planned_at: Mapped[str | None] = clock("Klokkeslett", section="Besøket")
    visitors = keyed_flag("Hvem besøker?", section="Besøket")
    tenant_name: Mapped[str | None] = text(
        "Leietaker", max=120, sensitive=PERSONAL, section="Leietakeren"
    )
    phone: Mapped[str | None] = text(
        "Telefon",
        max=20,
        pattern=r"\+?[0-9 ]{3,19}",
        sentence="Skriv telefonnummeret med sifre, for eksempel 900 00 000.",
        sensitive=PERSONAL,
        section="Leietakeren",
    )
    done: Mapped[bool | None] = flag("Gjennomført", rule=Rule.LATEST, section="Besøket")

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "purpose": "move_in",
        "planned_on": "2026-11-23",
        "planned_at": "09:30",
        "visitors/018f2c5e-0000-7000-8000-000000000003": True,
        "tenant_name": "Eksempel Leietaker",
        "phone": "900 00 000",
    }
