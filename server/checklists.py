"""The checklists as they are laid down in data/checklists.json; read once, never written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from sync.mutation import Json, one_per_id

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


def as_records() -> Mapping[str, dict[str, Json]]:
    """Give each checklist as the record it is seeded as, by the id of its code and edition."""
    found = {}
    for checklist in _READ:
        key = (str(checklist["code"]), str(checklist["version"]))
        found[one_per_id("checklist", key)] = _body(checklist)
    return found


def _body(checklist: Definition) -> dict[str, Json]:
    items = enumerate(checklist["items"], 1)
    return {
        "code": checklist["code"],
        "edition": checklist["version"],
        "title": checklist["title_nb"],
        "purpose": checklist["purpose_nb"],
        "form": checklist["kind"],
        "subject": checklist["subject"],
        "published": True,
        **{f"items/{item['code']}": _item(item, order) for order, item in items},
    }


def _item(item: Definition, order: int) -> dict[str, Json]:
    labels: Mapping[str, str] = item.get("labels_nb", {})
    whole: dict[str, Json] = {
        "order": order,
        "section": item["section"],
        "words": item["text_nb"],
        "hint": item.get("hint_nb"),
        "subject": item["subject"],
        "answer": item["answer"],
        "yes": labels.get("done"),
        "no": labels.get("not_done"),
        "choices": "\n".join(item.get("choices_nb", ())) or None,
        "unit": item.get("unit"),
        "frequency": item["frequency"],
        "severity": item["severity_if_deviation"],
        "responsible": item["responsible"],
        "responsible_in_company": item.get("responsible_in_company"),
        "photo": item["photo"],
        "show": item.get("show"),
    }
    return {name: value for name, value in whole.items() if value is not None}
