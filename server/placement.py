"""Where each record is, worked out from the records in memory: its kind's own place, and barriers.

Pure functions of a record and its parents (I-23); who is in a scope is `access`'s to know.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Protocol

from server.records import REGISTRY, barrier
from server.records.record import KindSpec, Place, PlaceFacts
from server.shapes import Json


class Located(Protocol):
    """What a place is worked out from."""

    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Json]: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def deleted(self) -> bool: ...


NOWHERE = Place(None, frozenset())


class Places:
    """Works out places from records that `look` finds in memory; a pure function of them (I-23)."""

    def __init__(self, look: Callable[[str], Located | None]) -> None:
        self._find = look
        self._known: dict[str, Place] = {}
        self._bars: dict[str, frozenset[str]] = {}
        self._above: dict[str, PlaceFacts] = {}
        """The facts of what others refer to, worked out once for all that hang on it."""
        self._missed: set[str] = set()

    def forget(self) -> None:
        """Forget what was worked out, because a record changed."""
        self._known.clear()
        self._bars.clear()
        self._above.clear()
        self._missed.clear()

    def came(self, record: str) -> None:
        """Forget what was worked out without a record that has come since."""
        if record in self._missed:
            self.forget()

    def _look(self, record: str) -> Located | None:
        found = self._find(record)
        if found is None:
            self._missed.add(record)
        return found

    def know(self, record: str, place: Place) -> None:
        """Remember the place of a record as it is now."""
        self._known[record] = place

    def of(self, record: str) -> Place:
        """Give a record's place as if it were not deleted; NOWHERE when it is unknown."""
        known = self._known.get(record)
        if known is None:
            located = self._look(record)
            if located is None:
                return NOWHERE
            known = self._known[record] = self.if_it_were(record, located)
        return known

    def if_it_were(self, record: str, located: Located) -> Place:
        """Give the place that a record would have with this body and these authors."""
        spec = REGISTRY[located.kind]
        place = spec.place(self._facts(record, located, frozenset()))
        barred = self._barred(record, located, frozenset())
        return barrier.behind(place, barred, answers=spec.server_only)

    def _barred(self, record: str, located: Located, below: frozenset[str]) -> frozenset[str]:
        """Give those who alone may know of a record, by its own barrier and those above it."""
        spec = REGISTRY[located.kind]
        below |= {record}

        def above() -> list[frozenset[str]]:
            return [self._barred_above(up, below) for up in self._parents(spec, located, below)]

        return barrier.strictest(barrier.set_on(spec, located.body), above)

    def _barred_above(self, record: str, below: frozenset[str]) -> frozenset[str]:
        known = self._bars.get(record)
        if known is None:
            located = self._look(record)
            known = self._barred(record, located, below) if located else frozenset()
            self._bars[record] = known
        return known

    @staticmethod
    def _parents(spec: KindSpec, located: Located, below: frozenset[str]) -> list[str]:
        found = (located.body.get(field) for field in spec.parents)
        return [other for other in found if isinstance(other, str) and other not in below]

    def _facts(self, record: str, located: Located, below: frozenset[str]) -> PlaceFacts:
        below |= {record}
        fields = REGISTRY[located.kind].fields

        def parent(field: str) -> PlaceFacts | None:
            other = located.body.get(field)
            if not isinstance(other, str) or other in below:
                return None
            to = fields[field].to
            known = self._above.get(other)
            if known is not None:
                return known if to in ("any", known.kind) else None
            found = self._look(other)
            if found is None or to not in ("any", found.kind):
                return None
            if found.kind not in _climbing():
                return self._facts(other, found, below)
            facts = self._above[other] = self._facts(other, found, frozenset())
            return facts

        body, authors = located.body, located.authors
        return PlaceFacts(located.kind, record, body, authors, parent, located.deleted)


@cache
def _climbing() -> frozenset[str]:
    """Give the kinds from which no way up leads back: their facts are the same from wherever."""
    found: set[str] = set()
    while more := {
        spec.name
        for spec in REGISTRY.values()
        if spec.name not in found and all(spec.fields[name].to in found for name in spec.parents)
    }:
        found |= more
    return frozenset(found)
