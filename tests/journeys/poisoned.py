"""The demo municipality with every free word replaced by something that wants to be run.

It writes through intake like the demo itself, and judges nothing.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

from sqlalchemy import update

from server import demo, people, seeds
from server.database import Database
from server.demo.municipality import PEOPLE, STAFF, Person, homes, made_up_id
from server.demo.pen import Edit, Pen, made
from server.intake import Result
from server.records import REGISTRY
from server.shapes import Json
from tests.journeys.payloads import payloads

NOTES = tuple(made_up_id("conversation", f"payloads {number}") for number in range(12))
"""Talks that hold all of them, so that each is surely shown whole."""
NOTE_MAX = 3_900
SHORTEST = 24
"""Fields for fewer signs than this keep what they say."""
AT_ONCE = 12
"""So many are written one after the other where there is room."""


class Poison:
    """Gives the payloads round and round, as many as a field has room for."""

    def __init__(self) -> None:
        self.all = payloads()
        self._next: Iterator[str] = itertools.cycle(self.all)
        self._waiting: list[str] = []

    def words(self, most: int) -> str:
        """Give words of at most so many signs; a payload too long for it waits for more room."""
        found = ""
        for _ in range(AT_ONCE if most > 400 else 1):
            one = self._fitting(most - len(found) - 1)
            if one is None:
                break
            found = f"{found} {one}" if found else one
        return found

    def _fitting(self, most: int) -> str | None:
        for place, one in enumerate(self._waiting):
            if len(one) <= most:
                return self._waiting.pop(place)
        for _ in range(40):
            one = next(self._next)
            if len(one) <= most:
                return one
            self._waiting.append(one)
        return None

    def values(self, kind: str, values: Mapping[str, Json]) -> dict[str, Json]:
        """Give a record's values with every free word replaced."""
        return {path: self._value(kind, path, value) for path, value in values.items()}

    def _value(self, kind: str, path: str, value: Json) -> Json:
        found = REGISTRY[kind].at(path)
        if found and found[0].free_text and (found[0].max or 0) >= SHORTEST and value:
            return self.words(found[0].max or 0) or value
        if isinstance(value, dict) and isinstance(value.get("words"), str):
            return {**value, "words": self.words(400)}
        if path == "status" and isinstance(value, dict) and value.get("comments"):
            return {**value, "comments": {at: self.words(400) for at in value["comments"]}}
        return value


def notes() -> Iterator[str]:
    """Give all payloads in pieces that a talk has room for."""
    piece = ""
    for one in payloads():
        if len(piece) + len(one) + 1 > NOTE_MAX:
            yield piece
            piece = ""
        piece += one + "\n"
    yield piece


def lay_in(database: Database, now: datetime) -> None:
    """Lay in the demo municipality, without the year behind it, in payloads for words."""
    poison = Poison()
    seeds.lay_in(database, now)

    class Poisoned(Pen):
        def _send(
            self,
            person: Person,
            replica: str,
            edits: Sequence[tuple[Edit, int | None]],
            at: datetime,
            *,
            server: bool = False,
        ) -> list[Result]:
            said = [(replace(e, set=poison.values(e.kind, e.set)), n) for e, n in edits]
            return super()._send(person, replica, said, at, server=server)

    pen, ingrid, home = Pen(database), STAFF["ingrid"], homes()[0]
    with patch.object(demo, "Pen", Poisoned), patch.object(demo, "live", lambda *_: None):
        demo.lay_in(database, now)
    for id, words in zip(NOTES, notes(), strict=False):
        talk: dict[str, Json] = {"dwelling": home.id, "summary": words}
        results = pen.office(ingrid, now, made("conversation", id, talk).sent_in(ingrid, now))
        assert results[0].state == "applied", results
    with database.writing() as session:
        for person in PEOPLE:
            named = update(people.User).where(people.User.id == person.id)
            session.execute(named.values(name=poison.words(120)))
