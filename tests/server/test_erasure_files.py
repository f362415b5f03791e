"""What of somebody erased lies in files: a picture on its way, one laid back, the list itself."""

from __future__ import annotations

from pathlib import Path

from server.config import Settings
from server.database import Database
from server.keeping import erasure
from server.photos.attachments import Upload, store_of
from tests.makers import NOW, World, new_id
from tests.server.archived import picture, visit
from tests.server.lane import PHOTO, begin, send
from tests.server.phone import Phone
from tests.server.test_retention import BY

HALF = len(PHOTO) // 2


def test_a_picture_that_had_come_in_part_goes_with_its_record(
    kari: Phone, database: Database, settings: Settings
) -> None:
    """Its parts, and that it was on its way; what comes later is let go, and asked for no more."""
    id = begin(kari)
    send(kari, id, PHOTO, 0, HALF)
    assert store_of(settings).offset(id) == HALF
    assert erasure.erase(database, settings, [id], NOW, "test", BY)
    assert store_of(settings).offset(id) == 0
    with database.reading() as session:
        assert session.get(Upload, id) is None
    assert send(kari, id, PHOTO, HALF).headers["Upload-Complete"] == "?1"
    assert store_of(settings).offset(id) == 0
    assert store_of(settings).open(f"originals/{id}") is None


def test_files_that_a_restore_laid_back_are_taken_away_again(
    world: World, database: Database, settings: Settings
) -> None:
    id = picture(database, settings, visit(database))
    erasure.erase(database, settings, [id], NOW, "test", BY)
    for folder in erasure.FOLDERS:
        store_of(settings).put(f"{folder}/{id}", b"laid back")
    erasure.replay(database, settings, NOW)
    assert store_of(settings).open(f"pictures/{id}"), "looked for only where files were laid back"
    erasure.replay(database, settings, NOW, files=True)
    assert not any(store_of(settings).open(f"{folder}/{id}") for folder in erasure.FOLDERS)


def test_the_list_grows_by_what_is_erased_and_by_nothing_else(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    """Not when it is carried out again, nor by lines that it has; a foreign line is taken over."""
    erasure.erase(database, settings, [visit(database)], NOW, "test", BY)
    own = erasure.ledger_of(settings)
    (line,) = own.read_bytes().splitlines()
    came = visit(database)
    other = tmp_path / "other.jsonl"
    foreign = line.replace(line[line.index(b'"ids"') :], f'"ids":["{came}"]}}'.encode())
    other.write_bytes(line + b"\n" + foreign + b"\n")
    for _ in range(2):
        erasure.adopt(settings, other)
        erasure.replay(database, settings, NOW)
    assert own.read_bytes().splitlines() == [line, foreign]
    assert erasure.replay(database, settings, NOW) == 0
    assert erasure.erase(database, settings, [came, new_id()], NOW, "test", BY) == ()
