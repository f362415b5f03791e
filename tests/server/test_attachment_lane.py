"""The lane of pictures: resumed at the byte, answered alike however often, open to nobody else."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from server import people
from server.acts import Act
from server.config import Settings
from server.database import Database
from server.parcels import PHOTOS_CARRIED
from server.photos.attachments import store_of
from server.photos.file_store import PART_MAX_BYTES
from server.sealing import Parcel, SealingKey, to_base64url
from tests.makers import World, new_id
from tests.photos import opened
from tests.server.lane import PHOTO, begin, get, head, send, settled
from tests.server.phone import KEY, OURS, Phone
from tests.server.test_parcels import SUITE

FULL = {"Upload-Complete": "?1"}


@pytest.fixture(autouse=True)
def darkroom(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is redrawn behind a test's back: what would be, stands in this list."""
    waiting: list[str] = []
    monkeypatch.setattr("server.photos.darkroom.develop", lambda *said: waiting.append(said[2]))
    return waiting


def test_a_photo_goes_in_parts_and_the_record_tells_when_it_is_stored(
    kari: Phone, database: Database, settings: Settings, darkroom: list[str]
) -> None:
    id = begin(kari)
    half = len(PHOTO) // 2
    assert head(kari, id).get("Upload-Offset") is None
    first = send(kari, id, PHOTO, 0, half)
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, str(half))
    assert head(kari, id)["Upload-Offset"] == str(half)
    assert head(kari, id)["Upload-Complete"] == "?0"
    last = send(kari, id, PHOTO, half)
    assert last.headers["Upload-Complete"] == "?1"
    assert darkroom == [id]
    assert "stored" not in kari.body(id)
    stored = settled(kari, database, settings, id)["stored"]
    picture = get(kari, id)
    assert isinstance(stored, dict)
    assert stored["sha_stored"] == sha256(picture.data).hexdigest()
    assert stored["bytes"] == len(picture.data)
    assert opened(picture.data).size == (stored["width"], stored["height"]) == (900, 1200)
    assert opened(get(kari, id, small=True).data).height == 320


def test_a_picture_is_served_as_one_and_kept_nowhere_on_the_way(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO)
    settled(kari, database, settings, id)
    headers = get(kari, id).headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_a_wrong_offset_is_told_the_right_one_and_changes_nothing(kari: Phone) -> None:
    id = begin(kari)
    send(kari, id, PHOTO, 0, 1_000)
    for start in (0, 999, 1_001, 5_000):
        answer = send(kari, id, PHOTO, start, start + 10)
        assert (answer.status_code, answer.headers["Upload-Offset"]) == (409, "1000")
    assert head(kari, id)["Upload-Offset"] == "1000"


def test_a_finished_picture_answers_the_same_however_often_it_comes(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    for _ in range(2):
        assert FULL.items() <= dict(send(kari, id, PHOTO).headers).items()
    before = settled(kari, database, settings, id)
    assert FULL.items() <= dict(send(kari, id, PHOTO, 40, 90).headers).items()
    assert settled(kari, database, settings, id) == before


def test_a_crash_before_the_last_word_is_made_good_by_an_empty_part(
    kari: Phone, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO, 0, 1_000)
    store_of(settings).put_part(id, 1_000, PHOTO[1_000:])
    assert head(kari, id)["Upload-Offset"] == str(len(PHOTO))
    assert send(kari, id, PHOTO, len(PHOTO)).headers["Upload-Complete"] == "?1"


def test_bytes_that_are_not_those_announced_begin_anew(kari: Phone) -> None:
    id = begin(kari)
    send(kari, id, PHOTO, 0, 500)
    turned = PHOTO[:500] + bytes(reversed(PHOTO[500:]))
    wrong = send(kari, id, turned, 500, said={"Upload-Sha256": sha256(PHOTO).hexdigest()})
    assert (wrong.status_code, wrong.headers["Upload-Offset"]) == (409, "0")
    assert send(kari, id, PHOTO).headers["Upload-Complete"] == "?1"


def test_nobody_adds_bytes_to_what_is_anothers(kari: Phone, amir: Phone, world: World) -> None:
    begun, named = new_id(), begin(kari, record=world.dwelling)
    send(kari, begun, PHOTO, 0, 100)
    for id in (begun, named, world.dwelling):
        assert send(amir, id, PHOTO).status_code == 404
    assert head(amir, begun).get("Upload-Offset") is None


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"Upload-Length": "25000001"}, 413),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "²"}, 400),
        ({"Upload-Offset": "1e3"}, 400),
        ({"Upload-Sha256": "kort"}, 400),
        ({"X-Oppgang-Replica": "ingen"}, 400),
        ({"X-Oppgang-Replica": new_id(0xFFFF)}, 404),
        ({"X-Oppgang": "0"}, 403),
        ({"Upload-Length": "12"}, 409),
    ],
)
def test_a_badly_announced_part_is_answered_in_words(
    kari: Phone, said: dict[str, str], status: int
) -> None:
    answer = send(kari, begin(kari), PHOTO, said=said)
    assert answer.status_code == status
    assert answer.json is not None and answer.json["happened"]


