"""The checklists as they are laid down in data/checklists.json; read once, never written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

Definition = Mapping[str, Any]

_READ: list[Definition] = json.loads(
    (resources.files("server") / "data" / "checklists.json").read_text("utf-8")
)["checklists"]

CHECKLISTS: Mapping[str, Definition] = {checklist["code"]: checklist for checklist in _READ}
"""Every checklist by its code."""
ITEMS: Mapping[str, Definition] = {
    item["code"]: item for checklist in _READ for item in checklist["items"]
}
"""Every item by its code, in the order they are asked; codes are unique across checklists."""
