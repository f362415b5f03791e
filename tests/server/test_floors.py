"""What the app is built of: every part by hash in a bill, and none older than is safe."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any

import sqlcipher3.dbapi2 as sqlcipher
from packaging.version import Version

from server.cli import main
from server.sbom import ROOT, bill

FLOORS = list(csv.DictReader((ROOT / "docs" / "floors.csv").open(encoding="utf-8")))
SQLITE_FLOOR = Version("3.51.3")
NEVER = {"pyjwt", "python-jose", "flask-talisman", "bleach", "pysqlite3-binary", "sqlean-py"}


def below(parts: Iterable[dict[str, Any]], floors: Iterable[dict[str, str]]) -> list[str]:
    """Name what is older than it may be, and what a floor is for and is not there."""
    versions = {
        part["purl"].rpartition("@")[0].replace("%40", "@"): part["version"] for part in parts
    }
    found = []
    for floor in floors:
        name = f"pkg:{floor['ecosystem']}/{floor['package']}"
        if name not in versions:
            found.append(f"{name} is not in the lock")
        elif Version(versions[name]) < Version(floor["floor"]):
            found.append(f"{name} {versions[name]} is below {floor['floor']}: {floor['why']}")
    return found


def test_nothing_is_below_its_floor() -> None:
    assert len(FLOORS) > 12 and all(floor["why"] for floor in FLOORS)
    assert below(bill()["components"], FLOORS) == []


def test_a_part_below_its_floor_or_missing_is_named() -> None:
    high = {**FLOORS[0], "floor": "99"}
    gone = {**FLOORS[0], "package": "not-there"}
    assert len(below(bill()["components"], [high, gone])) == 2


def test_the_database_that_runs_has_not_the_fault_that_breaks_it() -> None:
    assert Version(sqlcipher.sqlite_version) >= SQLITE_FLOOR


def test_the_bill_has_every_part_with_its_digest_and_none_that_we_refuse() -> None:
    parts = bill()["components"]
    assert len(parts) > 100 and len({part["bom-ref"] for part in parts}) > 100
    bare = [p["purl"] for p in parts if not p["hashes"] or not p["version"]]
    assert bare == []
    assert {part["name"] for part in parts} & NEVER == set()
    installed = (ROOT / "requirements.lock").read_text().count("==")
    assert len([part for part in parts if part["purl"].startswith("pkg:pypi/")]) == installed


def test_the_bill_is_printed_and_is_the_same_each_time(capsys: Any) -> None:
    assert main(["sbom"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed == bill() and printed["bomFormat"] == "CycloneDX"
