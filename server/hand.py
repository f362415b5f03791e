"""The server's own hand: what jobs and the office's staff list write, through intake like all else.

Rights are not asked, for the caller has; the author is who it is about or who asked for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import intake
from server.access import Actor
from server.database import Database
from server.shapes import Json, write_instant
from sync.mutation import office_replica


def write(
    database: Database,
    kind: str,
    record: str,
    op: str,
    values: Mapping[str, Json],
    author: str,
    now: datetime,
    first: Callable[[Session], None] = lambda session: None,
) -> None:
    """Write one record in the server's own name, with `first` in the same transaction."""
    push = mutation(kind, record, op, values, author, now)
    actor, replica = Actor(author, ()), office_replica(author)
    intake.take(database, actor, replica, [push], now, server=True, first=first)


def mutation(
    kind: str, record: str, op: str, values: Mapping[str, Json], author: str, now: datetime
) -> dict[str, Json]:
    """Give a mutation that saw nothing: it makes a record or writes where the last stands."""
    at = write_instant(now)
    return {
        "mid": str(uuid7()),
        "replica": office_replica(author),
        "n": None,
        "author": author,
        "contract": intake.CONTRACT,
        "kind": kind,
        "id": record,
        "op": op,
        "set": {path: value for path, value in values.items() if op == "patch" or value},
        "seen": {},
        "happened_at": at,
        "captured_at": at,
        "offset_ms": 0,
    }
