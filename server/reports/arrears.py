"""Husleierestanser: how far they went, how they ended, and evictions averted by the stated rule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from server.records.arrears_case import OUTCOMES, ArrearsCase
from server.records.tenancy import Tenancy
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Middle, Table, cross
from server.shapes import REVIEWERS

LASTING = timedelta(days=90)
STAGES = {
    "eviction_on": ("eviction", "Fravikelse berammet"),
    "petition_on": ("petition", "Begjæring om fravikelse"),
    "notice_on": ("notice", "Oppsigelse"),
    "warned_on": ("warned", "Skriftlig varsel"),
}
"""How far a case came, the gravest first."""
GRAVE = ("eviction_on", "petition_on", "notice_on")
"""From a written notice on somebody may lose their home."""
NONE_OF_THESE = ("early", "Før skriftlig varsel")
CHILDREN = {"yes": "Med barn", "no": "Uten barn"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the cases that were noticed in the period, closed in it, and judged in it."""
    noticed = look.records(ArrearsCase, ArrearsCase.noticed_on <= look.upto)
    facts = [
        {"stage": _stage(one), "children": _children(one), "days": _days(one)}
        for one in noticed
        if one.day("noticed_on") in look.period
    ]
    stages = Axis("stage", "Hvor langt", dict([NONE_OF_THESE, *reversed(STAGES.values())]))
    families = Axis("children", "Barn", CHILDREN)
    more = [Middle("Dager til kontakt", of="days")]
    new = look.crowd("nye saker", facts)
    yield cross("Oppdaget i perioden", new, stages, families, more=more, chart=Chart.BARS)
    ended = [
        {"outcome": one.text("outcome"), "children": _children(one)}
        for one in noticed
        if one.day("closed_on") in look.period
    ]
    outcomes = Axis("outcome", "Utfall", OUTCOMES, optional=True)
    yield cross("Avsluttet i perioden", look.crowd("avsluttede saker", ended), outcomes, families)
    homes = {one.id: one for one in look.records(Tenancy)}
    judged = [
        {"children": _children(one), "area": one.area}
        for one in noticed
        if _judged_on(one) in look.period
        and _judged_on(one) <= look.upto
        and averted(one, homes.get(one.text("tenancy")))
    ]
    cases = look.crowd("avvergede utkastelser", judged)
    yield cross("Utkastelser avverget", cases, families, every="Husstander")
    yield cross("Utkastelser avverget, hvor", cases, look.by_area, every="Husstander")


def averted(case: Told, tenancy: Told | None) -> bool:
    """Say whether a case that had come to a notice ended with the home kept, 90 days after."""
    closed, grave = case.day("closed_on"), any(case.day(field) for field in GRAVE)
    if not grave or tenancy is None or closed is None or case.text("outcome") == "evicted":
        return False
    ended = tenancy.day("ended_on")
    return ended is None or ended > closed + LASTING


def _judged_on(case: Told) -> date:
    closed = case.day("closed_on")
    return closed + LASTING if closed else date.max


def _stage(case: Told) -> str:
    reached = (code for field, (code, _) in STAGES.items() if case.day(field))
    return next(reached, NONE_OF_THESE[0])


def _children(case: Told) -> str:
    return "yes" if case.on("children") else "no"


def _days(case: Told) -> Any:
    noticed, contacted = case.day("noticed_on"), case.day("contacted_on")
    return (contacted - noticed).days if noticed and contacted else None


REPORT = Report(
    order=62,
    title="Husleierestanser og utkastelser avverget",
    about="Hvor langt sakene kom, hvordan de endte, og hvor mange utkastelser som ble avverget.",
    counted=(
        "Utkastelse avverget: en sak som hadde nådd oppsigelse eller begjæring om fravikelse, er "
        "avsluttet, og leieforholdet løper fortsatt 90 dager senere.",
        "Den telles den dagen de 90 dagene er ute, så tallet endrer seg ikke siden.",
        "Med barn er saker der det står at det er barn i husstanden. En sak er én husstand.",
        "Dager til kontakt er medianen fra restansen ble oppdaget.",
        "Alle i området er med, også de du ikke kan lese om.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
