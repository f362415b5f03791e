"""A small municipality for journeys: people who can log in, homes, and visits agreed for today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import uuid5

import orjson

from server import people, seeds
from server.access import Actor, today_of
from server.database import Database
from server.intake import take
from server.records.record import Envelope
from server.roles import Role
from server.shapes import Json, write_instant
from sync.mutation import NS, office_replica
from tests.makers import NAMES, USERS, lay_out_people, mutation, new_id, world_records

PASSPHRASE = "fjord lampe sykkel regn"
PLAN, PLAN_LATER, PLAN_WEST = new_id(0xF1), new_id(0xF2), new_id(0xF3)
HOME, HOME_LATER = new_id(0xD1), new_id(0xD3)
LOGINS = ("kari", "amir", "ola", "ingrid", "lise", "eva", "admin")


def lay_out(database: Database) -> None:
    """Everything a day needs: two visits agreed for today, both with Kari and with Amir."""
    now = datetime.now(UTC)
    lay_out_people(database, now)
    with database.writing() as session:
        for name in LOGINS:
            if name != "kari":
                people.set_password(session, USERS[name], name, PASSPHRASE)
        people.set_password(session, USERS["kari"], "kari", PASSPHRASE)
    seeds.lay_in(database, now)
    write(database, list(world_records(now)), now)
    colleagues = [
        mutation("colleague", USERS[name], {"name": NAMES[name]}, author="lise", now=now)
        for name in LOGINS
    ]
    home = {"area": new_id(0xA1), "address": "Kongens gate 12", "unit_number": "H0203"}
    later = mutation("dwelling", HOME_LATER, home, author="lise", now=now)
    write(database, [*colleagues, later], now)
    both: dict[str, Json] = {f"visitors/{USERS[name]}": True for name in ("kari", "amir")}
    homes = (
        (PLAN, HOME, "09:30", "Eksempel Leietaker"),
        (PLAN_LATER, HOME_LATER, "13:00", "Prøve Beboer"),
    )
    for id, where, at, tenant in homes:
        write(database, [*lives(where, tenant, now), plan(id, where, at, both, now)], now)


def many(database: Database, count: int) -> list[str]:
    """Agree that many more visits with Kari today, each in a home of its own; gives the homes."""
    now, homes = datetime.now(UTC), []
    kari: dict[str, Json] = {f"visitors/{USERS['kari']}": True}
    records = []
    for number in range(count):
        homes.append(new_id(0x5000 + number))
        area = new_id(0xA2) if number == 0 else new_id(0xA1)
        home: dict[str, Json] = {"area": area, "address": f"Lang vei {number + 1}"}
        records.append(mutation("dwelling", homes[-1], home, author="lise", now=now))
        at = f"{8 + number // 10:02}:{number % 10 * 5:02}"
        records += lives(homes[-1], "Prøve Beboer", now)
        records.append(plan(new_id(0x6000 + number), homes[-1], at, kari, now))
    write(database, records, now)
    return homes


def work_in_west_too(database: Database) -> None:
    """Kari works in the western area as well."""
    with database.writing() as session:
        people.grant(session, new_id(0xCF0), USERS["kari"], Role.BOMILJO, new_id(0xA2))


def work_only_in(database: Database, area: str | None) -> None:
    """Kari's roles end everywhere but in one area."""
    with database.writing() as session:
        people.withdraw(session, USERS["kari"])
        if area:
            people.grant(session, new_id(0xCF1), USERS["kari"], Role.BOMILJO, area)


def tenancy_of(home: str) -> str:
    """The id of the tenancy in a home."""
    return str(uuid5(NS, f"tenancy|{home}"))


def lives(
    home: str, tenant: str, now: datetime, phone: str = "900 00 000"
) -> list[dict[str, Json]]:
    """A tenancy in a home, and whom to call there."""
    tenancy, contact = tenancy_of(home), str(uuid5(NS, f"contact|{home}"))
    who: dict[str, Json] = {"tenancy": tenancy, "role": "tenant", "name": tenant, "phone": phone}
    who["channel"] = "message"
    return [
        mutation(
            "tenancy",
            tenancy,
            {"dwelling": home, "started_on": today_of(now).isoformat()},
            author="lise",
            now=now,
        ),
        mutation("contact", contact, who, author="lise", now=now),
    ]


def plan(
    id: str, home: str, at: str, visitors: Mapping[str, Json], now: datetime
) -> dict[str, Json]:
    """A visit that is agreed for today with whoever lives there."""
    body: dict[str, Json] = {
        "dwelling": home,
        "tenancy": tenancy_of(home),
        "purpose": "move_in",
        "planned_on": today_of(now).isoformat(),
        "planned_at": at,
        **visitors,
    }
    return mutation("planned_visit", id, body, author="lise", now=now)


def take_on(
    database: Database, kind: str, id: str, state: str, comments: Mapping[str, Json] | None = None
) -> None:
    """The leader takes a record that was handed in one step on, with what is to be put right."""
    now = datetime.now(UTC)
    with database.reading() as session:
        record = session.get_one(Envelope, id)
        seen = (orjson.loads(record.body).get("status"), record.seq)
    status: dict[str, Json] = {"state": state, "by": USERS["lise"], "at": write_instant(now)}
    if comments:
        status["comments"] = dict(comments)
    changed: dict[str, Json] = {"status": status}
    step = mutation(kind, id, changed, author="lise", op="patch", seen={"status": seen}, now=now)
    write(database, [step], now)


def write(database: Database, records: list[dict[str, Json]], now: datetime) -> None:
    """Write as the server itself."""
    actor = Actor(USERS["lise"], ((Role.LEADER, None),))
    results = take(database, actor, office_replica(USERS["lise"]), records, now, server=True)
    wrong = [result for result in results if result.state != "applied"]
    assert not wrong, wrong
