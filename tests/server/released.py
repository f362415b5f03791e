"""What a released contract promises, as a table, and what a later declaration would break of it.

Pure: it is handed the kinds as `kind_contract` gives them, reads no file and knows no kind by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Promise = dict[str, dict[str, Any]]
"""Kind → `one_per` and its fields by name."""
SAME = ("shape", "keyed", "keys", "to", "rule", "order", "server", "pattern")
"""What a field may never change, for a phone of that contract writes as it was."""


def promised(kinds: Iterable[Mapping[str, Any]]) -> Promise:
    """Give what is promised of some kinds."""
    return {
        kind["name"]: {
            "one_per": kind["one_per"],
            "fields": {
                field["name"]: {name: field[name] for name in SAME}
                | {
                    "required": field["required"],
                    "max": field["max"],
                    "min": field["min"],
                    "choices": sorted(choice["value"] for choice in field["choices"]),
                    "transitions": field["transitions"],
                }
                for field in kind["fields"]
            },
        }
        for kind in kinds
    }


def broken(contract: int, was: Promise, kinds: Iterable[Mapping[str, Any]]) -> list[str]:
    """Say what the kinds of today would break of what a contract promised; empty when nothing."""
    today = {kind["name"]: kind for kind in kinds}
    found: list[str] = []
    for name, kind in was.items():
        if name not in today:
            found.append(f"{name} is gone; a kind is retired by its fields, never taken out")
            continue
        if today[name]["one_per"] != kind["one_per"]:
            found.append(f"{name} is named by other fields")
        now = {field["name"]: field for field in today[name]["fields"]}
        for field, said in kind["fields"].items():
            found += [f"{name}.{field} {what}" for what in _broken(said, now.get(field))]
        for field in now.keys() - kind["fields"].keys():
            if now[field]["since"] <= contract:
                found.append(f"{name}.{field} is new and must say since={contract + 1} or later")
            if now[field]["required"]:
                found.append(f"{name}.{field} is new and may not be required of older phones")
    return found


def _broken(was: Mapping[str, Any], now: Mapping[str, Any] | None) -> Iterator[str]:
    """Say what of one field is broken."""
    if now is None:
        yield "is gone; a field is retired, never taken out"
        return
    for name in SAME:
        if now[name] != was[name]:
            yield f"has another {name}"
    if now["required"] and not was["required"]:
        yield "is required now"
    if now["max"] is not None and (was["max"] is None or now["max"] < was["max"]):
        yield "takes less than it did"
    if now["min"] is not None and (was["min"] is None or now["min"] > was["min"]):
        yield "begins later than it did"
    if gone := set(was["choices"]) - {choice["value"] for choice in now["choices"]}:
        yield f"no longer takes {', '.join(sorted(gone))}"
    for state, after in (was["transitions"] or {}).items():
        if set(after) - set((now["transitions"] or {}).get(state, ())):
            yield f"no longer goes on from {state} as it did"


def digest(raw: bytes) -> str:
    """Give the mark by which recorded bytes are known for ever."""
    return hashlib.sha256(raw).hexdigest()
