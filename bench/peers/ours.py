"""Oppgang as one of the peers: its own server, and phones that send what its app sends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from bench import load
from bench.peers.peer import PAGE, Edit, Fields, Known, Peer, Phone
from bench.stage import Device, Stage, stage
from bench.sync import lay_ground
from server.roles import Role

KIND = "checklist_run"
OFFICE = -1
"""The number of the one who reviews, in every team."""


@dataclass
class OurPhone(Phone):
    """One request a sync: what it sends, and a page of what it lacks."""

    by: load.Phone = field(kw_only=True)

    def push(self, changes: Mapping[str, Fields]) -> int:
        """The changes, and as good as nothing back."""
        return self._told(self.by.sync(self._mutations(changes), limit=1))

    def pull(self) -> int:
        """Pages until there are no more."""
        came, more = 0, True
        while more:
            reply = self.by.sync([], limit=PAGE)
            came, more = came + self._take(reply), reply["more"]
        return came

    def sync(self, changes: Mapping[str, Fields]) -> int:
        """One request, and others only when there is more than a page of news."""
        reply = self.by.sync(self._mutations(changes), limit=PAGE)
        self._take(reply)
        if reply["more"]:
            self.pull()
        return self._told(reply)

    def begin_where(self, other: Phone) -> None:
        """The cursor is the load's own."""
        assert isinstance(other, OurPhone)
        super().begin_where(other)
        self.by.cursor, self.by.incarnation = other.by.cursor, other.by.incarnation
        self.by.policy = other.by.policy

    def _mutations(self, changes: Mapping[str, Fields]) -> list[Any]:
        return [self._mutation(id, change) for id, change in changes.items()]

    def _mutation(self, id: str, change: Fields) -> Any:
        known = self.known.get(id)
        if known is None:
            self.known[id] = Known(change, 0)
            return self.by.mutation(id, change, "create", kind=KIND)
        seen = {path: {"value": known.fields.get(path), "seq": known.version} for path in change}
        self.known[id] = Known(known.fields | change, known.version)
        return self.by.mutation(id, change, "patch", seen, kind=KIND)

    def _told(self, reply: Any) -> int:
        odd = [one for one in reply["results"] if one["state"] not in ("applied", "review")]
        if odd:
            raise RuntimeError(f"neither applied nor asked about: {odd[0]}")
        return sum(one["state"] == "review" for one in reply["results"])

    def _take(self, reply: Any) -> int:
        for put in reply["puts"]:
            if put["kind"] == KIND:
                self.known[put["id"]] = Known(put["body"], put["seq"])
        return sum(put["kind"] == KIND for put in reply["puts"])


class Ours(Peer):
    """Our server on one of its databases."""

    durable = True

    def __init__(self, stage: Stage) -> None:
        self.stage, self.roots = stage, stage.roots
        self.name = {"sqlite": "Oppgang, SQLite", "postgresql": "Oppgang, PostgreSQL"}[stage.name]
        self.about = (
            "custody, rights, validation and merge in the path; "
            + {"sqlite": "encrypted file, synchronous FULL", "postgresql": "fsync"}[stage.name]
        )
        self._people: dict[tuple[str, int], Device] = {}

    def phone(self, team: str, number: int, packed: bool = True) -> OurPhone:
        """A new phone of a person with a role in the team's area."""
        known = self._people.get((team, number)) or self._person(team, number)
        device = replace(known, replica=str(uuid4()))
        by = load.Phone(device, self.stage, packed)
        by.register()
        return OurPhone(by.line, team, device.user, packed, by=by)

    def _person(self, team: str, number: int) -> Device:
        role = Role.OFFICE if number == OFFICE else Role.BOMILJO
        device = self.stage.device(team, number, role)
        if team not in {known for known, _ in self._people}:
            lay_ground(self.stage, [device])
        self._people[team, number] = device
        return device

    def kept(self, team: str, ids: list[str]) -> set[Edit]:
        """What waits for a person's decision, as the office's own phone is told it."""
        office = self.phone(team, OFFICE)
        found: set[Edit] = set()
        more = True
        while more:
            reply = office.by.sync([], limit=PAGE)
            bodies = [put["body"] for put in reply["puts"] if put["kind"] == "review"]
            found |= {(body["about"], body["path"], body["value"]) for body in bodies}
            more = reply["more"]
        return found


@contextmanager
def started(database: str) -> Iterator[Ours]:
    """Our web server on a fresh database: `sqlite` or `postgresql`."""
    with stage(database) as one:
        yield Ours(one)
