"""Sealed mutations, as they are read and taken: judged under their author, whoever carried them.

A bad seal is kept too, and held. Nothing of what is in one is told to who brings it; who that was
is written down when it was not the author.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import acts, people, strict_json
from server.access import actor_of
from server.database import Database
from server.intake import keep_unreadable, take
from server.people import STRANGER_LIMIT, STRANGERS_LIMIT, Replica
from server.problems import Problem
from server.sealing import (
    BadSeal,
    Parcel,
    SealingKey,
    from_base64url,
    to_base64url,
)
from sync.mutation import INTEGER_MAX, Json, Unreadable, is_id

CARRIED, PHOTOS_CARRIED = "parcels_carried", "photos_carried"
PHONES_NAMED_MAX = 100
PHOTO_KEY_SIZE_BYTES = 32
Brought = Mapping[str | None, Sequence[str]]
"""By author, the phone of each thing that was brought; an author of no known phone is None."""


def brought_for(session: Session, by: str, phones: Iterable[str]) -> Brought:
    """Sort by author what somebody brings, by the phone of each; what is their own is left out."""
    each = list(phones)
    query = select(Replica.id, Replica.user).where(Replica.id.in_(set(each)))
    authors = {row.id: row.user for row in session.execute(query)}
    found: dict[str | None, list[str]] = defaultdict(list)
    for phone in each:
        if authors.get(phone) != by:
            found[authors.get(phone)].append(phone)
    return found


def note_brought(
    session: Session, by: str, now: datetime, brought: Brought, what: str = CARRIED
) -> None:
    """Write down who brought it, once for each author: how many, and from which phones."""
    for author in sorted(brought, key=str):
        phones = sorted(set(brought[author]))[:PHONES_NAMED_MAX]
        acts.note(session, what, by, now, author, count=len(brought[author]), phones=phones)


def take_parcel(
    database: Database, key: SealingKey, parcel: Parcel, now: datetime, stranger: str | None = None
) -> None:
    """Take one into custody, and judge it; `stranger` and Throttled as in `keep_closed`."""
    with database.reading() as session:
        row = session.get(Replica, parcel.replica)
        actor = actor_of(session, row.user) if row is not None else None
    try:
        if row is None or actor is None:
            raise BadSeal("no such replica")
        raw = key.open(parcel, row.public_key)
        if not _says_the_same(parcel, raw):
            raise BadSeal("another mutation than the envelope says")
    except BadSeal:
        owner, raw = row.user if row else None, strict_json.canonical(as_written(parcel))
        keep_closed(database, parcel.mid, parcel.replica, owner, raw, now, stranger)
        return
    take(database, actor, parcel.replica, [raw], now, sealed=True)


def keep_closed(
    database: Database,
    mid: str,
    replica: str,
    owner: str | None,
    raw: bytes,
    now: datetime,
    stranger: str | None = None,
) -> None:
    """Keep what cannot be opened, or was not signed by its phone; it is held as unreadable.

    `stranger`: the address of somebody who has not logged in. Anybody can make such bytes, and they
    are kept for good, so from there comes no more than there is room for: raises Throttled, and
    then it is not kept here, but still where it came from.
    """
    if stranger is not None:
        _make_room(database, stranger, len(raw), now)
    keep_unreadable(database, mid=mid, replica=replica, owner=owner, raw=raw, now=now)


def _make_room(database: Database, address: str, size_bytes: int, now: datetime) -> None:
    one, together = ("closed", address, STRANGER_LIMIT), ("closed", "", STRANGERS_LIMIT)
    people.count_tries(database, now, one, together, size=size_bytes)


def photo_key(
    database: Database, key: SealingKey, id: str, sealed: object
) -> tuple[Replica, bytes]:
    """Give the phone of a photo that comes as it lies in a vault, and what opens it, from the key
    that was sealed there and signed; raises unreadable."""
    try:
        said = strict_json.loads(from_base64url(sealed))
    except (ValueError, Unreadable) as bad:
        raise Problem("unreadable") from bad
    parcel = read_parcel({**said, "mid": id} if isinstance(said, dict) else None)
    with database.reading() as session:
        row = session.get(Replica, parcel.replica)
    if row is None:
        raise Problem("unreadable")
    try:
        opens = key.open(parcel, row.public_key)
    except BadSeal as bad:
        raise Problem("unreadable") from bad
    if len(opens) != PHOTO_KEY_SIZE_BYTES:
        raise Problem("unreadable")
    return row, opens


def as_written(parcel: Parcel) -> dict[str, Json]:
    """Give a parcel as it travels."""
    return {
        "mid": parcel.mid,
        "replica": parcel.replica,
        "n": parcel.n,
        "key": parcel.key,
        "enc": to_base64url(parcel.enc),
        "ciphertext": to_base64url(parcel.ciphertext),
        "signature": to_base64url(parcel.signature),
    }


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
