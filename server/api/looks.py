"""What was opened on phones: a door without a session, so that it comes from a locked phone too.

A sheet that nobody can have sealed is let go of: it would come again and again, and says nothing.
"""

from __future__ import annotations

import structlog
from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.api import door
from server.api.parcels import count_carried
from server.looks import take_looks
from server.parcels import read_parcel
from server.problems import Problem
from server.sealing import BadSeal

SHEETS_MAX = 50
LOOKS_SIZE_MAX_BYTES = 512 * 1024
look_pages = Blueprint("looks", __name__)
_log = structlog.get_logger("looks")


@look_pages.post("/looks")
def looks() -> ResponseReturnValue:
    """Write into the access log what was opened on a phone, as the phone sealed it."""
    door.refuse_other_sites()
    if door.login_if_any() is None:  # with one, a whole team behind one address may tell all day
        count_carried()
    given = door.read_object(LOOKS_SIZE_MAX_BYTES).get("looks")
    if not isinstance(given, list):
        raise Problem("unreadable")
    if len(given) > SHEETS_MAX:
        raise Problem("too_large")
    sheets = [read_parcel(item) for item in given]
    for sheet in sheets:
        try:
            take_looks(door.database(), door.sealing_key(), sheet, door.moment())
        except BadSeal as bad:
            _log.warning("a sheet of what was opened could not be read", why=str(bad))
    return door.answer({"results": [{"mid": sheet.mid, "state": "in_custody"} for sheet in sheets]})
