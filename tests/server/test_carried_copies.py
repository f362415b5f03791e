"""A sealed copy that somebody brings to the office: taken in under its author, read by nobody."""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import orjson
import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from server.acts import Act
from server.database import Database
from server.ledger import MutationRow
from server.office import carried
from server.office.carried import CARRIED, NO_COPY
from server.office.gate import csrf_for
from server.sealing import SealingKey
from tests.makers import USERS, World, new_id, visit
from tests.server.phone import Phone, open_login
from tests.server.test_parcels import kari, key, seal, wire

__all__ = ["kari", "key"]
SECRET = "Hemmelighet"


def bring(app: Flask, who: str, content: bytes) -> TestResponse:
    """Choose a file on «Enheter», and send it."""
    client = open_login(app, USERS[who])
    cookie = client.get_cookie("oppgang")
    assert cookie is not None
    with app.app_context():
        mark = csrf_for(cookie.value)
    sent = {"csrf": mark, "file": (BytesIO(content), "oppgang-2026-11-30.json")}
    return client.post("/office/devices/copies", data=sent)


def copy_of(key: SealingKey, *mutations: dict[str, Any]) -> bytes:
    """Give a file as a phone makes it."""
    return orjson.dumps({"parcels": [wire(seal(key, each)) for each in mutations]})


def test_what_a_phone_could_not_send_comes_in_by_a_file_and_stands_as_its_authors(
    app: Flask, kari: Phone, key: SealingKey, database: Database, world: World
) -> None:
    said = {"dwelling": world.dwelling, "summary": SECRET}
    first = kari.write("conversation", new_id(), said)
    second = kari.write("visit", *visit())
    answer = bring(app, "ingrid", copy_of(key, second, first))
    assert answer.status_code == 200 and "2 registreringer er tatt imot." in answer.text
    assert SECRET not in answer.text
    with database.reading() as session:
        rows = session.scalars(select(MutationRow).where(MutationRow.replica == kari.replica)).all()
        assert [(row.mid, row.author, row.sealed, row.state) for row in rows[-2:]] == [
            (first["mid"], USERS["kari"], True, "applied"),
            (second["mid"], USERS["kari"], True, "applied"),
        ]
        act = session.scalars(select(Act).where(Act.what == CARRIED)).one()
        assert act.by == USERS["ingrid"]
        assert json.loads(act.note) == {"count": 2, "phones": [kari.replica]}
    assert kari.sync(first)[0]["repeated"] is True


def test_the_same_copy_twice_has_one_effect_and_a_broken_seal_stops_no_other(
    app: Flask, kari: Phone, key: SealingKey, database: Database
) -> None:
    good, bad = (kari.write("visit", *visit()) for _ in range(2))
    broken = {**wire(seal(key, bad)), "n": bad["n"] + 7}
    file = orjson.dumps({"parcels": [broken, wire(seal(key, good))]})
    for _ in range(2):
        assert bring(app, "lise", file).status_code == 200
    with database.reading() as session:
        rows = session.scalars(select(MutationRow).where(MutationRow.sealed)).all()
        assert [row.state for row in rows if row.mid == good["mid"]] == ["applied"]
        assert [row.state for row in rows if row.mid != good["mid"]] == ["held"], "kept, and once"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"parcels": 3}',
        b'{"parcels": []}',
        b'{"parcels": [{}]}',
        b'{"parcels": [], "parcels": []}',
        b"\xff\xfe",
    ],
)
def test_what_is_no_copy_is_said_in_words(app: Flask, world: World, content: bytes) -> None:
    answer = bring(app, "admin", content)
    assert answer.status_code == 422 and NO_COPY.happened in answer.text


def test_more_than_one_phone_could_hold_is_no_copy(
    app: Flask, kari: Phone, key: SealingKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carried, "CARRIED_MAX", 1)
    both = copy_of(key, *(kari.write("visit", *visit()) for _ in range(2)))
    assert bring(app, "admin", both).status_code == 422


def test_who_keeps_no_phones_takes_none_in(app: Flask, kari: Phone, key: SealingKey) -> None:
    made = kari.write("visit", *visit())
    for who in ("kari", "ola", "eva"):
        assert bring(app, who, copy_of(key, made)).status_code == 404
    assert "repeated" not in kari.sync(made)[0] or kari.sync(made)[0]["repeated"] is False
