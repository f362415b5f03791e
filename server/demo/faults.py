"""The deviations of the demo year: who found them, whose they were to mend, and when they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from server.checklists import ITEMS
from server.demo.diary import Diary
from server.demo.municipality import NORTH, STAFF, Person, homes, landlord_of
from server.demo.pen import Edit, handled, made, status
from server.demo.year_words import Fault
from server.intake.reviewing import is_sampled
from server.planning.calendar import OSLO, day_of, worked_from
from server.shapes import Json
from sync.mutation import one_per_id

INGRID = STAFF["ingrid"]
DAYS = {"critical": 0, "high": 3, "medium": 14, "low": 60}
"""About how many days each has, by the rules that are laid in."""
IN_TIME = 0.86
SENDS_A_BILL_FROM = 1_000
"""What misuse or vandalism cost is asked back from here on, in kroner."""


class Faults:
    """Writes deviations, and what became of them."""

    def __init__(self, diary: Diary, dice: Random, today: date) -> None:
        self.diary, self.dice = diary, dice
        self.eve = datetime.combine(today - timedelta(days=1), time(16), OSLO)
        every = homes()
        self.areas = {home.id: home.area for home in every}
        self.areas |= {home.building: home.area for home in every}
        self.orders = 4100

    def report(
        self,
        who: Person,
        at: datetime,
        where: Mapping[str, Json],
        fault: Fault,
        run: str,
        *,
        in_company: bool = False,
    ) -> None:
        """Report a fault that a checklist's answer told of, and have it mended."""
        item = ITEMS[fault.item]
        id = one_per_id("deviation", [run, fault.item])
        severity = str(item["severity_if_deviation"])
        company = item.get("responsible_in_company") or "housing_company"
        responsible = company if in_company else str(item["responsible"])
        values: dict[str, Json] = {
            **where,
            "item": fault.item,
            "words": fault.words,
            "severity": severity,
            "responsible": responsible,
            "found_on": f"{day_of(at)}",
            "found_by": who.id,
        }
        self.diary.phone(who, at, made("deviation", id, values).sent_in(who, at))
        if severity == "critical" or is_sampled(id):
            looked = at + timedelta(minutes=50)
            approval = Edit("deviation", id, status("approved", INGRID, looked))
            self.diary.office(INGRID, looked, approval, late=True)
        area = self.areas[str(where.get("dwelling") or where["building"])]
        mended = self._mended_at(area, at, DAYS[severity])
        if responsible == "landlord":
            return self._mend(landlord_of(area), id, at, mended, fault)
        words = "Flyttet sammen med beboeren." if responsible == "tenant" else "Styret ordnet."
        done = Edit("deviation", id, handled("done", who, mended, words))
        return self.diary.phone(who, mended, done)

    def _mended_at(self, area: str, at: datetime, days: int) -> datetime:
        """Say when; where the story is told, nothing that the year found is left to mend."""
        late = self.dice.random() > IN_TIME
        took = days + self.dice.randrange(2, 9) if late else round(days * self.dice.random() * 0.8)
        mended = at + timedelta(days=took, hours=2)
        if took:
            day = worked_from(day_of(mended)) if late else day_of(mended)
            mended = datetime.combine(day, mended.timetz().replace(hour=14, minute=40))
        if area == NORTH and mended > self.eve:
            return max(self.eve, at + timedelta(minutes=90))
        return mended

    def _mend(
        self, landlord: Person, id: str, at: datetime, mended: datetime, fault: Fault
    ) -> None:
        ordered = at + timedelta(hours=20)
        if mended - at > timedelta(days=1, hours=12):
            self.orders += 1
            order = {"work_order": f"AO-{self.orders}", **handled("ordered", landlord, ordered)}
            self.diary.office(landlord, ordered, Edit("deviation", id, order), late=True)
        done: dict[str, Json] = {"cause": fault.cause, **handled("done", landlord, mended)}
        if fault.cost:
            done["cost"] = fault.cost
        if fault.cost > SENDS_A_BILL_FROM and fault.cause in ("misuse", "vandalism"):
            done["recoverable"] = True
        self.diary.office(landlord, mended, Edit("deviation", id, done), late=True)
