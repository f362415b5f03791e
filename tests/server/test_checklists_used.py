"""Every checklist has its use: a purpose of a visit, a rule of rounds, or a field that holds it."""

from __future__ import annotations

import re
from pathlib import Path

from server.checklists import CHECKLISTS
from server.planning.deadlines import seed
from server.records import REGISTRY

PHONE = (Path(__file__).parents[2] / "pwa" / "src" / "checklists.ts").read_text("utf-8")
READ_ONLY = {"OPPDRAG"}
"""A card to read and not to answer, wherever an assignment is done."""


def test_no_checklist_is_used_by_nothing() -> None:
    held = {field.holds for spec in REGISTRY.values() for field in spec.fields.values()}
    walked = {row["checklist"] for row in seed("rounds").values()}
    at_home = set(re.findall(r"'([A-Z][A-Z0-9]+)'", PHONE))
    assert CHECKLISTS.keys() - held - walked - at_home == READ_ONLY


def test_a_round_asks_every_point_of_its_checklist_at_some_time() -> None:
    seldom = ("every", "weekly", "monthly", "quarterly", "season")
    for code in {row["checklist"] for row in seed("rounds").values()}:
        walked = [row["frequency"] for row in seed("rounds").values() if row["checklist"] == code]
        most = max(map(seldom.index, walked))
        asked = {item["code"] for item in CHECKLISTS[code]["items"]}
        assert {
            item["code"]
            for item in CHECKLISTS[code]["items"]
            if seldom.index(item["frequency"]) <= most
        } == asked
