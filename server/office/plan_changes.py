"""What one form changed in the plans, read back from the ledger, and how to put it back.

Nothing of it travels in the address but the form's id; it gives a person only their own changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import orjson
from sqlalchemy import select

from server.ledger import MutationRow, find
from server.office.decisions import BadForm, Form, is_of, patches, read_form
from server.office.desk import Desk, Item
from server.office.plans import BY_KIND
from server.shapes import Json
from sync.mutation import office_replica

CLOCKS_DIFFER = timedelta(minutes=10)


@dataclass(frozen=True)
class Entry:
    """One plan that a form changed: what it wrote and what stood there before."""

    record: str
    wrote: dict[str, Json]
    was: dict[str, Json]

    def to_put_back(self, item: Item) -> dict[str, Json]:
        """Give the values that stood before, at the paths where this is still what stands."""
        return {
            path: self.was[path]
            for path, value in self.wrote.items()
            if item.body.get(path) == value and self.was[path] != value
        }


@dataclass(frozen=True)
class Change:
    """All that one form changed."""

    form: str
    entries: tuple[Entry, ...]
    people: frozenset[str]
    """Those who were put on."""
    on: date | None
    """The day that was moved to."""
    stands: bool
    """Whether there is something left to put back."""


def change_of(desk: Desk, form_id: str) -> Change | None:
    """Give what a form of this person's changed; None when it changed nothing."""
    try:
        form = read_form(form_id, desk.actor.user, desk.now)
    except BadForm:
        return None
    mine = select(MutationRow.mid).where(
        MutationRow.replica == office_replica(desk.actor.user),
        MutationRow.received_at >= form.opened_at - CLOCKS_DIFFER,
        MutationRow.state == "applied",
    )
    entries = []
    for entry in find(desk.session, list(desk.session.scalars(mine))).values():
        mutation: Any = orjson.loads(entry.raw) if entry.raw else None
        if mutation and mutation["kind"] in BY_KIND and is_of(form, mutation):
            was = {str(e["path"]): e["was"] for e in entry.effect if e["outcome"] == "written"}
            wrote = {path: mutation["set"][path] for path in was}
            entries.append(Entry(mutation["id"], wrote, was))
    if not entries:
        return None
    desk.items(entry.record for entry in entries)
    written = [(path, value) for entry in entries for path, value in entry.wrote.items()]
    days = [value for path, value in written if "/" not in path and isinstance(value, str)]
    return Change(
        form=form_id,
        entries=tuple(entries),
        people=frozenset(path.partition("/")[2] for path, on in written if on is True),
        on=date.fromisoformat(days[0]) if days else None,
        stands=any(_put_back(desk, entry) for entry in entries),
    )


def undone(desk: Desk, form: Form, change: Change) -> list[dict[str, Json]]:
    """Give the mutations that put back what a change wrote and nobody has changed since."""
    return [
        patches(form, item, values)
        for entry in change.entries
        if (item := desk.item(entry.record)) and (values := _put_back(desk, entry))
    ]


def _put_back(desk: Desk, entry: Entry) -> dict[str, Json]:
    item = desk.item(entry.record)
    return entry.to_put_back(item) if item else {}
