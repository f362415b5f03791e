"""Sealed copies that somebody brings: a file from a phone whose sending does not work, taken in.

Who brings it reads nothing of it and learns only that it is taken; who brought it is written down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask import make_response, request
from flask.typing import ResponseReturnValue

from server import strict_json
from server.office.blueprint import office
from server.office.devices import Taken, device_page
from server.office.gate import at_desk, database, settings
from server.parcels import (
    PHOTOS_CARRIED,
    brought_for,
    note_brought,
    photo_key,
    read_parcel,
    take_parcel,
)
from server.photos import attachments, darkroom
from server.photos.attachments import Announced, Different, NotTheirs
from server.photos.file_store import PART_MAX_BYTES, WrongOffset
from server.problems import Problem, ProblemText
from server.sealing import Parcel, SealingKey, from_base64url, sealing_key
from sync.mutation import Unreadable, is_id

CARRIED_MAX = 5_000
NO_COPY = ProblemText(
    422,
    "Dette er ikke en kopi fra Oppgang, eller den er skadd.",
    "Ingenting er tatt imot, og ingenting er slettet på telefonen.",
    "Lag kopien på nytt på telefonen: Meg, Utboks, «Ta ut kopi». Velg den så her.",
)


@dataclass(frozen=True)
class Copy:
    """A file as a phone makes it: words as parcels, and photos as they are said, not yet read."""

    parcels: list[Parcel]
    photos: list[Any]


@office.post("/devices/copies")
def take_copy() -> ResponseReturnValue:
    """Take a file of sealed mutations and photos into custody; twice has the effect of once."""
    file = request.files.get("file")
    raw = file.read() if file is not None else b""
    with at_desk() as desk:
        if not desk.keeps_devices:
            raise Problem("no_access")
        by, now, found = desk.actor.user, desk.now, _read(raw)
        if found is None:
            return make_response(device_page(desk, problem=NO_COPY), NO_COPY.status)
    with database().writing() as session:
        brought = brought_for(session, by, (parcel.replica for parcel in found.parcels))
        note_brought(session, by, now, brought)
    key = sealing_key(settings().sealing_key, settings().sealing_keys_before)
    for parcel in found.parcels:
        take_parcel(database(), key, parcel, now)
    phones = list(_photos(found.photos, key, now))
    with database().writing() as session:
        brought = brought_for(session, by, phones)
        note_brought(session, by, now, brought, PHOTOS_CARRIED)
    taken = Taken(len(found.parcels), len(phones), len(found.photos) - len(phones))
    with at_desk() as desk:
        return make_response(device_page(desk, taken=taken))


def _photos(said: list[Any], key: SealingKey, now: datetime) -> Iterator[str]:
    """Take photos in as the sealed lane does, part by part; give the phone of each that is here.

    One that cannot be read or is another's stops no other.
    """
    store = attachments.store_of(settings())
    for each in said:
        try:
            id, sealed, content = _photo(each)
            row, opens = photo_key(database(), key, id, sealed)
            digest = sha256(content).hexdigest()
            announced, at = Announced(id, row.user, row.id, len(content), digest), 0
            here = None
            while here is None or not here.complete:
                part = content[at : at + PART_MAX_BYTES]
                try:
                    here = attachments.receive(database(), store, announced, at, part, now, opens)
                    at = here.offset
                except WrongOffset as wrong:  # so much of it had come by the lane
                    at = wrong.offset
        except (Problem, ValueError, NotTheirs, Different):
            continue
        darkroom.develop(database(), store, id, now)
        yield row.id


def _photo(said: Any) -> tuple[str, object, bytes]:
    """Give the id, the sealed key and the bytes of a photo in a file; raises ValueError."""
    if not isinstance(said, dict) or not is_id(said.get("id")):
        raise ValueError("no photo")
    content = from_base64url(said.get("data"))
    if not 0 < len(content) <= attachments.SIZE_MAX_BYTES:
        raise ValueError("no photo's size")
    return said["id"], said.get("sealed"), content


def _read(raw: bytes) -> Copy | None:
    """Read a file as a phone makes it; None when it is none, or empty."""
    try:
        said = strict_json.loads(raw)
        given = said if isinstance(said, dict) else {}
        parcels, photos = given.get("parcels"), given.get("photos", [])
        if not isinstance(parcels, list) or not isinstance(photos, list):
            return None
        if not 0 < len(parcels) + len(photos) <= CARRIED_MAX:
            return None
        return Copy(list(map(read_parcel, parcels)), photos)
    except (Unreadable, Problem):
        return None
