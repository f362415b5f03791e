"""Bistand: help given by the seven codes of the law, and needs for a home that are met or not.

`given` and `needs` are told in the half-year plan too, as the very same tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from server.planning.calendar import day_of
from server.records.assistance import FORMS, TYPES, Assistance
from server.records.housing_need import NEEDS, HousingNeed
from server.records.visit import Visit
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Share, Table, cross
from server.shapes import REVIEWERS

MET = {"yes": "Dekket", "no": "Ikke dekket"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the help that was given in the period, and the needs that were seen in it."""
    yield from given(look)
    yield from needs(look)


def given(look: Look) -> Iterator[Table]:
    """Lay out the help that was given: by the seven codes in each area, and by how."""
    visits = {one.id: one.day("visited_on") for one in look.records(Visit)}
    facts = [
        {"type": one.text("type"), "form": one.text("form"), "area": one.area}
        for one in look.records(Assistance)
        if _given_on(one, visits) in look.period
    ]
    help = look.crowd("bistand", facts)
    types = Axis("type", "Hva gjaldt det?", TYPES, optional=True)
    yield cross("Bistand gitt, etter område", help, types, look.by_area, chart=Chart.BARS)
    yield cross("Bistand gitt, etter form", help, Axis("form", "Form", FORMS))


def needs(look: Look) -> Iterator[Table]:
    """Lay out what homes lacked for those who live there: met or not, and in each area."""
    seen = HousingNeed.seen_on.between(look.period.first, look.upto)
    facts = [
        {
            "need": need,
            "met": "yes" if one.day("met_on") is not None else "no",
            "area": one.area,
        }
        for one in look.records(HousingNeed, seen)
        for need in one.members("needs")
    ]
    lacks = look.crowd("boligbehov", facts)
    axis = Axis("need", "Hva passer ikke?", NEEDS)
    share = Share("Andel dekket", {"met": "yes"})
    yield cross("Boligbehov: dekket og ikke", lacks, axis, Axis("met", "Dekket", MET), more=[share])
    yield cross("Boligbehov etter område", lacks, axis, look.by_area)


def _given_on(one: Told, visits: dict[str, date | None]) -> date:
    """Give the day of the visit where help was given, else the day it came in."""
    return visits.get(one.text("visit")) or day_of(one.created_at)


REPORT = Report(
    order=60,
    title="Bistand og boligbehov",
    about="Hvilken bistand som er gitt etter boligsosialloven, og hvilke behov som er dekket.",
    counted=(
        "Bistand telles den dagen besøket var, eller den dagen den ble registrert.",
        "En bistand er noe som er gitt. Hva noen ba om, og hva de trenger, er talt for seg.",
        "Boligbehov telles den dagen de ble sett. En husstand kan ha flere behov.",
        "Alle i området er med, også de du ikke kan lese om.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
