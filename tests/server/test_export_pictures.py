"""The pictures of an export: each opens, belongs to its record, and is missed when it is gone."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

from server.cli import main
from server.config import Settings
from server.database import Database
from server.keeping import packing
from server.photos.attachments import store_of
from tests.makers import visit
from tests.photos import BOTTOM, TOP, encoded, opened, photo, scene
from tests.server.lane import begin, get, send, settled
from tests.server.phone import Phone
from tests.server.test_pictures import near

PHOTOS = (photo(), photo(scene(600, 1_000)))
BYTES = "sent, and no picture"


@pytest.fixture(autouse=True)
def machine(settings: Settings, keys: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command is run where the server's own settings are; nothing is redrawn unasked."""
    environment = {"MODE": "test", "DATA": str(settings.data), "KEYS": str(keys)}
    environment["DATABASE_URL"] = settings.database_url
    for name, value in environment.items():
        monkeypatch.setenv(f"OPPGANG_{name}", value)
    monkeypatch.setattr("server.photos.darkroom.develop", lambda *_: None)


@pytest.fixture
def taken(kari: Phone, database: Database, settings: Settings) -> dict[str, str]:
    """Two photos of two visits, stored: the record of each by its id."""
    found = {}
    for content in PHOTOS:
        record, body = visit()
        kari.sync(kari.write("visit", record, body))
        id = begin(kari, content, record)
        send(kari, id, content)
        assert settled(kari, database, settings, id)["stored"]
        found[id] = record
    return found


def exported(folder: Path) -> Path:
    """Run the command, and give the folder of pictures."""
    assert main(["export", "--all", str(folder)]) == 0
    return folder / "bilder"


def manifest(folder: Path) -> dict[str, object]:
    said: dict[str, object] = json.loads((folder / "manifest.json").read_text("utf-8"))
    return said


def test_each_stored_picture_is_there_opens_and_is_named_by_its_record(
    kari: Phone, taken: dict[str, str], tmp_path: Path
) -> None:
    pictures = exported(tmp_path / "out")
    assert {path.name for path in pictures.iterdir()} == {f"{id}.jpg" for id in taken}
    lines = (tmp_path / "out" / "attachment.jsonl").read_text("utf-8").splitlines()
    told = {line["id"]: line["body"] for line in map(json.loads, lines)}
    with (tmp_path / "out" / "attachment.csv").open(encoding="utf-8-sig", newline="") as table:
        assert {row["Registrering"] for row in csv.DictReader(table, delimiter=";")} == set(taken)
    for (id, record), size in zip(taken.items(), ((900, 1_200), (600, 1_000)), strict=True):
        content = (pictures / f"{id}.jpg").read_bytes()
        stored = told[id]["stored"]
        assert content == get(kari, id).data and told[id]["record"] == record
        assert stored["sha_stored"] == sha256(content).hexdigest()
        image = opened(content)
        assert image.format == "JPEG" and image.size == size == (stored["width"], stored["height"])
        assert near(image.getpixel((9, 9)), TOP)
        assert near(image.getpixel((9, image.height - 9)), BOTTOM)
    assert manifest(tmp_path / "out")["missing_pictures"] == []
    assert packing.faults(tmp_path / "out") == []


def test_what_is_refused_or_on_its_way_has_no_picture_and_is_not_missed(
    kari: Phone, database: Database, settings: Settings, taken: dict[str, str], tmp_path: Path
) -> None:
    refused, waiting = begin(kari, BYTES.encode()), begin(kari, encoded(scene(), "PNG"))
    send(kari, refused, BYTES.encode())
    assert settled(kari, database, settings, refused)["refused"]
    pictures = exported(tmp_path / "out")
    assert {path.stem for path in pictures.iterdir()} == set(taken)
    assert manifest(tmp_path / "out")["missing_pictures"] == []
    known = (tmp_path / "out" / "attachment.jsonl").read_text("utf-8")
    assert refused in known and waiting in known
    assert not any(BYTES.encode() in p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())


def test_a_picture_that_the_store_has_lost_is_named_by_the_command_and_in_the_manifest(
    settings: Settings,
    taken: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lost, here = taken
    store_of(settings).delete(f"pictures/{lost}")
    pictures = exported(tmp_path / "out")
    assert f"The picture of {lost} is not in the store" in capsys.readouterr().out
    assert manifest(tmp_path / "out")["missing_pictures"] == [lost]
    assert [path.stem for path in pictures.iterdir()] == [here]


@pytest.mark.parametrize("harm", ["missing", "altered", "exchanged", "added"])
def test_verify_notices_a_picture_that_is_not_as_it_was_written(
    harm: str, taken: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures = exported(tmp_path / "out")
    one, other = (pictures / f"{id}.jpg" for id in taken)
    said = [f"bilder/{one.name} is not as it was written."]
    match harm:
        case "missing":
            one.unlink()
            said = [f"bilder/{one.name} is missing."]
        case "altered":
            content = bytearray(one.read_bytes())
            content[-3] ^= 1
            one.write_bytes(content)
        case "exchanged":
            before, after = one.read_bytes(), other.read_bytes()
            one.write_bytes(after)
            other.write_bytes(before)
            said += [f"bilder/{other.name} is not as it was written."]
        case "added":
            (one.parent / "extra.jpg").write_bytes(one.read_bytes())
            said = ["bilder/extra.jpg was not part of it."]
    capsys.readouterr()
    assert main(["export", "--verify", str(tmp_path / "out")]) == 1
    told = capsys.readouterr().out
    assert all(each in told for each in said)
    assert sorted(packing.faults(tmp_path / "out")) == sorted(said)
