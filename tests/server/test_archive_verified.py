"""A package is compared with its manifest and its structure, by a command that needs no key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.cli import main
from server.config import Settings
from server.database import Database
from server.keeping import packing
from server.keeping.archive import noark
from tests.makers import DWELLING_EAST, World
from tests.server.archived import packed, visit
from tests.server.test_retention import make


def spoilt(folder: Path) -> Iterator[str]:
    """Spoil a package in one way after another; give the file that each is about."""
    pdf, xml = next(folder.rglob("*.pdf")), folder / noark.NAME
    name, kept = str(pdf.relative_to(folder)), pdf.read_bytes()
    pdf.write_bytes(kept[:-1])
    yield name
    pdf.unlink()
    yield name
    pdf.write_bytes(kept)
    text = xml.read_text("utf-8")
    xml.write_text(text.replace(packing.digest_of(pdf), "0" * 64), "utf-8")
    yield name
    xml.write_text(text.replace(name, "dokumenter/annet.pdf"), "utf-8")
    yield "dokumenter/annet.pdf"
    xml.write_text(text.replace(name, "../../utenfor.pdf"), "utf-8")
    yield "../../utenfor.pdf"
    xml.write_text("<arkiv", "utf-8")
    yield noark.NAME
    xml.write_text(text, "utf-8")
    (pdf.parent / "ekstra.pdf").write_bytes(b"x")
    yield "ekstra.pdf"


def test_the_structure_and_the_manifest_each_find_what_is_not_as_it_was(
    world: World, database: Database, settings: Settings, tmp_path: Path
) -> None:
    visit(database)
    packed(database, settings, tmp_path / "ut")
    assert packing.faults(tmp_path / "ut") == noark.faults(tmp_path / "ut") == []
    for name in spoilt(tmp_path / "ut"):
        assert any(name in each for each in noark.faults(tmp_path / "ut")), name
        assert packing.faults(tmp_path / "ut"), name


def test_the_command_packs_verifies_and_says_that_nothing_ended(
    world: World,
    settings: Settings,
    database: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("server.upkeep.read_settings", lambda: settings)
    out = tmp_path / "ut"
    assert main(["export", "--archive", str(out)]) == 1
    assert "Nothing is due" in capsys.readouterr().err and not out.exists()
    make(database, "visit", {"dwelling": DWELLING_EAST, "visited_on": "2019-11-24"})
    assert main(["export", "--archive", str(out)]) == 0
    said = capsys.readouterr().out
    assert "NOTHING WAS ENDED" in said and "PERSONAL DATA" in said and "kode 6" in said
    assert main(["export", "--verify", str(out)]) == 0
    xml = out / noark.NAME
    raw = xml.read_text("utf-8").replace("Bevares", "Kasseres")
    xml.write_text(raw, "utf-8")
    assert main(["export", "--verify", str(out)]) == 1
    assert main(["export", "--archive", str(out)]) == 1, "a folder that holds something"
