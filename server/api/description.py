"""What the API says of itself, as OpenAPI: worked out from the kinds and from the tables below.

Every answer of the API is held against it, as everybody (tests/matrix/test_described.py).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from server.api.sync import DIGESTS_MAX
from server.contract import CONTRACT, openapi_components
from server.imports import WORDS
from server.problems import MEDIA_TYPE, PROBLEMS
from server.records import REGISTRY
from server.values import CODE_PATTERN


@cache
def description() -> dict[str, Any]:
    """Give the OpenAPI document of the whole API, as plain data."""
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
            "responses": {**_answers(name, answer), "default": problem},
            "security": [{session: []}] if session else [],
        }
        said = [(each, "path", True, ID) for each in re.findall(r"{(\w+)}", path)]
        said += [(each, "query", *how) for each, how in ASKED.get(name, {}).items()]
        said += [(each, "header", True, what) for each, what in IN_HEADERS.get(name, {}).items()]
        if said:
            operation["parameters"] = [
                {"name": each, "in": where, "required": must, "schema": schema}
                for each, where, must, schema in said
            ]
        if body is not None:
            what = "The next bytes." if body in BYTES else "Strict JSON."
            operation["requestBody"] = {**_content(what, body), "required": True}
        described[verb] = operation
    return described


def _answers(name: str, answer: str | None) -> dict[str, Any]:
    """Give what is answered when all went well, and what else is no problem."""
    if answer is None:
        told = {"description": "Answered, without a body.", "headers": HOW_FAR}
        return {"204" if name == "send" else "200": told}
    more = {"422": _content("Does not fit, and why.", answer)} if name == "import_file" else {}
    return {"200": _content("Answered.", answer), **more}


def _content(what: str, name: str) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{name}"}
    media = BYTES.get(name, "application/json")
    return {"description": what, "content": {media: {"schema": schema}}}


def _object(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required)}


def _up_to(most: int, items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "maxItems": most, "items": items}


ID: dict[str, Any] = {"type": "string", "format": "uuid"}
TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer", "minimum": 0}
NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1}
BASE64URL: dict[str, Any] = {"type": "string", "pattern": "^[A-Za-z0-9_-]*$"}
SEALED = ("enc", "ciphertext")
PARCEL: dict[str, Any] = {"$ref": "#/components/schemas/Parcel"}
ONE: dict[str, Any] = {"enum": ["1"]}
HEX: dict[str, Any] = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
BYTES = {"Part": "application/octet-stream", "Picture": "image/jpeg", "File": "text/csv"}
"""What travels as bytes, and as which kind; everything else is JSON."""
ASKED: dict[str, dict[str, tuple[bool, dict[str, Any]]]] = {
    "picture": {"small": (False, ONE)},
    "records": {
        "kind": (True, {"type": "string", "pattern": f"^{CODE_PATTERN}$"}),
        "after": (False, WHOLE),
        "limit": (False, WHOLE),
    },
    "import_file": {"what": (True, {"enum": list(WORDS)}), "write": (False, ONE)},
}
"""What stands in the address after the question mark, whether it must, and what it is."""
OURS = {"X-Oppgang": ONE}
IN_HEADERS: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("login", "logout", "register", "sync", "leases"), OURS),
    **dict.fromkeys(("parcels", "emptied", "locked_notes", "looks"), OURS),
    "send": {
        **OURS,
        "Upload-Offset": WHOLE,
        "Upload-Length": NUMBER,
        "Upload-Sha256": HEX,
        "X-Oppgang-Replica": ID,
    },
}
"""What must stand in the headers; the first is what no other site can send."""
HOW_FAR = {
    "Upload-Offset": {"required": True, "schema": WHOLE},
    "Upload-Length": {"required": True, "schema": NUMBER},
    "Upload-Complete": {"required": True, "schema": {"enum": ["?0", "?1"]}},
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
    "Registered": _object(("replica",), replica=ID),
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
        password_set=_object(
            ("by", "at", "tell"), by=TEXT, at=TEXT, tell={"type": "array", "items": TEXT}
        ),
    ),
    "Replica": _object(
        ("installation", "public_key", "app", "contract"),
        user=ID,
        installation=ID,
        public_key=TEXT,
        app=TEXT,
        contract=NUMBER,
    ),
    "SyncRequest": _object(
        ("user", "replica", "contract", "push"),
        user=ID,
        replica=ID,
        incarnation={"type": ["string", "null"]},
        contract=NUMBER,
        phone_now=TEXT,
        push={"type": "array", "maxItems": 500, "items": {"$ref": "#/components/schemas/Mutation"}},
        cursor={"type": ["string", "null"]},
        limit={"type": "integer"},
        health=_object(),
        digests={
            "type": "object",
            "maxProperties": DIGESTS_MAX,
            "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
        },
        policy={"type": ["string", "null"]},
    ),
    "Parcel": _object(
        ("mid", "replica", "n", "key", "enc", "ciphertext", "signature"),
        mid=ID,
        replica=ID,
        n=NUMBER,
        key=TEXT,
        **dict.fromkeys((*SEALED, "signature"), BASE64URL),
    ),
    "Leases": _object(
        ("sealed",),
        sealed={
            **_object(technical=PARCEL, personal=PARCEL),
            "additionalProperties": False,
            "minProperties": 1,
        },
    ),
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
    "Parcels": _object(("parcels",), parcels=_up_to(500, PARCEL)),
    "LockedNotes": _object(
        ("vault", "deposit", "notes"),
        vault=ID,
        deposit=PARCEL,
        notes=_up_to(100, _object(("id", *SEALED), id=ID, **dict.fromkeys(SEALED, BASE64URL))),
    ),
    "Looks": _object(("looks",), looks=_up_to(50, PARCEL)),
    "Sealed": _object(("sealed",), sealed=PARCEL),
    "Emptied": _object(("emptied",), emptied=ID),
    "Custody": _object(
        ("results",),
        results=_up_to(500, _object(("mid", "state"), mid=ID, state={"enum": ["in_custody"]})),
    ),
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
PATHS: dict[str, dict[str, tuple[str, str, str | None, str | None, str | None]]] = {
    "/login": {"post": ("login", "Log in by name and password", "LoginRequest", "Login", None)},
    "/logout": {"post": ("logout", "End this login", None, "LoggedOut", None)},
    "/me": {"get": ("me", "Who is logged in, and to which key to seal", None, "Me", "session")},
    "/replicas/{replica}": {
        "put": ("register", "Register a vault", "Replica", "Registered", "session")
    },
    "/sync": {"post": ("sync", "Push, then pull", "SyncRequest", "SyncReply", "session")},
    "/leases": {"post": ("leases", "Keys of leases, back", "Leases", "LeaseKeys", "session")},
    "/parcels": {"post": ("parcels", "Deliver sealed mutations", "Parcels", "Custody", None)},
    "/locked-notes": {
        "post": ("locked_notes", "Deliver notes from a lock", "LockedNotes", "Custody", None)
    },
    "/looks": {"post": ("looks", "Tell what was opened on a phone", "Looks", "Custody", None)},
    "/emptied": {"post": ("emptied", "Tell that a vault was deleted", "Sealed", "Emptied", None)},
    "/attachments/{id}": {
        "get": ("picture", "The picture of an attachment, redrawn", None, "Picture", "session"),
        "head": ("arrived", "How far an upload has come: Upload-Offset", None, None, "session"),
        "patch": ("send", "Send the next bytes; 409 names the offset", "Part", None, "session"),
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
