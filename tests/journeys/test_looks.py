"""How a page is looked at: when all that moves on it has come to its end, and with one picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.looks import photograph

pytestmark = pytest.mark.drawn

LONG = """<style>p { opacity: 0; animation: 9999s appear forwards }
b { animation: 9999s appear infinite } @keyframes appear { to { opacity: 1 } }</style>
<p>Lagret på telefonen</p><b>…</b>"""
SEEN = "getComputedStyle(document.querySelector('p')).opacity"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_page_at_rest_is_photographed_once_for_both_databases(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: str
) -> None:
    monkeypatch.setenv("OPPGANG_TEST_DATABASE", database)
    page, picture = chromium.new_page(), tmp_path / "office" / "page.png"
    page.set_content(LONG)
    photograph(page, picture)
    assert page.evaluate(SEEN) == "1"
    assert picture.exists() == (database == "sqlite")
