"""Sealed mutations, as they are read and taken: judged under their author, whoever carried them.

A bad seal is kept too, and held. Nothing of what is in one is told to who brings it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from server import strict_json
from server.access import actor_of
from server.database import Database
from server.intake import keep_unreadable, take
from server.people import Replica
from server.problems import Problem
from server.sealing import (
    BadSeal,
    Parcel,
    SealingKey,
    check_signature,
    from_base64url,
    to_base64url,
)
from sync.mutation import INTEGER_MAX, Unreadable, is_id


def take_parcel(database: Database, key: SealingKey, parcel: Parcel, now: datetime) -> None:
    """Take one into custody, and judge it."""
    with database.reading() as session:
        row = session.get(Replica, parcel.replica)
        actor = actor_of(session, row.user) if row is not None else None
    try:
        if row is None or actor is None:
            raise BadSeal("no such replica")
        check_signature(parcel, row.public_key)
        raw = key.open(parcel)
        if not _says_the_same(parcel, raw):
            raise BadSeal("another mutation than the envelope says")
    except BadSeal:
        keep_unreadable(
            database,
            mid=parcel.mid,
            replica=parcel.replica,
            owner=row.user if row is not None else None,
            raw=_written(parcel),
            now=now,
        )
        return
    take(database, actor, parcel.replica, [raw], now, sealed=True)


def _written(parcel: Parcel) -> bytes:
    return strict_json.canonical(
        {
            "mid": parcel.mid,
            "replica": parcel.replica,
            "n": parcel.n,
            "key": parcel.key,
            "enc": to_base64url(parcel.enc),
            "ciphertext": to_base64url(parcel.ciphertext),
            "signature": to_base64url(parcel.signature),
        }
    )


def _says_the_same(parcel: Parcel, raw: bytes) -> bool:
    try:
        value = strict_json.loads(raw)
    except Unreadable:
        return False
    return isinstance(value, dict) and all(
        value.get(name) == getattr(parcel, name) for name in ("mid", "replica", "n")
    )


def read_parcel(item: Any) -> Parcel:
    """Read a sealed envelope; raises unreadable."""
    if not isinstance(item, dict) or not is_id(item.get("mid")) or not is_id(item.get("replica")):
        raise Problem("unreadable")
    n, key = item.get("n"), item.get("key")
    if type(n) is not int or not 1 <= n <= INTEGER_MAX or not isinstance(key, str):
        raise Problem("unreadable")
    try:
        return Parcel(
            mid=item["mid"],
            replica=item["replica"],
            n=n,
            key=key[:64],
            enc=from_base64url(item.get("enc")),
            ciphertext=from_base64url(item.get("ciphertext")),
            signature=from_base64url(item.get("signature")),
        )
    except ValueError as bad:
        raise Problem("unreadable") from bad
