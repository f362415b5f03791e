"""The table of what goes wrong names tests that exist, and leaves none of the 24 cases out."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TABLE = (ROOT / "docs" / "what-goes-wrong.md").read_text()
ROWS = re.findall(r"^\| (\d+) \| (.+) \|$", TABLE, re.MULTILINE)
NODE = re.compile(r"`([^`:]+)::([^`]+)`")


def test_every_case_stands_there_once() -> None:
    assert [int(number) for number, _ in ROWS] == list(range(1, 25))


def test_every_case_has_a_test_or_says_that_it_has_none() -> None:
    silent = [n for n, row in ROWS if not NODE.search(row) and not re.search("kommer|mangler", row)]
    assert silent == []


def test_every_test_that_is_named_exists() -> None:
    dead = []
    for file, name in NODE.findall(TABLE):
        path = ROOT / file
        wanted = f"def {name}(" if file.endswith(".py") else f"'{name}'"
        if not path.is_file() or wanted not in path.read_text():
            dead.append(f"{file}::{name}")
    assert dead == []
