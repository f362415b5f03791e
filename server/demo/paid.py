"""The visits of the demo year as they were paid: how each went, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from server.demo.diary import Diary
from server.demo.faults import Faults
from server.demo.municipality import STAFF, Home, Person, made_up_id
from server.demo.pen import Edit, handled, made, status
from server.demo.visiting import Told, header, runs, words
from server.demo.year_words import AGREED, ASKED, AT_HOME, HELPED, SAID, Fault
from server.intake.reviewing import is_sampled
from server.planning.calendar import OSLO, add_working_days
from server.shapes import Json, write_instant
from sync.mutation import one_per_id

INGRID = STAFF["ingrid"]
OUTCOMES = {
    "completed": 72,
    "no_answer": 15,
    "talked_at_door": 5,
    "refused": 4,
    "postponed_by_tenant": 3,
    "no_interpreter": 1,
}
AGAIN = ("no_answer", "postponed_by_tenant", "no_interpreter")
LISTS = {"move_in": "NYVRI1", "fire_safety": "BRANNBOLIG"}
TALKS = ("complaint", "arrears_talk", "dialogue_prep")
"""Purposes where something is always said that is worth writing down."""
ASKS_EVERY = 14


@dataclass(frozen=True)
class Plan:
    """One agreed visit, ready to be made."""

    id: str
    home: Home
    who: Person
    on: date
    at: str
    purpose: str
    by_rule: bool

    @property
    def begins(self) -> datetime:
        """Give the moment it is agreed for."""
        return datetime.fromisoformat(f"{self.on}T{self.at}").replace(tzinfo=OSLO)

    @property
    def visit(self) -> str:
        """Give the id of the visit."""
        return one_per_id("visit", [self.id])


class Paid:
    """Writes visits and all that hangs on them."""

    def __init__(self, diary: Diary, dice: Random, faults: Faults, today: date) -> None:
        self.diary, self.dice, self.faults, self.today = diary, dice, faults, today
        self.count = 0

    def pay(self, plan: Plan) -> None:
        """Pay one visit, send it in, and let the office look at what it is to look at."""
        outcome = self.dice.choices([*OUTCOMES], [*OUTCOMES.values()])[0]
        went_in = outcome == "completed"
        at = plan.begins + timedelta(minutes=self.dice.randrange(2, 14))
        fault = self._fault(plan) if went_in else None
        told = Told(
            plan.who, 0, at.hour, 0, plan.home.area, plan.purpose, outcome,
            found={fault.item: ("deviation", fault.words)} if fault else {},
            checklist=self._list(plan) if went_in else "",
            summary=self._said(plan) if went_in else "",
            present=("tenant",) if went_in or outcome == "talked_at_door" else (),
            next_in_days=self.dice.choice((14, 30, 60, 90)) if went_in else None,
        )  # fmt: skip
        edits = [header(told, plan.home, plan.id, at), *runs(told, plan.home, plan.id)]
        edits += words(told, plan.home, plan.id)
        edits += self._came_of_it(plan, at) if told.summary else []
        sent = at + timedelta(minutes=35 if went_in else 3)
        whole = [edit.sent_in(plan.who, sent) for edit in edits]
        done = Edit("planned_visit", plan.id, {"done": True})
        self.diary.phone(plan.who, sent, *whole, done)
        if fault:
            run = one_per_id("checklist_run", [plan.visit, told.checklist, "dwelling"])
            self.faults.report(plan.who, sent, {"dwelling": plan.home.id}, fault, run)
        if outcome in AGAIN:
            self._try_again(plan, sent)
        self._look_at(whole, sent)

    def _list(self, plan: Plan) -> str:
        if plan.by_rule and plan.purpose == "follow_up":
            return "NYVRI2"
        return LISTS.get(plan.purpose, "")

    def _fault(self, plan: Plan) -> Fault | None:
        found = AT_HOME.get(self._list(plan))
        return self.dice.choice(found) if found and self.dice.random() < 0.4 else None

    def _said(self, plan: Plan) -> str:
        talks = plan.purpose in TALKS or self.dice.random() < 0.35
        return self.dice.choice(SAID[plan.purpose]) if talks else ""

    def _came_of_it(self, plan: Plan, at: datetime) -> list[Edit]:
        """Write what was agreed and what help was given or asked for."""
        about: dict[str, Json] = {
            "visit": plan.visit,
            "dwelling": plan.home.id,
            "tenancy": plan.home.tenancy,
        }
        found: list[Edit] = []
        self.count += 1
        if self.dice.random() < 0.6:
            found.append(self._agreement(plan, about, at))
        if self.dice.random() < 0.35:
            form, type, wish, done = self.dice.choice(HELPED)
            given = {**about, "form": form, "type": type, "wish": wish, "done": done}
            found.append(made("assistance", made_up_id("assistance", plan.id), given))
        if self.count % ASKS_EVERY == 5:
            found.append(self._request(plan, about, at))
        return found

    def _agreement(self, plan: Plan, about: dict[str, Json], at: datetime) -> Edit:
        what, doer = self.dice.choice(AGREED)
        due = add_working_days(plan.on, self.dice.choice((5, 10, 15)))
        id = made_up_id("agreement", plan.id)
        if self.dice.random() < 0.9:
            kept = datetime.combine(due, at.timetz()) - timedelta(hours=1)
            self.diary.phone(plan.who, kept, Edit("agreement", id, {"kept": True}))
        return made("agreement", id, {**about, "what": what, "doer": doer, "due_on": f"{due}"})

    def _request(self, plan: Plan, about: dict[str, Json], at: datetime) -> Edit:
        """Write that help was asked for, and let the office answer within the month."""
        id = made_up_id("assistance request", plan.id)
        asked = {**about, "asked_at": write_instant(at), "channel": "visit"}
        wish = ASKED[self.count // ASKS_EVERY % len(ASKED)]
        first = at + timedelta(days=3)
        answered = at + timedelta(days=self.dice.choice((9, 16, 23)))
        for when, state in ((first, "provisional"), (answered, "answered")):
            step = Edit("assistance_request", id, handled(state, INGRID, when))
            self.diary.office(INGRID, when, step, late=True)
        return made("assistance_request", id, {**asked, "words": wish})

    def _try_again(self, plan: Plan, at: datetime) -> None:
        """Agree a new day in the week after, with the same home and purpose."""
        monday = plan.on + timedelta(days=7 - plan.on.weekday())
        day = add_working_days(monday, self.dice.randrange(3))
        values: dict[str, Json] = {
            "dwelling": plan.home.id,
            "tenancy": plan.home.tenancy,
            "purpose": plan.purpose,
            "planned_on": f"{day}",
            "planned_at": plan.at,
            f"visitors/{plan.who.id}": True,
        }
        if day < self.today:
            id = made_up_id("next try", plan.id)
            self.diary.phone(plan.who, at, made("planned_visit", id, values))

    def _look_at(self, edits: list[Edit], sent: datetime) -> None:
        """Approve what the office is shown, two working days later."""
        shown = {"conversation", "assistance_request"} & {edit.kind for edit in edits}
        if not shown and not is_sampled(edits[0].id):
            return
        day = add_working_days(sent.date(), self.dice.choice((1, 2, 2, 3)))
        at = datetime.combine(day, sent.timetz().replace(hour=15, minute=20))
        approved = status("approved", INGRID, at)
        self.diary.office(
            INGRID, at, *(Edit(edit.kind, edit.id, approved) for edit in edits), late=True
        )
