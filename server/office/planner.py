"""Planlegger: what is planned, as list, week and month; moved and given to others, and undone.

Every change is an ordinary mutation under the rights of the person who makes it. A holiday is said
and never blocks; what has moved on since the page was drawn is left as it stands.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server.office.away import coming
from server.office.blueprint import office
from server.office.decisions import new_form, patches, seal, send
from server.office.desk import Desk
from server.office.due import due_by_day
from server.office.gate import at_desk, database, seated, sent_form
from server.office.new_plans import from_planner
from server.office.plan_changes import Change, change_of, undone
from server.office.plans import (
    BY_KIND,
    Filter,
    Line,
    Wanted,
    areas_of,
    as_lines,
    by_day,
    day_title,
    lines,
    may_plan,
    may_take,
    workers,
)
from server.planning.calendar import MONTHS, add_months, days_between, holiday
from server.problems import Problem, ProblemText
from sync.mutation import is_id

VIEWS = {"list": "Liste", "week": "Uke", "month": "Måned"}
LIST_DAYS = 14
CHOSEN_MAX = 100
YEARS_AWAY_MAX = 5
NONE_CHOSEN = ProblemText(
    422, "Du har ikke valgt noe.", "Ingenting er endret.", "Kryss av i lista, og prøv igjen."
)
NOBODY = ProblemText(
    422, "Du har ikke valgt hvem.", "Ingenting er endret.", "Velg en kollega, og prøv igjen."
)
NO_DAY = ProblemText(
    422, "Du har ikke valgt en dag.", "Ingenting er endret.", "Velg en dato, og prøv igjen."
)


@dataclass(frozen=True)
class Look:
    """What a page of the planner shows, as its address says."""

    view: str
    on: date
    area: str | None
    person: str | None

    @property
    def span(self) -> tuple[date, date]:
        """Give the first and the last day shown."""
        if self.view == "week":
            first = self.on - timedelta(days=self.on.weekday())
            return first, first + timedelta(days=6)
        if self.view == "month":
            begins = self.on.replace(day=1)
            ends = add_months(begins, 1) - timedelta(days=1)
            return begins - timedelta(days=begins.weekday()), ends + timedelta(6 - ends.weekday())
        return self.on, self.on + timedelta(days=LIST_DAYS - 1)

    def link(self, **changes: str | None) -> str:
        """Give the address of this page with some things changed."""
        parts = {
            "view": self.view,
            "on": self.on.isoformat(),
            "area": self.area,
            "person": self.person,
        }
        said: dict[str, Any] = {k: v for k, v in {**parts, **changes}.items() if v}
        return url_for("office.planner", **said)

    def step(self, by: int) -> str:
        """Give the address of the page before or after."""
        if self.view == "month":
            return self.link(on=add_months(self.on.replace(day=1), by).isoformat())
        days = 7 if self.view == "week" else LIST_DAYS
        return self.link(on=(self.on + timedelta(days=by * days)).isoformat())


@office.get("/planner")
@seated
def planner(desk: Desk) -> ResponseReturnValue:
    """Show what is planned."""
    admit(desk)
    return _page(desk, look_of(desk))


@office.post("/planner")
def change_plans() -> ResponseReturnValue:
    """Move the chosen plans to another day, or give them to somebody else."""
    with at_desk() as desk:
        admit(desk)
        form, shown = sent_form(desk)
        look = look_of(desk)
        chosen = [id for id in request.form.getlist("plan")[:CHOSEN_MAX] if is_id(id)]
        wanted = _wanted(desk, look, request.form.get("do", ""))
        if isinstance(wanted, ProblemText) or not chosen:
            problem = wanted if isinstance(wanted, ProblemText) else NONE_CHOSEN
            return _page(desk, look, problem, frozenset(chosen))
        ready, left = sort_out(desk, chosen, shown, wanted)
        mutations = [patches(form, line.item, wanted.of(line)) for line in ready]
        actor, now = desk.actor, desk.now
    results = send(database(), actor, mutations, now) if mutations else []
    left += sum(result.state != "applied" for result in results)
    return redirect(look.link(changed=str(form.id), left=str(left) if left else None))


@office.post("/planner/undo")
def undo_plans() -> ResponseReturnValue:
    """Put back what one form of this person's changed, where nobody has changed it since."""
    with at_desk() as desk:
        admit(desk)
        form, _ = sent_form(desk)
        change = change_of(desk, request.form.get("changed", ""))
        mutations = undone(desk, form, change) if change else []
        actor, now = desk.actor, desk.now
    if mutations:
        send(database(), actor, mutations, now)
    return redirect(_back())


