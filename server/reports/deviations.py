"""Avvik: found, closed and overdue by severity, fire apart, how long it took, and told back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.checklists import CHECKLISTS
from server.records.deviation import RESPONSIBLE, SEVERITIES, Deviation
from server.records.record import READER_SETS
from server.reports.look import Look, Told
from server.reports.report import AREA, PROGRAMME, Closeness, Report
from server.reports.tables import Axis, Chart, Count, Crowd, Line, Middle, Share, Table, places

CLOSED = frozenset({"done", "verified"})
FIRE_SECTIONS = frozenset({"Brann og rømning"})
FIRE_LISTS = frozenset({"BRANNBOLIG"})
FIRE_ITEMS = frozenset(
    item["code"]
    for code, checklist in CHECKLISTS.items()
    for item in checklist["items"]
    if code in FIRE_LISTS or item["section"] in FIRE_SECTIONS
)
"""The checkpoints that are about fire and the way out."""
FIRE = {"yes": "Brann og rømning", "no": "Andre avvik"}
COLUMNS = (
    Count("Funnet", {"found": True}),
    Count("Lukket", {"closed": True}),
    Count("Åpne ved utgangen", {"open": True}),
    Count("Over fristen", {"late": True}),
    Middle("Dager til lukket", {"closed": True}, of="days"),
    Share("Lukket i tide", {"in_time": True}, {"closed": True}),
    Share("Meldt tilbake", {"told": True}, {"closed": True}),
)


def count(look: Look) -> Iterator[Table]:
    """Lay out what was found up to the end of the period, and what became of it."""
    found = look.records(Deviation, Deviation.found_on <= look.upto)
    facts = [_fact(one, look) for one in found if one.step() != "rejected"]
    faults = look.crowd("avvik", facts)
    yield _table("Etter alvor", faults, Axis("severity", "Alvor", SEVERITIES), Chart.BARS)
    yield _table("Brann for seg", faults, Axis("fire", "Hva", FIRE))
    yield _table("Etter ansvar", faults, Axis("whose", "Ansvar", RESPONSIBLE, optional=True))
    yield _table("Etter område", faults, look.by_area)


def _table(title: str, faults: Crowd, rows: Axis, chart: Chart | None = None) -> Table:
    lines = [Line(words, {rows.question: code}) for code, words in places(rows, faults).items()]
    return Table(title, faults, rows.label, (*lines, Line("I alt", total=True)), COLUMNS, chart)


def _fact(one: Told, look: Look) -> dict[str, Any]:
    found, mended, due = one.day("found_on"), one.step_on(), one.day("due_on")
    assert found is not None
    closed = one.step() in CLOSED and mended is not None and mended <= look.upto
    ended = closed and mended in look.period
    return {
        "severity": one.text("severity"),
        "fire": "yes" if one.text("item") in FIRE_ITEMS else "no",
        "whose": one.text("responsible"),
        "area": one.area,
        "found": found in look.period,
        "closed": ended,
        "open": not closed,
        "late": not closed and due is not None and due < look.upto,
        "days": max(0, (mended - found).days) if ended and mended else None,
        "in_time": ended and due is not None and mended is not None and mended <= due,
        "told": ended and bool(one.text("found_by")),
    }


REPORT = Report(
    order=20,
    title="Avvik",
    about="Hva som er funnet, lukket og over fristen, etter alvor, med brann for seg.",
    counted=(
        "Funnet og lukket telles den dagen det skjedde. Det som ikke var et avvik, telles ikke.",
        "Åpne og over fristen er slik det var ved utgangen av perioden, eller i dag.",
        "Brann og rømning er avvik fra sjekkpunkter om brann. Uten sjekkpunkt: blant de andre.",
        "Dager til lukket er medianen fra funnet til siste gang det ble meldt rettet.",
        "Meldt tilbake er lukkede avvik der vi vet hvem som fant det. Den får se at det er rettet.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["home"],
    count=count,
    filters=(AREA, PROGRAMME),
)
