"""Logs for machines: lines of JSON that say what broke and where, and never what somebody wrote."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from server import create_app
from server.config import Settings
from server.database import Database
from server.jobs import JOBS, attempt
from server.keeping import audit
from tests.makers import NOW, PASSWORD, USERS, World, new_id, visit
from tests.server.phone import OURS, Phone, open_login

LETTERS = "abcdefghijklmnoprstuvyz"


class Canaries:
    """Words that stand nowhere else, each remembered."""

    def __init__(self) -> None:
        self._dice = random.Random(20261129)
        self.all: list[str] = []

    def one(self) -> str:
        """Give a new word."""
        self.all.append("zqx" + "".join(self._dice.choices(LETTERS, k=11)))
        return self.all[-1]


def work(app: Flask, kari: Phone, canaries: Canaries) -> None:
    """Let words come in by every door: sound, held, broken, forged, searched for, imported."""
    one = canaries.one
    id, body = visit()
    kari.post([kari.write("visit", id, {**body, "outcome": one()})])
    kari.post([kari.write("conversation", new_id(), {"summary": one(), "notes/x": one()})])
    kari.post([kari.write(one(), new_id(), {one(): one()})])
    client = app.test_client()
    client.post("/api/v1/login", json={"name": one(), "password": one()}, headers=OURS)
    client.post("/api/v1/login", json={"name": "kari", "password": PASSWORD, "code": one()})
    for raw in (f'{{"{one()}":', f'{{"a":"{one()}","a":1}}', f'"{one()}'):
        kari.client.post("/api/v1/sync", data=raw.encode(), content_type="application/json")
    kari.client.post("/api/v1/parcels", json={"parcels": [{"mid": one()}]}, headers=OURS)
    desk = open_login(app, USERS["lise"])
    desk.post("/office/homes", data={"q": one()})
    for path in (f"/office/records/{one()}", f"/office/{one()}"):
        desk.get(path)
    client.post("/office/login", data={"name": one(), "password": one()})
    desk.post(f"/office/records/{id}/addenda", data={"words": one()})


def test_no_log_has_a_word_that_anybody_wrote(
    settings: Settings, world: World, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also where each door breaks in the middle, and while the night's jobs run."""
    canaries = Canaries()
    app = create_app(replace(settings, syslog=None))
    kari = Phone(app, "kari")
    work(app, kari, canaries)
    with pytest.MonkeyPatch.context() as broken:
        for where in ("server.api.sync.take", "server.office.homes.render_template"):
            broken.setattr(where, _breaks(canaries))
        work(app, kari, canaries)
    for job in JOBS:
        attempt(job, database, settings, NOW)
    audit.write_checkpoint(database, settings, NOW)
    app.extensions["oppgang"].close()
    out, err = capsys.readouterr()
    lines = [json.loads(line) for line in (out + err).splitlines()]
    assert {"a request failed", "the database is busy or away"} & {e["event"] for e in lines}
    kept = audit.file_of(settings).read_text()
    assert len(canaries.all) > 40
    assert [word for word in canaries.all if word in out + err + kept] == []
    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)


def _breaks(canaries: Canaries) -> Any:
    def fail(*_: Any, **__: Any) -> Any:
        word = canaries.one()
        raise OperationalError(f"SELECT '{word}'", {"q": canaries.one()}, ValueError(word))

    return fail


def test_whom_to_tell_of_a_weakness_is_said_where_it_is_looked_for(settings: Settings) -> None:
    said = replace(settings, security_contact="mailto:sikkerhet@kommune.example")
    app = create_app(said)
    answer = app.test_client().get("/.well-known/security.txt")
    app.extensions["oppgang"].close()
    assert answer.mimetype == "text/plain" and answer.status_code == 200
    lines = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert lines["Contact"] == "mailto:sikkerhet@kommune.example" and lines["Expires"] > "2026"


def test_every_answer_over_https_says_to_stay_there(settings: Settings) -> None:
    app = create_app(settings)
    client = app.test_client()
    for path in ("/", "/office/login", "/api/v1/health", "/office/static/office.css", "/nowhere"):
        answer = client.get(path, base_url="https://oppgang.example")
        assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
        assert (
            "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            or path == "/nowhere"
        )
        assert "Strict-Transport-Security" not in client.get(path).headers
    app.extensions["oppgang"].close()
