"""Records as they stand, for planning to work on: bodies, who wrote what last, which ids are taken.

It reads what a rule needs in the server's own name, and shows nobody anything; it writes nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from server.intake import SERVER
from server.intake.papers import read_versions
from server.planning.calendar import day_of
from server.records.record import Envelope, Gone, KindSpec
from server.shapes import Json, read_instant

IDS_AT_ONCE = 500


@dataclass(frozen=True)
class Standing:
    """A record as it is stored, with who wrote what last."""

    id: str
    area: str | None
    body: Mapping[str, Json]
    versions: Mapping[str, tuple[int, str, int | None]]
    created_at: datetime

    def since(self, path: str) -> int:
        """Give the seq at which a path was last written, 0 for never."""
        version = self.versions.get(path)
        return version[0] if version else 0

    def is_a_persons(self, path: str) -> bool:
        """Say whether somebody, and not a rule, wrote what stands at a path or took it away."""
        version = self.versions.get(path)
        return version is not None and version[1] != SERVER

    def text(self, path: str) -> str | None:
        """Give the text at a path, None when there is none."""
        value = self.body.get(path)
        return value if isinstance(value, str) else None


def standing(session: Session, spec: KindSpec, narrow: Any) -> Iterator[Standing]:
    """Read the records of a kind that are not deleted and that `narrow` leaves."""
    model: Any = spec.model
    found = (
        select(Envelope.id, Envelope.area, Envelope.body, Envelope.versions, Envelope.created_at)
        .join(model, model.id == Envelope.id)
        .where(Envelope.deleted.is_(False))
        .order_by(Envelope.id)
    )
    for row in session.execute(narrow(found)).all():
        yield _read(row)


def only(*rules: Any) -> Any:
    """Narrow to the records for which all of these hold."""

    def narrow(found: Select[Any]) -> Select[Any]:
        return found.where(*rules)

    return narrow


def known(session: Session, ids: Collection[str]) -> set[str]:
    """Give those ids that are taken, by what stands, what was deleted and what was erased."""
    taken: set[str] = set()
    for some in chunks(ids):
        for column in (Envelope.id, Gone.id):
            taken |= set(session.scalars(select(column).where(column.in_(some))))
    return taken


def chunks(ids: Collection[str]) -> Iterable[list[str]]:
    """Give ids in lists that a database takes in one question."""
    every = list(ids)
    return (every[first : first + IDS_AT_ONCE] for first in range(0, len(every), IDS_AT_ONCE))


def day_at(value: Json) -> date | None:
    """Read the day that a value tells: a day, a moment, or when a state was said."""
    if isinstance(value, Mapping):
        value = value.get("at")
    if not isinstance(value, str):
        return None
    return day_of(read_instant(value)) if "T" in value else date.fromisoformat(value)


def _read(row: Row[Any]) -> Standing:
    body, versions = orjson.loads(row.body), read_versions(row.versions)
    return Standing(row.id, row.area, body, versions, row.created_at)
