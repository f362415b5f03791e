"""What was written at the lock of a vault that is given up: a door without a session, as parcels.

A carrier learns only that it is in custody.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.api import door
from server.api.login import throttled_problem
from server.api.parcels import ENVELOPE_SIZE_MAX_BYTES, count_carried, take_each
from server.locked_notes import LockedNote, take_note
from server.parcels import read_parcel
from server.problems import Problem
from server.sealing import from_base64url
from sync.mutation import is_id

NOTES_MAX = 100
locked_note_pages = Blueprint("locked_notes", __name__)


@locked_note_pages.post("/locked-notes")
def locked_notes() -> ResponseReturnValue:
    """Take notes into custody, with the key to them as it was laid down."""
    door.refuse_other_sites()
    count_carried()
    said = door.read_object(ENVELOPE_SIZE_MAX_BYTES)
    vault, given = said.get("vault"), said.get("notes")
    if not isinstance(vault, str) or not is_id(vault) or not isinstance(given, list):
        raise Problem("unreadable")
    if len(given) > NOTES_MAX:
        raise Problem("too_large")
    deposit = read_parcel(said.get("deposit"))
    notes = [_read(vault, item) for item in given]
    kept, key, now, stranger = door.database(), door.sealing_key(), door.moment(), door.address()
    full = take_each(partial(take_note, kept, key, deposit, each, now, stranger) for each in notes)
    if full is not None:
        raise throttled_problem(full)
    return door.answer({"results": [{"mid": note.id, "state": "in_custody"} for note in notes]})


def _read(vault: str, item: Any) -> LockedNote:
    if not isinstance(item, dict) or not is_id(item.get("id")):
        raise Problem("unreadable")
    try:
        enc, ciphertext = from_base64url(item.get("enc")), from_base64url(item.get("ciphertext"))
    except ValueError as bad:
        raise Problem("unreadable") from bad
    return LockedNote(vault, item["id"], enc, ciphertext)
