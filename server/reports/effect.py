"""Ny Vri, virkning: each complex before and after, per 100 dwellings and year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from server.records.learning import Learning
from server.records.programme_site import ProgrammeSite
from server.records.record import READER_SETS
from server.records.site_figures import SiteFigures
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind, day_words
from server.reports.report import AREA, Closeness, Report
from server.reports.tables import Chart, Given, Listing

CASES = {
    "complaints": "Bomiljøklager",
    "damage_cases": "Skadesaker",
    "invoices_returned": "Fakturaer i retur",
}
COSTS = {"damage_cost": "Skadekostnad i kroner", "waste_cost": "Avfall i kroner"}
HOMES, YEAR_DAYS = 100, 365


def count(look: Look) -> Iterator[Listing]:
    """Give three tables for each complex that has figures up to the end of the period."""
    figures = look.records(SiteFigures, SiteFigures.until_on <= look.period.last)
    figures.sort(key=lambda one: one.text("from_on"))
    learnt = look.records(Learning, Learning.learnt_on <= look.period.last)
    learnt.sort(key=lambda one: one.text("changed_on") or one.text("learnt_on"))
    for site in sorted(look.records(ProgrammeSite), key=lambda one: one.text("name")):
        homes = site.number("dwellings")
        own = [one for one in figures if one.text("site") == site.id]
        if homes and own:
            yield from _site(site, homes, own, [e for e in learnt if e.text("site") == site.id])


def _site(site: Told, homes: int, own: list[Told], learnt: list[Told]) -> Iterator[Listing]:
    name = site.text("name")
    before = [one for one in own if one.on("baseline")]
    after = [one for one in own if not one.on("baseline")]
    lines: list[tuple[str, tuple[Given, ...]]] = []
    for field, said in {**CASES, **COSTS}.items():
        was, now = rate(before, field, homes), rate(after, field, homes)
        change = f"{round(100 * (now - was) / was):+d} %" if was and now is not None else None
        lines.append((said, (was, now, change)))
    heads = ("Før", "Etter", "Endring")
    yield Listing(f"{name}: før og etter", "Per 100 boliger og år", heads, tuple(lines), decimals=1)
    for title, fields, decimals in (
        ("saker over tid", CASES, 1),
        ("kostnader over tid", COSTS, 0),
    ):
        rows = tuple((_span(one), tuple(rate([one], f, homes) for f in fields)) for one in own)
        marks = tuple(mark for entry in learnt if (mark := _mark(entry, own)))
        words = tuple(fields.values())
        yield Listing(
            f"{name}: {title}", "Per 100 boliger og år", words, rows, Chart.LINES, marks, decimals
        )


def rate(figures: Sequence[Told], field: str, homes: int) -> float | None:
    """Give a number per 100 dwellings and year; None where nobody has written it down."""
    known = [one for one in figures if one.number(field) is not None]
    days = sum(_days(one) for one in known)
    total = sum(one.number(field) or 0 for one in known)
    return total * HOMES * YEAR_DAYS / (homes * days) if days > 0 else None


def _days(one: Told) -> int:
    first, last = one.day("from_on"), one.day("until_on")
    return max(0, (last - first).days + 1) if first and last else 0


def _span(one: Told) -> str:
    first, last = one.day("from_on"), one.day("until_on")
    assert first and last
    return f"{day_words(first)}–{day_words(last)}" + (" (før)" if one.on("baseline") else "")


def _mark(entry: Told, own: Sequence[Told]) -> tuple[str, str] | None:
    """Say at which line something was changed because of what was learnt."""
    day: date | None = entry.day("changed_on") or entry.day("learnt_on")
    words = entry.text("change") or entry.text("learnt")
    for one in own:
        first, last = one.day("from_on"), one.day("until_on")
        if day and first and last and first <= day <= last:
            return _span(one), f"{day_words(day)}: {words}"
    return None


REPORT = Report(
    order=14,
    title="Ny Vri: virkning i hvert kompleks",
    about="De samme tallene før og etter at programmet startet, og hva som ble endret underveis.",
    counted=(
        "Tallene er måltallene som er ført for kompleksene, til og med året som er valgt.",
        "Per 100 boliger og år: tallet × 100 × 365, delt på boliger × dager i perioden.",
        "Før er perioder merket «Før programmet startet», etter er alle andre.",
        "Merkene på figuren er det som står i erfaringsloggen.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["home"],
    count=count,
    periods=(PeriodKind.YEAR,),
    filters=(AREA,),
)
