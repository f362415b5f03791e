"""The door for other systems: records of the kinds a token reads, and files where it may import.

A token comes in the header `Authorization: Bearer`, never in a cookie or an address. What it reads
is what `visible` gives its role in its area, of its kinds, and stands in the access log.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row, Select

from server import access_log, imports, people
from server.access import Actor, records_visible, scopes_of
from server.api import door
from server.people import Caller
from server.problems import Problem
from server.records import REGISTRY
from server.records.record import Envelope
from server.shapes import write_instant

PAGE_MAX = 200
SEQ_MAX = 2**53 - 1
BEARER = "Bearer "
FILE_TYPE = "text/csv"
integration_pages = Blueprint("integration", __name__)


@integration_pages.get("/integration/records")
def list_records() -> ResponseReturnValue:
    """Give a page of one kind, in the order it was changed: those after the seq that is named."""
    caller = _caller()
    kind = request.args.get("kind", "")
    after, limit = _number("after", 0, SEQ_MAX), _number("limit", PAGE_MAX, PAGE_MAX)
    if kind not in caller.kinds:
        raise Problem("no_access")

    def narrow(found: Select[Any]) -> Select[Any]:
        return found.where(Envelope.seq > after).order_by(Envelope.seq, Envelope.id)

    with door.database().reading() as session:
        actor = Actor(caller.id, caller.grants)
        mine = scopes_of(session, actor, door.moment())
        found = records_visible(session, mine, kind, narrow=narrow, limit=max(1, limit))
    _log(caller, found)
    last = found[-1].seq if found else after
    return door.answer({"records": [_told(row) for row in found], "after": last})


@integration_pages.get("/integration/records/<id>")
def read_record(id: str) -> ResponseReturnValue:
    """Give one record; forbidden, of another kind, barred and missing look the same."""
    caller = _caller()
    with door.database().reading() as session:
        actor = Actor(caller.id, caller.grants)
        mine = scopes_of(session, actor, door.moment())
        found = [
            row for row in records_visible(session, mine, ids=[id]) if row.kind in caller.kinds
        ]
    if not found:
        raise Problem("no_access")
    _log(caller, found)
    return door.answer(_told(found[0]))


@integration_pages.post("/integration/imports")
def import_file() -> ResponseReturnValue:
    """Bring in a CSV file as the drop folder does; without `write=1` it is only looked through."""
    caller = _caller()
    what = request.args.get("what", "")
    if not caller.imports:
        raise Problem("no_access")
    if what not in imports.WORDS:
        raise Problem("unreadable")
    if request.mimetype != FILE_TYPE:
        raise Problem("media_type")
    raw = door.read_bytes(imports.SIZE_MAX_BYTES)
    wish = imports.Wish(what, None, False, request.args.get("write") == "1", None)
    writer, reader = imports.Writer.operator(caller.who), Actor(caller.id, caller.grants)
    try:
        told = imports.bring_in_bytes(
            door.database(), writer, raw, caller.name, wish, door.moment(), reader
        )
    except (imports.BadFile, imports.NoSuchArea) as bad:
        return door.answer({"fit": False, "sentences": [str(bad)]}, 422)
    return door.answer({"fit": told.fit, "sentences": told.sentences}, 200 if told.fit else 422)


def _caller() -> Caller:
    """Give whose token came; counted before it is looked at, by address and by token."""
    said = request.headers.get("Authorization", "")
    now, refused = door.moment(), None
    with door.database().reading() as session:
        secret = said.removeprefix(BEARER)
        caller = people.caller_by(session, secret, now) if said.startswith(BEARER) else None
    with door.database().writing() as session:
        try:
            if caller is None:
                people.count_try(session, "token", door.address(), people.ADDRESS_LIMIT, now)
            else:
                people.count_try(session, "token", caller.id, people.TOKEN_LIMIT, now)
                if caller.stale:
                    people.note_token_use(session, caller.id, now)
        except people.Throttled as throttled:
            refused = throttled
    if refused is not None:
        raise Problem("throttled", retry_after_s=refused.retry_after_s)
    if caller is None:
        raise Problem("token_unknown")
    return caller


def _log(caller: Caller, found: Sequence[Row[Any]]) -> None:
    """Write into the access log what is given out, before it leaves."""
    ids = [row.id for row in found if REGISTRY[row.kind].about_people]
    if ids:
        roles = access_log.roles_of(caller.grants)
        said = (caller.who, roles, request.endpoint or "", access_log.DUTY)
        with door.database().writing() as session:
            access_log.append(session, [access_log.Reading(*said, ids)], door.moment())


def _told(row: Row[Any]) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.kind,
        "seq": row.seq,
        "area": row.area,
        "created_at": write_instant(row.created_at),
        "changed_at": write_instant(row.changed_at),
        "body": orjson.Fragment(row.body),
    }


def _number(name: str, otherwise: int, most: int) -> int:
    """Read a whole number from the address; raises unreadable."""
    text = request.args.get(name)
    if text is None:
        return otherwise
    if not (text.isascii() and text.isdecimal() and len(text) < 17):
        raise Problem("unreadable")
    return min(int(text), most)
