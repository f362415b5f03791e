"""Hendelse: threats or violence against one of us, kept apart from every tenancy."""

from datetime import date, datetime

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    place_with_draft,
)
from server.roles import Role
from server.shapes import (
    SPECIAL,
    choice,
    day,
    flag,
    instant,
    ref,
    status,
    text,
)

TYPES = {
    "threat": "Trussel",
    "violence": "Vold",
    "harassment": "Trakassering",
    "near_miss": "Nestenulykke",
    "accident": "Ulykke",
    "other": "Annet",
}


def place(facts: PlaceFacts) -> Place:
    """Whoever wrote it, and the leader once it is sent in; never the office or the landlord."""
    return place_with_draft(facts, facts.text("area"), "lead")


class StaffIncident(
    Record,
    kind="staff_incident",
    order=16,
    words=("Hendelse", "hendelser"),
    writers=READER_SETS["lead"],
    named_writers=READER_SETS["home"],
    readers=("lead",),
    review=Review.ALWAYS,
    waits_as="Hendelse med ansatt",
    approvers=frozenset({Role.LEADER}),
    retention=Retention(5, "changed_at", "Arbeidsmiljøloven § 4-1 og § 5-1", "archive"),
    parents=("area",),
    place=place,
):
    """What happened to one of us, how they are, and what is done about it."""

    area: Mapped[str | None] = ref("Område", to="area", required=True, section="Hendelse")
    happened_at: Mapped[datetime | None] = instant("Når?", required=True, section="Hendelse")
    type: Mapped[str | None] = choice(
        "Hva skjedde?", TYPES, required=True, indexed=True, section="Hendelse"
    )
    words: Mapped[str | None] = text(
        "Det viktigste", max=2000, sensitive=SPECIAL, section="Hendelse"
    )
    meet: Mapped[str | None] = text("Hvor?", max=120, sensitive=SPECIAL, section="Hendelse")
    injured: Mapped[bool | None] = flag("Noen ble skadet", section="Hendelse")
    police: Mapped[bool | None] = flag("Politiet er varslet", section="Hendelse")
    alone: Mapped[bool | None] = flag("Var alene", section="Hendelse")
    wants_talk: Mapped[bool | None] = flag("Vil snakke med noen", section="Hendelse")
    measures: Mapped[str | None] = text(
        "Hva gjør vi nå?", max=1000, sensitive=SPECIAL, lasting=True, section="Oppfølging"
    )
    followed_up_on: Mapped[date | None] = day("Fulgt opp", lasting=True, section="Oppfølging")
    status: Mapped[str | None] = status()

    example = {
        "area": "018f2c5e-0000-7000-8000-000000000001",
        "happened_at": "2026-11-23T13:25:00.000Z",
        "type": "threat",
        "words": "Ble ropt til og gikk ut med en gang.",
        "injured": False,
        "police": False,
        "alone": True,
        "wants_talk": True,
    }
