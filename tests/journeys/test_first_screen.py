"""The first screen of the phone app is small enough for a bad stairwell; all its parts are kept."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.journeys.stage import ROOT

pytestmark = pytest.mark.drawn

DIST = ROOT / "pwa" / "dist"
FIRST_SCREEN_BYTES_MAX = 120 * 1024


def first_files() -> set[str]:
    """Everything that the page asks for before it can be used, by the build's own list."""
    listed: Mapping[str, Any] = json.loads((DIST / ".vite" / "manifest.json").read_text("utf-8"))
    found, waiting = {"index.html"}, ["index.html"]
    while waiting:
        part = listed[waiting.pop()]
        found |= {part["file"], *part.get("css", ())}
        waiting += part.get("imports", ())
    return found


def test_the_first_screen_is_at_most_120_kilobytes_as_it_travels() -> None:
    sizes = {name: len(gzip.compress((DIST / name).read_bytes(), 6)) for name in first_files()}
    assert any(name.endswith(".js") for name in sizes) and any(n.endswith(".css") for n in sizes)
    assert sum(sizes.values()) <= FIRST_SCREEN_BYTES_MAX, sizes


def test_the_service_worker_keeps_every_part_so_that_no_screen_needs_a_network() -> None:
    kept = set(re.findall(r"/assets/[\w.-]+", (DIST / "sw.js").read_text("utf-8")))
    assert kept == {f"/assets/{path.name}" for path in (DIST / "assets").iterdir()}
