"""What the demo municipality stands on: areas, buildings, homes, who rents them and whom to call.

Who moved in during the year has an earlier tenancy before theirs; nothing of it is a real home.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import chain

from server.demo.municipality import (
    AREAS,
    DOORS,
    NORTH,
    PEOPLE,
    STAFF,
    TENANTS,
    Home,
    company_id,
    homes,
    made_up_id,
)
from server.demo.pen import Edit, Pen, made
from server.shapes import Json

PHONE = "900 00 000"
EMERGENCY = {"Vakttelefonen": "900 00 000", "Nattevakt i nord": "900 00 009"}
"""Whom to call, beside the numbers that are everybody's."""
LANGUAGES = {
    2: ("Tigrinja", True),
    4: ("Arabisk", True),
    9: ("Ukrainsk", False),
    16: ("Polsk", False),
    22: ("Somali", True),
    27: ("Engelsk", False),
    35: ("Arabisk", True),
    38: ("Dari", True),
}
"""By a home's number: their language, and whether they need an interpreter."""
MOVED_IN = {
    3: 352, 8: 320, 12: 291, 17: 263, 21: 240, 25: 205, 28: 178, 33: 150, 36: 118, 5: 97, 14: 82,
    30: 60, 39: 33,
}  # fmt: skip
"""By a home's number: how many days ago those who live there now moved in, within the year."""
NEW_TODAY = 10
LATELY = {0: 36, 2: 16, NEW_TODAY: 18}
"""As `MOVED_IN`, of those whose first visit is among the last ten days, or today."""
EMPTY_DAYS = 21
"""How long a home stands empty between two tenancies."""
NOTICE_DAYS = 10


def lay_ground(pen: Pen, at: datetime, now: datetime, *, whole: bool) -> None:
    """Lay in what stands on the first day; in the `whole` story also who lived there before."""
    ingrid = STAFF["ingrid"]
    pen.office(STAFF["lise"], at, *(made("area", id, {"name": name}) for id, name in AREAS.items()))
    numbers = ({"name": name, "telephone": EMERGENCY[name]} for name in EMERGENCY)
    pen.office(
        STAFF["lise"],
        at,
        *(
            made("emergency_number", made_up_id("emergency", said["name"]), {**said, "rank": rank})
            for rank, said in enumerate(numbers, 1)
        ),
    )
    pen.server(
        STAFF["admin"],
        at,
        *(made("colleague", each.id, {"name": each.name, "team": each.team}) for each in PEOPLE),
    )
    every = homes()
    buildings = {home.building: home for home in every}
    owners = {home.company: home.area for home in every if home.company}
    pen.office(
        ingrid,
        at,
        *chain.from_iterable(_company(name, area) for name, area in owners.items()),
        *(made("building", id, _building(home)) for id, home in buildings.items()),
        *(made("dwelling", home.id, home.values()) for home in every),
    )
    for number, home in enumerate(every):
        if not whole:
            pen.office(ingrid, at, *household(home, number, at - timedelta(days=40 * number)))
        elif number in MOVED_IN:
            before = replace(home, earlier=True)
            started = at - timedelta(days=300 + 40 * number)
            pen.office(ingrid, at, *household(before, number + 19, started))
        elif number not in LATELY:
            started = now - timedelta(days=460 + 70 * number)
            pen.office(ingrid, at, *household(home, number, started))


def arrivals(now: datetime) -> Iterator[tuple[datetime, list[Edit]]]:
    """Give who moved in and out during the year, each with the day the office learnt of it."""
    every = homes()
    for number, days in MOVED_IN.items():
        home, started = every[number], now - timedelta(days=days)
        before = replace(home, earlier=True)
        ended = started - timedelta(days=EMPTY_DAYS)
        gone: dict[str, Json] = {"ended_on": f"{ended:%Y-%m-%d}"}
        yield ended - timedelta(days=NOTICE_DAYS), [Edit("tenancy", before.tenancy, gone)]
        yield started - timedelta(days=NOTICE_DAYS), [*household(home, number, started)]


def lately(now: datetime) -> list[Edit]:
    """Give those who moved in last, of whom the story of the last days tells."""
    every = homes()
    return [
        edit
        for number, days in LATELY.items()
        for edit in household(every[number], number, now - timedelta(days=days))
    ]


def household(home: Home, number: int, started: datetime) -> Iterator[Edit]:
    """Give the tenancy in a home, who follows it up, and whom to call there."""
    team = ["kari"] if home.area == NORTH else ["amir"]
    if home.area == NORTH and number % 4 == 0:
        team.append("amir")
    values: dict[str, Json] = {
        "dwelling": home.id,
        "started_on": f"{started:%Y-%m-%d}",
        "household_size": 1 + number % 4,
        **({"children": True} if number % 4 > 1 else {}),
        **{f"team/{STAFF[login].id}": True for login in team},
    }
    yield made("tenancy", home.tenancy, values)
    contact: dict[str, Json] = {
        "tenancy": home.tenancy,
        "role": "tenant",
        "name": TENANTS[number % len(TENANTS)],
        "phone": PHONE,
    }
    if number in LANGUAGES:
        language, interpreter = LANGUAGES[number]
        contact |= {"language": language, "channel": "message" if interpreter else "call"}
        contact |= {"interpreter": True} if interpreter else {}
    yield made("contact", made_up_id("contact", home.tenancy), contact)
    if number % 11 == 6:
        helper = {**contact, "role": "representative", "name": "Torill Eksempel"}
        yield made("contact", made_up_id("representative", home.tenancy), helper)


def _company(name: str, area: str) -> Iterator[Edit]:
    company: dict[str, Json] = {
        "area": area,
        "name": name,
        "form": "cooperative",
        "property_manager": "Forretningsfører Eksempel",
        "shares": 4,
        "shares_total": 36,
    }
    board: dict[str, Json] = {
        "housing_company": company_id(name),
        "role": "board",
        "name": "Styreleder Eksempel",
        "phone": PHONE,
    }
    yield made("housing_company", company_id(name), company)
    yield made("contact", made_up_id("board", name), board)


def _building(home: Home) -> dict[str, Json]:
    values: dict[str, Json] = {
        "area": home.area,
        "address": home.address,
        "ownership": "company" if home.company else "municipal",
        "access": DOORS[home.address],
    }
    return {**values, "housing_company": company_id(home.company)} if home.company else values
