"""Samtale: what was said at a visit, for the few who need it; the landlord never sees it."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    FIELD_STAFF,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    area_by,
    place_with_draft,
)
from server.shapes import REVIEWERS, SPECIAL, keyed_text, ref, status, text
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """A draft is its authors' own; then those who planned to visit and the area's office see it."""
    visit = facts.parent("visit")
    plan = visit.parent("planned_visit") if visit else None
    visitors = plan.members("visitors") if plan else ()
    return place_with_draft(facts, area_by(facts, "visit"), "talk", also=visitors)


class Conversation(
    Record,
    kind="conversation",
    order=40,
    words=("Samtale", "samtaler"),
    writers=REVIEWERS,
    named_writers=FIELD_STAFF,
    readers=("talk",),
    review=Review.ALWAYS,
    retention=Retention(5, "changed_at", "Boligsosialloven § 6, taushetsplikt", "delete"),
    one_per=("visit",),
    parents=("visit",),
    place=place,
):
    """The words of a visit: notes that are never rewritten once sent in, and a summary."""

    visit: Mapped[str | None] = ref("Hjemmebesøk", to="visit", required=True, rule=Rule.FIXED)
    notes = keyed_text("Notat", max=4000, rule=Rule.FIXED, sensitive=SPECIAL, section="Samtale")
    summary: Mapped[str | None] = text(
        "Oppsummering", max=4000, sensitive=SPECIAL, section="Samtale"
    )
    status: Mapped[str | None] = status()

    example = {
        "visit": "018f2c5e-0000-7000-8000-000000000005",
        "notes/018f2c5e-0000-7000-8000-000000000006": "Trives, men synes det er lytt.",
        "summary": "Alt vel. Ny prat i februar.",
    }
