"""Writes the demo municipality's records as phones and the office would: through intake alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from server.access import Actor
from server.database import Database
from server.demo.municipality import Person, made_up_id
from server.intake import CONTRACT, Result, take
from server.shapes import Json, write_instant
from sync.mutation import office_replica


@dataclass(frozen=True)
class Edit:
    """One mutation to be; `unseen`: its author had the record as it was before it existed."""

    kind: str
    id: str
    set: Mapping[str, Json]
    op: str = "patch"
    unseen: bool = False
    at: datetime | None = None
    """When it was captured, where that is before it was sent."""

    def sent_in(self, person: Person, at: datetime) -> Edit:
        """Give the same edit by somebody who sends the record in with it."""
        return replace(self, set={**self.set, **status("submitted", person, at)}, at=at)


def made(kind: str, id: str, values: Mapping[str, Json]) -> Edit:
    """Give the edit that makes a record."""
    return Edit(kind, id, values, "create")


@dataclass
class Pen:
    """Keeps what each author has seen and how far their phones have counted."""

    database: Database
    bodies: dict[str, dict[str, Json]] = field(default_factory=dict)
    seqs: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def phone(self, person: Person, at: datetime, *edits: Edit, lag: int = 0) -> list[Result]:
        """Write from a person's phone; `lag` numbers were used up and never arrived."""
        replica = phone_of(person)
        n = self.numbers.get(replica, 0) + lag
        self.numbers[replica] = n + len(edits)
        pairs = [(edit, n + place) for place, edit in enumerate(edits, 1)]
        return self._send(person, replica, pairs, at)

    def office(self, person: Person, at: datetime, *edits: Edit) -> list[Result]:
        """Write from a person's office pages, which do not count."""
        replica = office_replica(person.id)
        return self._send(person, replica, [(edit, None) for edit in edits], at)

    def server(self, person: Person, at: datetime, *edits: Edit) -> list[Result]:
        """Write what jobs write."""
        replica = office_replica(person.id)
        return self._send(person, replica, [(edit, None) for edit in edits], at, server=True)

    def _send(
        self,
        person: Person,
        replica: str,
        edits: Sequence[tuple[Edit, int | None]],
        at: datetime,
        *,
        server: bool = False,
    ) -> list[Result]:
        actor = Actor(person.id, tuple((person.role, area) for area in person.areas))
        pushes = [self._push(person, replica, edit, n, at) for edit, n in edits]
        results = take(self.database, actor, replica, pushes, at, server=server)
        for (edit, _), result in zip(edits, results, strict=True):
            if result.state == "applied":
                self.bodies.setdefault(edit.id, {}).update(edit.set)
                self.seqs[edit.id] = max(self.seqs.get(edit.id, 0), result.seq or 0)
        return results

    def _push(
        self, person: Person, replica: str, edit: Edit, n: int | None, at: datetime
    ) -> dict[str, Json]:
        moment = write_instant(edit.at or at)
        return {
            "mid": made_up_id("mid", edit.id, edit.op, moment, *sorted(edit.set)),
            "replica": replica,
            "n": n,
            "author": person.id,
            "contract": CONTRACT,
            "kind": edit.kind,
            "id": edit.id,
            "op": edit.op,
            "set": dict(edit.set),
            "seen": {} if edit.op == "create" else self._seen(edit),
            "happened_at": moment,
            "captured_at": moment,
            "offset_ms": 0,
        }

    def _seen(self, edit: Edit) -> dict[str, Json]:
        if edit.unseen:
            return {}
        body, seq = self.bodies.get(edit.id, {}), self.seqs.get(edit.id, 0)
        return {path: {"value": body.get(path), "seq": seq} for path in edit.set}


def phone_of(person: Person) -> str:
    """Name a person's phone."""
    return made_up_id("phone", person.login)


def status(state: str, person: Person, at: datetime, **asked: str) -> dict[str, Json]:
    """Give a status as it is written; `asked` is what to put right, by path."""
    found: dict[str, Json] = {"state": state, "by": person.id, "at": write_instant(at)}
    return {"status": {**found, "comments": dict(asked)} if asked else found}


def handled(state: str, person: Person, at: datetime, words: str = "") -> dict[str, Json]:
    """Give how far the work on something has come, as it is written."""
    found: dict[str, Json] = {"state": state, "by": person.id, "at": write_instant(at)}
    return {"handling": {**found, "words": words} if words else found}
