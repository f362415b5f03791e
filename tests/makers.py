"""Makes what tests need: ids that can be read, mutations as a phone writes them, a small world.

It makes values and asks the server's own code to store them; it holds no expectation.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from server import people
from server.access import actor_of
from server.contract import CONTRACT
from server.database import Database
from server.intake import take
from server.records import REGISTRY
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import canonical, office_replica, one_per_id

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
"""A Monday morning, nine o'clock in Norway."""
PASSWORD = "fire ord som ingen vet"
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_numbers = itertools.count(0x10000 + (WORKER << 32))
"""A range for each process: a database that one laid out is copied by all (molds.py)."""


def new_id(number: int | None = None) -> str:
    """Give a UUID that can be told apart by eye; a new one each time, or the one of a number."""
    return f"018f2c5e-0000-7000-8000-{next(_numbers) if number is None else number:012x}"


AREA_EAST, AREA_WEST = new_id(0xA1), new_id(0xA2)
DWELLING_EAST, DWELLING_WEST = new_id(0xD1), new_id(0xD2)
USERS: Mapping[str, str] = {
    name: new_id(0xB0 + number)
    for number, name in enumerate(("kari", "amir", "ola", "ingrid", "lise", "eva", "admin"))
}
GRANTS: tuple[tuple[str, Role, str | None], ...] = (
    ("kari", Role.BOMILJO, AREA_EAST),
    ("amir", Role.BOMILJO, AREA_EAST),
    ("ola", Role.CARETAKER, AREA_EAST),
    ("ingrid", Role.OFFICE, AREA_EAST),
    ("ingrid", Role.OFFICE, AREA_WEST),
    ("lise", Role.LEADER, None),
    ("eva", Role.LANDLORD, None),
    ("admin", Role.ADMIN, None),
)
NAMES: Mapping[str, str] = {
    "kari": "Kari Nordmann",
    "amir": "Amir Haddad",
    "ola": "Ola Berg",
    "ingrid": "Ingrid Moe",
    "lise": "Lise Dahl",
    "eva": "Eva Lund",
    "admin": "Admin",
}


@dataclass
class World:
    """A small municipality: seven people, two areas, a dwelling in each."""

    database: Database
    users: Mapping[str, str] = field(default_factory=lambda: USERS)
    east: str = AREA_EAST
    west: str = AREA_WEST
    dwelling: str = DWELLING_EAST
    dwelling_west: str = DWELLING_WEST


def lay_out_people(database: Database, now: datetime = NOW) -> None:
    """Store the seven people with password and grants."""
    with database.writing() as session:
        for name, user in USERS.items():
            people.add_user(session, user, NAMES[name], now)
        people.set_password(session, USERS["kari"], "kari", PASSWORD)
        for number, (name, role, area) in enumerate(GRANTS):
            people.grant(session, new_id(0xC00 + number), USERS[name], role, area)


def world_records(now: datetime = NOW) -> Iterator[dict[str, Any]]:
    """Give the mutations that make the areas and dwellings, as a leader writes them."""
    for area, name in ((AREA_EAST, "Øst"), (AREA_WEST, "Vest")):
        yield mutation("area", area, {"name": name}, author="lise", now=now)
    for dwelling, area, address in (
        (DWELLING_EAST, AREA_EAST, "Storgata 12"),
        (DWELLING_WEST, AREA_WEST, "Vestre vei 3"),
    ):
        yield mutation("dwelling", dwelling, {"area": area, "address": address}, author="lise")


def lay_out_world(database: Database) -> None:
    """Store the people, and have a leader write the areas and dwellings."""
    lay_out_people(database)
    with database.reading() as session:
        leader = actor_of(session, USERS["lise"])
    records = list(world_records())
    results = take(database, leader, records[0]["replica"], records, NOW)
    assert {result.state for result in results} == {"applied"}, results


def mutation(
    kind: str,
    id: str,
    set: Mapping[str, Json],
    *,
    author: str = "kari",
    op: str = "create",
    seen: Mapping[str, tuple[Json, int]] | None = None,
    replica: str | None = None,
    n: int | None = None,
    mid: str | None = None,
    now: datetime = NOW,
    **more: Any,
) -> dict[str, Any]:
    """Make a mutation as it travels; without a replica it comes from the author's office page."""
    user = USERS.get(author, author)
    at = write_instant(now)
    return {
        "mid": mid or new_id(),
        "replica": replica or office_replica(user),
        "n": n,
        "author": user,
        "contract": CONTRACT,
        "kind": kind,
        "id": id,
        "op": op,
        "set": dict(set),
        "seen": {path: {"value": v, "seq": seq} for path, (v, seq) in (seen or {}).items()},
        "happened_at": at,
        "captured_at": at,
        "offset_ms": 0,
        **more,
    }


def example(kind: str, **changes: Json) -> dict[str, Json]:
    """Give a kind's own example, changed; a change to None leaves the path out."""
    body = {**REGISTRY[kind].example, **changes}
    return {path: value for path, value in body.items() if value is not None}


def visit(planned: str | None = None, **changes: Json) -> tuple[str, dict[str, Json]]:
    """Give the id and the body of a visit in the eastern dwelling, made from a plan or not."""
    body = example("visit", dwelling=DWELLING_EAST, status=None, planned_visit=planned, **changes)
    return one_per_id("visit", [planned]) if planned else new_id(), body


def wire(value: Json) -> bytes:
    """Give the canonical bytes of a value."""
    return canonical(value)
