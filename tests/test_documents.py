"""The documents say what the product is: written from the declarations, and naming only what is."""

from __future__ import annotations

import csv
import re
from collections import Counter
from pathlib import Path

from server.keeping import processing
from server.keeping.side_tables import TABLES
from server.records import REGISTRY
from tests import who_sees

ROOT = Path(__file__).resolve().parents[1]
PRIVACY = ROOT / "docs" / "personvern"
ASVS = list(csv.DictReader((ROOT / "docs" / "asvs.csv").open(encoding="utf-8")))
PICTURE_MAX_BYTES = 40_000
PROOF = re.compile(r"^(?P<file>[\w./-]+?)(?:::(?P<test>\w+))?$")


def is_there(proof: str) -> bool:
    """Say whether a proof names a file that exists and, if it names one, a test in it."""
    found = PROOF.match(proof)
    if found is None or not (ROOT / found["file"]).is_file():
        return False
    text = (ROOT / found["file"]).read_text("utf-8")
    if found["file"].startswith("tests/"):
        return f"def {found['test'] or 'test_'}" in text
    return found["test"] is None


def test_the_record_of_processing_is_what_the_declarations_say() -> None:
    written = processing.FILE.read_text("utf-8")
    assert written == processing.written(), "run ./run documents"
    for spec in REGISTRY.values():
        assert (f"| {spec.words[1]} |" in written) == spec.about_people, spec.name
    assert all(kept.what in written for kept in TABLES.values())


def test_who_sees_what_is_what_the_table_says() -> None:
    text = who_sees.FILE.read_text("utf-8")
    assert text == who_sees.written(), "run python -m tests.who_sees"
    shown = re.findall(r'src="([\w/.-]+)"', text)
    kept = {f"bilder/{each.name}" for each in (PRIVACY / "bilder").iterdir()}
    assert sorted(shown) == sorted(kept), "each picture stands once"
    assert all((PRIVACY / each).stat().st_size <= PICTURE_MAX_BYTES for each in shown)


def test_each_requirement_has_a_test_a_document_or_says_that_it_is_open() -> None:
    """ASVS 5.0: the seventy of level 1 and the 183 of level 2, each once."""
    assert Counter(row["level"] for row in ASVS) == {"1": 70, "2": 183}
    assert len({row["id"] for row in ASVS}) == 253
    dead = [row["id"] for row in ASVS if row["proof"] and not is_there(row["proof"])]
    assert dead == []
    for row in ASVS:
        assert row["status"] in ("test", "document", "open", "not_applicable"), row
        assert bool(row["proof"]) == (row["status"] in ("test", "document")), row
        assert row["proof"] or row["note"], row
        assert row["status"] != "test" or row["proof"].startswith("tests/"), row
        assert row["status"] != "document" or row["proof"].startswith("docs/"), row


def test_nothing_is_open_at_level_1() -> None:
    found = {row["id"] for row in ASVS if row["level"] == "1" and row["status"] == "open"}
    assert found == set()


def test_the_documents_name_only_files_that_exist() -> None:
    for document in sorted(PRIVACY.glob("*.md")):
        text = document.read_text("utf-8")
        for named in re.findall(r"`(tests/[\w./]+\.py)`", text):
            assert is_there(named), (document.name, named)
        for link in re.findall(r"\]\(([\w./-]+)\)|`(\.\./[\w./-]+|[\w-]+\.md)`", text):
            target = next(filter(None, link))
            assert (PRIVACY / target).exists(), (document.name, target)


def test_a_dead_proof_is_seen() -> None:
    assert not is_there("tests/server/test_throttle.py::test_nothing_of_the_sort")
    assert not is_there("tests/server/test_gone.py") and not is_there("docs/gone.md")
    assert is_there("docs/operations.md") and is_there("tests/test_documents.py")
