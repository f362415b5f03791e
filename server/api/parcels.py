"""Sealed mutations: a door without a session, where a carrier learns only that they are in custody.

What is in a parcel is judged under its author's rights; a bad seal is kept too, and held.
"""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server import people
from server.api import door
from server.api.login import throttled_problem
from server.parcels import read_parcel, take_parcel
from server.people import PARCEL_LIMIT
from server.problems import Problem

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
        take_parcel(door.database(), door.sealing_key(), parcel, door.moment())
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
