"""Sealed copies that somebody brings: a file from a phone whose sending does not work, taken in.

Who brings it reads nothing of it and learns only that it is taken; who brought it is written down.
"""

from __future__ import annotations

from flask import make_response, request
from flask.typing import ResponseReturnValue

from server import acts, strict_json
from server.office.blueprint import office
from server.office.devices import device_page
from server.office.gate import at_desk, database, settings
from server.parcels import read_parcel, take_parcel
from server.problems import Problem, ProblemText
from server.sealing import Parcel, sealing_key
from sync.mutation import Unreadable

CARRIED = "parcels_carried"
CARRIED_MAX = 5_000
NO_COPY = ProblemText(
    422,
    "Dette er ikke en kopi fra Oppgang, eller den er skadd.",
    "Ingenting er tatt imot, og ingenting er slettet på telefonen.",
    "Lag kopien på nytt på telefonen: Meg, Utboks, «Ta ut kopi». Velg den så her.",
)


@office.post("/devices/copies")
def take_copy() -> ResponseReturnValue:
    """Take a file of sealed mutations into custody; the same file twice has one effect."""
    file = request.files.get("file")
    raw = file.read() if file is not None else b""
    with at_desk() as desk:
        if not desk.keeps_devices:
            raise Problem("no_access")
        by, now, found = desk.actor.user, desk.now, _read(raw)
        if not found:
            return make_response(device_page(desk, problem=NO_COPY), NO_COPY.status)
    with database().writing() as session:
        phones = sorted({parcel.replica for parcel in found})
        acts.note(session, CARRIED, by, now, count=len(found), phones=phones[:100])
    key = sealing_key(settings().sealing_key, settings().sealing_keys_before)
    for parcel in found:
        take_parcel(database(), key, parcel, now)
    with at_desk() as desk:
        return make_response(device_page(desk, taken=len(found)))


def _read(raw: bytes) -> list[Parcel]:
    """Read a file as a phone makes it; nothing when it is none."""
    try:
        said = strict_json.loads(raw)
        given = said.get("parcels") if isinstance(said, dict) else None
        if not isinstance(given, list) or len(given) > CARRIED_MAX:
            return []
        return list(map(read_parcel, given))
    except (Unreadable, Problem):
        return []
