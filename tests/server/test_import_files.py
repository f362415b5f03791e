"""Files of every sort that people and programs send: read, or refused in words within bounds."""

from __future__ import annotations

import gzip
import os
import threading
import time
import tracemalloc
import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from server import cli, imports
from server.access import actor_of
from server.config import Settings
from server.database import Database
from server.imports import DWELLINGS, BadFile, ImportRun, Options, Plan, make_plan, take_dropped
from server.imports.by_operator import Told, bring_in_bytes
from server.imports.dropped import REPORT
from server.imports.tables import LINE_MAX_CHARACTERS, SIZE_MAX_BYTES, read_table
from tests.makers import NOW, USERS, World
from tests.server.planned import all_of
from tests.stock_files import dwellings_file, tenancies_file

HEADING = b"koboId;Adresse;Omr\xc3\xa5de\n"


def zipped() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


def plan_of(world: World, raw: bytes) -> Plan:
    with world.database.reading() as session:
        lise = actor_of(session, USERS["lise"])
        return make_plan(session, lise, DWELLINGS, raw, Options(world.east), NOW)


REFUSED: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "Fila er tom"),
    "a mark alone": (b"\xef\xbb\xbf", "Fila er tom"),
    "blank lines": (b"\r\n\r\n", "Fila er tom"),
    "only a heading": (HEADING, "ingen rader"),
    "xlsx": (zipped(), "Excel-fil eller en ZIP-fil"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "gammel Excel-fil"),
    "pdf": (b"%PDF-1.7\n", "PDF"),
    "gzip": (gzip.compress(HEADING), "pakket"),
    "utf-16": ("Adresse\nEik 1".encode("utf-16"), "UTF-16"),
    "nul": (HEADING + b"A1;Eik\x00 1;\n", "ikke lagret som vanlig tekst"),
    "bytes of no set": (HEADING + b"A1;\x81\x8d\x8f;\n", "Linje 2 har tegn"),
    "two sets": (HEADING + b"A1;Eik 1;\nA2;L\xf8nne 2;\n", "linje 3"),
    "broken quotes": (HEADING + b'A1;"Eik" 1;x\n', "Anførselstegnene går ikke opp fra linje 2"),
    "open quotes": (HEADING + b'A1;"Eik 1\n' + b"B;b;b\n" * 50, "går ikke opp fra linje 2"),
    "a huge cell": (HEADING + b'A1;"' + b"x\n" * 100_000 + b'";\n', "fra linje 2"),
    "a long line": (HEADING + b"x" * (LINE_MAX_CHARACTERS + 2), "Linje 2 er på mer enn"),
    "a million columns": (b";" * 1_000_000 + b"\n", "Linje 1 er på mer enn"),
    "many columns": (b"a;" * 400 + b"Adresse\nx\n", "401 kolonner"),
    "the same twice": (b"Adresse;Vegadresse\nEik 1;Eik 1\n", "«Adresse» og «Vegadresse» betyr det"),
    "something else": (b"Dato;Sum\n1.1.2026;100\n", "ingen av kolonnene vi trenger"),
    "too large": (b"x" * (SIZE_MAX_BYTES + 1), "Grensen er 32 MB"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_table_is_refused_in_words_and_within_bounds(case: str, world: World) -> None:
    raw, said = REFUSED[case]
    tracemalloc.start()
    began = time.process_time()
    with pytest.raises(BadFile) as refused:
        plan_of(world, raw)
    used = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert said in str(refused.value)
    assert "Ingenting er endret." in str(refused.value)
    assert used < 64 * 1_048_576
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    "raw",
    [
        "Adresse;Område\r\nLønnebakken 1;Øst\r\n".encode(),
        "Adresse;Område\r\nLønnebakken 1;Øst\r\n".encode("utf-8-sig"),
        "Adresse;Område\nLønnebakken 1;Øst".encode("cp1252"),
        'sep=,\n"Område","Adresse"\n"Øst","Lønnebakken 1"\n'.encode(),
        "adresse\tområde\tannet; med, tegn\nLønnebakken 1\tØst\t\n".encode(),
        'Område;Adresse;Merknad\n\n;;\nØst;Lønnebakken 1;"to\nlinjer; her"\n'.encode(),
        "ADRESSE ;  område\rLønnebakken 1;Øst\r".encode(),
    ],
)
def test_the_ways_that_spreadsheets_write_are_read(world: World, raw: bytes) -> None:
    plan = plan_of(world, raw)
    [dwelling] = [step for step in plan.steps if step.kind == "dwelling"]
    assert dwelling.set["address"] == "Lønnebakken 1"
    assert dwelling.set["area"] == world.east


