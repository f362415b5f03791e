"""Small worlds by the dice: a few records of every kind that a report counts.

Everything is written through intake as the leader would; what it should count to stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.access import actor_of
from server.intake import take
from server.records import REGISTRY
from server.shapes import Json
from sync.mutation import office_replica, one_per_id
from tests.makers import NOW, World, mutation, new_id
from tests.reports.dice import LISE, Dice
from tests.reports.throws import MADE, visit_of
from tests.server.planned import take_away

MANY = 12


def lay_out(world: World, seed: int) -> None:
    """Write a world of its own for a seed."""
    dice, written = Dice(seed), []
    ids: dict[str, list[str]] = {}

    def put(kind: str, values: Mapping[str, Json], id: str | None = None) -> None:
        known = id or new_id()
        ids.setdefault(kind, []).append(known)
        sent: dict[str, Json] = {}
        if "status" in REGISTRY[kind].fields:
            sent = dice.maybe(
                {"status": {"state": "submitted", "by": LISE, "at": dice.moment()}}, 0.85
            )
        written.append(mutation(kind, known, {**values, **sent}, author="lise"))

    for kind, make in MADE.items():
        for _ in range(MANY):
            place = dice.one((world.east, world.dwelling), (world.west, world.dwelling_west))
            put(kind, make(dice, place[0], place[1], ids))
    for plan in ids["planned_visit"]:
        area, dwelling = _home(world, written, plan)
        visit = {**visit_of(dice, area, dwelling, ids), "planned_visit": plan}
        if dice.random.random() < 0.7:
            put("visit", visit, one_per_id("visit", [plan]))
    with world.database.reading() as session:
        leader = actor_of(session, LISE)
    for start in range(0, len(written), 50):
        results = take(
            world.database, leader, office_replica(LISE), written[start : start + 50], NOW
        )
        assert {result.state for result in results} == {"applied"}, results
    for kind in ("event", "offer", "assignment", "complaint", "deviation", "arrears_case"):
        assert take_away(world, kind, ids[kind][0]).state == "applied", kind


def _home(world: World, written: list[dict[str, Any]], plan: str) -> tuple[str, str]:
    made = next(m for m in written if m["id"] == plan)
    dwelling = str(made["set"]["dwelling"])
    return (world.east if dwelling == world.dwelling else world.west), dwelling
