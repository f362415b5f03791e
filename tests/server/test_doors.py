"""The doors: who may come in, and that nothing odd at them is ever our fault."""

from __future__ import annotations

import gzip
import io
import json
import zlib
from typing import Any

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from server import ledger, people
from server.database import Database
from server.people import NAME_LIMIT
from tests.makers import NOW, PASSWORD, USERS, World, new_id, visit
from tests.server.phone import OURS, PUBLIC, Phone

PROBLEM = "application/problem+json"
EMPTY = gzip.compress(b"{}", mtime=0)


@pytest.fixture
def kari(app: Flask, world: World) -> Phone:
    """Kari's phone, with everything it may know."""
    phone = Phone(app, "kari")
    phone.sync()
    return phone


def read(answer: Any) -> dict[str, Any]:
    """Give what an answer says."""
    said: dict[str, Any] = answer.json
    return said


def log_in(client: FlaskClient, name: str = "kari", password: str = PASSWORD) -> Any:
    """Log in by name and password."""
    return client.post("/api/v1/login", json={"name": name, "password": password}, headers=OURS)


def test_a_login_gives_a_cookie_that_no_script_can_read(client: FlaskClient, world: World) -> None:
    answer = log_in(client)
    assert answer.json == {"user": USERS["kari"], "name": "Kari Nordmann", "roles": ["bomiljo"]}
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Strict" in cookie and "Path=/" in cookie
    me = read(client.get("/api/v1/me"))
    assert me["user"] == USERS["kari"] and len(me["sealing_key"]["public"]) == 87


def test_a_login_can_be_ended_from_the_server(
    client: FlaskClient, world: World, database: Database
) -> None:
    log_in(client)
    with database.writing() as session:
        people.close_sessions(session, USERS["kari"], NOW)
    answer = client.get("/api/v1/me")
    assert answer.status_code == 401 and read(answer)["code"] == "session_over"


def test_logging_out_ends_the_session_itself(client: FlaskClient, world: World) -> None:
    cookie = log_in(client).headers["Set-Cookie"].split(";")[0].split("=")[1]
    assert client.post("/api/v1/logout", headers=OURS).get_json() == {"ended": True}
    client.set_cookie("oppgang", cookie)
    assert client.get("/api/v1/me").status_code == 401


def test_a_new_login_ends_the_old_session(client: FlaskClient, world: World) -> None:
    first = log_in(client).headers["Set-Cookie"].split(";")[0].split("=")[1]
    log_in(client)
    client.set_cookie("oppgang", first)
    assert client.get("/api/v1/me").status_code == 401


def test_twenty_wrong_passwords_are_slowed_down_and_the_right_one_too(
    client: FlaskClient, world: World
) -> None:
    answers = [log_in(client, password=f"galt {n}") for n in range(20)]
    statuses = [answer.status_code for answer in answers]
    assert statuses == [401] * NAME_LIMIT.tries + [429] * (20 - NAME_LIMIT.tries)
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 301
    assert log_in(client).status_code == 429
    assert read(answers[-1])["do"].startswith("Prøv igjen kl. ")


def test_wrong_name_and_wrong_password_get_the_same_words(
    client: FlaskClient, world: World
) -> None:
    assert log_in(client, name="ingen").json == log_in(client, password="galt").json


def test_a_password_that_was_right_starts_the_count_afresh(
    client: FlaskClient, world: World
) -> None:
    for _ in range(3):
        for n in range(NAME_LIMIT.tries - 1):
            assert log_in(client, password=f"galt {n}").status_code == 401
        assert log_in(client).status_code == 200


def test_another_site_cannot_write(kari: Phone) -> None:
    for method, path in (
        ("post", "/api/v1/sync"),
        ("post", "/api/v1/login"),
        ("post", "/api/v1/logout"),
        ("post", "/api/v1/parcels"),
        ("put", f"/api/v1/replicas/{new_id()}"),
    ):
        assert getattr(kari.client, method)(path, json={}).status_code == 403


