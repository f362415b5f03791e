"""Every door is tried with values that nobody thought of: no answer is ever our fault."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from server import ledger
from server.database import Database
from server.office.decisions import new_form
from server.office.gate import csrf_for
from server.records import REGISTRY
from sync.mutation import INTEGER_MAX
from tests.makers import AREA_EAST, DWELLING_EAST, USERS, World, new_id, visit
from tests.server.phone import OURS, Phone, open_login

FEW = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SIGNS = st.text(max_size=20) | st.sampled_from(
    ["", "\0", "__proto__", "*", "a/b/c", "%00", "..", "ﷺ" * 200, "é" * 500, "null", "org", "1.e30"]
)


def _plain(text: str) -> str:
    return text.replace("\0", "").encode(errors="ignore").decode()


NUMBERS = st.integers(-(2**63), 2**64) | st.sampled_from([0, 1, -1, INTEGER_MAX, INTEGER_MAX + 1])
PLAIN = st.none() | st.booleans() | NUMBERS | SIGNS | st.floats(allow_nan=False)
ODD: st.SearchStrategy[Any] = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIGNS, inner, max_size=4),
    max_leaves=12,
)
READABLE: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-INTEGER_MAX, INTEGER_MAX) | SIGNS.map(_plain),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIGNS.map(_plain), inner),
    max_leaves=8,
)
"""What the strict parser lets through, so that what is behind it is tried too."""
PATHS = st.sampled_from(
    [
        f"{f.name}/x1" if f.keyed else f.name
        for spec in REGISTRY.values()
        for f in spec.fields.values()
    ]
)
IDS = [*USERS.values(), DWELLING_EAST, AREA_EAST, new_id()]
CHANGES = st.dictionaries(
    st.sampled_from(
        [
            "mid",
            "replica",
            "n",
            "author",
            "contract",
            "kind",
            "id",
            "op",
            "set",
            "seen",
            "happened_at",
            "captured_at",
            "offset_ms",
            "why",
            "x",
        ]
    ),
    READABLE | st.sampled_from(IDS),
    max_size=2,
)


def check(database: Database) -> None:
    """Hold that what was taken into custody is whole."""
    with database.reading() as session:
        assert ledger.first_break(session) is None


@FEW
@given(
    changes=CHANGES,
    written=st.dictionaries(PATHS, READABLE | st.sampled_from(IDS), max_size=4),
    kind=st.sampled_from([*REGISTRY, "unknown"]),
    op=st.sampled_from(["create", "patch"]),
    envelope=st.dictionaries(
        st.sampled_from(["cursor", "limit", "health", "contract", "push"]), ODD, max_size=1
    ),
)
def test_no_push_is_our_fault(
    kari: Phone,
    database: Database,
    changes: dict[str, Any],
    written: dict[str, Any],
    kind: str,
    op: str,
    envelope: dict[str, Any],
) -> None:
    odd = {**kari.write(kind, new_id(), written, op=op), **changes}
    sound = kari.write("visit", *visit())
    request = {**kari.request([odd, sound]), **envelope}
    answer = kari.client.post("/api/v1/sync", json=request, headers=OURS)
    assert answer.status_code < 500
    for result in (answer.json or {}).get("results", []) if answer.status_code == 200 else []:
        assert result.get("reason") != "fault", (odd, result)
        assert result["mid"] != sound["mid"] or result["state"] == "applied"


@FEW
@given(
    body=ODD,
    parts=st.dictionaries(
        st.sampled_from(["mid", "replica", "n", "key", "enc", "ciphertext", "signature"]), ODD
    ),
)
def test_no_parcel_is_our_fault(kari: Phone, database: Database, body: Any, parts: Any) -> None:
    sound = {"mid": new_id(), "replica": kari.replica, "n": 1, "key": "k"}
    sealed = dict.fromkeys(("enc", "ciphertext", "signature"), "AAAA")
    for given_body in (body, {"parcels": body}, {"parcels": [{**sound, **sealed, **parts}]}):
        answer = kari.client.post("/api/v1/parcels", json=given_body, headers=OURS)
        assert answer.status_code < 500
    check(database)


@settings(FEW, max_examples=20)
@given(name=ODD, password=ODD)
def test_no_login_is_our_fault(app: Flask, world: World, name: Any, password: Any) -> None:
    client = app.test_client()
    for body in ({"name": name, "password": password}, name):
        assert client.post("/api/v1/login", json=body, headers=OURS).status_code < 500
    fields = {
        "name": str(name),
        "password": str(password).encode(errors="replace"),
        "next": str(name),
    }
    client.get("/office/login")
    assert client.post("/office/login", data=fields).status_code < 500


@pytest.fixture
def submitted(kari: Phone, amir: Phone, world: World) -> tuple[str, str]:
    """A visit that waits, and a question that does."""
    id, body = visit()
    at = "2026-11-23T08:00:00.000Z"
    status = {"state": "submitted", "by": kari.user, "at": at}
    mine, theirs = kari.edit(world.dwelling, floor=1), amir.edit(world.dwelling, floor=2)
    kari.sync(kari.write("visit", id, {**body, "status": status}), mine)
    return id, str(amir.sync(theirs)[0]["reviews"][0])


FIELDS = st.dictionaries(
    st.sampled_from(
        [
            "decision",
            "seal",
            "choice",
            "value",
            "why",
            "words",
            "visit",
            "form",
            "csrf",
            "name",
            "next",
        ]
    )
    | SIGNS,
    SIGNS | st.sampled_from(["approved", "returned", "author", "standing", "other", "-1", "07"]),
    max_size=5,
)


@FEW
@given(fields=FIELDS, asked=SIGNS)
def test_no_office_form_is_our_fault(
    app: Flask, submitted: tuple[str, str], fields: dict[str, str], asked: str
) -> None:
    id, review = submitted
    client = open_login(app, USERS["ingrid"])
    cookie = client.get_cookie("oppgang")
    assert cookie is not None
    with app.app_context():
        mark = csrf_for(cookie.value)
    data = {
        "csrf": mark,
        "form": new_form(),
        f"{id}|outcome": asked,
        f"{id}|{asked}": asked,
        **fields,
    }
    for path in (
        f"inbox/{id}/decision",
        "inbox/decisions",
        f"inbox/{id}/undo",
        f"answers/{review}",
        f"answers/{review}/undo",
        f"records/{id}/addenda",
        f"held/{review}/retry",
        f"devices/{id}/revoke",
    ):
        assert client.post(f"/office/{path}", data=data).status_code < 500, path
    for page in ("inbox", "answers", "held", "overview"):
        query = {"done": asked, "left": asked, "tried": asked, "next": asked}
        assert client.get(f"/office/{page}", query_string=query).status_code < 500
