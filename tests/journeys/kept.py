"""What a journey asks the database about records; it never writes."""

from __future__ import annotations

import orjson
from sqlalchemy import select

from server.database import Database
from server.records.record import Envelope
from server.shapes import Json, state_of


def kept(database: Database, kind: str) -> list[dict[str, Json]]:
    """The bodies of every record of a kind that is there."""
    with database.reading() as session:
        rows = session.scalars(
            select(Envelope.body).where(Envelope.kind == kind, Envelope.deleted.is_(False))
        )
        return [orjson.loads(body) for body in rows]


def is_sent(record: dict[str, Json]) -> bool:
    """Whether it has been handed in."""
    return state_of(record.get("status")) == "submitted"


def sent(database: Database, kind: str) -> list[dict[str, Json]]:
    """The records of a kind that have been handed in."""
    return [one for one in kept(database, kind) if is_sent(one)]
