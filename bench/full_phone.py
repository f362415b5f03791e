"""Fills a municipality until one phone holds as many records as asked; it measures nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from bench.stage import name_id
from server import people, seeds
from server.access import today_of
from server.checklists import CHECKLISTS
from server.database import Database
from server.shapes import Json, write_instant
from sync.mutation import one_per_id
from tests.journeys.town import PASSPHRASE, lives, tenancy_of, write
from tests.makers import AREA_EAST, USERS, lay_out_people, mutation, world_records

SHARES = {
    "dwelling": 2_000,
    "building": 120,
    "tenancy": 900,
    "contact": 900,
    "planned_visit": 1_300,
    "visit": 1_200,
    "checklist_run": 1_200,
    "deviation": 1_000,
    "assignment": 1_000,
    "round": 80,
    "conversation": 300,
}
"""What ten thousand records on a phone are: a large area, a year back and a quarter ahead."""
WHOLE = sum(SHARES.values())
DAYS_BACK, DAYS_AHEAD = 300, 90
DAILY = ("08:15", "09:00", "10:30", "11:30", "12:45", "13:30", "14:30", "15:15")
STREETS = ("Kongens gate", "Åsveien", "Ørnestien", "Bjerkealléen", "Nedre Sjøgate", "Ekebergveien")
FIRST = ("Ada", "Bjørn", "Cecilie", "Dag", "Ingebjørg", "Håkon", "Mona", "Øystein", "Sølvi", "Åge")
LAST = ("Eksempel", "Oppdiktet", "Prøve", "Tenkt", "Liksom", "Påfunn", "Fantasi", "Nordmann")
FAULTS = (
    "Fukt i hjørnet bak skapet på soverommet, og maling som flasser av.",
    "Sluket på badet er tett, og vannet står over rista etter dusjing.",
    "Døra til kjelleren lukker seg ikke selv.",
    "Lyset i tredje etasje virker ikke.",
)
KARI = USERS["kari"]
BATCH = 500


def fill(database: Database, records: int) -> None:
    """Lay in a municipality of which Kari's phone holds about so many records."""
    now = datetime.now(UTC)
    lay_out_people(database, now)
    with database.writing() as session:
        people.set_password(session, KARI, "kari", PASSPHRASE)
    seeds.lay_in(database, now)
    write(database, list(world_records(now)), now)
    everything = stock(records, now)
    while some := list(islice(everything, BATCH)):
        write(database, some, now)


