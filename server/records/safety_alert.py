"""Sikkerhetsmerknad: what to know before the door; category and advice, never a reason."""

from datetime import date

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Body,
    Place,
    PlaceFacts,
    Record,
    Retention,
    Review,
    area_by,
    place_with_draft,
)
from server.roles import Role
from server.shapes import PERSONAL, choice, day, ref, state_of, status, text
from sync.rules import Rule

CATEGORIES = {
    "access": "Vanskelig adkomst",
    "dog": "Hund",
    "call_first": "Ring først",
    "infection": "Smittefare",
    "not_alone": "Gå to sammen",
    "threat": "Fare for trusler",
}
"""From the least to the most restrictive: of two that differ unseen, the stricter stands."""
LASTS_MONTHS = 6
"""How long after its approval it is shown at most, whatever day is written on it."""


def place(facts: PlaceFacts) -> Place:
    """A draft is its authors' own, then the office's; approved, all who go there have it."""
    approved = state_of(facts.body.get("status")) == "approved"
    return place_with_draft(facts, area_by(facts, "dwelling"), "work" if approved else "talk")


def allows(roles: frozenset[Role], own: bool, before: Body, after: Body) -> bool:
    """Once it is approved, the day it ends is the leader's alone to move."""
    approved = state_of(before.get("status")) == "approved"
    moved = before.get("valid_until") != after.get("valid_until")
    return not (approved and moved) or Role.LEADER in roles


class SafetyAlert(
    Record,
    kind="safety_alert",
    order=12,
    words=("Sikkerhetsmerknad", "sikkerhetsmerknader"),
    writers=READER_SETS["work"],
    readers=("talk", "work"),
    review=Review.ALWAYS,
    approvers=frozenset({Role.LEADER}),
    retention=Retention(1, "valid_until", "Arbeidsmiljøloven § 4-1", "delete"),
    parents=("dwelling",),
    place=place,
    allows=allows,
):
    """A warning that a leader has approved, with advice and a day when it ends."""

    dwelling: Mapped[str | None] = ref("Bolig", to="dwelling", required=True, rule=Rule.FIXED)
    category: Mapped[str | None] = choice(
        "Hva gjelder det?",
        CATEGORIES,
        required=True,
        rule=Rule.STRICTEST,
        section="Merknad",
    )
    advice: Mapped[str | None] = text(
        "Hva skal vi gjøre?", max=200, required=True, sensitive=PERSONAL, section="Merknad"
    )
    valid_until: Mapped[date | None] = day(
        "Gjelder til",
        required=True,
        lasting=True,
        hint="Høyst seks måneder.",
        section="Merknad",
    )
    status: Mapped[str | None] = status()

    example = {
        "dwelling": "018f2c5e-0000-7000-8000-000000000002",
        "category": "dog",
        "advice": "Ring først, så settes hunden på kjøkkenet.",
        "valid_until": "2027-05-01",
    }
