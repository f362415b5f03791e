"""Sealed mutations: a door without a session, where a carrier learns only that they are in custody.

What is in a parcel is judged under its author's rights; a bad seal is kept too, and held.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server import people, strict_json
from server.access import actor_of
from server.api import door
from server.api.login import throttled_problem
from server.intake import keep_unreadable, take
from server.people import PARCEL_LIMIT, Replica
from server.problems import Problem
from server.sealing import BadSeal, Parcel, check_signature, from_base64url, to_base64url
from sync.mutation import INTEGER_MAX, Unreadable, is_id

PARCELS_MAX = 500
ENVELOPE_SIZE_MAX_BYTES = 2 * 1_048_576
"""Base64url makes a mebibyte of mutations a third larger."""
parcel_pages = Blueprint("parcels", __name__)


@parcel_pages.post("/parcels")
def parcels() -> ResponseReturnValue:
    """Take parcels into custody; whoever carried them learns nothing else."""
    door.refuse_other_sites()
    count_carried()
    given = door.read_object(ENVELOPE_SIZE_MAX_BYTES).get("parcels")
    if not isinstance(given, list):
        raise Problem("unreadable")
    if len(given) > PARCELS_MAX:
        raise Problem("too_large")
    opened = [read_parcel(item) for item in given]
    for parcel in opened:
        _take(parcel)
    results = [{"mid": parcel.mid, "state": "in_custody"} for parcel in opened]
    return door.answer({"results": results})


def count_carried() -> None:
    """Count one request that comes without a session; raises throttled."""
    refused: people.Throttled | None = None
    with door.database().writing() as session:
        try:
            people.count_try(session, "parcels", door.address(), PARCEL_LIMIT, door.moment())
        except people.Throttled as throttled:
            refused = throttled
    if refused is not None:
        raise throttled_problem(refused)


def _take(parcel: Parcel) -> None:
    with door.database().reading() as session:
        row = session.get(Replica, parcel.replica)
        actor = actor_of(session, row.user) if row is not None else None
    try:
        if row is None or actor is None:
            raise BadSeal("no such replica")
        check_signature(parcel, row.public_key)
        raw = door.sealing_key().open(parcel)
        if not _says_the_same(parcel, raw):
            raise BadSeal("another mutation than the envelope says")
    except BadSeal:
        keep_unreadable(
            door.database(),
            mid=parcel.mid,
            replica=parcel.replica,
            owner=row.user if row is not None else None,
            raw=_written(parcel),
            now=door.moment(),
        )
        return
    take(door.database(), actor, parcel.replica, [raw], door.moment(), sealed=True)


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
