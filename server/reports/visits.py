"""Hjemmebesøk: agreed visits, which of them were made, and where nobody opened."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from server.records.planned_visit import PlannedVisit
from server.records.purposes import PURPOSES
from server.records.record import FIELD_STAFF
from server.records.visit import Visit
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Share, Table, cross

WENT = {
    "done": "Gjennomført",
    "no_answer": "Ikke hjemme",
    "other": "Ble ikke noe av",
    "cancelled": "Avlyst",
    "unwritten": "Mangler notat",
}
MADE = frozenset({"completed", "talked_at_door"})
PURPOSE = Axis("purpose", "Hva gjelder det?", PURPOSES, optional=True)
OUTCOME = Axis("went", "Hvordan gikk det?", WENT)
DONE = Share("Gjennomført av avtalte", {"went": "done"})


def count(look: Look) -> Iterator[Table]:
    """Lay out the visits that were agreed for the period, up to today."""
    agreed = PlannedVisit.planned_on.between(look.period.first, look.upto)
    plans = select(PlannedVisit.id).where(agreed)
    made = {v.text("planned_visit"): v for v in look.records(Visit, Visit.planned_visit.in_(plans))}
    facts = [
        {
            "purpose": plan.text("purpose"),
            "went": _went(plan, made.get(plan.id)),
            "area": plan.area,
            "month": plan.text("planned_on")[:7],
        }
        for plan in look.records(PlannedVisit, agreed)
    ]
    visits = look.crowd("avtalte besøk", facts)
    yield cross("Etter formål", visits, PURPOSE, OUTCOME, more=[DONE], chart=Chart.BARS)
    yield cross("Etter område", visits, look.by_area, OUTCOME, more=[DONE])
    months = {month.code: month.words for month in look.period.months()}
    if len(months) > 1:
        yield cross("Måned for måned", visits, Axis("month", "Måned", months), every="Avtalt")
    now_and_then = look.records(
        Visit,
        Visit.planned_visit.is_(None),
        Visit.visited_on.between(look.period.first, look.upto),
    )
    facts = [{"purpose": visit.text("purpose")} for visit in now_and_then]
    yield cross("Besøk uten avtale på forhånd", look.crowd("besøk uten avtale", facts), PURPOSE)


def _went(plan: Told, visit: Told | None) -> str:
    if visit is None:
        return "cancelled" if plan.on("cancelled") else "unwritten"
    outcome = visit.text("outcome")
    if outcome in MADE:
        return "done"
    return "no_answer" if outcome == "no_answer" else "other"


REPORT = Report(
    order=10,
    title="Hjemmebesøk",
    about="Hvor mange besøk som var avtalt, ble gjennomført, eller der ingen var hjemme.",
    counted=(
        "Et avtalt besøk telles den dagen det er avtalt til, fram til i dag.",
        "Gjennomført er også en samtale i døra. «Ble ikke noe av» er alt annet enn ikke hjemme.",
        "«Mangler notat» er avtalte besøk der ingenting er sendt inn ennå.",
    ),
    closeness=Closeness.HOUSEHOLDS,
    readers=FIELD_STAFF,
    count=count,
    periods=tuple(PeriodKind),
    filters=(),
)
