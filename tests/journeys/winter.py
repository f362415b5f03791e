"""What lies before a caretaker on a winter's day: a winter round, jobs, and faults that are late.

It lays them out beside Birkegata; it expects nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from server.access import today_of
from server.database import Database
from server.shapes import Json, write_instant
from tests.journeys.birkegata import EAST, HOUSES, street
from tests.journeys.town import HOME, HOME_LATER, write
from tests.makers import USERS, mutation, new_id

WALK, KITCHEN, SHELF, DOOR = (new_id(0xF30 + number) for number in range(4))
NEXT_DOOR = new_id(0xF40)
"""The home whose door bears the old sticker of the home beside it."""
LATE = ("Lampa ved bossbua er mørk.", "Rista i trappa er løs.", "Skiltet ved inngangen er borte.")


def winter(database: Database) -> None:
    """A winter round, a kitchen, a shelf that is refused, a home next door, three faults late."""
    street(database)
    now = datetime.now(UTC)
    today = today_of(now)
    ola: dict[str, Json] = {f"who/{USERS['ola']}": True}
    walk: dict[str, Json] = {
        "area": EAST,
        "name": "Vinterrunde Birkegata",
        "checklist": "VINTER",
        "frequency": "weekly",
        "planned_on": f"{today}",
        f"buildings/{HOUSES['Birkegata 1']}": True,
        **ola,
    }
    kitchen: dict[str, Json] = {
        "dwelling": HOME,
        "words": "Rydde kjøkkenet sammen.",
        "category": "tidy",
        "source": "team",
        "due_on": f"{today}",
        **ola,
    }
    shelf: dict[str, Json] = {
        "dwelling": HOME_LATER,
        "words": "Henge opp hylla i gangen.",
        "due_on": f"{today}",
        **ola,
    }
    beside: dict[str, Json] = {"area": EAST, "address": "Kongens gate 12", "unit_number": "H0204"}
    made: list[tuple[str, str, dict[str, Json]]] = [
        ("round", WALK, walk),
        ("assignment", KITCHEN, kitchen),
        ("assignment", SHELF, shelf),
        ("dwelling", NEXT_DOOR, beside),
    ]
    for number, words in enumerate(LATE):
        late: dict[str, Json] = {
            "building": HOUSES["Birkegata 5"],
            "words": words,
            "severity": "medium",
            "responsible": "team",
            "found_on": f"{today - timedelta(days=30)}",
            "found_by": USERS["ola"],
            "due_on": f"{today - timedelta(days=2 + number)}",
            "status": {"state": "submitted", "by": USERS["ola"], "at": write_instant(now)},
        }
        made.append(("deviation", new_id(0xF50 + number), late))
    records = [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made]
    write(database, records, now)
