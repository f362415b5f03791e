"""The lane of pictures: bytes that come in parts and may be broken off anywhere, and their reading.

It never waits for a picture to be redrawn; what a picture belongs to is for records and intake.
"""

from __future__ import annotations

import re

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected

from server import access_log, by_password, people
from server.access import Actor, on_phones, scopes_of
from server.api import door
from server.api.parcels import count_carried, note_carrier
from server.parcels import PHOTOS_CARRIED, photo_key
from server.photos import attachments, darkroom
from server.photos.attachments import SIZE_MAX_BYTES, Announced, Arrived, Different, NotTheirs
from server.photos.file_store import PART_MAX_BYTES, FileStore, WrongOffset
from server.problems import MEDIA_TYPE, Problem, problem_json
from sync.mutation import is_id

MEGABYTE = 1_000_000
attachment_pages = Blueprint("attachments", __name__)
_log = structlog.get_logger("attachments")


def store() -> FileStore:
    """Give the store of attachments."""
    return attachments.store_of(door.settings())


@attachment_pages.route("/attachments/<id>", methods=["GET", "HEAD"])
def read(id: str) -> ResponseReturnValue:
    """HEAD: how far one's own upload has come. GET: the picture, of whatever one may see."""
    login = door.login()
    with door.database().reading() as session:
        if request.method == "HEAD":
            here = attachments.arrived(session, store(), id, login.user)
            if here is None:
                raise Problem("no_access")
            return _told(here)
        if by_password.must_enrol(session, door.settings(), login.user, login.way):
            raise Problem("code_missing")  # nor does the office show that login a picture
        actor = Actor(login.user, login.grants)
        mine = on_phones(scopes_of(session, actor, door.moment()))
        small = request.args.get("small") == "1"
        jpeg = attachments.picture(session, store(), mine, id, small=small)
        read = access_log.by_purpose(session, access_log.noted(session), mine)
    if jpeg is None:
        raise Problem("no_access")
    door.keep_readings(login, read)
    return Response(jpeg, mimetype="image/jpeg")


@attachment_pages.patch("/attachments/<id>")
def send(id: str) -> ResponseReturnValue:
    """Take the next part, from the byte that HEAD named; the answer names the next."""
    door.refuse_other_sites()
    said, offset, key = _sealed(id) if request.args.get("sealed") == "1" else _announced(id)
    try:
        here = attachments.receive(
            door.database(), store(), said, offset, _part(), door.moment(), key
        )
    except NotTheirs as foreign:
        raise Problem("no_access") from foreign
    except WrongOffset as wrong:
        return _elsewhere(wrong.offset)
    except Different:
        return _elsewhere(store().offset(id))
    if here.complete:
        if key is not None:
            note_carrier([said.replica], PHOTOS_CARRIED)
        darkroom.develop(door.database(), store(), id, door.moment())
    return _told(here)


def _announced(id: str) -> tuple[Announced, int, None]:
    replica = request.headers.get("X-Oppgang-Replica", "")
    length, offset, sha256 = _measures(id)
    if not is_id(replica):
        raise Problem("unreadable")
    with door.database().reading() as session:
        login, phone = people.caller_of(session, door.token(), replica, door.moment())
    if login is None:
        raise door.over(phone)
    if phone is None:
        raise Problem("no_access")
    if phone.user != login.user:
        raise Problem("wrong_user")
    if phone.revoked:
        raise Problem("device_revoked")
    return Announced(id, login.user, replica, length, sha256), offset, None


def _sealed(id: str) -> tuple[Announced, int, bytes]:
    """Read who sends what when nobody is logged in: the replica's signature over the sealed key.

    It is for a vault that nobody can open any more; a phone that is closed may still deliver.
    """
    count_carried()
    length, offset, sha256 = _measures(id)
    sealed = request.headers.get("X-Oppgang-Sealed")
    row, key = photo_key(door.database(), door.sealing_key(), id, sealed)
    return Announced(id, row.user, row.id, length, sha256), offset, key


def _measures(id: str) -> tuple[int, int, str]:
    """Give length, offset and digest of what is announced; raises unreadable or file_too_large."""
    length, offset = _whole("Upload-Length"), _whole("Upload-Offset")
    sha256 = request.headers.get("Upload-Sha256", "")
    if not (is_id(id) and length > 0 and re.fullmatch("[0-9a-f]{64}", sha256)):
        raise Problem("unreadable")
    if length > SIZE_MAX_BYTES:
        size = f"{length / MEGABYTE:.1f}".replace(".", ",")
        raise Problem("file_too_large", mb=size, grense=str(SIZE_MAX_BYTES // MEGABYTE))
    return length, offset, sha256


def _part() -> bytes:
    """Read the part; what came before the line broke is kept, for it need not come again."""
    if (request.content_length or 0) > PART_MAX_BYTES:
        raise Problem("too_large")
    raw = bytearray()
    try:
        while piece := request.stream.read(PART_MAX_BYTES + 1 - len(raw)):
            raw += piece
            if len(raw) > PART_MAX_BYTES:
                raise Problem("too_large")
    except (ClientDisconnected, OSError):
        _log.info("a part was cut short", bytes=len(raw))
    return bytes(raw)


def _whole(name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isdecimal() and len(text) < 12):
        raise Problem("unreadable")
    return int(text)


def _told(here: Arrived) -> Response:
    headers = {
        "Upload-Offset": str(here.offset),
        "Upload-Length": str(here.length),
        "Upload-Complete": "?1" if here.complete else "?0",
    }
    return Response(status=204 if request.method == "PATCH" else 200, headers=headers)


def _elsewhere(offset: int) -> Response:
    problem = Problem("upload_elsewhere")
    headers = {"Upload-Offset": str(offset)}
    return Response(problem_json(problem), problem.status, headers, content_type=MEDIA_TYPE)
