"""A new backup key: pictures are sealed anew, and what was made with the one before still opens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from server import upkeep
from server.cli import main
from server.config import Settings, read_settings
from server.database import Database
from server.keeping import mirror
from server.keeping.backup import BadBackup, read_through, write_backup
from server.key_files import rotate_backup_key, symmetric_key
from server.photos.attachments import store_of
from server.photos.file_store import FolderStore
from server.sealed_file import WrongKey
from tests.makers import World

NOW = datetime.now(UTC)
OLD, NEW, OTHER = bytes(range(32)), bytes(range(1, 33)), bytes(range(2, 34))
LARGE = bytes(range(256)) * 8200
"""Two pieces and a bit."""


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    """A store whose files were sealed with the key before."""
    before = FolderStore(tmp_path / "store", OLD)
    before.put("pictures/one", b"first")
    before.put("originals/one", LARGE)
    before.put_part("two", 0, b"half")
    return FolderStore(tmp_path / "store", NEW, OLD)


def test_what_the_key_before_sealed_is_read_and_sealed_anew(store: FolderStore) -> None:
    store.put("pictures/three", b"new")
    alone = FolderStore(store.folder, NEW)
    assert store.open("originals/one") == LARGE
    with pytest.raises(WrongKey):
        alone.open("originals/one")
    assert store.seal_anew() == (3, [])
    assert [alone.open(f"{name}/one") for name in ("pictures", "originals")] == [b"first", LARGE]
    assert alone.put_part("two", 4, b" more") == 9
    assert store.seal_anew() == (0, [])


def test_what_no_key_opens_lies_as_it_was_and_stops_no_other(store: FolderStore) -> None:
    FolderStore(store.folder, OTHER).put("pictures/odd", b"odd")
    (store.folder / "pictures" / "cut").write_bytes(b"x")
    lay = {
        path: path.read_bytes() for path in store.folder.rglob("*") if path.name in ("odd", "cut")
    }
    count, unopened = store.seal_anew()
    assert count == 3 and sorted(unopened) == ["pictures/cut", "pictures/dd/odd"]
    assert all(path.read_bytes() == was for path, was in lay.items())


def test_the_backups_copy_of_the_pictures_follows(store: FolderStore, tmp_path: Path) -> None:
    def copied() -> int:
        return mirror.copy_out(store.folder, tmp_path, NOW, timedelta(days=90)).copied

    assert [copied(), copied()] == [2, 0]
    store.seal_anew()
    assert [copied(), copied()] == [2, 0]
    mirror.copy_back(tmp_path, tmp_path / "restored")
    assert FolderStore(tmp_path / "restored", NEW).open("originals/one") == LARGE


def test_what_is_being_written_just_then_is_let_be(store: FolderStore) -> None:
    (store.folder / "pictures" / ".one.0123").write_bytes(b"half")
    assert store.seal_anew() == (3, [])


@pytest.fixture
def own(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings that commands read, with keys that may be changed."""
    keys = tmp_path / "own-keys"
    keys.mkdir(mode=0o700)
    for name in ("db.key", "sealing.key", "backup.key"):
        (keys / name).write_bytes((settings.keys / name).read_bytes())
        (keys / name).chmod(0o600)
    given = {"OPPGANG_DATA": settings.data, "OPPGANG_KEYS": keys, "OPPGANG_MODE": "test"}
    for name, value in {**given, "OPPGANG_DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(name, str(value))
    return read_settings()


def test_a_change_that_is_cut_short_leaves_the_key_in_use_and_is_made_anew(
    own: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(*_: object) -> None:
        raise OSError("no power")

    for name in ("replace", "rename"):
        monkeypatch.setattr(Path, name, cut)
    with pytest.raises(OSError, match="no power"):
        rotate_backup_key(own.keys)
    monkeypatch.undo()
    in_use = symmetric_key(own.keys / "backup.key", make=False)
    assert in_use == own.backup_key
    kept = rotate_backup_key(own.keys)
    assert symmetric_key(kept, make=False) == own.backup_key
    assert symmetric_key(own.keys / "backup.key", make=False) != own.backup_key


def test_the_command_goes_on_with_what_was_cut_short_and_names_what_opens_with_no_key(
    own: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    store_of(own).put("pictures/one", b"first")
    rotate_backup_key(own.keys)
    in_use = (own.keys / "backup.key").read_bytes()
    assert main(["keys", "--seal-anew"]) == 0
    assert "1 files" in capsys.readouterr().out
    assert (own.keys / "backup.key").read_bytes() == in_use, "no key is made by that"
    for kept in own.keys.glob("backup-*.key"):
        kept.unlink()
    assert store_of(read_settings()).open("pictures/one") == b"first"
    FolderStore(own.attachments, OTHER).put("pictures/odd", b"odd")
    assert main(["keys", "--seal-anew"]) == 1
    assert "pictures/dd/odd" in capsys.readouterr().err


def test_the_command_sets_a_key_and_an_old_backup_opens_while_the_old_one_is_kept(
    world: World,
    database: Database,
    own: Settings,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    before, keys = own, own.keys
    store_of(before).put("pictures/one", b"first")
    made = write_backup(database, before, tmp_path / "old.backup", NOW)
    assert upkeep.new_backup_key(before, make=True) == 0
    after, (kept,) = read_settings(), keys.glob("backup-*.key")
    assert kept.name in capsys.readouterr().out and kept.stat().st_mode & 0o077 == 0
    assert after.backup_keys_before == (before.backup_key,) != (after.backup_key,)
    assert read_through(tmp_path / "old.backup", *after.backup_keys) == made
    kept.unlink()
    last = read_settings()
    assert store_of(last).open("pictures/one") == b"first"
    with pytest.raises(BadBackup, match="does not open"):
        read_through(tmp_path / "old.backup", *last.backup_keys)
