"""Ulike svar: one value that waits for a person to choose, and what the choice brings with it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Mapped

from server.records.record import (
    READER_SETS,
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
    place_of,
    settlers,
)
from server.shapes import (
    INTEGER_MAX,
    REVIEWERS,
    SPECIAL,
    UUID_PATTERN,
    Composite,
    Json,
    anything,
    choice,
    code,
    composite,
    instant,
    keyed_anything,
    patterns,
    ref,
    user_ref,
    values,
)
from sync.rules import Rule

REASONS = {
    "ask": "To har svart ulikt",
    "delete": "Endret etter at du så det sist",
    "invariant": "Noe ville mangle",
    "locked": "Registreringen er låst",
    "status": "To har avsluttet ulikt",
}
CHOICES = {
    "author": "Svaret som venter",
    "standing": "Svaret som står",
    "other": "Et annet svar",
    "withdrawn": "Trukket",
}
DECISION = Composite(
    {
        "choice": values.Choice(CHOICES),
        "value": values.Anything(),
        "was": values.Anything(),
        "record_seq": values.Number(0, INTEGER_MAX),
        "by": patterns.Person(),
        "at": patterns.Moment(),
        "why": values.Words(500),
    },
    optional=frozenset({"value", "was", "why"}),
)


def place(facts: PlaceFacts) -> Place:
    """The author and those who settle what is about the record see the same review.

    It tells what stood when it was decided, so it is the author's only while the record's area
    is, and while what it is about is theirs to read; their own words stay with them in the receipt.
    """
    about, author = facts.parent("about"), facts.text("author")
    there = place_of(about) if about else Place(None, frozenset())
    area, named = there.area, frozenset({author} if author and not there.closed else ())
    office = {area_scope(area, settlers(about.kind if about else None, there))} if area else set()
    theirs = [_of(user, there) for user in named]
    return Place(area, frozenset(office).union(*theirs), named, there.closed)


def _of(author: str, about: Place) -> frozenset[str]:
    """Give the scopes in which an author has a review: by name where they know the record so."""
    return about.names_of(author) if about.confided else frozenset({me_scope(author, about.area)})


def consequence(before: Body, after: Body, mutation: Deciding, around: Around) -> list[FollowUp]:
    """Give the writes that a decision brings: the first stands, another one or an undo reopens."""
    old, new = before.get("decision"), after.get("decision")
    if old == new:
        return []
    noted = FollowUp(mutation.id, f"history/{mutation.mid}", new, None, mutation.author)
    if not isinstance(old, Mapping):
        return [noted, *_decided(after, new, mutation)]
    if isinstance(new, Mapping):
        if (new.get("choice"), new.get("value")) == (old.get("choice"), old.get("value")):
            return [noted, FollowUp(mutation.id, "decision", old, None, mutation.author)]
        return [noted, FollowUp(mutation.id, "decision", None, None, mutation.author)]
    return [noted, *_undone(after, old, mutation)]


def _decided(body: Body, decision: Json, mutation: Deciding) -> list[FollowUp]:
    if not isinstance(decision, Mapping) or decision["choice"] == "withdrawn":
        return []
    seen = decision["record_seq"]
    return [
        FollowUp(
            record=str(body["about"]),
            path=str(body["path"]),
            value=_chosen(body, decision),
            shown_seq=seen if isinstance(seen, int) else 0,
            author=mutation.author,
            reopen={"decision": None},
            keep=decision["choice"] == "standing",
            signed=decision["choice"] == "author",
        )
    ]


def _undone(body: Body, decision: Mapping[str, Json], mutation: Deciding) -> list[FollowUp]:
    """Put back what stood before, unless somebody has changed it again since."""
    if decision["choice"] not in ("author", "other"):
        return []
    return [
        FollowUp(
            record=str(body["about"]),
            path=str(body["path"]),
            value=decision.get("was"),
            shown_seq=None,
            author=mutation.author,
            expects=_chosen(body, decision),
            signed=True,
        )
    ]


def _chosen(body: Body, decision: Mapping[str, Json]) -> Json:
    return body.get("value") if decision["choice"] == "author" else decision.get("value")


class Review(
    Record,
    kind="review",
    order=90,
    words=("Ulike svar", "ulike svar"),
    writers=REVIEWERS,
    named_writers=READER_SETS["home"],
    readers=("review", "lead"),
    retention=Retention(5, "opened_at", "Følger registreringen det gjelder", "delete"),
    parents=("about",),
    place=place,
    consequence=consequence,
):
    """Two answers to one question: the author's is kept here, the other stands in the record."""

    about: Mapped[str | None] = ref("Gjelder", to="any", required=True, server=True)
    about_kind: Mapped[str | None] = code("Slag", max=40, pattern="[a-z_]{1,40}", server=True)
    path: Mapped[str | None] = code(
        "Felt",
        max=129,
        pattern="[A-Za-z0-9_./*-]{1,129}",
        required=True,
        server=True,
    )
    author: Mapped[str | None] = user_ref("Skrevet av", required=True, server=True, indexed=True)
    replica: Mapped[str | None] = code("Telefon", max=36, pattern=UUID_PATTERN, server=True)
    mid: Mapped[str | None] = code("Sending", max=36, pattern=UUID_PATTERN, server=True)
    value: Mapped[Any | None] = anything("Svaret som venter", sensitive=SPECIAL, server=True)
    seen: Mapped[Any | None] = anything("Det som var vist", sensitive=SPECIAL, server=True)
    other: Mapped[str | None] = user_ref("Den andre", server=True)
    reason: Mapped[str | None] = choice("Hvorfor", REASONS, required=True, server=True)
    opened_at: Mapped[datetime | None] = instant("Åpnet", required=True, server=True)
    decision: Mapped[Any | None] = composite(
        "Avgjørelse", DECISION, rule=Rule.LATEST, sensitive=SPECIAL
    )
    history = keyed_anything("Historikk", server=True, sensitive=SPECIAL)

    example = {
        "about": "018f2c5e-0000-7000-8000-000000000005",
        "about_kind": "visit",
        "path": "next_contact_on",
        "author": "018f2c5e-0000-7000-8000-000000000003",
        "replica": "018f2c5e-0000-7000-8000-000000000007",
        "mid": "018f2c5e-0000-7000-8000-000000000008",
        "value": "2027-02-15",
        "seen": {"value": None, "seq": 41},
        "other": "018f2c5e-0000-7000-8000-000000000009",
        "reason": "ask",
        "opened_at": "2026-11-23T09:12:00.000Z",
        "decision": {
            "choice": "author",
            "was": "2027-02-22",
            "record_seq": 57,
            "by": "018f2c5e-0000-7000-8000-000000000009",
            "at": "2026-11-23T12:00:00.000Z",
        },
    }
