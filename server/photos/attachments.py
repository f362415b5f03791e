"""The bytes of attachments: taken in parts, kept as they came until they are stored redrawn.

What came is never served. Who may see a picture is who may see its record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import JSON, Integer, String, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import access_log
from server.access import visible
from server.config import Settings
from server.database import Base, Database, Instant
from server.photos.file_store import FileStore, FolderStore
from server.records.attachment import SIZE_MAX_BYTES, Attachment
from server.records.record import Envelope, Gone

KEPT_WITHOUT_RECORD = timedelta(days=400)
"""So long the bytes wait for a record that never came; they are counted in the office meanwhile."""
NONCE_SIZE_BYTES = 12
LOOKED_AT_ONCE = 500
RECEIVING, RECEIVED, SETTLED = "receiving", "received", "settled"


class Upload(Base):
    """The bytes of one attachment on their way, and what became of them."""

    __tablename__ = "upload"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(String(36))
    replica: Mapped[str] = mapped_column(String(36))
    length: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    begun_at: Mapped[datetime] = mapped_column(Instant)
    received_at: Mapped[datetime | None] = mapped_column(Instant)
    outcome: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    """What the record is to be told: {"stored": …} or {"refused": …}."""
    told_at: Mapped[datetime | None] = mapped_column(Instant)


class NotTheirs(Exception):
    """The id is known as something of another's, or is none that bytes may come for."""


class Different(Exception):
    """These are not the bytes that were announced; what came has been let go."""


@dataclass(frozen=True)
class Announced:
    """Who sends what: said with every part, and the same each time.

    What comes sealed is announced as it travels; what is in it is known when it is whole.
    """

    id: str
    user: str
    replica: str
    length: int
    sha256: str


@dataclass(frozen=True)
class Arrived:
    """How far the bytes of one attachment have come."""

    offset: int
    length: int
    complete: bool


def store_of(settings: Settings) -> FolderStore:
    """Give the store of attachments."""
    about = b"oppgang/attachments/1|"
    keys = [hashlib.sha256(about + each).digest() for each in settings.backup_keys]
    return FolderStore(settings.attachments, *keys)


def arrived(session: Session, store: FileStore, id: str, user: str) -> Arrived | None:
    """Say how far an upload of this user's has come; None when there is none."""
    row = session.scalars(select(Upload).where(Upload.id == id, Upload.user == user)).first()
    return None if row is None else _arrived(row, store)


def receive(
    database: Database,
    store: FileStore,
    said: Announced,
    offset: int,
    content: bytes,
    now: datetime,
    key: bytes | None = None,
) -> Arrived:
    """Take one part into custody; after the last, the whole. Raises NotTheirs, Different, or
    WrongOffset. A part of what is whole already changes nothing. `key` opens what came sealed.
    What was erased is let go unread, and whoever sends it is told that nothing is missing."""
    with database.reading() as session:
        if session.get(Gone, said.id) is not None:
            return Arrived(said.length, said.length, complete=True)
    row = _begun(database, store, said, now)
    if row.state != RECEIVING:
        return _arrived(row, store)
    here = store.offset(said.id)
    if offset + len(content) > said.length:
        raise Different
    if content or offset != here:
        here = store.put_part(said.id, offset, content)
    if here < said.length:
        return Arrived(here, said.length, complete=False)
    whole = store.finish(said.id, f"originals/{said.id}", said.sha256)
    plain = _unsealed(store, said.id, key) if whole and key is not None else None
    with database.writing() as session:
        row = session.get_one(Upload, said.id)
        if whole and row.state == RECEIVING:
            row.state, row.received_at = RECEIVED, now
            if plain is not None:
                row.length, row.sha256 = len(plain), hashlib.sha256(plain).hexdigest()
        complete = row.state != RECEIVING
    store.drop_parts(said.id)
    if not complete:
        raise Different
    return Arrived(said.length, said.length, complete=True)


def picture(
    session: Session, store: FileStore, mine: Sequence[str], id: str, *, small: bool = False
) -> bytes | None:
    """Give the picture of an attachment as JPEG; None when it is missing, forbidden or not ready.

    Nothing but what was redrawn here is ever given out. Whether it may be seen is asked first, of
    what is missing too: one question more for what is forbidden would tell by its time.
    """
    record = record_of(session, id) if id in visible(session, mine, [id]) else None
    if record is None or not _says_stored(record.body):
        return None
    access_log.note(session, record.kind, (id,))
    return store.open(f"{'thumbnails' if small else 'pictures'}/{id}")