def test_a_part_is_at_most_a_mebibyte(kari: Phone) -> None:
    large = bytes(PART_MAX_BYTES + 1)
    assert send(kari, new_id(), large).status_code == 413
    assert send(kari, new_id(), large, 0, PART_MAX_BYTES).status_code == 204


def test_a_login_and_an_open_phone_are_needed(app: Flask, kari: Phone, database: Database) -> None:
    id = begin(kari)
    stranger = app.test_client().get(f"/api/v1/attachments/{id}")
    assert stranger.status_code == 401
    with database.writing() as session:
        people.revoke_replica(session, kari.replica, datetime.now(UTC))
    assert send(kari, id, PHOTO).status_code == 410
    with database.writing() as session:
        people.close_sessions(session, kari.user, datetime.now(UTC))
    assert send(kari, id, PHOTO).status_code == 410


def sealed(
    app: Flask, phone: Phone, id: str, plain: bytes, said_key: bytes | None = None
) -> tuple[bytes, str]:
    """Give a photo as it lies in a vault, and its key as sealed to the server, or other bytes."""
    own, nonce = bytes(range(32)), bytes(12)
    told = own if said_key is None else said_key
    ciphertext = nonce + AESGCM(own).encrypt(nonce, plain, f"oppgang/1|photo|{id}".encode())
    server: SealingKey = app.extensions["oppgang_sealing"]
    bare = Parcel(id, phone.replica, 1, server.id, b"", b"", b"")
    closed = SUITE.encrypt(told, server.private.public_key(), info=bare.info)
    r, s = decode_dss_signature(KEY.sign(bare.info + closed, ec.ECDSA(SHA256())))
    said = {
        "replica": phone.replica,
        "n": 1,
        "key": server.id,
        "enc": to_base64url(closed[:65]),
        "ciphertext": to_base64url(closed[65:]),
        "signature": to_base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big")),
    }
    return ciphertext, to_base64url(json.dumps(said).encode())


def carry(
    app: Flask,
    id: str,
    content: bytes,
    key: str,
    start: int = 0,
    end: int | None = None,
    client: FlaskClient | None = None,
) -> TestResponse:
    """Send bytes of a sealed photo, as nobody or with what a browser has."""
    headers = {
        **OURS,
        "X-Oppgang-Sealed": key,
        "Upload-Offset": str(start),
        "Upload-Length": str(len(content)),
        "Upload-Sha256": sha256(content).hexdigest(),
    }
    where = f"/api/v1/attachments/{id}?sealed=1"
    browser = client or app.test_client()
    return browser.patch(where, data=content[start:end], headers=headers)


def test_a_photo_of_a_vault_that_nobody_can_open_comes_sealed_and_without_a_login(
    app: Flask, kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO, 0, 1_000)
    content, key = sealed(app, kari, id, PHOTO)
    assert carry(app, id, content, key, 0, 5_000).headers["Upload-Offset"] == "5000"
    last = carry(app, id, content, key, 5_000)
    assert (last.status_code, last.headers["Upload-Complete"]) == (204, "?1")
    assert carry(app, id, content, key).headers["Upload-Complete"] == "?1"
    assert store_of(settings).open(f"originals/{id}") == PHOTO
    assert settled(kari, database, settings, id)["stored"]


def test_who_carried_anothers_photo_is_written_down_when_all_of_it_is_here(
    app: Flask, kari: Phone, amir: Phone, database: Database
) -> None:
    id = begin(kari)
    content, key = sealed(app, kari, id, PHOTO)

    def carried() -> list[tuple[str, str | None]]:
        with database.reading() as session:
            acts = session.scalars(select(Act).where(Act.what == PHOTOS_CARRIED))
            return [(act.by, act.about) for act in acts]

    carry(app, id, content, key, 0, 5_000, amir.client)
    assert carried() == []
    carry(app, id, content, key, 5_000, client=kari.client)
    assert carried() == [], "her own login"
    answer = carry(app, id, content, key, client=amir.client)
    assert answer.headers["Upload-Complete"] == "?1" and carried() == [(amir.user, kari.user)]


def test_a_sealed_photo_that_another_signed_or_nobody_can_open_is_not_taken(
    app: Flask, kari: Phone, amir: Phone
) -> None:
    id = begin(kari)
    content, key = sealed(app, kari, id, PHOTO)
    short = sealed(app, kari, id, PHOTO, bytes(31))[1]
    for wrong in ("", "e30", key[:-40], sealed(app, kari, new_id(), PHOTO)[1], short):
        assert carry(app, id, content, wrong).status_code == 400
    assert carry(app, id, content, sealed(app, amir, id, PHOTO)[1]).status_code == 404


def test_sealed_bytes_that_were_changed_are_kept_and_refused(
    app: Flask, kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    content, key = sealed(app, kari, id, PHOTO)
    changed = content[:-1] + bytes([content[-1] ^ 1])
    assert carry(app, id, changed, key).headers["Upload-Complete"] == "?1"
    assert "refused" in settled(kari, database, settings, id)
    assert store_of(settings).open(f"originals/{id}") == changed
