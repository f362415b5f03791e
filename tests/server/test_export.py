"""The export: everything, readable without us, of one moment, and never half."""

from __future__ import annotations

import csv
import io
import json
import threading
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from server import acts, people
from server.cli import main
from server.config import Settings
from server.contract import CONTRACT
from server.database import Database
from server.keeping import export, packing
from server.records import REGISTRY
from server.records.record import Envelope
from sync.mutation import canonical
from tests.makers import AREA_EAST, NOW, USERS, World, new_id, visit
from tests.server.phone import Phone

EVIL = ("=1+1", "+47 900 00 000", "-5 grader", "@sum", "\t=1", " =1+1", "＝1", "|cmd")


def none(id: str) -> bytes | None:
    """A store without pictures."""
    return None


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table as anybody would."""
    raw = path.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline=""), delimiter=";"))


def lines_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def make(database: Database, folder: Path, pictures: packing.Pictures = none) -> export.Made:
    return export.export_all(database, folder, pictures, "cli:test", NOW)


def test_a_visit_is_there_in_words_in_codes_and_exactly(
    kari: Phone, database: Database, tmp_path: Path
) -> None:
    id, body = visit()
    assert body["present/tenant"] is True
    kari.sync(kari.write("visit", id, body))
    make(database, tmp_path / "out")
    (row,) = rows_of(tmp_path / "out" / "visit.csv")
    assert (row["Registrering"], row["Skrevet av"]) == (id, "Kari Nordmann")
    assert row["Hvordan gikk det? (kode)"] == "completed"
    words = REGISTRY["visit"].fields["outcome"].choices["completed"]
    assert row["Hvordan gikk det?"] == words
    (present,) = rows_of(tmp_path / "out" / "visit_present.csv")
    assert (present["Registrering"], present["Nøkkel"]) == (id, "tenant")
    assert present["Nøkkel i ord"] and present["Hvem var til stede?"] == "ja"
    (line,) = lines_of(tmp_path / "out" / "visit.jsonl")
    assert line["body"] == body and line["authors"] == [USERS["kari"]]
    assert {"id", "kind", "seq", "created_at", "changed_at", "deleted"} <= line.keys()
    sent = [each for each in lines_of(tmp_path / "out" / "historikk.jsonl") if each["record"] == id]
    assert sent[0]["author_name"] == "Kari Nordmann" and sent[0]["state"] == "applied"
    assert sent[0]["sent"]["set"] == body and sent[0]["effect"][0]["outcome"] == "written"


def test_every_kind_has_its_files_and_every_file_its_count_and_sum(
    world: World, database: Database, tmp_path: Path
) -> None:
    make(database, tmp_path / "out")
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    listed = {each["name"]: each for each in manifest["files"]}
    for kind, spec in REGISTRY.items():
        assert {f"{kind}.csv", f"{kind}.jsonl"} <= listed.keys()
        assert {f"{kind}_{name}.csv" for name in spec.keyed} <= listed.keys()
    assert (manifest["contract"], listed["area.csv"]["rows"]) == (CONTRACT, 2)
    assert listed["brukere.csv"]["rows"] == len(USERS)
    assert "LES-MEG.txt" in listed and packing.faults(tmp_path / "out") == []


def test_no_cell_can_start_a_formula(
    office: Phone, world: World, database: Database, tmp_path: Path
) -> None:
    """Also where a space or another alphabet's sign comes first; the exact text is beside it."""
    for text in EVIL:
        office.sync(office.write("dwelling", new_id(), {"area": AREA_EAST, "address": text}))
    make(database, tmp_path / "out")
    cells = [
        cell
        for path in (tmp_path / "out").glob("*.csv")
        for row in csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""), delimiter=";")
        for cell in row
    ]
    assert not [
        cell for cell in cells if cell.strip()[:1] in tuple("=+-@|＝＋－＠") and cell.strip()
    ]
    exact = {line["body"]["address"] for line in lines_of(tmp_path / "out" / "dwelling.jsonl")}
    assert exact >= {text.strip() for text in EVIL[:4]}


def test_no_password_and_no_key_is_in_it(world: World, database: Database, tmp_path: Path) -> None:
    make(database, tmp_path / "out")
    written = b"".join(p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file())
    assert b"argon2" not in written and b"kari" in written