def orphans(session: Session, now: datetime) -> int:
    """Count the uploads that have had no record for an hour; the office is told of them."""
    return session.execute(
        select(func.count())
        .select_from(Upload)
        .where(Upload.begun_at < now - timedelta(hours=1), ~_has_record())
    ).scalar_one()


def drop_expired(database: Database, settings: Settings, now: datetime) -> int:
    """Let go of bytes whose record has not come in 400 days; give how many."""
    store = store_of(settings)
    with database.writing() as session:
        old = Upload.begun_at < now - KEPT_WITHOUT_RECORD
        rows = list(session.scalars(select(Upload).where(old, ~_has_record())))
        for row in rows:
            session.delete(row)
    for row in rows:
        let_go_of_sent(store, row.id)
        for folder in ("pictures", "thumbnails"):
            store.delete(f"{folder}/{row.id}")
    return len(rows)


def let_go_of_sent(store: FileStore, id: str) -> None:
    """Take away what came: it may tell where a picture was taken, and by what."""
    store.drop_parts(id)
    store.delete(f"originals/{id}")


def drop_stored(database: Database, settings: Settings) -> int:
    """Let go of what came of pictures that are stored; give how many.

    Such are left by a crash, by a restore, and by versions that kept them with their records.
    """
    store = store_of(settings)
    redrawn = sorted(store.ids("originals") & store.ids("pictures"))
    count = 0
    for start in range(0, len(redrawn), LOOKED_AT_ONCE):
        piece = redrawn[start : start + LOOKED_AT_ONCE]
        with database.reading() as session:
            here = select(Envelope.id, Envelope.body).where(Envelope.id.in_(piece))
            stored = [row.id for row in session.execute(here) if _says_stored(row.body)]
        for id in stored:
            let_go_of_sent(store, id)
        count += len(stored)
    return count


def _unsealed(store: FileStore, id: str, key: bytes) -> bytes:
    """Open what came sealed and keep it so; what does not open is kept as it came."""
    sealed = store.open(f"originals/{id}") or b""
    about = f"oppgang/1|photo|{id}".encode()
    try:
        plain = AESGCM(key).decrypt(sealed[:NONCE_SIZE_BYTES], sealed[NONCE_SIZE_BYTES:], about)
    except (InvalidTag, ValueError):
        return sealed
    store.put(f"originals/{id}", plain)
    return plain


def _begun(database: Database, store: FileStore, said: Announced, now: datetime) -> Upload:
    """Give the upload's row, made at its first part; one that is announced anew begins anew."""
    with database.reading() as session:
        row = session.get(Upload, said.id)
        record = session.get(Envelope, said.id)
    if record is not None and not _is_theirs(record, said.user):
        raise NotTheirs
    if row is None:
        row = _new(database, said, now)
    if row.user != said.user:
        raise NotTheirs
    if row.state == RECEIVING and (row.length, row.sha256) != (said.length, said.sha256):
        with database.writing() as session:
            row = session.get_one(Upload, said.id)
            row.length, row.sha256 = said.length, said.sha256
        store.drop_parts(said.id)
    return row


def _new(database: Database, said: Announced, now: datetime) -> Upload:
    new = Upload(**asdict(said), state=RECEIVING, begun_at=now)
    try:
        with database.writing() as session:
            session.add(new)
        return new
    except IntegrityError:  # the same part came twice at once, and the other was first
        with database.reading() as session:
            return session.get_one(Upload, said.id)


def _is_theirs(record: Envelope, user: str) -> bool:
    return record.kind == Attachment.spec.name and user in orjson.loads(record.authors)


def _arrived(row: Upload, store: FileStore) -> Arrived:
    whole = row.state != RECEIVING
    return Arrived(row.length if whole else store.offset(row.id), row.length, whole)


def record_of(session: Session, id: str) -> Envelope | None:
    """Give the attachment's record; None when there is none, or it is something else."""
    found = session.get(Envelope, id)
    return found if found is not None and found.kind == Attachment.spec.name else None


def _says_stored(body: bytes) -> bool:
    return bool(orjson.loads(body).get("stored"))


def _has_record() -> Any:
    return select(Envelope.id).where(Envelope.id == Upload.id).exists()


__all__ = ["SIZE_MAX_BYTES", "Announced", "Arrived", "Different", "NotTheirs", "Upload"]
