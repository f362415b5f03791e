"""Nabokonflikter: cases by stage and outcome, and how long they took; never one case."""

from __future__ import annotations

from collections.abc import Iterator

from server.records.conflict_case import HANDLING, OUTCOMES, ConflictCase
from server.records.purposes import NEIGHBOUR_TROUBLES
from server.reports.look import Look
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Middle, Table, cross
from server.shapes import REVIEWERS

UNTOLD = "received"


def count(look: Look) -> Iterator[Table]:
    """Lay out the cases that were opened in the period, and those that were closed in it."""
    opened = ConflictCase.opened_on.between(look.period.first, look.upto)
    facts = [
        {
            "stage": case.step() or UNTOLD,
            "category": case.text("category"),
            "area": case.area,
        }
        for case in look.records(ConflictCase, opened)
    ]
    cases = look.crowd("åpnede saker", facts)
    yield cross("Åpnet: hvor langt", cases, Axis("stage", "Trinn", HANDLING), chart=Chart.BARS)
    troubles = Axis("category", "Hva gjelder det?", NEIGHBOUR_TROUBLES, optional=True)
    yield cross("Åpnet: hva det gjelder", cases, troubles)
    yield cross("Åpnet: hvor", cases, look.by_area)
    closed = ConflictCase.closed_on.between(look.period.first, look.upto)
    ended = [
        {
            "outcome": case.text("outcome"),
            "days": (last - first).days
            if (last := case.day("closed_on")) and (first := case.day("opened_on"))
            else None,
        }
        for case in look.records(ConflictCase, closed)
    ]
    outcomes = Axis("outcome", "Utfall", OUTCOMES, optional=True)
    days = [Middle("Dager fra åpnet til avsluttet", of="days")]
    yield cross("Avsluttet: utfall", look.crowd("avsluttede saker", ended), outcomes, more=days)


REPORT = Report(
    order=30,
    title="Nabokonflikter",
    about="Saker som er åpnet og avsluttet, hvor langt de er kommet, og hvordan det gikk.",
    counted=(
        "Åpnet telles den dagen saken ble åpnet, og står på det trinnet den er på i dag.",
        "Avsluttet telles den dagen saken ble avsluttet. Dager er medianen.",
        "Alle saker i området er med, også de du ikke kan lese. Ingen sak kan leses herfra.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
