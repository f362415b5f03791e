"""Oppfølging i bolig: plans begun and ended, evaluated in time, and how mastery moved, together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from server.planning.calendar import add_months
from server.records.evaluation import LEVELS, Evaluation
from server.records.follow_up_plan import ENDS, REACHED, FollowUpPlan
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Share, Table, cross
from server.shapes import REVIEWERS

EVALUATE_MONTHS = 3
MOVED = {"up": "Mer på egen hånd", "same": "Som før", "down": "Mer hjelp"}
IN_TIME = {"yes": "Evaluert i tide", "no": "Ikke i tide"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the plans that ran at the end of the period, and what came of those that ended."""
    looks: dict[str, list[Told]] = defaultdict(list)
    for one in look.records(Evaluation, Evaluation.held_on <= look.upto):
        looks[one.text("plan")].append(one)
    plans = look.records(FollowUpPlan, FollowUpPlan.started_on <= look.upto)
    running = [one for one in plans if _runs(one, look.upto)]
    facts: list[dict[str, Any]] = [
        {"in_time": _in_time(one, looks[one.id], look.upto), "area": one.area} for one in running
    ]
    current = look.crowd("planer", facts)
    axis = Axis("in_time", "Evaluering", IN_TIME)
    share = Share("Andel i tide", {"in_time": "yes"})
    yield cross("Planer ved utgangen av perioden", current, look.by_area, axis, more=[share])
    moved = [fact for one in running for fact in _moved(looks[one.id])]
    pairs = look.crowd("mestring", moved)
    change = Axis("change", "Endring", MOVED)
    levels = Axis("level", "Del av hverdagen", LEVELS)
    yield cross("Mestring, første til siste evaluering", pairs, levels, change, chart=Chart.BARS)
    goals = [{"goal": str(step)} for one in running for step in one.keyed("reached").values()]
    yield cross("Mål", look.crowd("mål", goals), Axis("goal", "Hvor langt?", REACHED))
    ended = [{"why": one.text("end_reason")} for one in plans if one.day("ended_on") in look.period]
    reasons = Axis("why", "Hvorfor?", ENDS, optional=True)
    yield cross("Avsluttet i perioden", look.crowd("avsluttede planer", ended), reasons)


def _runs(plan: Told, on: date) -> bool:
    ended = plan.day("ended_on")
    return ended is None or ended > on


def _in_time(plan: Told, looks: list[Told], on: date) -> str:
    days = [day for one in looks if (day := one.day("held_on"))]
    last = max([*days, plan.day("started_on") or on])
    return "yes" if add_months(last, EVALUATE_MONTHS) >= on else "no"


def _moved(looks: list[Told]) -> Iterator[dict[str, Any]]:
    """Say for each part of everyday life how it went from the first look to the last."""
    ordered = sorted(looks, key=lambda one: (one.text("held_on"), one.id))
    for level in LEVELS:
        found = [n for one in ordered if (n := one.number(f"levels/{level}")) is not None]
        if len(found) > 1:
            first, last = found[0], found[-1]
            yield {
                "level": level,
                "change": "up" if last > first else "down" if last < first else "same",
            }


REPORT = Report(
    order=52,
    title="Oppfølging i bolig",
    about="Om planene evalueres i tide, hvordan mestringen endrer seg, og hvorfor planer slutter.",
    counted=(
        "Planer som løper på periodens siste dag.",
        "Evaluert i tide: siste evaluering, eller starten, er ikke mer enn 3 måneder før.",
        "Mestring: siste nivå mot det første, for dem som er evaluert minst to ganger.",
        "Tallene er samlet og vises aldri for en person.",
        "Alle planer i området er med, også de du ikke kan lese.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
