"""A released contract is kept: its recorded pushes are never changed, its fields never taken back.

Each file in `tests/golden/released` is one contract: the digests of its pushes and what it promised
of every kind. OPPGANG_RELEASE=1 writes that of today's contract, once; docs/decisions says when.
"""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import orjson
import pytest

from server.contract import CONTRACT, kind_contract
from server.records import REGISTRY
from tests.server.released import broken, digest, promised

GOLDEN = Path(__file__).parents[1] / "golden"
RELEASED = GOLDEN / "released"
KINDS: list[dict[str, Any]] = [kind_contract(kind) for kind in REGISTRY.values()]
PLAIN = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS


def pushes() -> dict[str, str]:
    """Give the digest of every recorded push."""
    return {path.name: digest(path.read_bytes()) for path in GOLDEN.glob("*.push.json")}


def test_no_released_push_was_changed_and_no_released_field_is_broken() -> None:
    if os.environ.get("OPPGANG_RELEASE"):
        RELEASED.mkdir(exist_ok=True)
        said = {"contract": CONTRACT, "pushes": pushes(), "kinds": promised(KINDS)}
        with (RELEASED / f"contract-{CONTRACT}.json").open("xb") as file:
            file.write(orjson.dumps(said, option=PLAIN) + b"\n")
    wrong, here = list[str](), pushes()
    for path in sorted(RELEASED.glob("contract-*.json")):
        said = orjson.loads(path.read_bytes())
        wrong += [n for n, mark in said["pushes"].items() if here.get(n) != mark]
        wrong += broken(said["contract"], said["kinds"], KINDS)
    assert wrong == []


def test_every_released_contract_is_older_than_what_is_added_now() -> None:
    """Once a contract is released its number is left behind by whoever adds the next field."""
    numbers = [int(path.stem.partition("-")[2]) for path in RELEASED.glob("contract-*.json")]
    since = {field["since"] for kind in KINDS for field in kind["fields"]}
    assert max(since) <= CONTRACT and all(number <= CONTRACT for number in numbers)
    assert sorted(numbers) == list(range(1, max(numbers, default=1) + 1)), "none is taken away"


def test_what_is_the_same_breaks_nothing() -> None:
    assert broken(CONTRACT, promised(KINDS), KINDS) == []


def field(kinds: list[dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
    """Give a field to change."""
    [found] = [one for one in kinds if one["name"] == kind]
    [here] = [one for one in found["fields"] if one["name"] == name]
    return here  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("kind", "name", "change", "said"),
    [
        ("conversation", "summary", {"name": "resume"}, "conversation.summary is gone"),
        ("conversation", "summary", {"shape": "number"}, "has another shape"),
        ("conversation", "summary", {"rule": "latest"}, "has another rule"),
        ("conversation", "summary", {"max": 10}, "takes less than it did"),
        ("conversation", "summary", {"server": True}, "has another server"),
        ("conversation", "summary", {"required": True}, "is required now"),
        ("visit", "outcome", {"choices": []}, "no longer takes"),
        ("visit", "status", {"transitions": {}}, "no longer goes on from"),
        ("dwelling", "floor", {"min": 1}, "begins later than it did"),
    ],
)
def test_what_would_break_an_older_phone_is_named(
    kind: str, name: str, change: dict[str, Any], said: str
) -> None:
    later = copy.deepcopy(KINDS)
    field(later, kind, name).update(change)
    assert any(said in one for one in broken(CONTRACT, promised(KINDS), later))


def test_a_kind_that_is_gone_or_named_otherwise_is_told() -> None:
    without = [kind for kind in KINDS if kind["name"] != "visit"]
    assert any("visit is gone" in one for one in broken(CONTRACT, promised(KINDS), without))
    otherwise = [kind | {"one_per": [["id"]]} for kind in KINDS]
    assert any("named by other fields" in o for o in broken(CONTRACT, promised(KINDS), otherwise))


def test_a_new_field_says_since_when_and_is_not_required() -> None:
    later = copy.deepcopy(KINDS)
    new = copy.deepcopy(field(later, "conversation", "summary")) | {
        "name": "mood",
        "required": False,
    }
    [talk] = [kind for kind in later if kind["name"] == "conversation"]
    talk["fields"].append(new)
    said = broken(CONTRACT, promised(KINDS), later)
    assert said == [f"conversation.mood is new and must say since={CONTRACT + 1} or later"]
    new.update(since=CONTRACT + 1)
    assert broken(CONTRACT, promised(KINDS), later) == []
    new.update(required=True)
    assert broken(CONTRACT, promised(KINDS), later) != []
