"""Notes written at a phone's lock, when their vault is given up and nobody can open them there.

While it was open the phone laid down the key to them, sealed to us and signed by its replica. They
come as drafts of its user's alone, who sees before anybody what was written in their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid5

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.orm import Session

from server import hand, intake, ledger, strict_json
from server.access import Actor
from server.database import Database
from server.parcels import as_written, keep_closed
from server.people import Replica
from server.planning.calendar import day_of
from server.records.envelope import Envelope
from server.sealing import (
    BadSeal,
    Parcel,
    SealingKey,
    from_base64url,
    opened,
    to_base64url,
)
from server.shapes import read_instant, state_of
from sync.mutation import Unreadable, office_replica

KIND = "conversation"
NS = UUID("0f7a4b52-6c1d-4e7e-9a50-2b1b9f6f0c11")


@dataclass(frozen=True)
class LockedNote:
    """One note as it lay at the lock of a vault; only its envelope can be read without the key."""

    vault: str
    id: str
    enc: bytes
    ciphertext: bytes

    @property
    def info(self) -> bytes:
        """Give the words that the seal is bound to."""
        return f"oppgang/1|note|{self.vault}|{self.id}".encode()


def take_note(
    database: Database,
    key: SealingKey,
    deposit: Parcel,
    note: LockedNote,
    now: datetime,
    stranger: str,
) -> None:
    """Take one into custody: a draft of its author's; what cannot be opened is kept, and held.

    `stranger` and Throttled as in `parcels.keep_closed`.
    """
    with database.reading() as session:
        row = session.get(Replica, deposit.replica)
        author = row.user if row is not None else None
        signer = row.public_key if row is not None else None
    try:
        if author is None:
            raise BadSeal("no such replica")
        own = _key_in(key.open(deposit, signer), note.vault)
        words, written = _read(opened(own, note.enc, note.ciphertext, note.info), now)
        values = {"talked_on": day_of(written).isoformat(), f"notes/{author}": words}
        push = hand.mutation(KIND, note.id, "create", values, author, written)
        push["mid"] = str(uuid5(NS, f"{note.vault}|{note.id}"))
        first = partial(_refuse_anothers, record=note.id, author=author, mid=str(push["mid"]))
        actor, replica = Actor(author, ()), office_replica(author)
        intake.take(database, actor, replica, [push], now, server=True, first=first)
    except (BadSeal, Unreadable, ValueError):
        raw = _written(deposit, note)
        keep_closed(database, note.id, deposit.replica, author, raw, now, stranger)


def _refuse_anothers(session: Session, record: str, author: str, mid: str) -> None:
    """Raise BadSeal when a note claims the id of what is not a draft of its author's alone.

    The server writes it in its own name, so no rights are asked: whoever makes what is here already
    would become one of its authors, and read it; and what was sent in is closed.
    """
    here = session.get(Envelope, record)
    if here is None or ledger.find(session, [mid]):
        return
    draft = state_of(orjson.loads(here.body).get("status")) == "draft"
    if not draft or orjson.loads(here.authors) != [author]:
        raise BadSeal("the id of another record")


def _key_in(said: bytes, vault: str) -> ec.EllipticCurvePrivateKey:
    """Give the key to the notes of this very vault; nothing else sealed to us is taken for one."""
    value = strict_json.loads(said)
    if not isinstance(value, dict) or value.keys() != {"vault", "key"} or value["vault"] != vault:
        raise BadSeal("no key to these notes")
    number = int.from_bytes(from_base64url(value["key"]))
    return ec.derive_private_key(number, ec.SECP256R1())


def _read(plain: bytes, now: datetime) -> tuple[str, datetime]:
    """Give the words and when they were written, which is not after now."""
    value: Any = strict_json.loads(plain)
    if not isinstance(value, dict) or not isinstance(value.get("words"), str):
        raise BadSeal("no note")
    return value["words"], min(read_instant(str(value.get("written_at"))), now)


def _written(deposit: Parcel, note: LockedNote) -> bytes:
    said = {"vault": note.vault, "id": note.id}
    sealed = {"enc": to_base64url(note.enc), "ciphertext": to_base64url(note.ciphertext)}
    return strict_json.canonical({"deposit": as_written(deposit), "note": {**said, **sealed}})
