"""What was sent of a picture: kept until its record says that it is stored, and then nowhere."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from server.config import Settings
from server.database import Database
from server.jobs import let_go_of_pictures
from server.keeping import mirror
from server.photos import darkroom
from server.photos.attachments import RECEIVED, Upload, let_go_of_sent, store_of
from server.photos.darkroom import settle, settle_left_over
from tests.makers import new_id, visit
from tests.photos import CAMERA_NAME, attachment, encoded, noise, opened, photo
from tests.server.lane import PHOTO, begin, get, head, on_disk, send, settled
from tests.server.phone import Phone

LATER = timedelta(days=1)


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is redrawn behind a test's back."""
    monkeypatch.setattr("server.photos.darkroom.develop", lambda *_: None)


def everything(settings: Settings, folder: Path) -> dict[str, bytes]:
    """Give every file below a folder by its name, opened where it is sealed by the store."""
    store, found = store_of(settings), {}
    for path in folder.rglob("*"):
        if path.is_file():
            name = path.relative_to(folder)
            inside = store.open(f"{name.parts[0]}/{name.name}") if len(name.parts) == 3 else None
            found[str(name)] = path.read_bytes() + b"|" + (inside or b"")
    return found


def tells(content: bytes) -> bool:
    """Say whether some bytes tell of a place or a camera."""
    return any(word in content for word in (b"Exif", b"EXIF", b"eXIf", CAMERA_NAME.encode()))


def original(settings: Settings, id: str) -> bytes | None:
    return store_of(settings).open(f"originals/{id}")


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_no_file_tells_where_a_stored_picture_was_taken_or_by_what(
    format: str, kari: Phone, database: Database, settings: Settings, tmp_path: Path
) -> None:
    raw = photo(format=format)
    assert tells(raw)
    id = begin(kari, raw)
    send(kari, id, raw, 0, 2_000)
    send(kari, id, raw, 2_000)
    assert tells(original(settings, id) or b"")
    assert settled(kari, database, settings, id)["stored"]
    mirror.copy_out(settings.attachments, tmp_path / "backups", datetime.now(UTC), LATER)
    for folder in (settings.attachments, tmp_path / "backups" / "attachments"):
        files = everything(settings, folder)
        assert sorted(name.split("/")[0] for name in files) == ["pictures", "thumbnails"]
        assert not [name for name, content in files.items() if tells(content)]
    assert not opened(get(kari, id).data).getexif()


def test_a_process_that_dies_before_it_lets_go_is_followed_by_the_night(
    kari: Phone, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So is a version that kept what came for as long as the record."""
    id = begin(kari)
    send(kari, id, PHOTO)
    store_of(settings).put_part(id, 0, PHOTO[:1_000])
    with monkeypatch.context() as dying:
        dying.setattr(darkroom, "let_go_of_sent", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            settle(database, store_of(settings), id, datetime.now(UTC))
    before = get(kari, id).data
    assert before and original(settings, id) == PHOTO
    for _ in range(2):
        let_go_of_pictures(database, settings, datetime.now(UTC))
        assert original(settings, id) is None
        assert store_of(settings).offset(id) == 0
    assert get(kari, id).data == before


def test_the_night_takes_nothing_that_is_not_stored(
    kari: Phone, database: Database, settings: Settings
) -> None:
    """Refused, of no record, other than its record says, on its way, or stored here no more."""
    store, now = store_of(settings), datetime.now(UTC)
    other, cut = encoded(noise(60, 60), "JPEG"), PHOTO[:3_000]
    refused, alone, different, unsettled = begin(kari, cut), new_id(), begin(kari), begin(kari)
    sent = {refused: cut, alone: PHOTO, different: other, unsettled: PHOTO}
    for id, content in sent.items():
        send(kari, id, content)
        if id != unsettled:
            settle(database, store, id, now)
    lost = begin(kari)
    send(kari, lost, PHOTO)
    settled(kari, database, settings, lost)
    store.put(f"originals/{lost}", PHOTO)
    store.delete(f"pictures/{lost}")
    let_go_of_pictures(database, settings, now)
    for id, content in {**sent, lost: PHOTO}.items():
        assert original(settings, id) == content
    assert store.open(f"pictures/{alone}") and "refused" in kari.body(different)


def test_a_picture_whose_record_comes_late_loses_what_was_sent_then(
    kari: Phone, database: Database, settings: Settings
) -> None:
    (record, body), id = visit(), new_id()
    kari.sync(kari.write("visit", record, body))
    send(kari, id, PHOTO)
    settle(database, store_of(settings), id, datetime.now(UTC))
    assert original(settings, id) == PHOTO
    kari.sync(kari.write("attachment", id, attachment(record, PHOTO)))
    settle_left_over(database, settings, datetime.now(UTC))
    kari.sync()
    assert kari.body(id)["stored"] and original(settings, id) is None


def restored_before_it_was_settled(database: Database, settings: Settings, id: str) -> None:
    """Bring back the rows of a moment ago, when the bytes were sent and nothing was drawn."""
    now = datetime.now(UTC)
    with database.writing() as session:
        session.get_one(Upload, id).state = RECEIVED
        session.get_one(Upload, id).received_at = now - LATER
    let_go_of_sent(store_of(settings), id)


def test_after_a_restore_the_picture_stands_for_what_was_sent(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id, drawn = begin(kari), begin(kari)
    for each in (id, drawn):
        send(kari, each, PHOTO)
    settle(database, store_of(settings), drawn, datetime.now(UTC))
    picture = get(kari, drawn).data
    store_of(settings).put(f"pictures/{id}", picture)
    restored_before_it_was_settled(database, settings, id)
    settle_left_over(database, settings, datetime.now(UTC))
    kari.sync()
    stored = kari.body(id)["stored"]
    assert isinstance(stored, dict)
    assert stored["sha_stored"] == sha256(picture).hexdigest()
    assert (stored["width"], stored["height"]) == opened(picture).size
    assert get(kari, id).data == picture and get(kari, id, small=True).data


def test_what_a_restore_lays_back_of_stored_pictures_goes_the_same_night(
    kari: Phone, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """The copy beside the backups keeps what left the store for a while, and gives it back."""
    backups = tmp_path / "backups"
    id, now = begin(kari), datetime.now(UTC)
    send(kari, id, PHOTO)
    mirror.copy_out(settings.attachments, backups, now, LATER)
    assert settled(kari, database, settings, id)["stored"]
    mirror.copy_out(settings.attachments, backups, now, LATER)
    assert mirror.copy_back(backups, settings.attachments) == 1
    assert original(settings, id) == PHOTO
    let_go_of_pictures(database, settings, now)
    assert original(settings, id) is None and get(kari, id).data
    assert mirror.copy_out(settings.attachments, backups, now + 2 * LATER, LATER).dropped == 1
    assert not [
        name for name, one in everything(settings, backups / "attachments").items() if tells(one)
    ]


def test_after_a_restore_that_brought_no_bytes_they_come_again(
    kari: Phone, database: Database, settings: Settings
) -> None:
    id = begin(kari)
    send(kari, id, PHOTO)
    restored_before_it_was_settled(database, settings, id)
    settle_left_over(database, settings, datetime.now(UTC))
    kari.sync()
    assert not {"stored", "refused"} & kari.body(id).keys()
    assert (head(kari, id)["Upload-Offset"], head(kari, id)["Upload-Complete"]) == ("0", "?0")
    assert send(kari, id, PHOTO).headers["Upload-Complete"] == "?1"
    assert settled(kari, database, settings, id)["stored"]
    assert len(on_disk(settings)) == 2
