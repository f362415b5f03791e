"""Tillegg: words added to a record that is locked; it may change nothing in it."""

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
    Place,
    PlaceFacts,
    Record,
    Retention,
    place_beside,
)
from server.shapes import SPECIAL, code, ref, text
from sync.rules import Rule


def place(facts: PlaceFacts) -> Place:
    """An addendum is where the record is that it adds to, and with its author."""
    return place_beside(facts, "record")


class Addendum(
    Record,
    kind="addendum",
    order=50,
    words=("Tillegg", "tillegg"),
    writers=READER_SETS["home"],
    readers=("home", "visit", "talk"),
    retention=Retention(10, "changed_at", "Følger registreringen det hører til", "archive"),
    parents=("record",),
    place=place,
):
    """What somebody adds afterwards, with their name and the time; corrections are addenda too."""

    record: Mapped[str | None] = ref("Gjelder", to="any", required=True, rule=Rule.FIXED)
    path: Mapped[str | None] = code(
        "Felt",
        max=129,
        pattern="[A-Za-z0-9_.-]{1,64}(/[A-Za-z0-9_.-]{1,64})?",
        sentence="Velg et felt.",
        rule=Rule.FIXED,
    )
    words: Mapped[str | None] = text(
        "Tillegg", max=4000, required=True, rule=Rule.FIXED, sensitive=SPECIAL
    )

    example = {
        "record": "018f2c5e-0000-7000-8000-000000000005",
        "path": "outcome",
        "words": "Leietakeren ringte etterpå.",
    }
