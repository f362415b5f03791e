"""The assignments of the demo year: who asked, who did it together, how long it took."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from server.demo.diary import Diary
from server.demo.municipality import STAFF, Home, made_up_id
from server.demo.pen import Edit, handled, made
from server.demo.year_words import TASKS
from server.planning.calendar import OSLO, worked_until
from server.shapes import Json

OLA, INGRID = STAFF["ola"], STAFF["ingrid"]
DONE_BY = {"us": 42, "together": 40, "resident_with_help": 11, "resident": 7}
SOURCES = ("tenant", "tenant", "team", "follow_up", "landlord", "board")
NOT_DONE = 0.04


class Errands:
    """Writes assignments from the first word to the last."""

    def __init__(self, diary: Diary, dice: Random, homes: list[Home]) -> None:
        self.diary, self.dice, self.homes = diary, dice, [*homes]
        self.count = 0
        dice.shuffle(self.homes)

    def run(self, day: date) -> None:
        """Do one assignment that was asked for a few days before."""
        self.count += 1
        tasks = TASKS if _is_cold(day) else [t for t in TASKS if t.category != "snow_sand"]
        task = tasks[self.count % len(tasks)]
        home = self.homes[self.count % len(self.homes)]
        id = made_up_id("errand", f"{day}", str(self.count))
        asked = worked_until(day - timedelta(days=self.dice.randrange(1, 5)))
        self.diary.office(
            INGRID,
            datetime.combine(asked, time(13, self.count % 60), OSLO),
            made(
                "assignment",
                id,
                {
                    **({"dwelling": home.id} if task.at_home else {"building": home.building}),
                    "words": task.words,
                    "category": task.category,
                    "source": self.dice.choice(SOURCES),
                    "due_on": f"{day}",
                    f"who/{OLA.id}": True,
                },
            ),
        )
        at = datetime.combine(day, time(9 + self.count % 6, self.dice.randrange(60)), OSLO)
        if self.dice.random() < NOT_DONE:
            words = "Leietakeren hadde ordnet det selv."
            refused = Edit("assignment", id, handled("rejected", OLA, at, words))
            self.diary.phone(OLA, at, refused)
            return
        minutes = max(10, task.minutes + 5 * self.dice.randrange(-3, 4))
        done: dict[str, Json] = {
            "done_by": self.dice.choices([*DONE_BY], [*DONE_BY.values()])[0],
            "minutes": minutes,
            "result": task.result,
            **handled("done", OLA, at),
        }
        if task.bags:
            done["waste_bags"] = task.bags + self.dice.randrange(3)
        if task.material:
            done[f"materials/{made_up_id('material', id)}"] = task.material
        self.diary.phone(OLA, at, Edit("assignment", id, done))


def _is_cold(day: date) -> bool:
    return day.month in (11, 12, 1, 2, 3)
