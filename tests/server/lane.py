"""How a phone sends a picture and asks for it, for tests; it holds no expectation."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import orjson
from flask import Flask
from sqlalchemy import text
from werkzeug.datastructures import Headers
from werkzeug.test import TestResponse

from server.config import Settings
from server.database import Database
from server.photos.attachments import store_of
from server.photos.darkroom import settle
from tests.makers import new_id, visit
from tests.photos import attachment, photo
from tests.server.phone import OURS, Phone

PHOTO = photo()


def send(
    phone: Phone,
    id: str,
    content: bytes,
    start: int = 0,
    end: int | None = None,
    said: Mapping[str, str] | None = None,
) -> TestResponse:
    """Send the bytes from `start` to `end` of a picture; `said` is announced instead."""
    headers = {
        **OURS,
        "X-Oppgang-Replica": phone.replica,
        "Upload-Offset": str(start),
        "Upload-Length": str(len(content)),
        "Upload-Sha256": sha256(content).hexdigest(),
        **(said or {}),
    }
    where = f"/api/v1/attachments/{id}"
    return phone.client.patch(where, data=content[start:end], headers=headers)


def head(phone: Phone, id: str) -> Headers:
    """Ask how far a picture has come."""
    return phone.client.head(f"/api/v1/attachments/{id}").headers


def get(phone: Phone, id: str, small: bool = False) -> TestResponse:
    """Ask for a picture."""
    return phone.client.get(f"/api/v1/attachments/{id}{'?small=1' if small else ''}")


def begin(phone: Phone, content: bytes = PHOTO, record: str | None = None) -> str:
    """Make a visit, or take another record, and begin an attachment to it; give its id."""
    if record is None:
        record, body = visit()
        phone.sync(phone.write("visit", record, body))
    id = new_id()
    [result] = phone.sync(phone.write("attachment", id, attachment(record, content)))
    assert result["state"] == "applied", result
    return id


def settled(phone: Phone, database: Database, settings: Settings, id: str) -> dict[str, object]:
    """Redraw what arrived, and give the attachment's body as its phone then has it."""
    settle(database, store_of(settings), id, datetime.now(UTC))
    phone.sync()
    return phone.body(id)


def store_at_once(
    app: Flask, id: str, content: bytes = b"jpeg", width: int = 30, height: int = 40
) -> None:
    """Lay a picture into the store and let its record say so, without the cost of redrawing."""
    for folder in ("pictures", "thumbnails"):
        store_of(app.extensions["oppgang_settings"]).put(f"{folder}/{id}", content)
    stored = {
        "sha_stored": sha256(content).hexdigest(),
        "bytes": len(content),
        "width": width,
        "height": height,
        "at": "2026-11-23T08:00:00.000Z",
    }
    with app.extensions["oppgang"].writing() as session:
        found = session.execute(text("SELECT body FROM record WHERE id = :id").bindparams(id=id))
        body = {**orjson.loads(found.scalar_one()), "stored": stored}
        written = text("UPDATE record SET body = :body WHERE id = :id")
        session.execute(written.bindparams(body=orjson.dumps(body), id=id))


def on_disk(settings: Settings) -> list[Path]:
    """Every file of the store."""
    return [path for path in settings.attachments.rglob("*") if path.is_file()]
