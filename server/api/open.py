"""What anybody may ask: is the server well, its counts, and the description of the API."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import cache
from typing import Any

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from server.api import door
from server.contract import CONTRACT, openapi_components
from server.database import head, incarnation
from server.problems import MEDIA_TYPE, PROBLEMS, Problem
from server.records import REGISTRY
from server.shapes import write_instant

SECURITY_TXT = "/.well-known/security.txt"
SECURITY_TXT_LASTS = timedelta(days=90)
open_pages = Blueprint("open", __name__)


@open_pages.get("/health")
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers, else 503 by the problem table."""
    with door.database().reading() as session:
        state = {"status": "ok", "seq": head(session), "incarnation": incarnation(session)}
    provider = door.settings().provider
    more = {"demo": door.settings().demo, "provider": provider.name if provider else None}
    return door.answer({**state, "contract": CONTRACT, **more})


@open_pages.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API as OpenAPI 3.1, worked out from the declarations of the kinds."""
    return door.answer(_description())


def metrics() -> ResponseReturnValue:
    """Give the counts for Prometheus; no name, no id and no content is among them."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def security_txt() -> ResponseReturnValue:
    """Say whom to tell of a weakness (RFC 9116); missing until the organisation has said whom."""
    settings = door.settings()
    if settings.security_contact is None:
        raise Problem("no_access")
    until = write_instant(door.moment() + SECURITY_TXT_LASTS)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {until}",
        "Preferred-Languages: nb, en",
        f"Canonical: {settings.origin}{SECURITY_TXT}",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@cache
