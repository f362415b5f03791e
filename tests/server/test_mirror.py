"""The pictures' part of a backup: only what is new is copied, and what is deleted goes in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server.keeping import mirror
from server.photos.file_store import FolderStore, WrongOffset

NOW = datetime.now(UTC)
KEPT = timedelta(days=90)
KEY = bytes(range(32))


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A store with two pictures, and one that is still arriving."""
    made = FolderStore(tmp_path / "store", KEY)
    made.put("pictures/one", b"first")
    made.put("pictures/two", b"second")
    made.put_part("three", 0, b"half")
    return made


def test_only_what_is_new_and_whole_is_copied(store: FolderStore, tmp_path: Path) -> None:
    assert mirror.copy_out(store.folder, tmp_path, NOW, KEPT).copied == 2
    assert mirror.copy_out(store.folder, tmp_path, NOW, KEPT).copied == 0
    store.put("pictures/four", b"new")
    assert mirror.copy_out(store.folder, tmp_path, NOW, KEPT).copied == 1


def test_what_was_copied_opens_again_with_the_same_key(store: FolderStore, tmp_path: Path) -> None:
    mirror.copy_out(store.folder, tmp_path, NOW, KEPT)
    empty = FolderStore(tmp_path / "restored", KEY)
    assert mirror.copy_back(tmp_path, empty.folder) == 2
    assert empty.open("pictures/one") == b"first"
    assert empty.offset("three") == 0
    assert mirror.copy_back(tmp_path, empty.folder) == 0


def test_what_is_deleted_can_be_had_back_until_the_backups_of_then_are_gone(
    store: FolderStore, tmp_path: Path
) -> None:
    mirror.copy_out(store.folder, tmp_path, NOW, KEPT)
    store.delete("pictures/one")
    mirror.copy_out(store.folder, tmp_path, NOW, KEPT)
    restored = FolderStore(tmp_path / "restored", KEY)
    mirror.copy_back(tmp_path, restored.folder)
    assert restored.open("pictures/one") == b"first"
    late = NOW + KEPT + timedelta(minutes=1)
    assert mirror.copy_out(store.folder, tmp_path, late, KEPT).dropped == 1
    assert mirror.copy_back(tmp_path, tmp_path / "later") == 1


def test_of_two_parts_for_one_place_the_first_counts(store: FolderStore) -> None:
    with pytest.raises(WrongOffset) as wrong:
        store.put_part("three", 0, b"other")
    assert wrong.value.offset == 4