def test_a_row_with_too_many_cells_is_a_fault(world: World) -> None:
    plan = plan_of(world, HEADING + b"A1;Eik 1;\xc3\x98st;for mye\nA2;Eik 2\n")
    assert [(fault.line, fault.column) for fault in plan.faults.first] == [(2, "4")]


def test_a_thousand_faults_are_counted_and_the_first_are_listed(world: World) -> None:
    plan = plan_of(world, HEADING + b"A 1;Eik 1;\n" * 1_000)
    assert (plan.faults.count, len(plan.faults.first)) == (1_000, 100)
    assert plan.steps == []


def test_the_line_is_the_one_that_the_record_begins_on() -> None:
    table = read_table(b'Adresse;X\n"a\nb";1\nc;2\n', lambda word: word == "Adresse")
    assert [line for line, _ in table.rows] == [2, 4]


def dropped(folder: Path, name: str, raw: bytes, age_s: float = 3_600) -> Path:
    path = folder / name
    path.write_bytes(raw)
    at = NOW.timestamp() - age_s
    os.utime(path, (at, at))
    return path


def report_of(path: Path) -> str:
    return path.with_name(path.name + REPORT).read_text("utf-8")


def test_the_drop_folder_brings_files_in_and_leaves_reports(world: World, tmp_path: Path) -> None:
    homes = dropped(tmp_path, "boliger.csv", dwellings_file(20, ["Øst"]))
    lets = dropped(tmp_path, "leieforhold-hele-lista.csv", tenancies_file(20))
    other = dropped(tmp_path, "annet.csv", HEADING)
    fresh = dropped(tmp_path, "boliger-nye.csv", HEADING, age_s=5)
    assert take_dropped(world.database, tmp_path, NOW) == 3
    assert len(all_of(world, "dwelling")) == 22 and len(all_of(world, "tenancy")) == 20
    assert "Boliger: 20 nye" in report_of(homes) and "Kan angres: " in report_of(lets)
    assert "Navnet sier ikke" in report_of(other)
    assert not fresh.with_name(fresh.name + REPORT).exists()
    assert take_dropped(world.database, tmp_path, NOW) == 0
    with world.database.reading() as session:
        assert {run.by for run in session.query(ImportRun)} == {"folder"}


def test_two_who_read_the_drop_folder_at_once_make_every_home_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, both = dwellings_file(40, ["Øst"]), threading.Barrier(2)
    path, begin, opened = dropped(tmp_path, "boliger.csv", raw), bring_in_bytes, os.fdopen

    def begin_at_once(*said: Any) -> Told:
        both.wait(60)
        return begin(*said)

    def write_at_once(*said: Any, **more: Any) -> Any:
        both.wait(60)
        return opened(*said, **more)

    monkeypatch.setattr("server.imports.dropped.bring_in_bytes", begin_at_once)
    monkeypatch.setattr("server.imports.dropped.os.fdopen", write_at_once)
    with ThreadPoolExecutor(2) as pool:
        taken = pool.map(lambda _: take_dropped(world.database, tmp_path, NOW), range(2))
        assert list(taken) == [1, 1]
    assert len(all_of(world, "dwelling")) == 42 and plan_of(world, raw).steps == []
    assert "Boliger: " in report_of(path)


