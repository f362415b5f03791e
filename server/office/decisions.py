"""From an office form to mutations: what is decided travels the same road as a phone's edits.

The form carries an id made when it was drawn and the seq of every record it showed. The id makes
a second sending of the same form one effect; the seqs tell whether a record moved on meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from uuid_utils import uuid7

from server.access import Actor
from server.database import Database
from server.intake import CONTRACT, Result, take
from server.office.desk import Item
from server.shapes import Json, write_instant
from sync.mutation import WHOLE, canonical, is_id, office_replica

CLOCKS_DIFFER_MS = 300_000
"""How far the clocks of two servers may differ before a form seems to come from the future."""


class BadForm(Exception):
    """The form was not drawn by this office."""


@dataclass(frozen=True)
class Form:
    """The form that a decision was made on: its id, and whose it is."""

    id: UUID
    user: str

    @property
    def opened_ms(self) -> int:
        """Give the time in its UUIDv7, in milliseconds since 1970."""
        return self.id.int >> 80

    @property
    def opened_at(self) -> datetime:
        """Give the moment that the form was drawn."""
        return datetime.fromtimestamp(self.opened_ms / 1000, tz=UTC)

    def name(self, *parts: str) -> str:
        """Give an id that this form always gives for the same parts."""
        return str(uuid5(self.id, "|".join(parts)))


def new_form() -> str:
    """Give the id of a form that is about to be drawn."""
    return str(uuid7())


def read_form(text: str, user: str, now: datetime) -> Form:
    """Read a form's id; raises BadForm for what `new_form` never gave."""
    if not is_id(text) or UUID(text).version != 7:
        raise BadForm
    form = Form(UUID(text), user)
    if form.opened_ms > now.timestamp() * 1000 + CLOCKS_DIFFER_MS:
        raise BadForm
    return form


def seal(items: Iterable[Item]) -> str:
    """Give the seqs of the records on a form, to compare with when it comes back."""
    return ",".join(f"{item.id}:{item.seq}" for item in sorted(items, key=lambda item: item.id))


def read_seal(text: str) -> dict[str, int]:
    """Read the seqs back; raises BadForm when they are not ours."""
    pairs = [pair.partition(":") for pair in text.split(",")] if text else []
    if not all(is_id(id) and seq.isdecimal() and len(seq) < 17 for id, _, seq in pairs):
        raise BadForm
    return {id: int(seq) for id, _, seq in pairs}


def patch(form: Form, item: Item, path: str, value: Json) -> dict[str, Json]:
    """Give the mutation that writes one path of a record as this form showed it."""
    return patches(form, item, {path: value})


def decided(form: Form, item: Item, status: Json) -> dict[str, Json]:
    """Give the mutation that decides on a whole record as this form showed it: no more, no less."""
    made = patch(form, item, "status", status)
    seen = made["seen"]
    assert isinstance(seen, dict)
    return {**made, "seen": {**seen, WHOLE: {"seq": item.seq}}}


def patches(form: Form, item: Item, values: Mapping[str, Json]) -> dict[str, Json]:
    """Give the mutation that writes some paths of a record as this form showed it."""
    return _mutation(
        form,
        kind=item.spec.name,
        id=item.id,
        op="patch",
        set=dict(values),
        seen={path: {"value": item.body.get(path), "seq": item.seq} for path in values},
    )


def is_of(form: Form, mutation: Mapping[str, Any]) -> bool:
    """Say whether a mutation was made by this form."""
    written = canonical(mutation["set"]).decode()
    return bool(mutation["mid"] == form.name(mutation["id"], mutation["op"], written))


def create(form: Form, kind: str, values: Mapping[str, Json], id: str = "") -> dict[str, Json]:
    """Give the mutation that makes a record; the same form and words make the same record."""
    return _mutation(
        form,
        kind=kind,
        id=id or form.name("record", kind, canonical(dict(values)).decode()),
        op="create",
        set=dict(values),
        seen={},
    )


def _mutation(
    form: Form,
    *,
    kind: str,
    id: str,
    op: str,
    set: dict[str, Json],
    seen: dict[str, Json],
) -> dict[str, Json]:
    drawn = write_instant(form.opened_at)
    return {
        "mid": form.name(id, op, canonical(set).decode()),
        "replica": office_replica(form.user),
        "n": None,
        "author": form.user,
        "contract": CONTRACT,
        "kind": kind,
        "id": id,
        "op": op,
        "set": set,
        "seen": seen,
        "happened_at": drawn,
        "captured_at": drawn,
        "offset_ms": 0,
    }


def next_status(
    state: str, user: str, now: datetime, comments: Mapping[str, str] | None = None
) -> Json:
    """Give the status that a decision writes."""
    status: dict[str, Json] = {"state": state, "by": user, "at": write_instant(now)}
    return {**status, "comments": dict(comments)} if comments else status


def says_already(item: Item, wanted: Json) -> bool:
    """Say whether a record's status is what is wanted, whoever signed it and when."""
    return _unsigned(item.body.get("status")) == _unsigned(wanted)


def _unsigned(status: Json) -> Json:
    if not isinstance(status, Mapping):
        return status
    return {name: part for name, part in status.items() if name not in ("by", "at")}


def send(
    database: Database, actor: Actor, mutations: Sequence[dict[str, Json]], now: datetime
) -> list[Result]:
    """Hand mutations to intake in this order and give its answers."""
    return take(database, actor, office_replica(actor.user), list(mutations), now)
