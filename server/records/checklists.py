"""The checklists that come with the program: their items by code; it holds no answers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SEED = Path(__file__).parent.parent / "data" / "checklists.json"


def _read() -> dict[str, Mapping[str, Any]]:
    seed = json.loads(SEED.read_text("utf-8"))
    return {checklist["code"]: checklist for checklist in seed["checklists"]}


CHECKLISTS: Mapping[str, Mapping[str, Any]] = _read()
ITEMS: Mapping[str, Mapping[str, Any]] = {
    item["code"]: item for checklist in CHECKLISTS.values() for item in checklist["items"]
}
"""Every item of every checklist by its code, in the order they are asked."""
