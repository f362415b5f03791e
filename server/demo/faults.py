"""The deviations of the demo year: who found them, whose they were to mend, and when they were."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from server.checklists import ITEMS
from server.demo.diary import Diary
from server.demo.municipality import STAFF, Person
from server.demo.pen import Edit, handled, made, status
from server.demo.year_words import Fault
from server.intake.reviewing import is_sampled
from server.planning.calendar import day_of, worked_from
from server.shapes import Json
from sync.mutation import one_per_id

EVA, INGRID = STAFF["eva"], STAFF["ingrid"]
DAYS = {"critical": 0, "high": 3, "medium": 14, "low": 60}
"""About how many days each has, by the rules that are laid in."""
IN_TIME = 0.86
SENDS_A_BILL_FROM = 1_000
"""What misuse or vandalism cost is asked back from here on, in kroner."""


class Faults:
    """Writes deviations, and what became of them."""

    def __init__(self, diary: Diary, dice: Random) -> None:
        self.diary, self.dice = diary, dice
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
        self._mend(id, who, at, severity, responsible, fault)

    def _mend(
        self, id: str, who: Person, at: datetime, severity: str, responsible: str, fault: Fault
    ) -> None:
        days = DAYS[severity]
        late = self.dice.random() > IN_TIME
        took = days + self.dice.randrange(2, 9) if late else round(days * self.dice.random() * 0.8)
        mended = at + timedelta(days=took, hours=2)
        if took:
            day = worked_from(day_of(mended)) if late else day_of(mended)
            mended = datetime.combine(day, mended.timetz().replace(hour=14, minute=40))
        if responsible != "landlord":
            words = "Flyttet sammen med beboeren." if responsible == "tenant" else "Styret ordnet."
            self.diary.phone(
                who, mended, Edit("deviation", id, handled("done", who, mended, words))
            )
            return
        if took > 1:
            ordered = at + timedelta(hours=20)
            self.orders += 1
            order = {"work_order": f"AO-{self.orders}", **handled("ordered", EVA, ordered)}
            self.diary.office(EVA, ordered, Edit("deviation", id, order), late=True)
        done: dict[str, Json] = {"cause": fault.cause, **handled("done", EVA, mended)}
        if fault.cost:
            done["cost"] = fault.cost
        if fault.cost > SENDS_A_BILL_FROM and fault.cause in ("misuse", "vandalism"):
            done["recoverable"] = True
        self.diary.office(EVA, mended, Edit("deviation", id, done), late=True)
