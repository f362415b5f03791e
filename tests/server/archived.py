"""What is due for the archive, packed and received as a municipality would do it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from server.access import Actor
from server.config import Settings
from server.database import Database
from server.intake import take
from server.keeping.archive.handover import receive
from server.keeping.archive.pack import Packed, pack
from server.keeping.archive.packages import ArchivePackage
from server.photos.attachments import store_of
from server.records.record import Envelope, Gone
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import DWELLING_EAST, NOW, example, mutation
from tests.server.test_retention import BY, LATER, make

WORDS = "Ringte på, ingen åpnet «døra» – ć 👩‍🔧"
AFTER = LATER + timedelta(days=7)


def visit(database: Database, **more: Json) -> str:
    """A visit whose time in the app is over at LATER."""
    return make(
        database,
        "visit",
        {"dwelling": DWELLING_EAST, "visited_on": "2026-11-24", "outcome": "completed", **more},
    )


def addendum(database: Database, record: str, words: str = WORDS) -> str:
    return make(database, "addendum", {"record": record, "words": words})


def picture(database: Database, settings: Settings, record: str) -> str:
    """A picture of a record, that is in the store and says so."""
    stored: dict[str, Json] = {"sha_stored": "0" * 64, "bytes": 4, "width": 1, "height": 1}
    body = example("attachment", record=record)
    body["stored"] = stored | {"at": "2026-11-24T08:00:00.000Z"}
    id = make(database, "attachment", body)
    store_of(settings).put(f"pictures/{id}", b"jpeg")
    return id


def change(database: Database, kind: str, id: str, **values: Json) -> None:
    """Change a record in the server's own name."""
    with database.reading() as session:
        row = session.get_one(Envelope, id)
        seen = {path: (json.loads(row.body).get(path), row.seq) for path in values}
    push = mutation(kind, id, values, author="lise", op="patch", seen=seen)
    (result,) = take(database, Actor(BY, ()), office_replica(BY), [push], NOW, server=True)
    assert (result.state, result.reason) == ("applied", None), result


def packed(
    database: Database, settings: Settings, folder: Path, now: datetime = LATER, **how: Any
) -> Packed:
    store = store_of(settings)
    return pack(database, folder, lambda id: store.open(f"pictures/{id}"), "cli:test", now, **how)


def received(database: Database, settings: Settings, package: str) -> None:
    receive(database, settings, package, mark(database, package), "Mottak 2032/7", BY, AFTER)


def mark(database: Database, package: str) -> str:
    """How the fingerprint of a package begins, as it was printed when it was made."""
    with database.reading() as session:
        return session.get_one(ArchivePackage, package).manifest[:8]


def names(folder: Path) -> set[str]:
    """The ids of all that has a document in a package."""
    return {path.stem for path in (folder / "dokumenter").rglob("*.pdf")}


def manifest(folder: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return read


def gone(database: Database) -> set[str]:
    with database.reading() as session:
        return set(session.scalars(select(Gone.id)))
