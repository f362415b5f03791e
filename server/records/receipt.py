"""Kvittering: the office's answer to one sent mutation, shown to its author."""

from typing import Any

from sqlalchemy.orm import Mapped

from server.records.record import (
    Place,
    PlaceFacts,
    Record,
    Retention,
    area_scope,
    me_scope,
    organisation_scope,
    place_of,
    settlers,
)
from server.roles import Role
from server.shapes import (
    INTEGER_MAX,
    PUBLIC,
    SPECIAL,
    UUID_PATTERN,
    anything,
    choice,
    code,
    number,
    ref,
    user_ref,
)

STATES = {
    "applied": "Mottatt",
    "review": "Må sjekkes",
    "held": "Må sjekkes",
    "erased": "Slettet",
}


def place(facts: PlaceFacts) -> Place:
    """Its author sees it; while something is held, so does an office.

    That is the office of what it is about, where that is here and sent in. Its author may never
    have heard of that, so the area does not stand in the receipt: there stands where the author
    works, whose office sees it otherwise. Of somebody who works in no one area it is for those who
    settle everywhere. What the office may not read, by its kind or by what it hangs on, its leader
    sees alone.
    """
    author = facts.text("author")
    named = frozenset({author} if author else facts.authors)
    mine = frozenset(map(me_scope, named))
    if facts.text("state") != "held":
        return Place(None, mine, named)
    about, under = facts.parent("about"), facts.parent("under")
    area = (place_of(about).office if about else None) or facts.text("area")
    known = [place_of(one) for one in (about, under) if one]
    settle = settlers(facts.text("about_kind"), *known)
    office = area_scope(area, settle) if area else organisation_scope(settle)
    return Place(area, mine | {office}, named)


class Receipt(
    Record,
    kind="receipt",
    order=100,
    words=("Kvittering", "kvitteringer"),
    writers=frozenset({Role.ADMIN}),
    readers=("review", "lead"),
    retention=Retention(2, "changed_at", "Bevis for at arbeidet er mottatt", "delete"),
    parents=("about", "under"),
    server_only=True,
    place=place,
):
    """What became of one sent mutation; `set` keeps unapplied work visible to its author."""

    mid: Mapped[str | None] = code("Sending", max=36, pattern=UUID_PATTERN, required=True)
    replica: Mapped[str | None] = code("Telefon", max=36, pattern=UUID_PATTERN)
    n: Mapped[int | None] = number("Nummer", min=0, max=INTEGER_MAX)
    author: Mapped[str | None] = user_ref("Skrevet av", indexed=True)
    about: Mapped[str | None] = ref("Gjelder", to="any")
    under: Mapped[str | None] = ref("Hører til", to="any")
    """What the author says that it hangs on, here or not: what is held may be of a barred home."""
    about_kind: Mapped[str | None] = code("Slag", max=64, pattern="[A-Za-z0-9_.-]{1,64}")
    area: Mapped[str | None] = ref("Område", to="area")
    state: Mapped[str | None] = choice("Tilstand", STATES, required=True)
    reason: Mapped[str | None] = code("Grunn", max=40, pattern="[a-z_]{1,40}")
    reviews: Mapped[Any | None] = anything("Ulike svar", sensitive=PUBLIC)
    set: Mapped[Any | None] = anything("Det som ble skrevet", sensitive=SPECIAL)
    by: Mapped[str | None] = user_ref("Avgjort av")

    example = {
        "mid": "018f2c5e-0000-7000-8000-000000000008",
        "replica": "018f2c5e-0000-7000-8000-000000000007",
        "n": 12,
        "author": "018f2c5e-0000-7000-8000-000000000003",
        "state": "held",
        "reason": "access",
        "set": {"outcome": "completed"},
    }