def stock(records: int, now: datetime) -> Iterator[dict[str, Json]]:
    """Everything, parents before children."""
    many = {kind: max(1, share * records // WHOLE) for kind, share in SHARES.items()}
    for number in range(many["building"]):
        yield made("building", number, {"area": AREA_EAST, "address": street(number)}, now)
    for number in range(many["dwelling"]):
        yield made("dwelling", number, home(number, many["building"]), now)
    for number in range(many["tenancy"]):
        yield from tenancy(number, now)
    for number in range(many["planned_visit"]):
        yield made("planned_visit", number, plan(number, many["tenancy"], now), now)
    for number in range(many["visit"]):
        yield from visited(number, many, now)
    for number in range(many["deviation"]):
        yield made("deviation", number, fault(number, many["dwelling"], now), now)
    for number in range(many["assignment"]):
        yield made("assignment", number, job(number, many["dwelling"], now), now)
    for number in range(many["round"]):
        yield made("round", number, walk(number, many["building"], now), now)


def made(kind: str, number: int, body: dict[str, Json], now: datetime) -> dict[str, Json]:
    """The mutation that makes one record."""
    return mutation(kind, name_id(kind, number), body, author="kari", now=now)


def street(house: int) -> str:
    """A house's address; the first is Kongens gate 12, however few there are."""
    return f"{STREETS[house % len(STREETS)]} {12 + 2 * (house // len(STREETS))}"


def home(number: int, houses: int) -> dict[str, Json]:
    """A dwelling in one of the houses, three to a floor."""
    house, behind = number % houses, number // houses
    floor, door = behind // 3 + 1, behind % 3 + 1
    return {
        "area": AREA_EAST,
        "building": name_id("building", house),
        "address": street(house),
        "unit_number": f"H{floor:02}{door:02}",
        "floor": floor,
        "rooms": 1 + number % 4,
        "floor_space": 24 + number % 80,
        "access": "Porten står åpen til kl. 17. Heisen går til fjerde etasje.",
    }


def tenancy(number: int, now: datetime) -> list[dict[str, Json]]:
    """A tenancy that Kari follows up, and whom to call."""
    tenant = f"{FIRST[number % len(FIRST)]} {LAST[number // len(FIRST) % len(LAST)]} {number}"
    where = name_id("dwelling", number)
    contract, contact = lives(where, tenant, now, f"900 {number // 1000:02} {number % 1000:03}")
    contract["set"] |= {f"team/{KARI}": True}  # type: ignore[operator]
    return [contract, contact]


def day_of(number: int, now: datetime) -> date:
    """A day of the past or the coming months, the same for the same number."""
    return today_of(now) + timedelta(days=number * 7 % (DAYS_BACK + DAYS_AHEAD) - DAYS_BACK)


def plan(number: int, tenancies: int, now: datetime) -> dict[str, Json]:
    """An agreed visit; the first few are Kari's today, what is past has been paid."""
    where = name_id("dwelling", number % tenancies)
    body: dict[str, Json] = {
        "dwelling": where,
        "tenancy": tenancy_of(where),
        "purpose": "move_in" if number % 3 == 0 else "follow_up",
        f"visitors/{KARI}": True,
    }
    if number < len(DAILY):
        return {**body, "planned_on": today_of(now).isoformat(), "planned_at": DAILY[number]}
    on = day_of(number, now)
    return {
        **body,
        "planned_on": on.isoformat(),
        "planned_at": DAILY[number % len(DAILY)],
        "done": on <= today_of(now),
    }


def visited(number: int, many: dict[str, int], now: datetime) -> Iterator[dict[str, Json]]:
    """A visit of the year that has passed, with the answers about the home, and some with words."""
    where = name_id("dwelling", number % many["tenancy"])
    on = today_of(now) - timedelta(days=1 + number % DAYS_BACK)
    visit = name_id("visit", number)
    status: Json = {"state": "submitted", "by": KARI, "at": write_instant(now)}
    body: dict[str, Json] = {
        "dwelling": where,
        "purpose": "follow_up",
        "visited_on": on.isoformat(),
        "access_basis": "agreed_voluntary",
        "outcome": "completed",
        "present/tenant": True,
        "status": status,
    }
    yield made("visit", number, body, now)
    checklist = CHECKLISTS["NYVRI2"]
    answers: dict[str, Json] = {
        f"answers/{item['code']}": "ok"
        for item in checklist["items"]
        if item["subject"] == "dwelling" and item["answer"] == "check"
    }
    head: dict[str, Json] = {"visit": visit, "dwelling": where, "status": status}
    if number < many["checklist_run"]:
        run = one_per_id("checklist_run", [visit, checklist["code"], "dwelling"])
        about: dict[str, Json] = {
            "checklist": checklist["code"],
            "edition": checklist["version"],
            "subject": "dwelling",
        }
        yield mutation("checklist_run", run, {**head, **about, **answers}, author="kari", now=now)
    if number < many["conversation"]:
        words = {"channel": "visit", "summary": "Alt vel. " + FAULTS[number % len(FAULTS)]}
        talk = one_per_id("conversation", [visit])
        yield mutation("conversation", talk, {**head, **words}, author="kari", now=now)


def fault(number: int, homes: int, now: datetime) -> dict[str, Json]:
    """A deviation somebody sent in; three in four are mended."""
    state = "done" if number % 4 else "open"
    at = write_instant(now - timedelta(days=number % DAYS_BACK))
    return {
        "dwelling": name_id("dwelling", number * 7 % homes),
        "words": FAULTS[number % len(FAULTS)],
        "severity": ("low", "medium", "high")[number % 3],
        "responsible": ("landlord", "tenant", "team")[number % 3],
        "found_on": (today_of(now) - timedelta(days=number % DAYS_BACK)).isoformat(),
        "found_by": KARI,
        "handling": {"state": state, "by": USERS["lise"], "at": at},
        "status": {"state": "submitted", "by": KARI, "at": at},
    }


def job(number: int, homes: int, now: datetime) -> dict[str, Json]:
    """An assignment of the team; most of the old ones are done."""
    on, today = day_of(number, now), today_of(now)
    body: dict[str, Json] = {
        "dwelling": name_id("dwelling", number * 11 % homes),
        "words": f"Sett inn ny pære i gangen, og se til avløpet. Nummer {number}.",
        "category": ("lamp", "drain", "tidy", "minor_repair")[number % 4],
        "source": "tenant",
        "due_on": on.isoformat(),
        f"who/{USERS['amir']}": True,
    }
    if on <= today and number % 20:
        at = write_instant(now - (today - on))
        body["handling"] = {"state": "done", "by": USERS["amir"], "at": at}
    return body


def walk(number: int, houses: int, now: datetime) -> dict[str, Json]:
    """A round through three houses."""
    behind = {f"buildings/{name_id('building', (3 * number + n) % houses)}": True for n in range(3)}
    return {
        "area": AREA_EAST,
        "name": f"Ukesrunde {street(number % houses)}",
        "checklist": "HMSFELLES",
        "frequency": "weekly",
        "planned_on": (today_of(now) + timedelta(days=7 * (number % 12))).isoformat(),
        f"who/{USERS['ola']}": True,
        **behind,
    }
