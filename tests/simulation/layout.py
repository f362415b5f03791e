"""What every simulated run begins with: a small town, its people, and what is planned there."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from server.roles import Role
from sync.mutation import NS, one_per_id

DAWN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
CONTRACT = 3
"""What the server speaks at dawn: there are phones two contracts older, and one newer."""


def name(what: str) -> str:
    """Give the id of something that every run has."""
    return str(uuid.uuid5(NS, f"simulation|{what}"))


KARI, AMIR, OLA, INGRID, LISE = map(name, ("kari", "amir", "ola", "ingrid", "lise"))
CREW = tuple(name(f"crew {number}") for number in range(36))
"""Colleagues for the runs with many phones."""
NORTH, SOUTH = name("north"), name("south")
DWELLINGS = (name("dwelling 1"), name("dwelling 2"))
BUILDING, ROUND, ASSIGNMENT, TENANCY = map(name, ("building", "round", "assignment", "tenancy"))
PLANS = (name("plan 1"), name("plan 2"), name("plan 3"))
VISITS = tuple(one_per_id("visit", [plan]) for plan in PLANS)
TALK = one_per_id("conversation", [VISITS[0]])
CHECKLIST = "HMSFELLES"
RUN = one_per_id("checklist_run", [ROUND, CHECKLIST, BUILDING])
BORN = {
    **{
        visit: {"planned_visit": plan, "dwelling": DWELLINGS[1 if number == 1 else 0]}
        for number, (plan, visit) in enumerate(zip(PLANS, VISITS, strict=True))
    },
    TALK: {"visit": VISITS[0], "dwelling": DWELLINGS[0], "tenancy": TENANCY},
    RUN: {"round": ROUND, "building": BUILDING, "checklist": CHECKLIST, "subject": "building"},
}
"""What phones make themselves, and the first touches that make it."""
GRANTS = (
    (KARI, Role.BOMILJO, NORTH),
    (AMIR, Role.BOMILJO, NORTH),
    (AMIR, Role.BOMILJO, SOUTH),
    (OLA, Role.CARETAKER, NORTH),
    *((one, Role.BOMILJO, NORTH if number % 3 else SOUTH) for number, one in enumerate(CREW)),
    (INGRID, Role.OFFICE, None),
    (LISE, Role.LEADER, None),
    (LISE, Role.ADMIN, None),
)
OFFICE = (INGRID, LISE)
CAST = (
    *(("kari", KARI, "one"), ("amir", AMIR, "two"), ("amir again", AMIR, "one")),
    *(("ola", OLA, "three"), ("ingrid", INGRID, "four")),
    *((f"crew {number}", user, f"phone {number}") for number, user in enumerate(CREW)),
)
"""Every vault that a run may begin with: what it is called, whose it is and on which phone."""
USERS = (KARI, AMIR, OLA, INGRID, LISE, *CREW)


def first_replica(vault: str) -> str:
    """Give the name that a vault of dawn writes under until it must take another."""
    return name(f"replica {vault} 1")


def laid_out() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Give kind, id and body of every record that is there at dawn."""
    north, south = DWELLINGS
    day = {"planned_on": "2026-03-03"}
    kari, amir = {f"visitors/{KARI}": True}, {f"visitors/{AMIR}": True}
    yield "area", NORTH, {"name": "Nord"}
    yield "area", SOUTH, {"name": "Sør"}
    yield "dwelling", north, {"area": NORTH, "address": "Nordgata 1"}
    yield "dwelling", south, {"area": SOUTH, "address": "Sørgata 1"}
    yield "building", BUILDING, {"area": NORTH, "address": "Nordgata 1"}
    yield "tenancy", TENANCY, {"dwelling": north, "started_on": "2026-01-01", f"team/{KARI}": True}
    yield "planned_visit", PLANS[0], {"dwelling": north, **day, **kari, **amir}
    yield "planned_visit", PLANS[1], {"dwelling": south, **day, **amir}
    yield "planned_visit", PLANS[2], {"dwelling": north, **day, **kari}
    yield "round", ROUND, {"area": NORTH, "checklist": CHECKLIST, **day}
    yield "assignment", ASSIGNMENT, {"dwelling": north, "words": "Sluk", f"who/{OLA}": True}


def instant(at: datetime) -> str:
    """Write a moment as it travels."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read a moment as it travels."""
    return datetime.fromisoformat(text)