def test_it_is_its_owners_alone_and_says_that_it_was_made(
    world: World, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "deep" / "out"
    make(database, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(p.stat().st_mode & 0o077 == 0 for p in folder.rglob("*") if p.is_file())
    with database.reading() as session:
        found = acts.latest(session, "export")
    assert found and found[0].by == "cli:test"
    assert [p.name for p in folder.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("there", ["file", "full folder"])
def test_it_writes_over_nothing(
    there: str, world: World, database: Database, tmp_path: Path
) -> None:
    target = tmp_path / "out"
    if there == "file":
        target.write_text("mine")
    else:
        target.mkdir()
        (target / "mine").write_text("mine")
    with pytest.raises(packing.CannotExport):
        make(database, target)
    assert "mine" in (target.read_text() if there == "file" else (target / "mine").read_text())


def test_a_failed_export_leaves_nothing(world: World, database: Database, tmp_path: Path) -> None:
    def broken(id: str) -> bytes | None:
        raise OSError("planted")

    harmed = tmp_path / "harmed"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_write_history", lambda *_: broken(""))
        with pytest.raises(OSError, match="planted"):
            make(database, harmed)
    assert list(tmp_path.glob("*harmed*")) == []
    with database.reading() as session:
        assert acts.latest(session, "export") is None


def test_an_export_is_one_moment_while_others_write(
    world: World, database: Database, tmp_path: Path
) -> None:
    """Each write adds two users or none; an export between them would have an odd number."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        while not stop.is_set():
            with database.writing() as session:
                for _ in range(2):
                    people.add_user(session, new_id(), "Ny", NOW)
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(20)
        for number in range(3):
            made = make(database, tmp_path / f"out{number}")
            assert (made.rows["brukere.csv"] - len(USERS)) % 2 == 0
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("harm", ["changed", "missing", "added", "manifest"])
def test_verify_names_what_is_not_as_it_was_written(
    harm: str, world: World, database: Database, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    make(database, folder)
    match harm:
        case "changed":
            (folder / "area.csv").write_bytes((folder / "area.csv").read_bytes()[:-2] + b"x\n")
        case "missing":
            (folder / "area.csv").unlink()
        case "added":
            (folder / "extra.csv").write_text("x")
        case "manifest":
            (folder / "manifest.json").write_text("{}")
            with pytest.raises(packing.CannotExport):
                packing.faults(folder)
            return
    name = "extra.csv" if harm == "added" else "area.csv"
    assert [fault.split()[0] for fault in packing.faults(folder)] == [name]


def test_the_command_exports_warns_and_verifies(
    world: World,
    settings: Settings,
    keys: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    environment = {"MODE": "test", "DATA": str(settings.data), "KEYS": str(keys)}
    environment["DATABASE_URL"] = settings.database_url
    for name, value in environment.items():
        monkeypatch.setenv(f"OPPGANG_{name}", value)
    assert main(["export", "--all", str(tmp_path / "out")]) == 0
    assert "PERSONAL DATA" in capsys.readouterr().out
    monkeypatch.setenv("OPPGANG_DATABASE_URL", "nonsense://")
    assert main(["export", "--verify", str(tmp_path / "out")]) == 0
    (tmp_path / "out" / "visit.csv").unlink()
    assert main(["export", "--verify", str(tmp_path / "out")]) == 1
    assert "visit.csv is missing." in capsys.readouterr().out
    assert main(["export", "--verify", str(tmp_path)]) == 1
    assert main(["export"]) == 1


def test_memory_does_not_grow_with_the_records(database: Database, tmp_path: Path) -> None:
    """Ten times the records take no more of it; only the table of dwellings is long."""

    def fill(count: int) -> None:
        row = {"kind": "dwelling", "seq": 1, "deleted": False, "versions": b"[]", "words": ""}
        row |= {"authors": b"[]", "area": None, "created_at": NOW, "changed_at": NOW}
        body = canonical({"area": AREA_EAST, "address": "Storgata 12 " + "x" * 200})
        with database.writing() as session:
            session.execute(
                insert(Envelope), [row | {"id": new_id(), "body": body} for _ in range(count)]
            )

    def peak(folder: str) -> int:
        tracemalloc.start()
        make(database, tmp_path / folder)
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    fill(600)
    make(database, tmp_path / "warm")
    few = peak("few")
    fill(6_000)
    assert peak("many") < few + 2_000_000