def test_another_users_cookie_gets_409_and_nothing_is_processed(
    app: Flask, kari: Phone, database: Database
) -> None:
    amir = Phone(app, "amir")
    pushed = kari.write("visit", *visit())
    answer = amir.client.post("/api/v1/sync", json=kari.request([pushed]), headers=OURS)
    assert answer.status_code == 409 and read(answer)["code"] == "wrong_user"
    with database.reading() as session:
        assert ledger.find(session, [pushed["mid"]]) == {}


def test_a_vault_cannot_be_taken_over(app: Flask, kari: Phone) -> None:
    amir = Phone(app, "amir")
    body = {"installation": new_id(), "public_key": PUBLIC, "app": "t", "contract": 1}
    answer = amir.client.put(f"/api/v1/replicas/{kari.replica}", json=body, headers=OURS)
    assert answer.status_code == 409
    foreign = amir.post([], replica=kari.replica)
    assert foreign.status_code == 409


def test_a_vault_is_registered_to_nobody_but_its_owner(app: Flask, kari: Phone) -> None:
    amir = Phone(app, "amir")
    replica = new_id()
    body = {"installation": new_id(), "public_key": PUBLIC, "app": "t", "contract": 1}
    theirs = {**body, "user": kari.user}
    path = f"/api/v1/replicas/{replica}"
    answer = amir.client.put(path, json=theirs, headers=OURS)
    assert answer.status_code == 409 and read(answer)["code"] == "wrong_user"
    assert kari.client.put(path, json=theirs, headers=OURS).status_code == 200


@pytest.mark.parametrize("key", ["", "AA", "A" * 87, "B" + "A" * 86, 7, None, PUBLIC + "="])
def test_only_a_point_on_the_curve_is_a_key(kari: Phone, key: Any) -> None:
    body = {"installation": new_id(), "public_key": key, "app": "t", "contract": 1}
    answer = kari.client.put(f"/api/v1/replicas/{new_id()}", json=body, headers=OURS)
    assert answer.status_code == 400


def send(phone: Phone, raw: bytes, **headers: str) -> Any:
    """Send bare bytes to sync."""
    given = {**OURS, "Content-Type": "application/json", **headers}
    return phone.client.post("/api/v1/sync", data=raw, headers=given)


def raw_request(phone: Phone, old: str, new: str, *push: Any) -> bytes:
    """Give a sync as bytes, with one text replaced by another."""
    text = json.dumps(phone.request(push))
    assert old in text
    return text.replace(old, new, 1).encode()


@pytest.mark.parametrize(
    "new",
    [
        '"limit": NaN',
        '"limit": Infinity',
        '"limit": 1e3',
        '"limit": 1.0',
        '"limit": 500, "limit": 1',
        '"limit": 9007199254740993',
        '"limit": ' + "9" * 5000,
        '"limit": ' + "[" * 10_000 + "]" * 10_000,
        '"limit": "\\ud800"',
        '"limit": "\\u0000"',
        '"limit": ' + '{"a":' * 20 + "1" + "}" * 20,
        '"limit": 500} x',
    ],
)
def test_json_that_two_readers_could_read_differently_is_refused(kari: Phone, new: str) -> None:
    answer = send(kari, raw_request(kari, '"limit": 500', new))
    assert answer.status_code == 400, answer.status_code
    assert answer.content_type == PROBLEM and read(answer)["code"] == "unreadable"


@pytest.mark.parametrize("raw", [b"", b"[]", b"null", b"\xff\xfe", b"{", b'{"push":[]}', b"\x00"])
def test_what_is_no_request_is_unreadable(kari: Phone, raw: bytes) -> None:
    assert send(kari, raw).status_code == 400


@pytest.mark.parametrize(
    "change",
    [
        {"user": "x"},
        {"user": None},
        {"replica": 7},
        {"push": {}},
        {"push": None},
        {"cursor": 7},
        {"limit": "5"},
        {"limit": True},
        {"contract": 0},
        {"health": []},
        {"push": ["x"]},
        {"push": [[]]},
        {"push": [{}]},
        {"push": [{"mid": "not an id"}]},
        {"push": [{"mid": new_id().upper()}]},
    ],
)
def test_an_odd_envelope_is_unreadable_and_never_our_fault(kari: Phone, change: Any) -> None:
    assert kari.client.post(
        "/api/v1/sync", json={**kari.request(), **change}, headers=OURS
    ).status_code in (400, 409)