def look_of(desk: Desk) -> Look:
    """Read what is to be shown; what cannot be read is as if it were not said."""
    view = request.args.get("view", "")
    area, person = request.args.get("area", ""), request.args.get("person", "")
    return Look(
        view=view if view in VIEWS else "list",
        on=day_in(desk, request.args.get("on", "")) or desk.today,
        area=area if is_id(area) else None,
        person=person if is_id(person) else None,
    )


def day_in(desk: Desk, text: str) -> date | None:
    """Read a day that is not many years away; None when it is none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if abs(day.year - desk.today.year) <= YEARS_AWAY_MAX else None


def sort_out(
    desk: Desk, chosen: Sequence[str], shown: Mapping[str, int], wanted: Wanted
) -> tuple[list[Line], int]:
    """Give the chosen plans that can be changed as asked, and how many cannot.

    Left are those that moved on since they were shown, and those that either may not touch.
    """
    found = as_lines(desk, [item for item in desk.items(chosen) if item.spec.name in BY_KIND])
    ready = [
        line
        for line in found
        if line.editable
        and line.item.seq == shown.get(line.id)
        and (wanted.to is None or may_take(wanted.to, line.item))
    ]
    return [line for line in ready if wanted.of(line)], len(chosen) - len(ready)


def admit(desk: Desk) -> None:
    """Raise the problem `no_access` for those who plan nothing."""
    if not may_plan(desk):
        raise Problem("no_access")


def _wanted(desk: Desk, look: Look, do: str) -> Wanted | ProblemText:
    if do == "give":
        to = next((w for w in workers(desk) if w.id == request.form.get("to")), None)
        return Wanted(to, None, look.person) if to else NOBODY
    on = day_in(desk, request.form.get("day", ""))
    return Wanted(None, on, None) if on else NO_DAY


def _page(
    desk: Desk,
    look: Look,
    problem: ProblemText | None = None,
    chosen: frozenset[str] = frozenset(),
) -> ResponseReturnValue:
    first, last = look.span
    found, cut = lines(desk, Filter(first, last, look.area, look.person))
    days = by_day(desk, found, days_between(first, last))
    dues = due_by_day(desk, first, last, look.area, look.person)
    change = change_of(desk, request.args.get("changed", ""))
    page = render_template(
        "office/planner.html",
        look=look,
        views=VIEWS,
        areas=areas_of(desk),
        workers=workers(desk),
        days=[d for d in days if d.lines or d.on in dues] if look.view == "list" else days,
        dues=dues,
        title=_title(look, desk.today),
        cut=cut,
        form=new_form(),
        seal=seal(line.item for line in found),
        problem=problem,
        chosen=chosen,
        change=_told(desk, change) if change else None,
        left=request.args.get("left", 0, type=int),
        uncovered=[each for each in coming(desk) if each.count],
        typed=request.form,
        anew=from_planner(desk, look.area),
    )
    return page, problem.status if problem else 200


def _title(look: Look, today: date) -> str:
    first, last = look.span
    if look.view == "week":
        return f"Uke {first.isocalendar().week}"
    if look.view == "month":
        return f"{MONTHS[look.on.month - 1].capitalize()} {look.on.year}"
    return f"{day_title(first, today)} til {day_title(last, today)}"


def _told(desk: Desk, change: Change) -> dict[str, object]:
    """Say what a form changed, and what is to be known of the day it went to."""
    on = change.on
    return {
        "id": change.form,
        "count": len(change.entries),
        "to": " og ".join(sorted(desk.person(user) for user in change.people)),
        "on": day_title(on, desk.today) if on else None,
        "free": holiday(on) or ("helg" if on.weekday() >= 5 else None) if on else None,
        "form": new_form(),
        "stands": change.stands,
    }


def _back() -> str:
    target = request.form.get("back", "")
    own = url_for("office.planner")
    return target if target.startswith(own) and target.isprintable() else own
