"""Writes records of the programmes as somebody's office page would, for the folders' tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson

from server.access import actor_of
from server.database import Database
from server.demo.municipality import STAFF
from server.intake import take
from server.records.record import Envelope
from sync.mutation import office_replica
from tests.makers import mutation, new_id


def written(
    database: Database, kind: str, values: dict[str, Any], *, login: str = "kari", id: str = ""
) -> str:
    """Let somebody make a record, or with an id change it having seen it as it stands."""
    person, now, seen = STAFF[login], datetime.now(UTC), {}
    with database.reading() as session:
        actor = actor_of(session, person.id)
        if id:
            row = session.get_one(Envelope, id)
            body = orjson.loads(row.body)
            seen = {path: (body.get(path), row.seq) for path in values}
    op = "patch" if id else "create"
    made = mutation(kind, id or new_id(), values, author=person.id, op=op, seen=seen, now=now)
    (result,) = take(database, actor, office_replica(person.id), [made], now)
    assert result.state == "applied", result
    return str(made["id"])


def body_of(database: Database, id: str) -> dict[str, Any]:
    """Give a record's body as it stands."""
    with database.reading() as session:
        body: dict[str, Any] = orjson.loads(session.get_one(Envelope, id).body)
    return body


def anchor(id: str) -> str:
    """Give how a record is marked in its folder."""
    return f'id="p-{id}"'
