"""Internt referat: what the team writes of an event for itself; what is shared is the event's."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    FIELD_STAFF,
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_by,
    place_with_draft,
)
from server.shapes import (
    PERSONAL,
    ref,
    status,
    text,
)
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """A draft is its author's; then the field staff of the area have it, never the landlord."""
    return place_with_draft(facts, area_by(facts, "event"), "visit")


class EventMinutes(
    Record,
    kind="event_minutes",
    order=52,
    words=("Internt referat", "interne referater"),
    writers=FIELD_STAFF,
    named_writers=READER_SETS["work"],
    readers=("visit",),
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, oppfølging", "delete"),
    one_per=(("event",),),
    parents=("event",),
    place=place,
):
    """What was said that is not for the board or the landlord."""

    event: Mapped[str | None] = ref(
        "Arrangement", to="event", required=True, rule=Rule.FIXED, section="Referat"
    )
    words: Mapped[str | None] = text(
        "Referat for oss", max=8000, required=True, sensitive=PERSONAL, section="Referat"
    )
    status: Mapped[str | None] = status()

    example = {
        "event": "018f2c5e-0000-7000-8000-000000000041",
        "words": "Mange snakket om bråk i helgene. Følges opp av oss.",
    }
