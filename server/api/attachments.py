"""The lane of pictures: bytes that come in parts and may be broken off anywhere, and their reading.

It never waits for a picture to be redrawn; what a picture belongs to is for records and intake.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor

import structlog
from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import ClientDisconnected

from server import attachments, darkroom, people
from server.access import Actor, scopes_of
from server.api import door
from server.attachments import SIZE_MAX_BYTES, Announced, Arrived, Different, NotTheirs
from server.file_store import PART_MAX_BYTES, FileStore, WrongOffset
from server.logs import trace
from server.problems import MEDIA_TYPE, Problem, problem_json
from sync.mutation import is_id

MEGABYTE = 1_000_000
attachment_pages = Blueprint("attachments", __name__)
developing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="developing")
"""Where pictures are redrawn, one at a time, after their request was answered."""
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
        actor = Actor(login.user, login.grants)
        mine = scopes_of(session, actor, door.moment())
        small = request.args.get("small") == "1"
        jpeg = attachments.picture(session, store(), mine, id, small=small)
    if jpeg is None:
        raise Problem("no_access")
    return Response(jpeg, mimetype="image/jpeg")


@attachment_pages.patch("/attachments/<id>")
def send(id: str) -> ResponseReturnValue:
    """Take the next part, from the byte that HEAD named; the answer names the next."""
    door.refuse_other_sites()
    said, offset = _announced(id)
    try:
        here = attachments.receive(door.database(), store(), said, offset, _part(), door.moment())
    except NotTheirs as foreign:
        raise Problem("no_access") from foreign
    except WrongOffset as wrong:
        return _elsewhere(wrong.offset)
    except Different:
        return _elsewhere(store().offset(id))
    if here.complete:
        develop(id)
    return _told(here)


def develop(id: str) -> Future[None]:
    """Have a picture redrawn behind the request; what a crash leaves, the scheduler takes up."""
    database, here, now = door.database(), store(), door.moment()

    def work() -> None:
        try:
            darkroom.settle(database, here, id, now)
        except Exception as fault:
            _log.error("a picture could not be settled", id=id, **trace(fault))

    return developing.submit(work)


def _announced(id: str) -> tuple[Announced, int]:
    replica = request.headers.get("X-Oppgang-Replica", "")
    sha256 = request.headers.get("Upload-Sha256", "")
    length, offset = _whole("Upload-Length"), _whole("Upload-Offset")
    well_made = is_id(id) and is_id(replica) and len(sha256) == 64 and sha256.isalnum()
    if not well_made or length < 1:
        raise Problem("unreadable")
    if length > SIZE_MAX_BYTES:
        size = f"{length / MEGABYTE:.1f}".replace(".", ",")
        raise Problem("file_too_large", mb=size, grense=str(SIZE_MAX_BYTES // MEGABYTE))
    with door.database().reading() as session:
        login, phone = people.caller_of(session, door.token(), replica, door.moment())
    if login is None:
        raise Problem("session_over")
    if phone is None:
        raise Problem("no_access")
    if phone.user != login.user:
        raise Problem("wrong_user")
    if phone.revoked:
        raise Problem("device_revoked")
    return Announced(id, login.user, replica, length, sha256), offset


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
    if not (text.isascii() and text.isdecimal() and len(text) < 12):
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
