"""What becomes of a picture: redrawn, told in its record, shown to those who may see it."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from server import people
from server.config import Settings
from server.database import Database
from server.photos import attachments
from server.photos.attachments import Upload, store_of
from server.photos.darkroom import settle, settle_left_over
from server.roles import Role
from tests.makers import USERS, World, new_id, visit
from tests.photos import attachment, bomb, encoded, noise, photo, scene
from tests.server.lane import PHOTO, begin, get, on_disk, send, settled
from tests.server.phone import Phone, open_login

AT = "2026-11-23T08:00:00.000Z"


@pytest.fixture(autouse=True)
def darkroom(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is redrawn behind a test's back: what would be, stands in this list."""
    waiting: list[str] = []
    monkeypatch.setattr("server.photos.darkroom.develop", lambda *said: waiting.append(said[2]))
    return waiting


def test_the_bytes_may_come_before_their_record(
    kari: Phone, database: Database, settings: Settings
) -> None:
    record, body = visit()
    id, now = new_id(), datetime.now(UTC)
    assert send(kari, id, PHOTO).headers["Upload-Complete"] == "?1"
    settle(database, store_of(settings), id, now)
    with database.reading() as session:
        assert attachments.orphans(session, now) == 0
        assert attachments.orphans(session, now + timedelta(hours=2)) == 1
    kari.sync(kari.write("visit", record, body))
    kari.sync(kari.write("attachment", id, attachment(record, PHOTO)))
    settle_left_over(database, settings, now)
    kari.sync()
    assert kari.body(id)["stored"]
    with database.reading() as session:
        assert attachments.orphans(session, now + timedelta(hours=2)) == 0


def test_bytes_without_a_record_are_kept_for_four_hundred_days(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id, now = new_id(), datetime.now(UTC)
    send(kari, id, PHOTO)
    assert attachments.drop_expired(database, settings, now + timedelta(days=399)) == 0
    assert on_disk(settings)
    assert attachments.drop_expired(database, settings, now + timedelta(days=401)) == 1
    assert not on_disk(settings)


def test_what_a_dead_process_left_is_taken_up_by_the_scheduler(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id, now = begin(kari), datetime.now(UTC)
    send(kari, id, PHOTO)
    settle_left_over(database, settings, now)
    kari.sync()
    assert "stored" not in kari.body(id)
    settle_left_over(database, settings, now + timedelta(minutes=3))
    kari.sync()
    assert kari.body(id)["stored"]


def test_a_process_that_dies_between_telling_and_noting_it_tells_once(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO)
    before = settled(kari, database, settings, id)
    with database.writing() as session:
        session.get_one(Upload, id).told_at = None
    settle_left_over(database, settings, datetime.now(UTC) + timedelta(days=1))
    kari.sync()
    assert kari.body(id) == before
    with database.reading() as session:
        assert session.get_one(Upload, id).told_at is not None


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"tekst", "format"), (bomb(), "pixels"), (PHOTO[:3_000], "unreadable")],
    ids=["text", "bomb", "cut"],
)
def test_what_is_no_picture_is_refused_in_the_record_and_kept_but_never_served(
    kari: Phone, database: Database, settings: Settings, content: bytes, why: str
) -> None:
    id = begin(kari, content)
    send(kari, id, content)
    body = settled(kari, database, settings, id)
    assert "stored" not in body
    refused = body["refused"]
    assert isinstance(refused, dict) and refused["reason"] == why
    assert get(kari, id).status_code == 404
    assert store_of(settings).open(f"originals/{id}") == content


