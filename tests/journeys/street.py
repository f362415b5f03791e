"""A street for the phone's day: a company's house with homes, a round, jobs, a fault, a warning."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from server.access import today_of
from server.database import Database
from server.records.envelope import Envelope
from server.shapes import Json, write_instant
from sync.mutation import one_per_id
from tests.journeys.town import HOME, HOME_LATER, tenancy_of, write
from tests.makers import USERS, mutation, new_id

EAST = new_id(0xA1)
HOUSE, COMPANY, UPSTAIRS = new_id(0xE1), new_id(0xE2), new_id(0xE3)
ROUND, DRAIN, PRAM, LAMP = new_id(0xE4), new_id(0xE5), new_id(0xE6), new_id(0xE7)
ALERT = new_id(0xE9)
STREET, LATER = "Storgata 12", "Kongens gate 12"
Made = tuple[str, str, dict[str, Json]]


def house() -> list[Made]:
    """What stands there."""
    company: dict[str, Json] = {"area": EAST, "name": "Rødgården borettslag", "form": "cooperative"}
    board: dict[str, Json] = {
        "housing_company": COMPANY,
        "role": "board",
        "name": "Styrets Leder",
        "phone": "900 00 222",
    }
    block: dict[str, Json] = {
        "area": EAST,
        "address": "Storgata 12–14",
        "name": "Rødgården",
        "housing_company": COMPANY,
        "access": "Porten har kode 0000.",
    }
    above: dict[str, Json] = {
        "area": EAST,
        "building": HOUSE,
        "address": STREET,
        "unit_number": "H0301",
    }
    return [
        ("housing_company", COMPANY, company),
        ("contact", new_id(0xE8), board),
        ("building", HOUSE, block),
        ("dwelling", UPSTAIRS, above),
    ]


def work(now: datetime, sent: Json) -> list[Made]:
    """What is to be done and known there today."""
    today = today_of(now).isoformat()
    kari = {f"who/{USERS['kari']}": True}
    walk: dict[str, Json] = {
        "area": EAST,
        "name": "Ukesrunde Øst",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": today,
        f"buildings/{HOUSE}": True,
        **kari,
    }
    drain: dict[str, Json] = {
        "dwelling": HOME_LATER,
        "words": "Tett sluk på badet.",
        "due_on": today,
        "due_at": "11:15",
        "meet": "Vaktmesteren",
        "phone": "900 00 111",
        **kari,
    }
    lamp: dict[str, Json] = {"building": HOUSE, "words": "Lampa i kjelleren er mørk."}
    pram: dict[str, Json] = {
        "building": HOUSE,
        "words": "Barnevogn sperrer trappa.",
        "severity": "high",
        "responsible": "landlord",
        "found_on": today,
        "status": sent,
    }
    dog: dict[str, Json] = {
        "dwelling": HOME,
        "category": "dog",
        "advice": "Ring først, så settes hunden på kjøkkenet",
        "valid_until": (today_of(now) + timedelta(days=90)).isoformat(),
        "status": sent,
    }
    return [
        ("round", ROUND, walk),
        ("assignment", DRAIN, drain),
        ("assignment", LAMP, lamp),
        ("deviation", PRAM, pram),
        ("safety_alert", ALERT, dog),
    ]


def street(database: Database) -> None:
    """Storgata 12 becomes a house of a company: two homes, a round, jobs, a fault, a warning."""
    now = datetime.now(UTC)
    sent: Json = {"state": "submitted", "by": USERS["amir"], "at": write_instant(now)}
    approved: Json = {"state": "approved", "by": USERS["lise"], "at": write_instant(now)}
    made = [*house(), *work(now, sent)]
    records = [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made]
    write(database, records, now)
    belongs: dict[str, Json] = {"building": HOUSE, "unit_number": "H0203"}
    edit = mutation("dwelling", HOME, belongs, op="patch", author="lise", now=now)
    said: dict[str, Json] = {"status": approved}
    with database.reading() as session:
        known = {"status": (sent, session.get_one(Envelope, ALERT).seq)}
    yes = mutation("safety_alert", ALERT, said, op="patch", seen=known, author="lise", now=now)
    write(database, [edit, yes], now)


def closed_before(database: Database, times: int) -> None:
    """Nobody was home that many times in the last weeks, in the tenancy of today's first visit."""
    now = datetime.now(UTC)
    for number in range(times):
        on = (today_of(now) - timedelta(days=7 * (number + 1))).isoformat()
        planned = new_id(0xEA0 + number)
        agreed: dict[str, Json] = {
            "dwelling": HOME,
            "tenancy": tenancy_of(HOME),
            "purpose": "move_in",
            "planned_on": on,
            "done": True,
            f"visitors/{USERS['kari']}": True,
        }
        tried: dict[str, Json] = {
            "dwelling": HOME,
            "planned_visit": planned,
            "purpose": "move_in",
            "visited_on": on,
            "outcome": "no_answer",
            "status": {"state": "submitted", "by": USERS["kari"], "at": write_instant(now)},
        }
        plan = mutation("planned_visit", planned, agreed, author="lise", now=now)
        visit = one_per_id("visit", [planned])
        write(database, [plan, mutation("visit", visit, tried, author="lise", now=now)], now)


def standing(database: Database, kind: str) -> dict[str, dict[str, Json]]:
    """What the server has of a kind and has not deleted, by id."""
    with database.reading() as session:
        found = session.scalars(select(Envelope).where(Envelope.kind == kind))
        return {one.id: json.loads(one.body) for one in found if not one.deleted}
