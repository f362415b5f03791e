"""The records that every municipality begins with, written by the server in its own name.

Laying them in twice, or from two processes at once, is harmless; an edition is never edited.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid5

from sqlalchemy import select

from server.access import Actor
from server.checklists import as_records
from server.database import Database
from server.intake import CONTRACT, SERVER, take
from server.records.record import Envelope
from server.shapes import Json, write_instant
from sync.mutation import NS

MADE_AT = datetime(2026, 11, 23, tzinfo=UTC)
"""One moment for all, so that each process writes the same bytes under the same mid."""


class BadSeed(Exception):
    """A seed was not taken as it stands; the text says which and why."""


def lay_in(database: Database, now: datetime) -> int:
    """Write the editions of checklists that are not here yet; give how many were."""
    seeds = as_records()
    with database.reading() as session:
        here = set(session.scalars(select(Envelope.id).where(Envelope.id.in_(seeds))))
    missing = [_creation("checklist", id, body) for id, body in seeds.items() if id not in here]
    for result in take(database, Actor(SERVER, ()), SERVER, missing, now, server=True):
        if result.state != "applied":
            raise BadSeed(f"{result.mid}: {result.state}, {result.reason}")
    return len(missing)


def _creation(kind: str, id: str, body: dict[str, Json]) -> dict[str, Json]:
    moment = write_instant(MADE_AT)
    return {
        "mid": str(uuid5(NS, f"seed|{kind}|{id}")),
        "replica": SERVER,
        "n": None,
        "author": SERVER,
        "contract": CONTRACT,
        "kind": kind,
        "id": id,
        "op": "create",
        "set": body,
        "seen": {},
        "happened_at": moment,
        "captured_at": moment,
        "offset_ms": 0,
    }
