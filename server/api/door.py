"""The door of the API: who asks, how large, how packed, in strict JSON, and how we answer.

It reads no record; every view in `api` goes in and out through it.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import zstandard
from flask import Response, current_app, g, request

from server import access_log, people, strict_json
from server.config import Settings
from server.database import Database
from server.problems import Problem
from server.sealing import SealingKey, to_base64url
from sync.mutation import Unreadable

BODY_SIZE_MAX_BYTES = 1_048_576 + 65_536
"""One mebibyte of mutations and their envelope, inflated."""
SMALL_BYTES = 900
"""What fits one packet is not worth packing."""
GZIP_LEVEL = 1
ZSTD_LEVEL = 3
_here = threading.local()


def database() -> Database:
    """Give the app's database."""
    found: Database = current_app.extensions["oppgang"]
    return found


def settings() -> Settings:
    """Give the app's settings."""
    found: Settings = current_app.extensions["oppgang_settings"]
    return found


def sealing_key() -> SealingKey:
    """Give the key that sealed mutations are opened with."""
    found: SealingKey = current_app.extensions["oppgang_sealing"]
    return found


def told_key() -> dict[str, str]:
    """Give the key that phones shall seal to, as they are told it: only in answer to a login."""
    key = sealing_key()
    return {"id": key.id, "public": to_base64url(key.public)}


def moment() -> datetime:
    """Give the moment that this whole request happens at."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    now: datetime = g.now
    return now


def cookie_name() -> str:
    """Name the session cookie; `__Host-` binds it to this host and to TLS."""
    return "__Host-oppgang" if settings().production else "oppgang"


def token() -> str:
    """Give the session token that came with the request; raises session_over when none did."""
    found = request.cookies.get(cookie_name())
    if not found:
        raise Problem("session_over")
    return found


def refuse_other_sites() -> None:
    """Raise `forged` unless the request carries the header that no other site can send."""
    if request.headers.get("X-Oppgang") != "1":
        raise Problem("forged")


def read_object(size_max_bytes: int = BODY_SIZE_MAX_BYTES) -> dict[str, Any]:
    """Read the body as one strict JSON object; never holds more than the limit in memory."""
    if request.mimetype != "application/json":
        raise Problem("media_type")
    raw = read_bytes(size_max_bytes)
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "gzip":
        raw = _inflate(raw, size_max_bytes)
    elif encoding != "identity":
        raise Problem("media_type")
    try:
        value = strict_json.loads(raw)
    except Unreadable as bad:
        raise Problem("unreadable") from bad
    if not isinstance(value, dict):
        raise Problem("unreadable")
    return value


def read_bytes(size_max_bytes: int) -> bytes:
    """Read the body as it is; raises too_large, and never holds more than the limit."""
    if (request.content_length or 0) > size_max_bytes:
        raise Problem("too_large")
    raw = bytearray()
    while piece := request.stream.read(size_max_bytes + 1 - len(raw)):
        raw += piece
        if len(raw) > size_max_bytes:
            raise Problem("too_large")
    return bytes(raw)


def _inflate(packed: bytes, size_max_bytes: int) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        raw = inflater.decompress(packed, size_max_bytes + 1)
    except zlib.error as bad:
        raise Problem("unreadable") from bad
    if len(raw) > size_max_bytes:
        raise Problem("too_large")
    if not inflater.eof or inflater.unused_data:
        raise Problem("unreadable")
    return raw


def answer(value: Any, status: int = 200) -> Response:
    """Write an answer as JSON, packed as the asker can unpack it."""
    raw = orjson.dumps(value)
    response = Response(status=status, mimetype="application/json")
    if len(raw) > SMALL_BYTES:
        raw = _pack(raw, response)
    response.set_data(raw)
    return response


def _pack(raw: bytes, response: Response) -> bytes:
    accepted = request.headers.get("Accept-Encoding", "")
    response.headers["Vary"] = "Accept-Encoding"
    if "zstd" in accepted:
        response.headers["Content-Encoding"] = "zstd"
        if not hasattr(_here, "zstd"):
            _here.zstd = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        packed: bytes = _here.zstd.compress(raw)
        return packed
    if "gzip" in accepted:
        response.headers["Content-Encoding"] = "gzip"
        return zlib.compress(raw, GZIP_LEVEL, wbits=31)
    return raw


def login() -> people.Login:
    """Give the login behind the request; raises session_over when there is none any more."""
    mine = token()
    with database().reading() as session:
        found = people.login_of(session, mine, moment())
    if found is None:
        raise Problem("session_over")
    g.asker = found.user
    return found


def login_if_any() -> people.Login | None:
    """Give the login that came along at a door that asks for none."""
    mine = request.cookies.get(cookie_name())
    if not mine:
        return None
    with database().reading() as session:
        return people.login_of(session, mine, moment())


def over(phone: people.Phone | None) -> Problem:
    """Give what a phone is told whose login has ended: that it is closed, when it is its owner's.

    To close a phone ends its owner's logins too, and what lies on it must still be deleted.
    """
    closed = phone is not None and phone.owners and phone.revoked
    return Problem("device_revoked" if closed else "session_over")


def keep_readings(
    login: people.Login, read: Mapping[str, Collection[str]], replica: str | None = None
) -> None:
    """Write into the access log what this request gives out, before it leaves."""
    said = (login.user, access_log.roles_of(login.grants), request.endpoint or "")
    readings = [access_log.Reading(*said, why, ids, replica) for why, ids in read.items() if ids]
    if readings:
        with database().writing() as session:
            access_log.append(session, readings, moment())


def address() -> str:
    """Give the network address that the request came from."""
    return request.remote_addr or "unknown"


def came() -> people.Came:
    """Say where a try to log in came from."""
    agent, old = request.headers.get("User-Agent", ""), request.cookies.get(cookie_name())
    return people.Came(address(), agent, old)


def text_of(value: dict[str, Any], name: str, most: int = 200) -> str:
    """Give a text that a request must carry; raises unreadable."""
    found = value.get(name)
    if not isinstance(found, str) or len(found) > most:
        raise Problem("unreadable")
    return found


def whole_of(value: dict[str, Any], name: str, least: int = 0) -> int:
    """Give a whole number that a request must carry; raises unreadable."""
    found = value.get(name)
    if type(found) is not int or found < least:
        raise Problem("unreadable")
    return found