def test_another_picture_than_the_record_names_is_refused(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id, other = begin(kari), encoded(noise(60, 60), "JPEG")
    send(kari, id, other)
    refused = settled(kari, database, settings, id)["refused"]
    assert isinstance(refused, dict) and refused["reason"] == "different"
    assert get(kari, id).status_code == 404


def test_no_byte_of_a_picture_lies_open_on_the_disk(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO, 0, 9_000)
    send(kari, id, PHOTO, 9_000)
    settled(kari, database, settings, id)
    stored = get(kari, id).data
    files = on_disk(settings)
    assert len(files) == 2
    for path in files:
        content = path.read_bytes()
        assert b"JFIF" not in content and b"Exif" not in content
        assert PHOTO[600:640] not in content and stored[600:640] not in content
        assert path.stat().st_mode & 0o077 == 0


def test_only_who_may_see_the_record_gets_its_picture(
    app: Flask, kari: Phone, amir: Phone, database: Database, settings: Settings, world: World
) -> None:
    drafted, shared = begin(kari), begin(kari, record=world.dwelling)
    for id in (drafted, shared):
        send(kari, id, PHOTO)
        settled(kari, database, settings, id)
    amir.sync()
    with database.writing() as session:
        people.add_user(session, "018f2c5e-0000-7000-8000-00000000f0f0", "Siv", datetime.now(UTC))
        west = (new_id(), "018f2c5e-0000-7000-8000-00000000f0f0", Role.BOMILJO, world.west)
        people.grant(session, *west)
    elsewhere = Phone(app, "018f2c5e-0000-7000-8000-00000000f0f0")
    assert [get(who, shared).status_code for who in (kari, amir, elsewhere)] == [200, 200, 404]
    assert [get(who, drafted).status_code for who in (kari, amir, elsewhere)] == [200, 404, 404]
    missing, forbidden = get(elsewhere, new_id()), get(elsewhere, shared)
    assert missing.data == forbidden.data
    kari.sync(kari.mark(shared, "delete"))
    assert get(amir, shared).status_code == 404
    with database.writing() as session:
        people.withdraw(session, kari.user)
    assert get(kari, drafted).status_code == 404


def test_a_thumbnail_that_tells_more_than_its_pixels_is_held(kari: Phone) -> None:
    record, body = visit()
    kari.sync(kari.write("visit", record, body))
    for telling in (
        encoded(scene(60, 80), "JPEG", comment=b"Storgata 12"),
        photo(scene(60, 80)),
        PHOTO[:90],
    ):
        thumbnail = b64encode(telling).decode()
        said = attachment(record, PHOTO, thumbnail=thumbnail)
        [result] = kari.sync(kari.write("attachment", new_id(), said))
        assert (result["state"], result["reason"]) == ("held", "invalid")
    bare = b64encode(encoded(scene(60, 80), "JPEG")).decode()
    said = attachment(record, PHOTO, thumbnail=bare)
    assert kari.sync(kari.write("attachment", new_id(), said))[0]["state"] == "applied"


def test_the_office_sees_the_photos_of_a_record_upright_and_those_alone_who_may(
    app: Flask, kari: Phone, database: Database, settings: Settings
) -> None:
    record, body = visit()
    sent = {"state": "submitted", "by": USERS["kari"], "at": AT}
    kari.sync(kari.write("visit", record, {**body, "status": sent}))
    id = begin(kari, record=record)
    ingrid, ola = (open_login(app, USERS[name]) for name in ("ingrid", "ola"))
    page = ingrid.get(f"/office/records/{record}").text
    assert f"/office/photos/{id}?small=1" in page and "ikke kommet fram" in page
    assert ingrid.get(f"/office/photos/{id}?small=1").data.startswith(b"\xff\xd8")
    assert ingrid.get(f"/office/photos/{id}").status_code == 404
    send(kari, id, PHOTO)
    settled(kari, database, settings, id)
    page = ingrid.get(f"/office/records/{record}").text
    assert f'href="/office/photos/{id}"' in page and "ikke kommet fram" not in page
    shown = ingrid.get(f"/office/photos/{id}")
    assert (shown.mimetype, shown.data) == ("image/jpeg", get(kari, id).data)
    for small in ("", "?small=1"):
        assert ola.get(f"/office/photos/{id}{small}").status_code == 404


def test_the_office_is_told_of_pictures_that_came_alone(app: Flask, kari: Phone) -> None:
    ingrid = open_login(app, USERS["ingrid"])
    send(kari, new_id(), PHOTO)
    with app.extensions["oppgang"].writing() as session:
        for upload in session.query(Upload):
            upload.begun_at -= timedelta(hours=2)
    assert "1 bilde er kommet uten" in ingrid.get("/office/").text


def test_a_marked_photo_stands_though_the_one_it_was_drawn_on_is_deleted_or_not_here(
    kari: Phone,
) -> None:
    taken = begin(kari)
    record = str(kari.body(taken)["record"])
    kari.sync(kari.mark(taken, "delete"))
    for beneath in (taken, new_id()):
        marked = attachment(record, PHOTO, drawn_on=beneath)
        [result] = kari.sync(kari.write("attachment", new_id(), marked))
        assert result["state"] == "applied", result
    [result] = kari.sync(kari.write("attachment", new_id(), attachment(new_id(), PHOTO)))
    assert (result["state"], result["reason"]) == ("held", "ref")
