"""What three roles see of the demo municipality, as pictures for docs/personvern/hvem-ser-hva.md.

Start `./run`, then `.venv/bin/python -m tests.journeys.portraits`, and look at each picture beside
the table: nothing may be on it that the table denies. It proves nothing by itself.
"""

from __future__ import annotations

import argparse
import io
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from server.demo.municipality import STAFF, homes
from tests.browser import chromium
from tests.journeys.looks import AT_REST
from tests.journeys.people import Desk, FieldWorker
from tests.journeys.stage import ROOT

PICTURES = ROOT / "docs" / "personvern" / "bilder"
WIDE_MAX, HIGH_MAX, COLOURS = 840, 640, 20
FIRST = {"eva": "Avvik", "ola": "I dag", "lise": "I dag"}
"""What each phone opens on."""
OFFICE = {
    "eva": ("", "deviations", f"dwellings/{homes()[0].id}"),
    "ola": ("deviations", f"dwellings/{homes()[0].id}"),
    "lise": ("", "cases", f"dwellings/{homes()[0].id}", f"subjects/{homes()[0].tenancy}"),
}
"""The pages of the office, by the address after /office/."""


def main() -> None:
    """Take all of them anew."""
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.portraits")
    parser.add_argument("address", nargs="?", default="http://localhost:8000")
    address = parser.parse_args().address
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="oppgang-") as disk, sync_playwright() as play:
        for login in FIRST:
            phone = FieldWorker(login, play, chromium(), Path(disk) / login, address)
            desk = Desk(login, play, chromium(), Path(disk) / f"{login}-desk", address)
            for name, page in chain(on_the_phone(phone), in_the_office(desk, address)):
                keep(page, PICTURES / f"{login}-{name}.png")
            phone.phone.close()
            desk.phone.close()


def on_the_phone(who: FieldWorker) -> Iterator[tuple[str, Page]]:
    """The first screen, and a home or what a landlord has instead."""
    who.begin(STAFF[who.name].passphrase, FIRST[who.name])
    who.page.wait_for_timeout(4_000)
    yield "telefon", who.page
    if who.name == "eva":
        who.page.locator("main button.entry").first.click()
    else:
        who.go("Boliger")
    who.page.wait_for_timeout(1_000)
    yield "telefon-2", who.page


def in_the_office(who: Desk, address: str) -> Iterator[tuple[str, Page]]:
    """Each page by its address."""
    who.begin(STAFF[who.name].passphrase)
    for path in OFFICE[who.name]:
        who.page.goto(f"{address}/office/{path}")
        expect(who.page.get_by_role("heading", level=1)).to_be_visible()
        yield f"kontor-{path.partition('/')[0] or 'oversikt'}", who.page


def keep(page: Page, path: Path) -> None:
    """Keep what the page shows now, small and in few colours."""
    page.evaluate(AT_REST)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    image.thumbnail((WIDE_MAX, HIGH_MAX), Image.Resampling.LANCZOS)
    image.quantize(COLOURS).save(path, optimize=True)


if __name__ == "__main__":
    main()
