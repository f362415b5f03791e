"""The rounds of the demo year: each building's answers, and what was found on the way."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from server.checklists import CHECKLISTS
from server.demo.diary import Diary
from server.demo.faults import Faults
from server.demo.municipality import STAFF, Home
from server.demo.pen import Edit, handled, made
from server.demo.year_words import IN_COMMON, IN_WINTER, OUTDOORS, SELDOM, Fault
from server.planning.calendar import OSLO
from server.records.record import members_of
from server.shapes import Json
from sync.mutation import one_per_id

OLA = STAFF["ola"]
WINTER_MONTHS = (12, 1, 2)
MISSED = 0.04
OUTDOOR = "UTE"
FOUND = {"weekly": 0.05, "monthly": 0.05, "quarterly": 0.3, "season": 0.3}
"""How often something is found in a building."""
SELDOM_FIRST = ("season", "quarterly", "monthly", "weekly", "every")
"""A round takes with it what is asked more often than it is walked."""


class Walks:
    """Writes rounds that the rules planned, building by building."""

    def __init__(self, diary: Diary, dice: Random, faults: Faults, homes: list[Home]) -> None:
        self.diary, self.faults = diary, faults
        self.dice, self.outdoors = dice, Random(OUTDOOR)
        self.homes = {home.building: home for home in homes}

    def walk(self, id: str, body: dict[str, Json]) -> None:
        """Walk one round, or say why it was not walked."""
        day = date.fromisoformat(str(body["planned_on"]))
        dice = self.outdoors if body["checklist"] == OUTDOOR else self.dice
        at = datetime.combine(day, time(8, dice.randrange(10, 40)), OSLO)
        winter = body["checklist"] == "VINTER"
        if winter and day.month not in WINTER_MONTHS:
            return self._leave(id, at, "Barmark og plussgrader.")
        if dice.random() < MISSED:
            return self._leave(id, at, "Sykdom. Tas neste uke.")
        for building in members_of(body, "buildings"):
            at += timedelta(minutes=dice.randrange(9, 16))
            self._building(id, body, building, at, dice)
        done = {f"who/{OLA.id}": True, **handled("done", OLA, at)}
        self.diary.phone(OLA, at, Edit("round", id, done))
        return None

    def _building(
        self, id: str, body: dict[str, Json], building: str, at: datetime, dice: Random
    ) -> None:
        code, frequency = str(body["checklist"]), str(body["frequency"])
        run = one_per_id("checklist_run", [id, code, building])
        items = [
            item["code"]
            for item in CHECKLISTS[code]["items"]
            if SELDOM_FIRST.index(item["frequency"]) >= SELDOM_FIRST.index(frequency)
        ]
        fault = _fault(code, frequency, dice)
        values: dict[str, Json] = {
            "round": id,
            "building": building,
            "checklist": code,
            "edition": CHECKLISTS[code]["version"],
            "subject": "building",
            **{f"answers/{item}": "ok" for item in items},
        }
        if fault:
            values |= {f"answers/{fault.item}": "deviation", f"remarks/{fault.item}": fault.words}
        self.diary.phone(OLA, at, made("checklist_run", run, values).sent_in(OLA, at))
        if fault:
            company = self.homes[building].company is not None
            where = {"building": building}
            self.faults.report(OLA, at, where, fault, run, in_company=company)

    def _leave(self, id: str, at: datetime, why: str) -> None:
        cancelled = {f"who/{OLA.id}": True, **handled("cancelled", OLA, at, why)}
        self.diary.phone(OLA, at, Edit("round", id, cancelled))


def _fault(code: str, frequency: str, dice: Random) -> Fault | None:
    if dice.random() > FOUND[frequency]:
        return None
    if code == OUTDOOR:
        return dice.choice(OUTDOORS)
    if code == "VINTER":
        return dice.choice(IN_WINTER)
    return dice.choice(SELDOM if frequency == "quarterly" else IN_COMMON)
