"""A year of made-up work, lived week by week: rules plan, people carry out, the office answers.

The dice are the same each time; what lies before today has happened, and the rest is left open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

import orjson
from sqlalchemy import select

from server.database import Database
from server.demo.diary import Diary
from server.demo.errands import Errands
from server.demo.faults import Faults
from server.demo.ground import EMPTY_DAYS, LATELY, MOVED_IN, arrivals
from server.demo.municipality import NORTH, STAFF, Home, Person, homes, made_up_id
from server.demo.paid import Paid, Plan
from server.demo.pen import Pen, made
from server.demo.walks import Walks
from server.planning import generation
from server.planning.calendar import OSLO, day_of, is_worked, worked_until
from server.records.planned_visit import PlannedVisit
from server.records.record import Envelope, members_of
from server.records.round import Round
from server.shapes import Json

WEEKS = 52
WEEK = timedelta(days=7)
LATELY_WEEKS = 2
VISITS_A_WEEK, ERRANDS_A_WEEK = 5, 6
LAST_VISIT_DAYS = 28
"""Nothing new is begun with a household that is about to move out."""
QUIET_MONTHS = (7, 12)
"""Half as much is planned when people are away."""
PURPOSES = {
    "follow_up": 6,
    "welfare_check": 4,
    "arrears_talk": 3,
    "fire_safety": 3,
    "complaint": 2,
    "damage": 2,
    "dialogue_prep": 1,
    "other": 1,
}
CLOCKS = ("09:00", "10:00", "11:30", "13:00", "14:30")


def live(database: Database, pen: Pen, now: datetime) -> None:
    """Write the year before today."""
    lately = day_of(now) - timedelta(days=day_of(now).weekday()) - LATELY_WEEKS * WEEK
    year = Year(database, Diary(pen, lately), now)
    for at, edits in arrivals(now):
        moved = moment(worked_until(day_of(at)), 9)
        year.diary.office(STAFF["ingrid"], moved, *edits)
    monday = year.today - timedelta(days=year.today.weekday()) - WEEKS * WEEK
    while monday <= year.today:
        year.week(monday)
        monday += WEEK


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """Give a moment of a Norwegian day."""
    return datetime.combine(day, time(hour, minute), OSLO)


@dataclass
class Year:
    """The year as it is lived: what is written lies in the diary until its day is over."""

    database: Database
    diary: Diary
    now: datetime
    dice: Random = field(default_factory=lambda: Random(2026))
    homes: list[Home] = field(default_factory=homes)

    def __post_init__(self) -> None:
        self.today = day_of(self.now)
        faults = Faults(self.diary, self.dice, self.today)
        self.paid = Paid(self.diary, self.dice, faults, self.today)
        self.walks = Walks(self.diary, self.dice, faults, self.homes)
        self.errands = Errands(self.diary, self.dice, self.homes)

    def week(self, monday: date) -> None:
        """Live one week: what was planned for it, what came up, and plans for the next."""
        self.diary.send(monday)
        generation.generate(self.database, moment(monday, 5))
        days = [day for day in (monday + timedelta(days=n) for n in range(7)) if day < self.today]
        if not days:
            return
        for id, body in self._planned(PlannedVisit, "planned_on", days):
            if plan := self._plan(id, body):
                self.paid.pay(plan)
        for id, body in self._planned(Round, "planned_on", days):
            self.walks.walk(id, body)
        worked = [day for day in days if is_worked(day)]
        for day in self._some(worked, ERRANDS_A_WEEK):
            self.errands.run(day)
        if worked:
            self._plan_ahead(worked[-1], monday + WEEK)
        self.diary.send(min(monday + WEEK, self.today))
        if monday.day <= 7:
            generation.set_deadlines(self.database, moment(monday, 6))

    def _some(self, days: list[date], count: int) -> list[date]:
        """Give as many days as a week has work for."""
        if not days:
            return []
        quiet = days[0].month in QUIET_MONTHS
        return sorted(self.dice.choices(days, k=count // 2 if quiet else count))

    def _plan_ahead(self, planned: date, monday: date) -> None:
        """Agree visits for the next week, as far as it is over; the days to come are filled up."""
        week = (monday + timedelta(days=n) for n in range(5))
        days = [day for day in week if is_worked(day) and day < self.today]
        for number, day in enumerate(self._some(days, VISITS_A_WEEK)):
            home = self._home_on(day)
            who = STAFF["kari" if home.area == NORTH and self.dice.random() < 0.8 else "amir"]
            values: dict[str, Json] = {
                "dwelling": home.id,
                "tenancy": home.tenancy,
                "purpose": self.dice.choices([*PURPOSES], [*PURPOSES.values()])[0],
                "planned_on": f"{day:%Y-%m-%d}",
                "planned_at": CLOCKS[number % len(CLOCKS)],
                f"visitors/{who.id}": True,
            }
            id = made_up_id("year's plan", f"{day:%Y-%m-%d}", str(number))
            at = moment(planned, 14, 10 + number)
            self.diary.office(STAFF["ingrid"], at, made("planned_visit", id, values), late=True)

    def _home_on(self, day: date) -> Home:
        """Give a home where somebody lives on a day, as it is let then."""
        while True:
            number = self.dice.randrange(len(self.homes))
            home, days = self.homes[number], MOVED_IN.get(number)
            if number in LATELY:
                continue
            if days is None or day >= self.today - timedelta(days=days):
                return home
            if day < self.today - timedelta(days=days + EMPTY_DAYS + LAST_VISIT_DAYS):
                return replace(home, earlier=True)

    def _plan(self, id: str, body: dict[str, Json]) -> Plan | None:
        """Read a planned visit; None where nobody is to make it."""
        let = {home.tenancy: home for home in self.homes}
        let |= {(was := replace(home, earlier=True)).tenancy: was for home in self.homes}
        visitors = set(members_of(body, "visitors"))
        who = [each for each in _visitors() if each.id in visitors]
        if not who or body.get("done") or body.get("cancelled"):
            return None
        return Plan(
            id,
            let[str(body["tenancy"])],
            who[0],
            date.fromisoformat(str(body["planned_on"])),
            str(body.get("planned_at") or self.dice.choice(CLOCKS)),
            str(body["purpose"]),
            "rule" in body,
        )

    def _planned(
        self, model: Any, on: str, days: list[date]
    ) -> Iterator[tuple[str, dict[str, Json]]]:
        with self.database.reading() as session:
            found = session.execute(
                select(Envelope.id, Envelope.body)
                .join(model, model.id == Envelope.id)
                .where(getattr(model, on).between(days[0], days[-1]), Envelope.deleted.is_(False))
                .order_by(getattr(model, on), Envelope.id)
            ).all()
        for id, body in found:
            yield id, orjson.loads(body)


def _visitors() -> list[Person]:
    return [STAFF["kari"], STAFF["amir"]]
