"""An imported stock of 20,000 homes, and a day agreed on it for two people; it expects nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from server import imports
from server.access import Actor, today_of
from server.database import Database
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json
from tests.journeys.town import lives, tenancy_of, write
from tests.makers import USERS, mutation, new_id

STOCK, HERE, IN_ONE_HOUSE = 20_000, 1_200, 20
"""Dwellings in all, those in the area where the two work, and those behind one door."""
VISITS, JOBS, HOUSES = 5, 12, 3
AREAS = {"Øst": HERE, "Vest": STOCK - HERE}
EAST = new_id(0xA1)


def stock() -> bytes:
    """The municipality's list of homes, as its register gives it: twenty to a house."""
    rows = ["område;adresse;bruksenhetsnummer;etasjenummer;fdvuBoligId"]
    for area, count in AREAS.items():
        for number in range(count):
            house, door = divmod(number, IN_ONE_HOUSE)
            floor, unit = door // 4 + 1, door % 4 + 1
            street = f"{area}lia {house + 1}"
            rows.append(f"{area};{street};H{floor:02}{unit:02};{floor};F{len(rows):05}")
    return "\r\n".join(rows).encode("cp1252")


def import_stock(database: Database, now: datetime) -> None:
    """The leader brings the list in, as on the office's page."""
    lise = Actor(USERS["lise"], ((Role.LEADER, None),))
    raw = stock()
    with database.reading() as session:
        plan = imports.make_plan(session, lise, imports.DWELLINGS, raw, imports.Options(), now)
    assert not plan.faults and plan.rows == STOCK
    imports.apply(database, imports.Writer.person(lise), plan, now, raw=raw)


def homes(database: Database, count: int) -> list[tuple[str, str]]:
    """Some of the imported homes in the east, address and id, each in a house of its own."""
    found: dict[str, str] = {}
    with database.reading() as session:
        rows = session.execute(
            select(Envelope.id, Envelope.body).where(
                Envelope.kind == "dwelling", Envelope.area == EAST
            )
        )
        for id, body in rows:
            words = body.decode()
            if '"fdv_id"' in words and '"unit_number":"H0101"' in words:
                address = words.split('"address":"')[1].split('"')[0]
                found[address] = id
    return sorted(found.items())[:count]


def agree(database: Database, now: datetime) -> tuple[list[str], list[str]]:
    """The day's visits for Kari, and for Ola a round and assignments; gives the addresses."""
    today = today_of(now).isoformat()
    kari: dict[str, Json] = {f"visitors/{USERS['kari']}": True}
    ola: dict[str, Json] = {f"who/{USERS['ola']}": True}
    where = homes(database, VISITS + JOBS)
    records: list[dict[str, Json]] = []
    for number, (_, home) in enumerate(where[:VISITS]):
        purpose = "move_in" if number < 3 else "follow_up"
        body: dict[str, Json] = {
            "dwelling": home,
            "tenancy": tenancy_of(home),
            "purpose": purpose,
            "planned_on": today,
            "planned_at": f"{9 + number:02}:00",
        }
        records += lives(home, f"Leietaker Eksempel {number + 1}", now)
        records.append(
            mutation("planned_visit", new_id(), {**body, **kari}, author="lise", now=now)
        )
    for number, (_, home) in enumerate(where[VISITS:]):
        at = f"{8 + number // 2:02}:{number % 2 * 3}0"
        job: dict[str, Json] = {"dwelling": home, "words": f"Oppdrag nummer {number + 1}"}
        job |= {"category": "minor_repair", "due_on": today, "due_at": at}
        records.append(mutation("assignment", new_id(), {**job, **ola}, author="lise", now=now))
    buildings = _buildings(database)[:HOUSES]
    walk: dict[str, Json] = {
        "area": EAST,
        "name": "Ukesrunde Østlia",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": today,
        **{f"buildings/{building}": True for _, building in buildings},
    }
    records.append(mutation("round", new_id(), {**walk, **ola}, author="lise", now=now))
    write(database, records, now)
    return [address for address, _ in where[:VISITS]], [address for address, _ in buildings]


def _buildings(database: Database) -> list[tuple[str, str]]:
    with database.reading() as session:
        rows = session.execute(
            select(Envelope.id, Envelope.body).where(
                Envelope.kind == "building", Envelope.area == EAST
            )
        ).all()
    return sorted((body.decode().split('"address":"')[1].split('"')[0], id) for id, body in rows)
