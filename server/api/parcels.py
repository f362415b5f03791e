"""Sealed mutations: a door without a session, where a carrier learns only that they are in custody.

What is in a parcel is judged under its author's rights; a bad seal is kept too, and held. The last
word of a vault that was emptied comes this way too. A login is not asked for; one that comes along
says who carried it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

import structlog
from flask import Blueprint
from flask.typing import ResponseReturnValue

from server import people, strict_json
from server.api import door
from server.api.login import throttled_problem
from server.keeping import receipts
from server.logs import trace
from server.parcels import CARRIED, brought_for, note_brought, read_parcel, take_parcel
from server.people import PARCEL_LIMIT, Replica
from server.problems import Problem
from server.sealing import BadSeal
from sync.mutation import Unreadable

PARCELS_MAX = 500
ENVELOPE_SIZE_MAX_BYTES = 2 * 1_048_576
"""Base64url makes a mebibyte of mutations a third larger."""
RECEIPT_SIZE_MAX_BYTES = 4_096
parcel_pages = Blueprint("parcels", __name__)
_log = structlog.get_logger("parcels")


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
    kept, key, now, stranger = door.database(), door.sealing_key(), door.moment(), door.address()
    full = take_each(partial(take_parcel, kept, key, each, now, stranger) for each in opened)
    note_carrier(parcel.replica for parcel in opened)
    if full is not None:
        raise throttled_problem(full)
    results = [{"mid": parcel.mid, "state": "in_custody"} for parcel in opened]
    return door.answer({"results": results})


@parcel_pages.post("/emptied")
def emptied() -> ResponseReturnValue:
    """Take the receipt of a vault that deleted all that could be read of it.

    Its own key signed it before that key went. Whose login there is by now does not matter.
    """
    door.refuse_other_sites()
    count_carried()
    parcel = read_parcel(door.read_object(RECEIPT_SIZE_MAX_BYTES).get("sealed"))
    with door.database().reading() as session:
        row = session.get(Replica, parcel.replica)
    try:
        signer = row.public_key if row is not None else None
        said = strict_json.loads(door.sealing_key().open(parcel, signer))
        if said != {"emptied": parcel.replica}:
            raise BadSeal("no receipt")
    except (BadSeal, Unreadable) as bad:
        raise Problem("unreadable") from bad
    with door.database().writing() as session:
        people.note_emptied(session, parcel.replica, door.moment())
        receipts.take_all(session, parcel.replica, door.moment())
    return door.answer({"emptied": parcel.replica})


def take_each(takings: Iterable[Callable[[], None]]) -> people.Throttled | None:
    """Take all for which there is room, whatever came before; give what refused one."""
    full: people.Throttled | None = None
    for take in takings:
        try:
            take()
        except people.Throttled as throttled:
            full = throttled
    return full


def note_carrier(phones: Iterable[str], what: str = CARRIED) -> None:
    """Write down who carried what others wrote, when their login came along with it.

    What was taken is in custody whatever becomes of this, and the carrier is told nothing of it.
    """
    try:
        login = door.login_if_any()
        if login is None:
            return
        with door.database().reading() as session:
            brought = brought_for(session, login.user, phones)
        if brought:
            with door.database().writing() as session:
                note_brought(session, login.user, door.moment(), brought, what)
    except Exception as fault:
        _log.error("who carried it could not be written down", **trace(fault))


def count_carried() -> None:
    """Count one request that comes without a session; raises throttled."""
    try:
        carried = ("parcels", door.address(), PARCEL_LIMIT)
        people.count_tries(door.database(), door.moment(), carried)
    except people.Throttled as refused:
        raise throttled_problem(refused) from refused
