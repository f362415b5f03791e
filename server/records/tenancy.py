"""Leieforhold: one contract period in one home, for those who follow it up; it names nobody."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    REVIEWERS,
    TEAM_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    area_scope,
    confided_scope,
    me_scope,
)
from server.shapes import USERS, code, day, flag, keyed_flag, number, ref
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """The office of the area and the team see it; when it has ended the office alone.

    That it ended is a fact of its own and no comparison with today, so that a place is the same
    whenever it is worked out.
    """
    area, ended = area_by(facts, "dwelling"), bool(facts.body.get("ended"))
    if area is None:
        return Place(None, frozenset(map(me_scope, facts.authors)), closed=ended)
    team = frozenset(() if ended else facts.members("team"))
    theirs = frozenset(confided_scope(user, area) for user in team)
    return Place(area, theirs | {area_scope(area, "talk")}, team, ended)


class Tenancy(
    Record,
    kind="tenancy",
    order=56,
    words=("Leieforhold", "leieforhold"),
    writers=REVIEWERS,
    named_writers=TEAM_STAFF,
    readers=("talk",),
    retention=Retention(5, "ended_on", "Husleieloven og boligsosialloven", "delete"),
    parents=("dwelling",),
    place=place,
):
    """The contract that ties a household to a home; what is personal hangs on it."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, section="Leieforhold")
    started_on: Mapped[date | None] = day("Fra", required=True, indexed=True, section="Leieforhold")
    ended_on: Mapped[date | None] = day("Til", indexed=True, section="Leieforhold")
    ended: Mapped[bool | None] = flag("Avsluttet", section="Leieforhold")
    contract_number: Mapped[str | None] = code(
        "Kontraktsnummer",
        max=40,
        pattern="[A-Za-z0-9_./-]{1,40}",
        sentence="Skriv kontraktsnummeret uten mellomrom.",
        indexed=True,
        section="Leieforhold",
    )
    household_size: Mapped[int | None] = number(
        "Personer i husstanden", min=1, max=20, section="Leieforhold"
    )
    children: Mapped[bool | None] = flag("Barn i husstanden", section="Leieforhold")
    team = keyed_flag("Hvem følger opp?", section="Leieforhold", holds=USERS)
    sealed_for = keyed_flag(
        "Sperret for alle andre enn", holds=USERS, rule=Rule.LATEST, server=True
    )

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "started_on": "2026-11-01",
        "contract_number": "2026-1001",
        "household_size": 3,
        "children": True,
        "team/018f2c5e-0000-7000-8000-000000000003": True,
    }
