"""Reads the tables in sync/cases and lays them over what they start from; judges nothing itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sync.judge import Facts, Stored
from sync.mutation import Json, Mutation, mutation_from
from sync.rules import FieldRule, Rule, Version

FOLDER = Path(__file__).resolve().parents[2] / "sync" / "cases"


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


COMMON = read("common")
MINE, OTHER = COMMON["replicas"]["mine"], COMMON["replicas"]["other"]


def field_rule(declared: Mapping[str, Any]) -> FieldRule:
    order, steps = declared.get("order"), declared.get("transitions")
    return FieldRule(
        rule=Rule(declared["rule"]),
        order=tuple(order) if order else None,
        transitions={a: frozenset(b) for a, b in steps.items()} if steps else None,
        keyed=declared.get("keyed", False),
    )


FIELDS = {name: field_rule(declared) for name, declared in COMMON["fields"].items()}


def mutation_of(parts: Mapping[str, Any]) -> Mutation:
    whole = {**COMMON["mutation"], **parts}
    return mutation_from(
        {**whole, "replica": COMMON["replicas"].get(whole["replica"], whole["replica"])}
    )


def version_of(at: list[Any]) -> Version:
    seq, replica, n = at
    return seq, COMMON["replicas"][replica], n


def stored_of(parts: Mapping[str, Any] | None) -> Stored | None:
    if parts is None:
        return None
    whole = {**COMMON["stored"], **parts}
    versions = {path: version_of(at) for path, at in whole["versions"].items()}
    return Stored(**{**whole, "versions": versions})


def facts_of(parts: Mapping[str, Any], mutation: Mutation) -> Facts:
    """The facts a case names; a contract beyond ours is newer, as intake would find."""
    together = parts.get("breaks_together", [])

    def invariants(body: Mapping[str, Json]) -> tuple[str, ...]:
        missing = [path for path in COMMON["required"] if path not in body]
        clashes = [one for one in together if one.items() <= body.items()]
        return (*missing, *(path for one in clashes for path in one))

    rest = {name: value for name, value in parts.items() if name != "breaks_together"}
    newer = mutation.contract > COMMON["contract"]
    facts = Facts(fields=FIELDS, newer_contract=newer, invariants=invariants)
    return replace(facts, **rest)
