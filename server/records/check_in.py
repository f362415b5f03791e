"""Trygt besøk: that somebody is alone somewhere until a given time; no position is ever kept."""

from datetime import datetime

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    REVIEWERS,
    Around,
    Body,
    Deciding,
    FollowUp,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
    me_scope,
)
from server.shapes import (
    PERSONAL,
    USERS,
    flag,
    instant,
    keyed_flag,
    ref,
    text,
    user_ref,
)
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """With whoever is out alone, and with those in the area who would be warned."""
    area = facts.text("area")
    mine = frozenset(me_scope(user, area) for user in facts.authors)
    if area is None:
        return Place(None, mine)
    return Place(area, mine | {area_scope(area, "talk")}, frozenset(facts.authors))


def consequence(before: Body, after: Body, deciding: Deciding, around: Around) -> list[FollowUp]:
    """Say in the same answer who will be warned, if somebody watches; the phone says no more."""
    ended = after.get("ended_at") is not None
    if ended or any(path.startswith("warns/") for path in after):
        return []
    return [
        FollowUp(deciding.id, f"warns/{user}", True, None, deciding.author)
        for user in around.watchers()
    ]


class CheckIn(
    Record,
    kind="check_in",
    order=14,
    words=("Trygt besøk", "trygge besøk"),
    writers=REVIEWERS,
    named_writers=READER_SETS["home"],
    readers=("talk",),
    retention=Retention(1, "changed_at", "Arbeidsmiljøloven § 4-1, alenearbeid", "delete"),
    parents=("area", "dwelling"),
    place=place,
    consequence=consequence,
):
    """One lone visit: from when, until when, and whether somebody had to be warned."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Trygt besøk")
    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", section="Trygt besøk")
    meet: Mapped[str | None] = text("Hvor?", max=120, sensitive=PERSONAL, section="Trygt besøk")
    who: Mapped[str | None] = user_ref(
        "Hvem?", required=True, rule=Rule.FIXED, section="Trygt besøk"
    )
    started_at: Mapped[datetime | None] = instant(
        "Startet", required=True, rule=Rule.FIXED, section="Trygt besøk"
    )
    ends_at: Mapped[datetime | None] = instant(
        "Ferdig innen", required=True, rule=Rule.LATEST, indexed=True, section="Trygt besøk"
    )
    out_now: Mapped[bool | None] = flag("Må ut nå", rule=Rule.LATEST, section="Trygt besøk")
    ended_at: Mapped[datetime | None] = instant(
        "Ferdig", rule=Rule.LATEST, lasting=True, section="Trygt besøk"
    )
    warns = keyed_flag("Hvem varsles?", holds=USERS, server=True, lasting=True, section="Varsling")
    escalated_at: Mapped[datetime | None] = instant(
        "Varslet", rule=Rule.LATEST, server=True, lasting=True, section="Varsling"
    )
    taken_by: Mapped[str | None] = user_ref(
        "Følges opp av", rule=Rule.LATEST, lasting=True, section="Varsling"
    )

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "who": "018f2c5e-0000-7000-8000-000000000003",
        "started_at": "2026-11-23T12:45:00.000Z",
        "ends_at": "2026-11-23T13:15:00.000Z",
    }