@pytest.mark.parametrize(
    "change",
    [
        {"set": {"__proto__": "x"}},
        {"set": {"constructor": "x"}},
        {"set": {"present/__proto__": True}},
        {"set": {"outcome/x": "completed"}},
        {"set": {"present": True}},
        {"set": {"a/b/c": 1}},
        {"set": {"": 1}},
        {"set": {"../etc": 1}},
        {"set": {"unknown": 1}},
        {"set": {"outcome": 7}},
        {"set": {"outcome": {"deep": [1, 2]}}},
        {"set": {"visited_on": "2026-02-30"}},
        {"set": []},
        {"seen": {"outcome": 7}},
        {"seen": []},
        {"id": "{018F2C5E-0000-7000-8000-000000000001}"},
        {"id": new_id().upper()},
        {"id": "x" * 1000},
        {"n": 0},
        {"n": -1},
        {"n": "1"},
        {"n": None},
        {"kind": "no_such_kind"},
        {"kind": "Visit"},
        {"op": "upsert"},
        {"contract": 0},
        {"captured_at": "yesterday"},
        {"offset_ms": "0"},
        {"more": 1},
    ],
)
def test_an_odd_mutation_is_held_and_its_neighbour_lands(kari: Phone, change: Any) -> None:
    odd = {**kari.write("visit", *visit()), **change}
    good = kari.write("visit", *visit())
    results = kari.sync(odd, good)
    assert results[0]["state"] == "held", results[0]
    assert results[1]["state"] == "applied"


def test_a_mutation_that_lacks_something_is_held(kari: Phone) -> None:
    for name in ("replica", "author", "kind", "id", "op", "set", "seen", "contract"):
        odd = kari.write("visit", *visit())
        del odd[name]
        assert kari.sync(odd)[0]["state"] == "held", name


@pytest.mark.parametrize("told", ["52428800", None])
def test_a_body_of_fifty_megabytes_is_refused_unread(kari: Phone, told: str | None) -> None:
    """Whether it says its size, or comes in pieces that never end."""

    class Endless(io.BytesIO):
        taken = 0

        def read(self, size: int | None = -1) -> bytes:
            Endless.taken += 65_536
            return b" " * 65_536

    headers = {**OURS, "Cookie": "oppgang=anybody"}
    builder = EnvironBuilder("/api/v1/sync", method="POST", headers=Headers(headers))
    environ = builder.get_environ() | {
        "wsgi.input": Endless(),
        "wsgi.input_terminated": told is None,
        "CONTENT_LENGTH": told or "",
        "CONTENT_TYPE": "application/json",
    }
    _, status, _ = run_wsgi_app(kari.app.wsgi_app, environ)
    assert status.startswith("413") and Endless.taken < 2 << 20


def test_a_small_body_that_inflates_to_a_gigabyte_is_refused(kari: Phone) -> None:
    squeezed = zlib.compressobj(9, wbits=31)
    bomb = b"".join(squeezed.compress(b" " * (1 << 20)) for _ in range(64)) + squeezed.flush()
    assert send(kari, bomb, **{"Content-Encoding": "gzip"}).status_code == 413


@pytest.mark.parametrize("raw", [b"not gzip", EMPTY[:-4], EMPTY * 2])
def test_broken_packing_is_unreadable(kari: Phone, raw: bytes) -> None:
    assert send(kari, raw, **{"Content-Encoding": "gzip"}).status_code == 400


def test_what_is_not_json_or_packed_otherwise_is_not_taken(kari: Phone) -> None:
    assert send(kari, b"{}", **{"Content-Type": "text/plain"}).status_code == 415
    assert send(kari, b"{}", **{"Content-Encoding": "br"}).status_code == 415


