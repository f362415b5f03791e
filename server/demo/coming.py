"""The days to come: agreed visits, who walks the rounds, and small jobs by the clock.

Each start fills up what is missing, and never writes over what somebody has changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from sqlalchemy import select

from server.database import Database
from server.demo.municipality import AREAS, PEOPLE, STAFF, homes, made_up_id
from server.demo.pen import Edit, Pen, made
from server.demo.year_words import TASKS
from server.planning.calendar import day_of, days_between, is_worked
from server.records.record import Entry, Envelope
from server.records.round import Round
from server.roles import Role
from server.shapes import Json

DAYS_AHEAD = 14
FULL_DAYS = 4
PURPOSES = ("follow_up", "fire_safety", "welfare_check", "complaint", "arrears_talk")
TIMES = ("09:00", "10:30", "12:30", "14:00")
JOBS_AHEAD = 6
CLOCKS = ("10:15", "12:45", None)
"""When the jobs of a day are agreed for; the last one has no time."""
INGRID, OLA = STAFF["ingrid"], STAFF["ola"]


def fill(database: Database, now: datetime) -> None:
    """Plan visits for the field workers from today and two weeks on, where none are planned yet."""
    plans = list(_plans(now))
    with database.reading() as session:
        known = set(
            session.scalars(select(Envelope.id).where(Envelope.id.in_([p.id for p in plans])))
        )
    missing = [plan for plan in plans if plan.id not in known]
    if missing:
        Pen(database).office(INGRID, now, *missing)


def give_out(database: Database, now: datetime) -> None:
    """Give Ola the rounds and the jobs of the coming days, where nobody has yet."""
    edits = [*_rounds(database, now), *_jobs(database, now)]
    if edits:
        Pen(database).office(INGRID, now, *edits)


def _rounds(database: Database, now: datetime) -> Iterator[Edit]:
    today = day_of(now)
    taken = select(Entry.record).where(Entry.field == "who")
    coming = Round.planned_on.between(today, today + timedelta(days=DAYS_AHEAD))
    with database.reading() as session:
        found = session.scalars(
            select(Round.id)
            .join(Envelope, Envelope.id == Round.id)
            .where(coming, Round.id.not_in(taken), Envelope.deleted.is_(False))
            .order_by(Round.id)
        ).all()
    for id in found:
        yield Edit("round", id, {f"who/{OLA.id}": True})


def _jobs(database: Database, now: datetime) -> Iterator[Edit]:
    today = day_of(now)
    days = days_between(today, today + timedelta(days=JOBS_AHEAD))
    jobs = [
        edit
        for day in days
        if day == today or is_worked(day)
        for number, clock in enumerate(CLOCKS)
        for edit in [_job(f"{day}", day.toordinal() * 3 + number, clock)]
    ]
    with database.reading() as session:
        ids = [job.id for job in jobs]
        known = set(session.scalars(select(Envelope.id).where(Envelope.id.in_(ids))))
    yield from (job for job in jobs if job.id not in known)


def _job(day: str, pick: int, clock: str | None) -> Edit:
    every = homes()
    home = every[pick % len(every)]
    tasks = [task for task in TASKS if task.category != "snow_sand"]
    task = tasks[pick % len(tasks)]
    values: dict[str, Json] = {
        **({"dwelling": home.id} if task.at_home else {"building": home.building}),
        "words": task.words,
        "category": task.category,
        "source": "tenant" if task.at_home else "self",
        "due_on": day,
        f"who/{OLA.id}": True,
        **({"due_at": clock} if clock else {}),
    }
    if clock and task.at_home:
        values |= {"meet": "Leietakeren", "phone": "900 00 000"}
    return made("assignment", made_up_id("job", day, str(clock)), values)


def _plans(now: datetime) -> Iterator[Edit]:
    """Give the planned visits of the coming days: the same day always has the same ones."""
    today = day_of(now)
    by_area = {area: [home for home in homes() if home.area == area] for area in AREAS}
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        for turn, person in enumerate(each for each in PEOPLE if each.role is Role.BOMILJO):
            for place in range(_visits_on(day, ahead, turn)):
                pick = day.toordinal() * 7 + turn * 3 + place
                area = person.areas[-1] or ""
                home = by_area[area][pick % len(by_area[area])]
                values: dict[str, Json] = {
                    "dwelling": home.id,
                    "purpose": PURPOSES[(day.toordinal() + place) % len(PURPOSES)],
                    "planned_on": f"{day:%Y-%m-%d}",
                    "planned_at": TIMES[place],
                    f"visitors/{person.id}": True,
                    "tenancy": home.tenancy,
                }
                id = made_up_id("plan", person.login, f"{day:%Y-%m-%d}", str(place))
                yield made("planned_visit", id, values)


def _visits_on(day: date, ahead: int, turn: int) -> int:
    """Say how full a day is: what is near is full, even at a weekend when it is today."""
    if ahead and not is_worked(day):
        return 0
    return 3 + (day.toordinal() + turn) % 2 if ahead < FULL_DAYS else 2