def _description() -> dict[str, Any]:
    problem = {
        "description": "What happened, what is safe, what to do.",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Oppgang", "version": str(CONTRACT)},
        "servers": [{"url": "/api/v1"}],
        "paths": {path: _path(path, verbs, problem) for path, verbs in PATHS.items()},
        "components": {
            "schemas": {**openapi_components(REGISTRY.values()), **SCHEMAS},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-oppgang"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _path(path: str, verbs: dict[str, Any], problem: dict[str, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {}
    for verb, (name, summary, body, answer, session) in verbs.items():
        operation: dict[str, Any] = {
            "operationId": name,
            "summary": summary,
            "responses": {"200": _content("Answered.", answer), "default": problem},
            "security": [{session: []}] if session else [],
        }
        named = [("path", each) for each in re.findall(r"{(\w+)}", path)]
        named += [("header", each) for each in SAID_IN_HEADERS.get(name, ())]
        asked = [
            {"name": each, "in": "query", "required": must, "schema": TEXT}
            for each, must in ASKED.get(name, {}).items()
        ]
        if named or asked:
            operation["parameters"] = asked + [
                {
                    "name": each,
                    "in": where,
                    "required": True,
                    "schema": ID if where == "path" else TEXT,
                }
                for where, each in named
            ]
        if body is not None:
            what = "The next bytes." if body in BYTES else "Strict JSON."
            operation["requestBody"] = {**_content(what, body), "required": True}
        described[verb] = operation
    return described


def _content(description: str, name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    media = BYTES.get(name, "application/json")
    return {"description": description, "content": {media: {"schema": schema}}}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


ID: dict[str, Any] = {"type": "string", "format": "uuid"}
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
BYTES = {"Part": "application/octet-stream", "Picture": "image/jpeg", "File": "text/csv"}
"""What travels as bytes, and as which kind; everything else is JSON."""
ASKED = {"records": {"kind": True, "after": False, "limit": False}, "import_file": {"what": True}}
"""What stands in the address after the question mark, and whether it must."""
SAID_IN_HEADERS = {
    "send": ("Upload-Offset", "Upload-Length", "Upload-Sha256", "X-Oppgang-Replica"),
}
SCHEMAS: dict[str, Any] = {
    "Problem": _object(
        ("status", "code", "happened", "safe", "do"),
        type=TEXT,
        title=TEXT,
        status=WHOLE,
        code={"enum": list(PROBLEMS)},
        happened=TEXT,
        safe=TEXT,
        do=TEXT,
    ),
    "LoginRequest": _object(("name", "password"), name=TEXT, password=TEXT, code=TEXT),
    "Login": _object(("user", "name", "roles"), user=ID, name=TEXT, roles={"type": "array"}),
    "LoggedOut": _object(("ended",), ended={"type": "boolean"}),
    "Empty": _object(),
    "Part": {"type": "string", "format": "binary"},
    "Picture": {"type": "string", "format": "binary"},
    "Me": _object(
        ("user", "name", "roles", "demo", "sealing_key", "lease", "began_at", "server_now"),
        user=ID,
        name=TEXT,
        roles={"type": "array", "items": TEXT},
        demo={"type": "boolean"},
        sealing_key=_object(("id", "public"), id=TEXT, public=TEXT),
        lease=_object(
            ("personal", "technical"),
            personal=WHOLE,
            technical=WHOLE,
            network_only={"type": "boolean"},
        ),
        began_at=TEXT,
        server_now=TEXT,
    ),
    "Replica": _object(
        ("installation", "public_key", "app", "contract"),
        user=ID,
        installation=ID,
        public_key=TEXT,
        app=TEXT,
        contract=WHOLE,
    ),
    "SyncRequest": _object(
        ("user", "replica", "contract", "push"),
        user=ID,
        replica=ID,
        incarnation={"type": ["string", "null"]},
        contract=WHOLE,
        phone_now=TEXT,
        push={"type": "array", "maxItems": 500, "items": {"$ref": "#/components/schemas/Mutation"}},
        cursor={"type": ["string", "null"]},
        limit=WHOLE,
        health=_object(),
        digests=_object(),
        policy={"type": ["string", "null"]},
    ),
    "Leases": _object(("sealed",), sealed=_object()),
    "LeaseKeys": _object(technical=TEXT, personal=TEXT),
    "Result": _object(
        ("mid", "state"),
        mid=ID,
        state={"enum": ["applied", "review", "held", "erased"]},
        reason=TEXT,
        reviews={"type": "array", "items": ID},
        seq=WHOLE,
        repeated={"type": "boolean"},
        fork={"type": "boolean"},
    ),
    "Put": _object(
        ("id", "kind", "seq", "in", "body"),
        **{"id": ID, "kind": TEXT, "seq": WHOLE, "in": {"type": "array", "items": TEXT}},
        body={"type": "object"},
    ),
    "SyncReply": _object(
        ("incarnation", "server_now", "results", "puts", "leaves", "cursor", "more"),
        incarnation=ID,
        server_now=TEXT,
        results={"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
        puts={"type": "array", "items": {"$ref": "#/components/schemas/Put"}},
        leaves={"type": "array", "items": ID},
        cursor=TEXT,
        covered=WHOLE,
        more={"type": "boolean"},
        access=_object(
            ("version", "user", "scopes"), version=TEXT, user=ID, scopes={"type": "array"}
        ),
        reset={"type": "array", "items": TEXT},
        checked={"type": "boolean"},
        policy=_object(),
    ),
    "Parcels": _object(("parcels",), parcels={"type": "array", "maxItems": 500}),
    "Custody": _object(("results",), results={"type": "array"}),
    "Record": _object(
        ("id", "kind", "seq", "body"),
        **{"id": ID, "kind": TEXT, "seq": WHOLE, "area": {"type": ["string", "null"]}},
        created_at=TEXT,
        changed_at=TEXT,
        body={"type": "object"},
    ),
    "Records": _object(
        ("records", "after"),
        records={"type": "array", "items": {"$ref": "#/components/schemas/Record"}},
        after=WHOLE,
    ),
    "File": {"type": "string"},
    "Imported": _object(
        ("fit", "sentences"), fit={"type": "boolean"}, sentences={"type": "array", "items": TEXT}
    ),
    "Health": _object(("status",), status=TEXT, seq=WHOLE, incarnation=ID, contract=WHOLE),
}
PATHS: dict[str, dict[str, tuple[str, str, str | None, str, str | None]]] = {
    "/login": {"post": ("login", "Log in by name and password", "LoginRequest", "Login", None)},
    "/logout": {"post": ("logout", "End this login", None, "LoggedOut", None)},
    "/me": {"get": ("me", "Who is logged in, and to which key to seal", None, "Me", "session")},
    "/replicas/{replica}": {"put": ("register", "Register a vault", "Replica", "Empty", "session")},
    "/sync": {"post": ("sync", "Push, then pull", "SyncRequest", "SyncReply", "session")},
    "/leases": {"post": ("leases", "Keys of leases, back", "Leases", "LeaseKeys", "session")},
    "/parcels": {"post": ("parcels", "Deliver sealed mutations", "Parcels", "Custody", None)},
    "/attachments/{id}": {
        "get": ("picture", "The picture of an attachment, redrawn", None, "Picture", "session"),
        "head": ("arrived", "How far an upload has come: Upload-Offset", None, "Empty", "session"),
        "patch": ("send", "Send the next bytes; 409 names the offset", "Part", "Empty", "session"),
    },
    "/integration/records": {
        "get": ("records", "Records of one kind, in order of change", None, "Records", "token")
    },
    "/integration/records/{id}": {"get": ("record", "One record", None, "Record", "token")},
    "/integration/imports": {
        "post": ("import_file", "Bring in a file", "File", "Imported", "token")
    },
    "/health": {"get": ("health", "Is the server well", None, "Health", None)},
}
