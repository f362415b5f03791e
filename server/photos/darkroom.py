"""Where what has arrived is redrawn, outside any transaction, and its record told of the outcome.

It may be repeated and run twice at once: the same bytes give the same picture and mutation. What
came ends when the record says that the picture is stored; what is refused is kept as it came.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid5

import orjson
import structlog
from sqlalchemy import Select, or_, select

from server.access import Actor
from server.config import Settings
from server.database import Database
from server.intake import CONTRACT, SERVER, take
from server.logs import trace
from server.photos.attachments import (
    RECEIVED,
    RECEIVING,
    SETTLED,
    Upload,
    let_go_of_sent,
    record_of,
    store_of,
)
from server.photos.file_store import FileStore
from server.photos.pictures import Refused, redraw
from server.records.record import Envelope
from server.shapes import Json, write_instant
from sync.mutation import NS

LEFT_OVER_AFTER = timedelta(minutes=2)
"""What nobody has redrawn by then was left by a process that ended."""
TELLS_AT_ONCE = 200
developing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="developing")
"""Where pictures are redrawn, one at a time, after their request was answered."""
_log = structlog.get_logger("darkroom")


def settle(database: Database, store: FileStore, id: str, now: datetime) -> None:
    """Redraw what has arrived whole, and tell its record."""
    with database.reading() as session:
        row = session.get(Upload, id)
    if row is None or row.state == RECEIVING:
        return
    if row.state == RECEIVED:
        outcome = _redrawn(store, id, now)
        with database.writing() as session:
            row = session.get_one(Upload, id)
            if row.state == RECEIVED:
                row.state, row.outcome = (SETTLED if outcome else RECEIVING), outcome
    tell(database, store, [id], now)


def develop(database: Database, store: FileStore, id: str, now: datetime) -> Future[None]:
    """Settle what has arrived behind the request; what a crash leaves, the scheduler takes up."""

    def work() -> None:
        try:
            settle(database, store, id, now)
        except Exception as fault:
            _log.error("a picture could not be settled", id=id, **trace(fault))

    return developing.submit(work)


def settle_left_over(database: Database, settings: Settings, now: datetime) -> None:
    """Take up what a process left when it ended, and tell the records that came after their bytes.

    One that breaks does not stop the others; it is tried again at the next look.
    """
    store = store_of(settings)
    with database.reading() as session:
        waiting = list(session.scalars(_left_over(now)))
        late = list(session.scalars(_untold().limit(TELLS_AT_ONCE)))
    for id in waiting:
        try:
            settle(database, store, id, now)
        except Exception as fault:
            _log.error("a picture could not be settled", id=id, **trace(fault))
    tell(database, store, late, now)


def tell(database: Database, store: FileStore, ids: Sequence[str], now: datetime) -> None:
    """Write what became of the bytes into their records, as mutations of the server's own."""
    for id in ids:
        with database.reading() as session:
            row, record = session.get(Upload, id), record_of(session, id)
        if row is None or row.outcome is None or row.told_at or record is None or record.deleted:
            continue
        actor = Actor(row.user, ())
        told = _telling(row, record)
        [result] = take(database, actor, SERVER, [told], now, server=True)
        if result.state != "applied":
            _log.error("a record could not be told of its picture", id=id, reason=result.reason)
            continue
        with database.writing() as session:
            session.get_one(Upload, id).told_at = now
        if "stored" in told["set"]:
            let_go_of_sent(store, id)


def _redrawn(store: FileStore, id: str, now: datetime) -> dict[str, Json] | None:
    """Give what the record is to be told; None when nothing is here, and all must come again.

    A restore may bring back an upload of before its picture was stored, and the picture alone.
    """
    sent = store.open(f"originals/{id}")
    given = sent if sent is not None else store.open(f"pictures/{id}")
    if given is None:
        return None
    at = write_instant(now)
    try:
        drawn = redraw(given)
    except Refused as refused:
        return {"refused": {"reason": str(refused), "at": at}}
    kept = given if sent is None else drawn.jpeg
    if sent is not None:
        store.put(f"pictures/{id}", drawn.jpeg)
    store.put(f"thumbnails/{id}", drawn.small)
    return {
        "stored": {
            "sha_stored": hashlib.sha256(kept).hexdigest(),
            "bytes": len(kept),
            "width": drawn.width,
            "height": drawn.height,
            "at": at,
        }
    }


def _telling(row: Upload, record: Envelope) -> dict[str, Any]:
    """Give the mutation that tells; the same bytes each time, so that it counts once."""
    outcome = dict(row.outcome or {})
    if orjson.loads(record.body).get("sha_sent") != row.sha256:
        at = write_instant(row.received_at or row.begun_at)
        outcome = {"refused": {"reason": "different", "at": at}}
    [(path, value)] = outcome.items()
    at = value["at"]
    return {
        "mid": str(uuid5(NS, f"settled|{row.id}|{row.sha256}|{path}")),
        "replica": SERVER,
        "n": None,
        "author": row.user,
        "contract": CONTRACT,
        "kind": record.kind,
        "id": row.id,
        "op": "patch",
        "set": outcome,
        "seen": {path: {"value": None, "seq": 0}},
        "happened_at": at,
        "captured_at": at,
        "offset_ms": 0,
    }


def _left_over(now: datetime) -> Select[str]:
    old = or_(Upload.received_at.is_(None), Upload.received_at < now - LEFT_OVER_AFTER)
    return select(Upload.id).where(Upload.state == RECEIVED, old).order_by(Upload.id)


def _untold() -> Select[str]:
    standing = select(Envelope.id).where(Envelope.id == Upload.id, Envelope.deleted.is_(False))
    return (
        select(Upload.id)
        .where(Upload.state == SETTLED, Upload.told_at.is_(None), standing.exists())
        .order_by(Upload.id)
    )
