"""Avtalt besøk: where, when and by whom a home will be visited; not what was found there."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.purposes import ACCESS_BASES, PRESENT, PURPOSES, REPEATS
from server.records.record import (
    FIELD_STAFF,
    TEAM_STAFF,
    Around,
    Body,
    Deciding,
    FollowUp,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    confided_scope,
    day_scope,
    me_scope,
    members_of,
)
from server.shapes import (
    CODE_PATTERN,
    PERSONAL,
    USERS,
    choice,
    clock,
    code,
    day,
    flag,
    keyed_flag,
    ref,
    text,
)
from sync.mutation import Json, one_per_id
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """Seen by those who make visits in its area and by its visitors, first of all on their day."""
    visitors, planned_on = facts.members("visitors"), facts.text("planned_on")
    area = area_by(facts, "dwelling")
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), frozenset(visitors))
    scopes = {area_scope(area, "visit"), *(confided_scope(visitor, area) for visitor in visitors)}
    if planned_on:
        scopes |= {day_scope(visitor, planned_on, area) for visitor in visitors}
    return Place(area, frozenset(scopes), frozenset(visitors))


def consequence(before: Body, after: Body, mutation: Deciding, around: Around) -> list[FollowUp]:
    """Give whom a visit's words are confided to, and who joins the tenancy's team to call there.

    What is said on the visit follows the plan. Once that visit was begun, only the office lets
    somebody new in by it: nobody opens what others wrote by writing a name, their own or another's.
    """
    named, known = set(members_of(after, "visitors")), set(members_of(before, "visitors"))
    steps = [_own(mutation, f"confided/{user}", None) for user in sorted(known - named)]
    tenancy = after.get("tenancy")
    moved = before.get("tenancy") != tenancy
    lets_in = [_own(mutation, f"confided/{user}", True) for user in sorted(named - known)]
    lets_in += [_own(mutation, "confided_to", tenancy)] if moved else []
    if lets_in and (around.reviews or not around.is_here(one_per_id("visit", [mutation.id]))):
        steps += lets_in
    if not isinstance(tenancy, str):
        return steps
    joining = sorted(named if moved else named - known)
    return steps + [
        FollowUp(tenancy, f"team/{user}", True, None, mutation.author) for user in joining
    ]


def _own(mutation: Deciding, path: str, value: Json) -> FollowUp:
    return FollowUp(mutation.id, path, value, None, mutation.author)


class PlannedVisit(
    Record,
    kind="planned_visit",
    order=10,
    words=("Avtalt besøk", "avtalte besøk"),
    writers=FIELD_STAFF,
    named_writers=TEAM_STAFF,
    readers=("visit",),
    retention=Retention(2, "planned_on", "Boligsosialloven § 6, oppfølging", "delete"),
    parents=("dwelling", "confided_to"),
    consequence=consequence,
    place=place,
):
    """An agreed visit: a date, a time and who goes; the visit itself is another record."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Besøket")
    tenancy: Mapped[str | None] = ref("Leieforhold", to="tenancy", section="Besøket")
    purpose: Mapped[str | None] = choice("Hva gjelder det?", PURPOSES, section="Besøket")
    planned_on: Mapped[date | None] = day("Dato", required=True, indexed=True, section="Besøket")
    planned_at: Mapped[str | None] = clock("Klokkeslett", section="Besøket")
    visitors = keyed_flag("Hvem besøker?", section="Besøket", holds=USERS)
    meet: Mapped[str | None] = text(
        "Hvor møtes dere?", max=120, sensitive=PERSONAL, section="Besøket"
    )
    access_basis: Mapped[str | None] = choice("Adgang", ACCESS_BASES, section="Besøket")
    interpreter: Mapped[str | None] = text(
        "Tolk, språk", max=60, sensitive=PERSONAL, section="Besøket"
    )
    interpreter_booked: Mapped[bool | None] = flag(
        "Tolk er bestilt", rule=Rule.LATEST, section="Besøket"
    )
    expected = keyed_flag("Hvem skal være til stede?", PRESENT, section="Besøket", since=2)
    due_on: Mapped[date | None] = day("Frist", section="Besøket")
    done: Mapped[bool | None] = flag("Gjennomført", rule=Rule.LATEST, section="Besøket")
    cancelled: Mapped[bool | None] = flag("Avlyst", rule=Rule.LATEST, section="Besøket")
    notice: Mapped[str | None] = ref("Varsel", to="access_notice", section="Besøket")
    repeats: Mapped[str | None] = choice("Hvor ofte?", REPEATS, section="Besøket")
    repeats_until: Mapped[date | None] = day("Gjentas til og med", section="Besøket")
    series: Mapped[str | None] = ref("Del av rekka", to="planned_visit", server=True)
    rule: Mapped[str | None] = code(
        "Laget etter regelen", max=64, pattern=CODE_PATTERN, server=True
    )

    confided = keyed_flag("Hvem får lese det som blir sagt?", server=True, holds=USERS)
    confided_to: Mapped[str | None] = ref("Fortrolig for", to="tenancy", server=True)

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "purpose": "move_in",
        "planned_on": "2026-11-23",
        "planned_at": "09:30",
        "meet": "Ved inngangen",
        "visitors/018f2c5e-0000-7000-8000-000000000003": True,
    }
