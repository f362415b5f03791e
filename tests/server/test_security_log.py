"""The guard's lines: each login and refusal is one, with ids and codes, and nobody's name."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient

from server import staff
from server.database import Database
from server.people.throttle import NAME_LIMIT
from tests.makers import PASSWORD, USERS, World, new_id
from tests.server.phone import OURS, Phone, open_login

KARI = USERS["kari"]
Lines = pytest.CaptureFixture[str]


def seen(capsys: Lines) -> list[dict[str, Any]]:
    """Give the guard's lines since the last time."""
    every = (json.loads(line) for line in capsys.readouterr().err.splitlines() if line[:1] == "{")
    return [line for line in every if line["event"] == "security"]


def log_in(client: FlaskClient, name: str, password: str) -> None:
    """Try to log in at the phone's door."""
    client.post("/api/v1/login", json={"name": name, "password": password}, headers=OURS)


def test_each_login_is_a_line_whether_it_succeeds_or_not(
    client: FlaskClient, world: World, capsys: Lines
) -> None:
    for name, password in (("kari", PASSWORD), ("kari", "galt"), ("Ola Nordmann", "galt")):
        log_in(client, name, password)
    right, wrong, unknown = seen(capsys)
    place = {"way": "password", "address": "127.0.0.1"}
    assert right.items() >= {**place, "seen": "login", "user": KARI, "level": "info"}.items()
    assert wrong.items() >= {**place, "seen": "login_failed", "why": "password"}.items()
    assert wrong["user"] == KARI and wrong["level"] == "warning" and wrong["timestamp"]
    assert unknown["seen"] == "login_failed" and "user" not in unknown
    assert "Nordmann" not in str(unknown) and "kari" not in str(wrong)


def test_too_many_tries_are_a_line(client: FlaskClient, world: World, capsys: Lines) -> None:
    for _ in range(NAME_LIMIT.tries + 1):
        log_in(client, "kari", "galt")
    lines = [line["seen"] for line in seen(capsys)]
    assert lines == ["login_failed"] * NAME_LIMIT.tries + ["login_throttled", "bypass"]


def test_what_was_forbidden_is_a_line_with_who_and_where(
    kari: Phone, world: World, capsys: Lines
) -> None:
    record, desk = new_id(), open_login(kari.app, KARI)
    seen(capsys)
    desk.get(f"/office/records/{record}")
    kari.client.get(f"/api/v1/attachments/{record}")
    kari.client.get("/office/people")
    office, phone, page = seen(capsys)
    for line, route in ((office, "office.record"), (phone, "attachments.read")):
        assert (line["seen"], line["code"], line["user"]) == ("forbidden", "no_access", KARI)
        assert (line["route"], line["record"]) == (route, record)
    assert page["route"] == "office.users" and "record" not in page


def test_a_phone_that_asks_as_another_is_a_line(
    kari: Phone, amir: Phone, world: World, capsys: Lines
) -> None:
    seen(capsys)
    answer = kari.client.post("/api/v1/sync", json=amir.request(), headers=OURS)
    (line,) = seen(capsys)
    assert (answer.status_code, line["code"], line["seen"]) == (409, "wrong_user", "forbidden")
    assert (line["user"], line["route"]) == (KARI, "sync.sync")


def test_tries_to_go_around_a_control_are_lines(
    kari: Phone, client: FlaskClient, world: World, capsys: Lines
) -> None:
    desk = open_login(kari.app, KARI)
    seen(capsys)
    desk.post("/office/me/code", data={"csrf": "x"})
    client.post("/api/v1/login", json={"name": "kari", "password": PASSWORD})
    client.post("/api/v1/login", data="{", content_type="application/json", headers=OURS)
    client.post("/api/v1/login", data="x", content_type="text/plain", headers=OURS)
    found = [(line["seen"], line["code"]) for line in seen(capsys)]
    codes = ("forged", "forged", "unreadable", "media_type")
    assert found == [("bypass", code) for code in codes]


def test_what_administrators_do_is_a_line(world: World, database: Database, capsys: Lines) -> None:
    staff.new_password(database, USERS["admin"], KARI, datetime.now(UTC))
    (line,) = seen(capsys)
    assert (line["seen"], line["what"]) == ("act", "password_reset")
    assert (line["user"], line["about"]) == (USERS["admin"], KARI)


def test_everyday_answers_are_no_lines(kari: Phone, world: World, capsys: Lines) -> None:
    desk = open_login(kari.app, KARI)
    seen(capsys)
    desk.get("/office/")
    kari.sync()
    kari.app.test_client().get("/office/inbox")
    assert seen(capsys) == []
