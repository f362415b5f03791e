"""What was pushed, read and named: canonical bytes, digest and, where it is one, a mutation.

It judges nothing and reads no database; what has no usable id cannot be taken into custody at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid5

from server import strict_json
from server.contract import CONTRACT
from server.ledger import Entry
from server.records import REGISTRY
from server.records.tenancy import Tenancy
from sync.mutation import (
    NS,
    Json,
    Malformed,
    Mutation,
    Unreadable,
    digest,
    is_id,
    mutation_from,
    review_id,
)


class NoMid(Exception):
    """An element of a push has no id that we could answer for; the whole request is unreadable."""


@dataclass(slots=True)
class Arrival:
    """One pushed element: what custody keeps of it, and the mutation in it."""

    entry: Entry
    mutation: Mutation | None
    flaw: str | None = None
    """Why it cannot be judged at all: a reason of the state held."""
    repeated: bool = False
    fork: bool = False


def read_push(pushes: Iterable[Any], user: str, replica: str, now: datetime) -> list[Arrival]:
    """Read what came through the door of a session; raises NoMid, or Unreadable for bad bytes."""
    return [read_one(push, user, replica, now) for push in pushes]


def read_one(push: Any, user: str, replica: str, now: datetime) -> Arrival:
    """Read one element, given as strict JSON bytes or as the value that was in them."""
    value = strict_json.loads(push) if isinstance(push, bytes) else push
    mid = value.get("mid") if isinstance(value, dict) else None
    if not is_id(mid):
        raise NoMid
    raw = strict_json.canonical(value)
    mutation, flaw = _mutation_in(value)
    entry = Entry(
        mid=str(mid),
        sha256=digest(raw),
        replica=mutation.replica if mutation else replica,
        n=mutation.n if mutation else None,
        author=mutation.author if mutation else user,
        record=mutation.id if mutation else None,
        received_at=now,
        raw=raw,
    )
    return Arrival(entry, mutation, flaw)


def reread(entry: Entry) -> Arrival:
    """Read a mutation that is in the ledger already, to judge it again."""
    if not entry.raw:
        return Arrival(entry, None, "unreadable")
    try:
        mutation, flaw = _mutation_in(strict_json.loads(entry.raw))
    except Unreadable:
        return Arrival(entry, None, "unreadable")
    if entry.clash_of is None:
        return Arrival(entry, mutation, flaw)
    if said_mid(entry) == entry.mid:
        return Arrival(entry, mutation, "mid_clash")
    return Arrival(entry, mutation and replace(mutation, mid=entry.mid), flaw)


def own_mid(mid: str, author: str) -> str:
    """Give the name under which an author's mutation is kept when another's bears its mid.

    Whoever carries a parcel reads its mid. Taking it must not stand in the way of the true one.
    """
    return str(uuid5(NS, f"mid|{mid}|{author}"))


def under_own_mid(arrival: Arrival) -> str:
    """Name what bears a mid that is another author's by its own; give that name."""
    entry = arrival.entry
    entry.clash_of, entry.mid = entry.mid, own_mid(entry.mid, entry.author)
    if arrival.mutation is not None:
        arrival.mutation = replace(arrival.mutation, mid=entry.mid)
    return entry.mid


def beside(arrival: Arrival) -> str:
    """Name other bytes of the same author under a known mid, so that both are kept; give it."""
    entry = arrival.entry
    said = entry.clash_of = entry.clash_of or entry.mid
    entry.mid = str(uuid5(NS, f"clash|{said}|{entry.author}|{entry.sha256}"))
    entry.n, arrival.flaw = None, "mid_clash"
    return entry.mid


def next_name(mid: str) -> str:
    """Give the mid to take where one that can be worked out beforehand is taken already."""
    return str(uuid5(NS, f"beside|{mid}"))


def said_mid(entry: Entry) -> str:
    """Give the mid that an author knows a mutation by."""
    wire = entry.clash_of
    return wire if wire and entry.mid == own_mid(wire, entry.author) else entry.mid


def _mutation_in(value: Any) -> tuple[Mutation | None, str | None]:
    try:
        return mutation_from(value), None
    except Malformed as bad:
        newer = bad.contract is not None and bad.contract > CONTRACT
        return None, "schema" if newer else "invalid"


OPEN_STATES = ("review", "held")


def reviews_of(entry: Entry) -> list[str]:
    """Give the reviews that a mutation asked for, also where one stands under another name."""
    return [
        str(line.get("review") or review_id(str(entry.record), str(line["path"]), entry.replica))
        for line in entry.effect
        if line["outcome"] == "review"
    ]


def unapplied(entry: Entry, mutation: Mutation | None) -> dict[str, Json] | None:
    """Give what the author wrote and the record does not show."""
    if mutation is None or entry.state not in OPEN_STATES:
        return None
    if entry.state == "held":
        return dict(mutation.set) or None
    asked = {line["path"] for line in entry.effect if line["outcome"] == "review"}
    return {path: value for path, value in mutation.set.items() if path in asked} or None


def reread_for_receipt(entry: Entry) -> Arrival:
    """Read an entry of the ledger so that its receipt can be brought up to date."""
    arrival = reread(entry)
    arrival.repeated = True
    return arrival


def hangs_on(mutation: Mutation | None) -> str | None:
    """Give what a mutation says that its record hangs on, a household before its home.

    It is always what the author wrote, and chosen by the kind alone: so it tells them nothing.
    """
    spec = REGISTRY.get(mutation.kind) if mutation else None
    if mutation is None or spec is None:
        return None
    names = sorted(spec.parents, key=lambda name: spec.fields[name].to != Tenancy.spec.name)
    said = (mutation.set.get(name) for name in names)
    return next((at for at in said if isinstance(at, str) and is_id(at)), None)
