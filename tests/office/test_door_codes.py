"""The sheet of codes for doors: each names one place, and nobody gets those of another area."""

from __future__ import annotations

import re

import segno

from server.demo.municipality import NORTH, SOUTH, homes
from server.office.door_codes import drawn
from tests.office.conftest import Enter

HOME = next(home for home in homes() if home.area == NORTH)
AWAY = next(home for home in homes() if home.area == SOUTH)
SHEET = f"/office/buildings/{HOME.building}/codes"
LINES = re.compile(r'd="([^"]+)"')


def test_a_building_has_a_sheet_with_a_code_for_itself_and_each_home(enter: Enter) -> None:
    ingrid = enter("ingrid")
    assert SHEET in ingrid.open(f"/office/buildings/{HOME.building}").links
    page = ingrid.open(SHEET)
    inside = [home for home in homes() if home.building == HOME.building]
    assert page.html.count("<svg") == 1 + len(inside)
    assert all(f"{home.address}, {home.unit_number}" in page.words for home in inside)
    assert all(str(drawn("http://localhost/", home.id)) in page.html for home in inside)
    assert str(drawn("http://localhost/", HOME.building)) in page.html
    assert "style=" not in page.html.partition("<main")[2]


def test_a_code_is_the_apps_address_with_the_id_and_nothing_else() -> None:
    place = "018f2c5e-0000-7000-8000-000000000001"
    code = segno.make_qr(f"https://oppgang.example/?sted={place}", error="q")
    same = code.svg_inline(scale=4, border=4, omitsize=True)
    assert LINES.findall(str(drawn("https://oppgang.example/", place))) == LINES.findall(same)


def test_another_areas_sheet_and_one_that_is_none_look_the_same(enter: Enter) -> None:
    kari = enter("kari")
    away = kari.open(f"/office/buildings/{AWAY.building}/codes")
    none = kari.open(f"/office/buildings/{HOME.id}/codes")
    assert (away.status, none.status) == (404, 404) and away.plain == none.plain
