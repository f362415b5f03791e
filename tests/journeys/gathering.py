"""A gathering for journeys: a neighbourhood with a meeting, a walk, a board and a site.

It lays them out, and says what the server has of them.
"""

from __future__ import annotations

from datetime import UTC, datetime

from server import seeds
from server.access import today_of
from server.database import Database
from server.patterns import user_in
from server.shapes import Json
from tests.journeys.birkegata import stored
from tests.journeys.town import write
from tests.makers import USERS, mutation, new_id

EAST = new_id(0xA1)
HOOD, MEETING, WALK, BENCHES = new_id(0xF01), new_id(0xF02), new_id(0xF03), new_id(0xF04)
BOARD, SITE, BEFORE, AFTER = new_id(0xF05), new_id(0xF06), new_id(0xF07), new_id(0xF08)
SAID, CHAIR, AGREED, MEASURE = new_id(0xF09), new_id(0xF0A), new_id(0xF0B), new_id(0xF0C)
RAW = "Han i tredje etasje, Per Hemmeligsen, selger noe i trappa."
SHORT = "Utrygt i trappa om kvelden"
NAME = "Beboermøte på Birketunet"


Body = dict[str, Json]


def gathering(database: Database) -> None:
    """A meeting today with all that hangs on it, as a leader has written it."""
    now = datetime.now(UTC)
    today = today_of(now).isoformat()
    seeds.lay_in(database, now)
    bodies = [*neighbourhood(today), *board_and_site()]
    write(
        database,
        [mutation(kind, id, body, author="lise", now=now) for kind, id, body in bodies],
        now,
    )


def neighbourhood(today: str) -> list[tuple[str, str, Body]]:
    """A neighbourhood, its meeting and its walk of today, and what somebody has said."""
    in_hood: Body = {"area": EAST, "neighbourhood": HOOD}
    crew: Body = {f"who/{USERS[name]}": True for name in ("kari", "amir", "ola")}
    held: Body = {**in_hood, **crew, "held_on": today}
    said: Body = {
        **in_hood,
        "event": MEETING,
        "type": "challenge",
        "words": RAW,
        "summary": SHORT,
        "topic": "safety",
        "channel": "door",
        "received_on": today,
        f"votes/{USERS['lise']}": 2,
    }
    lit: Body = {**in_hood, "name": "Nytt lys i trappa", f"inputs/{SAID}": True, "led_by": "board"}
    return [
        ("neighbourhood", HOOD, {"area": EAST, "name": "Birketunet", "started_on": today}),
        ("event", MEETING, {**held, "type": "residents_meeting", "name": NAME}),
        ("event", WALK, {**held, "type": "safety_walk", "name": "Kveldsrunden"}),
        ("resident_input", SAID, said),
        ("meeting_place", BENCHES, {**in_hood, "name": "Benkene", "type": "bench"}),
        ("measure", MEASURE, lit),
    ]


def board_and_site() -> list[tuple[str, str, Body]]:
    """A housing company with whom to call there, and a site with figures before and since."""
    chair: Body = {"name": "Eksempel Styreleder", "role": "board", "phone": "900 00 222"}
    agreed: Body = {"we_do": "Runde hver uke.", "they_do": "Vårdugnad."}
    site: Body = {"area": EAST, "name": "Birkegården", "programme": "ny_vri", "stage": "running"}
    before: Body = {"from_on": "2025-01-01", "until_on": "2025-12-31", "baseline": True}
    since: Body = {"from_on": "2026-01-01", "until_on": "2026-06-30"}
    return [
        ("housing_company", BOARD, {"area": EAST, "name": "Birkehagen borettslag", "shares": 6}),
        ("contact", CHAIR, {"housing_company": BOARD, **chair}),
        ("cooperation_agreement", AGREED, {"housing_company": BOARD, **agreed}),
        ("programme_site", SITE, site),
        ("site_figures", BEFORE, {"site": SITE, **before, "complaints": 31}),
        ("site_figures", AFTER, {"site": SITE, **since, "complaints": 9}),
    ]


def counted(database: Database, field: str, group: str) -> int:
    """What all have counted of a group at the meeting, as the server has it."""
    body = stored(database, "event")[MEETING]
    return sum(
        int(value)
        for path, value in body.items()
        if path.startswith(f"{field}/") and path.endswith(f"-{group}") and value is not None
    )


def votes(database: Database, input: str) -> list[tuple[str, int]]:
    """The votes for something said: whose line, and how many stand on it, sorted."""
    body = stored(database, "resident_input")[input]
    return sorted(
        (user_in(path.removeprefix("votes/")), int(value))
        for path, value in body.items()
        if path.startswith("votes/") and value is not None
    )


def said_by_residents(database: Database) -> list[str]:
    """What residents have written themselves on a locked phone."""
    bodies = stored(database, "resident_input").values()
    return sorted(str(b["words"]) for b in bodies if b.get("channel") == "resident_mode")
