"""Every case of the tables in sync/cases comes out of the judge, the parser and the ids as said."""

from __future__ import annotations

from typing import Any

import pytest

from sync import mutation as made
from sync.judge import Verdict, judge
from sync.mutation import Unreadable, canonical, strict_loads
from tests.sync.cases import COMMON, facts_of, mutation_of, read, stored_of

RULES = ("ask", "latest", "strictest", "forward", "fixed")
SITUATIONS = {"unseen", "seen", "own chain", "later own", "equal", "deleted", "older contract"}


def rows(*names: str) -> list[Any]:
    return [
        pytest.param(case, id=f"{name}: {case.get('when', name)}: {case['name']}")
        for name in names
        for case in read(name)["cases"]
    ]


def told(verdict: Verdict) -> dict[str, Any]:
    """A verdict in the words of the tables."""
    names = {replica: name for name, replica in COMMON["replicas"].items()}
    waits_for = verdict.waits_for
    if waits_for is not None and "/" in waits_for:
        replica, _, n = waits_for.partition("/")
        waits_for = f"{names[replica]}/{n}"
    return {
        "state": verdict.state,
        "reason": verdict.reason,
        "creates": verdict.creates,
        "writes": verdict.writes,
        "effect": {effect.path: effect.outcome.value for effect in verdict.effect},
        "closes": verdict.closes,
        "reviews": [
            {
                "path": ask.path,
                "value": ask.value,
                "seen": {"value": ask.seen.value, "seq": ask.seen.seq},
                "reason": ask.reason,
            }
            for ask in verdict.reviews
        ],
        "deleted": verdict.deleted,
        "waits_for": waits_for,
    }


NOTHING: dict[str, Any] = {"creates": False, "reviews": [], "deleted": None, "waits_for": None}


@pytest.mark.parametrize("case", rows(*RULES, "delete", "order"))
def test_the_judge_says_what_the_table_says(case: dict[str, Any]) -> None:
    mutation, stored = mutation_of(case["mutation"]), stored_of(case["stored"])
    verdict = judge(mutation, stored, facts_of(case.get("facts", {}), mutation))
    assert canonical(told(verdict)) == canonical({**NOTHING, **case["expect"]})
    for effect in verdict.effect:
        standing = None if stored is None else stored.body.get(effect.path)
        if verdict.state != "held" and effect.path != made.WHOLE:
            assert effect.was == standing, "the history keeps what stood there"


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_tried_in_every_situation(rule: str) -> None:
    assert {case["when"] for case in read(rule)["cases"]} >= SITUATIONS


def test_deletion_is_tried_in_every_situation() -> None:
    assert {case["when"] for case in read("delete")["cases"]} >= SITUATIONS


@pytest.mark.parametrize("case", rows("bytes"))
def test_the_parser_reads_or_names_the_broken_rule(case: dict[str, Any]) -> None:
    data = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
    if "canonical" in case:
        assert canonical(strict_loads(data)) == case["canonical"].encode()
    else:
        with pytest.raises(Unreadable) as broken:
            strict_loads(data)
        assert broken.value.rule == case["rule"]


@pytest.mark.parametrize("case", rows("ids"))
def test_an_id_made_from_values_is_the_same_at_both_ends(case: dict[str, Any]) -> None:
    assert getattr(made, case["call"])(*case["arguments"]) == case["id"]