def test_the_drop_folder_never_says_yes_for_a_person(world: World, tmp_path: Path) -> None:
    dropped(tmp_path, "boliger.csv", dwellings_file(20, ["Øst"]))
    dropped(tmp_path, "leieforhold-hele-lista.csv", tenancies_file(20))
    take_dropped(world.database, tmp_path, NOW)
    path = dropped(tmp_path, "leieforhold-hele-lista.csv", tenancies_file(10))
    take_dropped(world.database, tmp_path, NOW)
    assert "10 av 20 leieforhold blir avsluttet. Ingenting er endret." in report_of(path)
    assert not any("ended_on" in body for body in all_of(world, "tenancy").values())


def test_a_fault_in_the_drop_folder_writes_nothing(world: World, tmp_path: Path) -> None:
    path = dropped(
        tmp_path, "boliger.csv", HEADING + b"A1;Eik 1;\xc3\x98st\nA 2;Eik 2;\xc3\x98st\n"
    )
    take_dropped(world.database, tmp_path, NOW)
    assert "Linje 3, kolonne koboId: «A 2» kan ikke brukes." in report_of(path)
    assert len(all_of(world, "dwelling")) == 2


def test_a_file_that_breaks_us_is_told_of_tried_again_and_holds_up_no_other(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = dropped(tmp_path, "boliger-a.csv", dwellings_file(1, ["Øst"]))
    dropped(tmp_path, "boliger-b.csv", dwellings_file(20, ["Øst"]))

    def stumbles(*given: object, **named: object) -> object:
        if bad.name in given:
            raise KeyError("building")
        return bring_in_bytes(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("server.imports.dropped.bring_in_bytes", stumbles)
    assert take_dropped(world.database, tmp_path, NOW) == 2
    assert "Feilen er hos oss" in report_of(bad)
    assert len(all_of(world, "dwelling")) == 22
    monkeypatch.undo()
    assert take_dropped(world.database, tmp_path, NOW) == 1
    assert "Feilen er hos oss" not in report_of(bad)


def test_the_command_shows_first_writes_when_told_and_takes_back(
    world: World,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in (
        ("OPPGANG_MODE", "test"),
        ("OPPGANG_DATA", str(settings.data)),
        ("OPPGANG_KEYS", str(settings.keys)),
        ("OPPGANG_DATABASE_URL", settings.database_url),
    ):
        monkeypatch.setenv(name, value)
    path = dropped(tmp_path, "stock.csv", dwellings_file(5, ["Øst"]))
    assert cli.main(["import", str(path), "--dwellings"]) == 0
    assert "Ingenting er skrevet ennå." in capsys.readouterr().out
    assert len(all_of(world, "dwelling")) == 2
    assert cli.main(["import", str(path), "--dwellings", "--write"]) == 0
    run = capsys.readouterr().out.strip().rpartition("Kan angres: ")[2]
    assert len(all_of(world, "dwelling")) == 7
    assert cli.main(["import", "--undo", run]) == 0
    assert len(all_of(world, "dwelling")) == 2
    assert cli.main(["import", "--undo", run]) == 1
    assert cli.main(["import", str(path)]) == 1
    assert cli.main(["import", str(tmp_path / "none.csv"), "--dwellings"]) == 1


def test_what_nobody_said_yes_to_is_let_go(
    database: Database, settings: Settings, world: World
) -> None:
    with database.writing() as session:
        lise = actor_of(session, USERS["lise"])
        raw = dwellings_file(2, ["Øst"])
        plan = make_plan(session, lise, DWELLINGS, raw, Options(), NOW)
        run = imports.enter(session, plan, imports.Writer.person(lise), "", raw, Options(), NOW)
    imports.waiting.keep(settings, run, raw)
    assert imports.waiting.read(settings, run) == raw
    [sealed] = (settings.data / "imports").iterdir()
    assert b"Eikebakken" not in sealed.read_bytes()
    os.utime(sealed, (0, 0))
    imports.waiting.sweep(database, settings, NOW + imports.waiting.LASTS * 2)
    assert imports.waiting.read(settings, run) is None
    with database.reading() as session:
        assert session.get(ImportRun, run) is None
