"""A street for the caretaker: three houses, a round through them, a drain to clear, and a leak.

It lays them out, and says whether the server has what came of them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from server import seeds
from server.access import today_of
from server.database import Database
from server.records.envelope import Envelope
from server.shapes import Json, write_instant
from sync.mutation import one_per_id
from tests.journeys.town import HOME, write
from tests.makers import USERS, mutation, new_id
from tests.photos import photo

EAST = new_id(0xA1)
HOUSES = {
    "Birkegata 1": new_id(0xE11),
    "Birkegata 3": new_id(0xE13),
    "Birkegata 5": new_id(0xE15),
}
COMPANY, ROUND, DRAIN, LEAK = new_id(0xE20), new_id(0xE21), new_id(0xE22), new_id(0xE23)
TAGGED = "Tagget på postkassene i første etasje."


def street(database: Database) -> None:
    """Three houses, one of them a company's, a weekly round through them, and a drain to clear."""
    now = datetime.now(UTC)
    today = today_of(now).isoformat()
    ola: dict[str, Json] = {f"who/{USERS['ola']}": True}
    company: dict[str, Json] = {"area": EAST, "name": "Birkehagen borettslag"}
    walk: dict[str, Json] = {
        "area": EAST,
        "name": "Ukesrunde Birkegata",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": today,
        **{f"buildings/{house}": True for house in HOUSES.values()},
        **ola,
    }
    drain: dict[str, Json] = {
        "dwelling": HOME,
        "words": "Tett sluk på badet.",
        "category": "drain",
        "source": "team",
        "due_on": today,
        "meet": "Leietakeren",
        "phone": "900 00 111",
        **ola,
    }
    made: list[tuple[str, str, dict[str, Json]]] = [("housing_company", COMPANY, company)]
    for address, house in HOUSES.items():
        owned: dict[str, Json] = (
            {"ownership": "company", "housing_company": COMPANY}
            if address == "Birkegata 3"
            else {"ownership": "municipal"}
        )
        body: dict[str, Json] = {"area": EAST, "address": address, "access": "Kode 0000.", **owned}
        made.append(("building", house, body))
    leak: dict[str, Json] = {
        "building": HOUSES["Birkegata 1"],
        "words": "Lekkasje fra røret i kjelleren.",
        "severity": "high",
        "responsible": "landlord",
        "found_on": today,
        "found_by": USERS["ola"],
        "status": {"state": "submitted", "by": USERS["lise"], "at": write_instant(now)},
    }
    made += [("round", ROUND, walk), ("assignment", DRAIN, drain), ("deviation", LEAK, leak)]
    seeds.lay_in(database, now)
    write(
        database, [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made], now
    )


def stored(database: Database, kind: str) -> dict[str, dict[str, Any]]:
    """The bodies of a kind by id, as the server has them."""
    with database.reading() as session:
        rows = session.execute(select(Envelope.id, Envelope.body).where(Envelope.kind == kind))
        return {row[0]: json.loads(row[1]) for row in rows}


def state_of(body: dict[str, Any], path: str) -> str | None:
    """The state of a status or a handling."""
    value = body.get(path)
    return str(value["state"]) if isinstance(value, dict) else None


def alive(database: Database, kind: str) -> dict[str, dict[str, Any]]:
    """The bodies of a kind that are not deleted."""
    query = select(Envelope.id).where(Envelope.kind == kind, Envelope.deleted.is_(False))
    with database.reading() as session:
        ids = set(session.scalars(query))
    return {id: body for id, body in stored(database, kind).items() if id in ids}


def picture() -> Any:
    """A photo as it comes from the camera."""
    return {"name": "bilde.jpg", "mimeType": "image/jpeg", "buffer": photo()}


def the_office_has_it(database: Database) -> None:
    """Hold what came of the walk and the drain against what was done on the phone."""
    runs = [run for run in stored(database, "checklist_run").values() if run.get("round") == ROUND]
    by_house = {run["building"]: run for run in runs}
    assert set(by_house) == set(HOUSES.values())
    assert by_house[HOUSES["Birkegata 5"]]["answers/HMSFELLES-13"] == "not_relevant"
    run = one_per_id("checklist_run", [ROUND, "HMSFELLES", HOUSES["Birkegata 3"]])
    stairs, tagged = (
        stored(database, "deviation")[one_per_id("deviation", [run, item])]
        for item in ("HMSFELLES-01", "HMSFELLES-13")
    )
    assert (stairs["severity"], stairs["responsible"]) == ("critical", "housing_company")
    assert (tagged["severity"], tagged["words"]) == ("medium", TAGGED)
    assert stairs["found_by"] == USERS["ola"]
    drain = stored(database, "assignment")[DRAIN]
    assert (drain["done_by"], drain["minutes"], drain["waste_bags"]) == ("together", 45, 2)
    assert "Vannlås, 1 stk." in drain.values()
