"""A record as the archive reads it in many years: its fields in words, with whole dates and names.

Nothing is left out: a path that no field declares any longer stands with its own name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from server.access import HERE
from server.checklists import ITEMS
from server.keeping.export_tables import Names
from server.patterns import user_in
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec
from server.shapes import STATES, Field, Json, read_instant

OUTSIDE = "Ikke med i pakken"
THUMBNAIL = "picture"
AREA = "area"


@dataclass(frozen=True)
class File:
    """What a record is archived under: a home, a case, a building."""

    id: str
    title: str
    begun_at: datetime


class Words:
    """Puts records into words, of one moment; of what is `left_out` it knows nothing."""

    def __init__(self, session: Session, left_out: frozenset[str]) -> None:
        self.names = Names(session)
        self._session, self._left_out = session, left_out
        self._files: dict[str, File] = {}

    def lines(self, spec: KindSpec, body: Mapping[str, Json]) -> list[dict[str, str]]:
        """Give each field that says something: its label, and its value in words."""
        order = {name: at for at, name in enumerate(spec.fields)}
        paths = sorted(body, key=lambda p: (order.get(p.partition("/")[0], len(order)), p))
        found = []
        for path in paths:
            known = spec.at(path)
            if body[path] is None or (known and known[0].shape.control == THUMBNAIL):
                continue
            words = self._words(known[0], body[path]) if known else self._plain(body[path])
            found.append({"label": self._label(spec, path), "words": words})
        return found

    def title(self, kind: str, body: Mapping[str, Json]) -> str:
        """Name a record: its kind, and its own words where it has some."""
        spec = REGISTRY[kind]
        return ": ".join(filter(None, (spec.words[0], spec.own_words(body))))

    def file_of(self, record: Row[Any]) -> File:
        """Give what a record is archived under: the first above it that lies in an area itself."""
        known = self._files.get(record.id)
        if known is None:
            body = orjson.loads(record.body)
            above = self._above(record.kind, body)
            known = self.file_of(above) if above else self._own(record, body)
            self._files[record.id] = known
        return known

    def _own(self, record: Row[Any], body: Mapping[str, Json]) -> File:
        return File(record.id, self.title(record.kind, body), record.created_at)

    def _above(self, kind: str, body: Mapping[str, Json]) -> Row[Any] | None:
        spec = REGISTRY[kind]
        if any(spec.fields[name].to == AREA for name in spec.parents):
            return None
        for name in spec.parents:
            if found := self._here(body.get(name)):
                return found
        return None

    def _here(self, id: Json) -> Row[Any] | None:
        if not isinstance(id, str) or id in self._left_out:
            return None
        columns = (Envelope.id, Envelope.kind, Envelope.body, Envelope.created_at)
        query: Any = select(*columns).where(Envelope.id == id)
        return self._session.execute(query).one_or_none()

    def _label(self, spec: KindSpec, path: str) -> str:
        known = spec.at(path)
        if known is None:
            return path
        declared, key = known
        if key is None:
            return declared.label
        item = ITEMS[key]["text_nb"] if key in ITEMS else ""
        of_key = item or (declared.key_labels or {}).get(key) or self.names.user(user_in(key))
        return f"{declared.label}: {of_key or key}"

    def _words(self, declared: Field, value: Json) -> str:
        control = declared.shape.control
        if isinstance(value, str):
            if declared.choices:
                return declared.choices.get(value, value)
            if control == "ref":
                target = self._here(value)
                return self.title(target.kind, orjson.loads(target.body)) if target else OUTSIDE
            if control == "instant":
                return moment(read_instant(value))
        if control == "status" and isinstance(value, dict):
            state = str(value.get("state"))
            return self._plain({**value, "state": STATES.get(state, state)})
        return self._plain(value)

    def _plain(self, value: Json) -> str:
        """Put a value of any shape into words."""
        if isinstance(value, bool):
            return "Ja" if value else "Nei"
        if isinstance(value, dict):
            return ", ".join(f"{key}: {self._plain(part)}" for key, part in value.items())
        if isinstance(value, list):
            return ", ".join(map(self._plain, value))
        return self.names.user(value) or str(value)


def moment(at: datetime) -> str:
    """Write a moment as a Norwegian clock showed it."""
    return f"{at.astimezone(HERE):%d.%m.%Y kl. %H.%M}"
