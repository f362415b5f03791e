"""Lays out what deadlines are about, and asks what is owed; it expects nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from server.access import actor_of, scopes_of
from server.planning.deadlines import seed
from server.planning.owed import late_counts, owed
from server.planning.rule_book import rule_book
from server.records import REGISTRY
from server.shapes import Json, write_instant
from tests.makers import NOW, USERS, World, new_id
from tests.server.planned import TODAY, tenancy, write

LISE: Json = USERS["lise"]


def said(state: str) -> Json:
    return {"state": state, "by": LISE, "at": write_instant(NOW)}


KINDS = {code: row["kind"] for code, row in seed("deadlines").items()}
TARGETS = {code: row["target"] for code, row in seed("deadlines").items()}


def lay(world: World, kind: str, body: Mapping[str, Json], **more: Any) -> str:
    """Write a kind's example with some things changed; parents are made as they are named."""
    example = {p: v for p, v in REGISTRY[kind].example.items() if "/" not in p or p[-1] in "ab"}
    values = {**example, **body}
    for path, value in body.items():
        if value in ("conflict_case", "hf_participant"):
            values[path] = lay(world, str(value), {"area": world.east, "building": None})
    named = {"HOME": world.dwelling, "EAST": world.east}
    if body.get("tenancy") == "tenancy":
        named["tenancy"] = tenancy(world, "2026-01-01")
    values = {p: named.get(v, v) if isinstance(v, str) else v for p, v in values.items()}
    id = new_id()
    kept = {p: v for p, v in values.items() if v is not None}
    assert write(world, kind, id, kept, **more).state == "applied", kept
    return id


def late(world: World, today: date = TODAY) -> dict[str, int]:
    with world.database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS["lise"]), NOW)
        return late_counts(session, mine, rule_book(session), today)


def found(world: World, code: str, last: date, who: str = "lise") -> list[tuple[str, str]]:
    with world.database.reading() as session:
        mine = scopes_of(session, actor_of(session, USERS[who]), NOW)
        lines = owed(session, mine, rule_book(session).deadlines[code], None, last)
        return [(line.record, line.due_on.isoformat()) for line in lines]
