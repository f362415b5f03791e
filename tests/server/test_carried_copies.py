"""A sealed copy that somebody brings to the office: taken in under its author, read by nobody."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import orjson
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import people
from server.acts import Act
from server.config import Settings
from server.database import Database
from server.ledger import MutationRow
from server.office import carried
from server.office.carried import NO_COPY
from server.office.gate import csrf_for
from server.parcels import CARRIED, PHOTOS_CARRIED
from server.photos.attachments import store_of
from server.sealing import SealingKey, from_base64url, to_base64url
from tests.makers import USERS, World, new_id, visit
from tests.photos import attachment
from tests.server.lane import PHOTO, settled
from tests.server.phone import OURS, Phone, open_login
from tests.server.test_attachment_lane import carry, darkroom, sealed
from tests.server.test_parcels import kari, key, seal, wire

__all__ = ["darkroom", "kari", "key"]
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
        assert (act.by, act.about) == (USERS["ingrid"], USERS["kari"])
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


def brought(database: Database) -> list[tuple[str, str | None, Any]]:
    """Read who is written down to have carried for whom, and how much."""
    with database.reading() as session:
        acts = session.scalars(select(Act).where(Act.what == CARRIED).order_by(Act.id))
        return [(act.by, act.about, json.loads(act.note)["count"]) for act in acts]


def deliver(client: FlaskClient, key: SealingKey, *mutations: dict[str, Any]) -> Any:
    """Deliver by the open door, with whatever cookie the phone has."""
    body = {"parcels": [wire(seal(key, each)) for each in mutations]}
    answer = client.post("/api/v1/parcels", json=body, headers=OURS)
    assert answer.status_code == 200, answer.text
    return answer.json, sorted(answer.headers.keys())


def test_a_colleagues_phone_that_carries_is_written_down_and_told_nothing(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey, database: Database
) -> None:
    """Once for each author in a request; what is one's own is nobody's to carry."""
    mine, hers = amir.write("visit", *visit()), [kari.write("visit", *visit()) for _ in range(2)]
    nobodys, _ = deliver(app.test_client(), key, hers[0])
    assert brought(database) == [], "who carried it is not known"
    told, _ = deliver(amir.client, key, *hers, mine)
    assert brought(database) == [(amir.user, kari.user, 2)]
    assert told["results"][0] == nobodys["results"][0]
    assert {each["state"] for each in told["results"]} == {"in_custody"}
    deliver(kari.client, key, *hers)
    assert brought(database) == [(amir.user, kari.user, 2)], "her own login"
    assert kari.sync(*hers)[0]["repeated"] is True and amir.sync(mine)[0]["repeated"] is True
    page = open_login(app, USERS["admin"]).get("/office/devices").text
    assert "leverte 2 registreringer for" in page
    with database.reading() as session:
        rows = session.scalars(select(MutationRow).where(MutationRow.replica == kari.replica)).all()
        assert {row.author for row in rows} == {kari.user}, "the author is who wrote it"


def test_no_cookie_and_no_fault_holds_up_custody(
    app: Flask,
    kari: Phone,
    amir: Phone,
    key: SealingKey,
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = [kari.write("visit", *visit()) for _ in range(3)]
    stranger = app.test_client()
    stranger.set_cookie("oppgang", "å" * 300)
    deliver(stranger, key, made[0])
    with database.writing() as session:
        people.close_sessions(session, amir.user, datetime.now(UTC))
    deliver(amir.client, key, made[1])

    def fails(*_: object) -> None:
        raise OSError("no room")

    monkeypatch.setattr("server.api.parcels.note_brought", fails)
    deliver(open_login(app, amir.user), key, made[2])
    assert brought(database) == []
    assert [each["repeated"] for each in kari.sync(*made)] == [True] * 3


def with_photos(key: SealingKey, photos: list[dict[str, Any]], *mutations: dict[str, Any]) -> bytes:
    """Give a file as a phone makes it, with photos."""
    said = {"parcels": [wire(seal(key, each)) for each in mutations], "photos": photos}
    return orjson.dumps(said)


def as_lying(app: Flask, phone: Phone, id: str, plain: bytes = PHOTO) -> dict[str, str]:
    """Give a photo as it lies in a vault, and as a file has it."""
    content, opens = sealed(app, phone, id, plain)
    return {"id": id, "sealed": opens, "data": to_base64url(content)}


def attached(phone: Phone) -> tuple[str, list[dict[str, Any]]]:
    """Write a visit and a photo to it; give the photo's id, and both."""
    visited, body = visit()
    id = new_id()
    of_photo = phone.write("attachment", id, attachment(visited, PHOTO))
    return id, [phone.write("visit", visited, body), of_photo]


def test_photos_come_in_by_the_file_too_in_parts_and_as_their_authors(
    app: Flask,
    kari: Phone,
    key: SealingKey,
    database: Database,
    settings: Settings,
    darkroom: list[str],
) -> None:
    """Through what the sealed lane goes through: it may have brought some of one before."""
    (first, mine), (second, more) = attached(kari), attached(kari)
    begun = as_lying(app, kari, first)
    content = from_base64url(begun["data"])
    assert carry(app, first, content, begun["sealed"], 0, 4_000).headers["Upload-Offset"] == "4000"
    file = with_photos(key, [begun, as_lying(app, kari, second)], *mine, *more)
    for _ in range(2):
        answer = bring(app, "ingrid", file)
        assert "4 registreringer er tatt imot." in answer.text
        assert "2 bilder er tatt imot." in answer.text and "kunne ikke tas imot" not in answer.text
    assert set(darkroom) == {first, second}, "they are redrawn at once"
    kari.sync()
    for id in (first, second):
        assert store_of(settings).open(f"originals/{id}") == PHOTO
        assert settled(kari, database, settings, id)["stored"]
    with database.reading() as session:
        acts = session.scalars(select(Act).where(Act.what == PHOTOS_CARRIED)).all()
        assert {(act.by, act.about, json.loads(act.note)["count"]) for act in acts} == {
            (USERS["ingrid"], kari.user, 2)
        }


def test_a_photo_that_cannot_be_taken_in_stops_no_other_and_is_told(
    app: Flask, kari: Phone, amir: Phone, key: SealingKey, settings: Settings
) -> None:
    id, made = attached(kari)
    good = as_lying(app, kari, id)
    broken: list[Any] = [
        None,
        {},
        {**good, "id": "x"},
        {**good, "data": "!"},
        {**good, "data": ""},
        {**good, "sealed": 7},
        {**good, "sealed": as_lying(app, kari, new_id())["sealed"]},
        as_lying(app, amir, id),
    ]
    answer = bring(app, "ingrid", with_photos(key, [*broken, good], *made))
    assert answer.status_code == 200 and "1 bilde er tatt imot." in answer.text
    assert f"{len(broken)} bilder kunne ikke tas imot." in answer.text
    assert store_of(settings).open(f"originals/{id}") == PHOTO


def test_a_file_with_photos_alone_is_a_copy(app: Flask, kari: Phone, key: SealingKey) -> None:
    """The words were sent, and the line was too bad for more."""
    id, made = attached(kari)
    kari.sync(*made)
    answer = bring(app, "ingrid", with_photos(key, [as_lying(app, kari, id)]))
    assert (
        "1 bilde er tatt imot." in answer.text
        and "registrering"
        not in answer.text.partition("er tatt imot.")[0].rpartition("<strong>")[2]
    )
    for wrong in (b'{"parcels": [], "photos": {}}', b'{"parcels": [], "photos": []}'):
        assert bring(app, "ingrid", wrong).status_code == 422
