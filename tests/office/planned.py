"""Lays out what the planner's tests look at; it expects nothing."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from sqlalchemy import select

from server.access import actor_of
from server.database import Database
from server.demo.municipality import NORTH, STAFF
from server.intake import take
from server.planning.calendar import day_of, noon_of
from server.records.record import Envelope, members_of
from server.shapes import Json
from sync.mutation import office_replica
from tests.makers import mutation, new_id
from tests.office.reader import Page, Reader

KARI, AMIR, OLA, LISE = (STAFF[name].id for name in ("kari", "amir", "ola", "lise"))


def body_of(database: Database, id: str) -> dict[str, Any]:
    with database.reading() as session:
        found: dict[str, Any] = orjson.loads(session.get_one(Envelope, id).body)
        return found


def home_in(database: Database, area: str) -> str:
    with database.reading() as session:
        homes = select(Envelope.id).where(Envelope.kind == "dwelling", Envelope.area == area)
        return str(session.scalars(homes.order_by(Envelope.id)).first())


def days_before(now: datetime, days: int) -> datetime:
    """Give a moment so many of Norway's days ago, which may last 23 or 25 hours."""
    return noon_of(day_of(now) - timedelta(days=days))


def write(database: Database, login: str, kind: str, now: datetime, **values: Json) -> str:
    """Make a record as somebody's office page would."""
    id, user = new_id(), STAFF[login].id
    paths = {path.replace("__", "/"): value for path, value in values.items()}
    made = mutation(kind, id, paths, author=user, now=now)
    with database.reading() as session:
        actor = actor_of(session, user)
    assert take(database, actor, office_replica(user), [made], now)[0].state == "applied"
    return id


def visit(
    database: Database, now: datetime, on: str, who: str = KARI, area: str = NORTH, **more: Any
) -> str:
    """Plan a visit for somebody at nine, as the office does."""
    values: dict[str, Json] = {
        "dwelling": home_in(database, area),
        "planned_on": on,
        "planned_at": "09:00",
        "purpose": "follow_up",
        f"visitors/{who}": True,
    }
    return write(database, "ingrid", "planned_visit", now, **{**values, **more})


def listed(reader: Reader, on: str, **more: str) -> Page:
    return reader.open("/office/planner?" + urlencode({"on": on, **more}))


def visitors_of(database: Database, id: str) -> set[str]:
    """Give those who are to visit, or to walk the round."""
    body = body_of(database, id)
    return {*members_of(body, "visitors"), *members_of(body, "who")}


def change(
    database: Database, login: str, id: str, now: datetime, op: str = "patch", **values: Json
) -> None:
    """Change a record, or take it away with `op="delete"`, as somebody's office page would."""
    user = STAFF[login].id
    with database.reading() as session:
        actor, stands = actor_of(session, user), session.get_one(Envelope, id)
        kind, seq, body = stands.kind, stands.seq, orjson.loads(stands.body)
    made = mutation(kind, id, values, author=user, now=now, op=op)
    made["seen"] = (
        {"*": {"seq": seq}}
        if op == "delete"
        else {path: {"value": body.get(path), "seq": seq} for path in values}
    )
    assert take(database, actor, office_replica(user), [made], now)[0].state == "applied"
