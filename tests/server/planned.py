"""Makes what planning works on: tenancies, buildings and deviations, as people write them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import orjson
from sqlalchemy import select

from server.access import actor_of
from server.intake import Result, take
from server.records.record import Envelope
from server.shapes import Json, write_instant
from sync.mutation import office_replica
from tests.makers import NOW, USERS, World, mutation, new_id

TODAY = date(2026, 11, 23)
STATUS: Json = {"state": "submitted", "by": USERS["kari"], "at": write_instant(NOW)}


def write(
    world: World, kind: str, id: str, values: Mapping[str, Json], author: str = "lise", **more: Any
) -> Result:
    """Write as somebody's office page, what stands having been seen."""
    now = more.get("now", NOW)
    with world.database.reading() as session:
        actor, standing = actor_of(session, USERS[author]), session.get(Envelope, id)
    if standing is not None and "op" not in more:
        body = orjson.loads(standing.body)
        more |= {"op": "patch", "seen": {p: (body.get(p), standing.seq) for p in values}}
    made = mutation(kind, id, values, author=author, **more)
    return take(world.database, actor, office_replica(actor.user), [made], now)[0]


def take_away(world: World, kind: str, id: str) -> Result:
    """Delete what stands, as the leader does."""
    with world.database.reading() as session:
        lise, seq = actor_of(session, USERS["lise"]), session.get_one(Envelope, id).seq
    gone = mutation(kind, id, {}, author="lise", op="delete") | {"seen": {"*": {"seq": seq}}}
    return take(world.database, lise, gone["replica"], [gone], NOW)[0]


def tenancy(world: World, started_on: str, **values: Json) -> str:
    """Make a tenancy in the eastern dwelling."""
    id = new_id()
    body = {"dwelling": world.dwelling, "started_on": started_on, **values}
    assert write(world, "tenancy", id, body).state == "applied"
    return id


def building(world: World, area: str, address: str = "Storgata 12") -> str:
    """Make a building."""
    id = new_id()
    assert write(world, "building", id, {"area": area, "address": address}).state == "applied"
    return id


def deviation(world: World, severity: str, found_on: str = "2026-11-20", **more: Any) -> str:
    id = new_id()
    body = {
        "dwelling": world.dwelling,
        "words": "Løs list.",
        "severity": severity,
        "found_on": found_on,
        "status": STATUS,
    }
    assert write(world, "deviation", id, body, "kari", **more).state == "applied"
    return id


def all_of(world: World, kind: str) -> dict[str, dict[str, Any]]:
    """Give the bodies of all records of a kind that are not deleted, by id."""
    with world.database.reading() as session:
        rows = session.execute(
            select(Envelope.id, Envelope.body).where(
                Envelope.kind == kind, Envelope.deleted.is_(False)
            )
        )
        return {id: orjson.loads(body) for id, body in rows}