def test_a_packed_request_and_a_packed_answer_say_the_same(kari: Phone) -> None:
    body = gzip.compress(json.dumps(kari.request(cursor=None)).encode())
    plain = send(kari, body, **{"Content-Encoding": "gzip"})
    small = send(kari, body, **{"Content-Encoding": "gzip", "Accept-Encoding": "gzip"})
    best = send(kari, body, **{"Content-Encoding": "gzip", "Accept-Encoding": "gzip, br, zstd"})
    assert small.headers["Content-Encoding"] == "gzip" and len(small.data) < len(plain.data)
    assert best.headers["Content-Encoding"] == "zstd"
    inflated = zstandard.ZstdDecompressor().decompressobj().decompress(best.data)
    puts = plain.json["puts"]
    assert json.loads(inflated)["puts"] == json.loads(gzip.decompress(small.data))["puts"] == puts


def test_a_push_of_more_than_five_hundred_is_halved_by_the_phone(kari: Phone) -> None:
    push = [{"mid": new_id()} for _ in range(501)]
    assert kari.post(push).status_code == 413


def test_every_answer_carries_strict_headers(kari: Phone) -> None:
    for path in ("/api/v1/health", "/api/v1/me", "/api/v1/nothing", "/nothing"):
        headers = kari.client.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_problems_are_told_in_words(client: FlaskClient) -> None:
    for path, status in (("/api/v1/me", 401), ("/api/v1/nothing", 404), ("/api/v1/sync", 405)):
        answer = client.get(path)
        assert answer.status_code == status and answer.content_type == PROBLEM
        assert {"happened", "safe", "do"} <= read(answer).keys()


def test_a_fault_is_told_in_words_and_its_trace_stays_here(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    def breaks() -> None:
        secret = "Storgata 12"
        raise RuntimeError(secret)

    monkeypatch.setitem(app.view_functions, "open.health", breaks)
    answer = client.get("/api/v1/health")
    assert answer.status_code == 500 and read(answer)["code"] == "fault"
    written = capsys.readouterr()
    assert "RuntimeError" in written.err + written.out
    assert "Storgata" not in written.err + written.out


def test_the_api_describes_itself(client: FlaskClient) -> None:
    document = read(client.get("/api/v1/openapi.json"))
    assert document["openapi"] == "3.1.0"
    rules = {rule.rule for rule in client.application.url_map.iter_rules()}
    served = {rule.replace("<", "{").replace(">", "}") for rule in rules if "/api/v1" in rule}
    assert {f"/api/v1{path}" for path in document["paths"]} | {"/api/v1/openapi.json"} == served


def test_metrics_count_and_name_nobody(kari: Phone) -> None:
    kari.sync(kari.write("visit", *visit()))
    text = kari.client.get("/metrics").get_data(as_text=True)
    assert 'oppgang_results_total{reason="",state="applied"}' in text
    assert USERS["kari"] not in text and "Kari" not in text


def test_what_a_phone_says_of_itself_is_kept(kari: Phone, database: Database) -> None:
    kari.health = {
        "outbox": 3,
        "oldest_at": "2026-11-22T08:00:00.000Z",
        "last_n": 9,
        "open": [7, 8],
        "free_mb": 512,
        "app": "1.2",
        "last_error": "timeout",
    }
    kari.sync()
    with database.reading() as session:
        row = session.get(people.Replica, kari.replica)
        assert row is not None
        assert (row.unsent, row.announced_n, row.open_n) == (3, 9, "[7,8]")
        assert (row.free_mb, row.app, row.last_error) == (512, "1.2", "timeout")


def test_numbers_that_never_came_are_known_as_gaps(kari: Phone, database: Database) -> None:
    push = [kari.write("visit", *visit()) for _ in range(6)]
    kari.sync(push[0], push[3], push[5])
    with database.reading() as session:
        row = session.get(people.Replica, kari.replica)
        assert row is not None and (row.highest_n, row.gaps) == (6, "[[2,3],[5,5]]")
    kari.sync(push[2], push[1], push[4])
    with database.reading() as session:
        row = session.get(people.Replica, kari.replica)
        assert row is not None and row.gaps == "[]"
