"""What lies before a field worker on a morning in January: visits, a case, notes left over.

It lays out, and plays what a machine without a battery cannot; it expects nothing.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select

from server.access import Actor, today_of
from server.database import Database
from server.intake import take
from server.people import Replica
from server.records.envelope import Envelope
from server.roles import Role
from server.shapes import Json
from sync.mutation import office_replica
from tests.journeys.street import HOUSE, street
from tests.journeys.town import many, write
from tests.makers import USERS, mutation, new_id

CASE, MEETING = new_id(0xF10), new_id(0xF11)
TITLE = "Bråk om natta mellom to etasjer"
EAST = new_id(0xA1)
BATTERY = """
  const battery = new EventTarget()
  Object.assign(battery, { level: 0.7, charging: false })
  window.drain = (level) => {
    battery.level = level
    battery.dispatchEvent(new Event('levelchange'))
  }
  navigator.getBattery = async () => battery
"""


def morning(database: Database) -> list[str]:
    """Visits, a house with a round, a case with a meeting, two old notes and one of today.

    Gives the homes that are beside the town's own two.
    """
    street(database)
    now = datetime.now(UTC)
    today = today_of(now)
    homes = many(database, 6)
    team: dict[str, Json] = {f"team/{USERS[name]}": True for name in ("kari", "amir")}
    case: dict[str, Json] = {"building": HOUSE, "title": TITLE, "opened_on": f"{today}", **team}
    meeting: dict[str, Json] = {"case": CASE, "planned_on": f"{_day(today, 9)}"}
    made = (
        ("conflict_case", CASE, case),
        ("dialogue_meeting", MEETING, meeting),
    )
    write(
        database, [mutation(kind, id, body, author="lise", now=now) for kind, id, body in made], now
    )
    for number, (home, days) in enumerate(((homes[1], -2), (homes[2], -2), (homes[5], 0))):
        left_unfinished(database, new_id(0xF20 + number), home, _day(today, days), now)
    return homes


def left_unfinished(database: Database, id: str, home: str, on: date, now: datetime) -> None:
    """A visit that Kari wrote some of and never finished."""
    body: dict[str, Json] = {
        "dwelling": home,
        "purpose": "follow_up",
        "visited_on": f"{on}",
        "outcome": "completed",
    }
    as_person(database, "kari", mutation("visit", id, body, author="kari", now=now), now)


def meets_on(database: Database, name: str, ahead: int) -> str:
    """A colleague moves the meeting to another day, having seen what stood; gives that day."""
    now = datetime.now(UTC)
    on = f"{_day(today_of(now), ahead)}"
    with database.reading() as session:
        stands = session.get_one(Envelope, MEETING)
        seen: dict[str, Json] = {"planned_on": f"{_day(today_of(now), 9)}"}
        known = {path: (value, stands.seq) for path, value in seen.items()}
    values: dict[str, Json] = {"planned_on": on}
    moved = mutation(
        "dialogue_meeting", MEETING, values, op="patch", seen=known, author=name, now=now
    )
    as_person(database, name, moved, now)
    return on


def phones_of(database: Database, name: str) -> list[str]:
    """The ids of what somebody has opened the app on, the oldest first."""
    own = select(Replica.id).where(Replica.user == USERS[name])
    with database.reading() as session:
        return list(session.scalars(own.order_by(Replica.registered_at)))


def as_person(database: Database, name: str, made: dict[str, Json], now: datetime) -> None:
    """Write as somebody's own page does, under their rights."""
    actor = Actor(USERS[name], ((Role.BOMILJO, EAST),))
    (result,) = take(database, actor, office_replica(actor.user), [made], now)
    assert result.state == "applied", result


def _day(today: date, ahead: int) -> date:
    return today + timedelta(days=ahead)
