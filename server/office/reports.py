"""Rapporter: what was planned, done and came of it, as tables, charts and files.

It counts nothing itself and hides nothing itself: figures come printed, and leave as they came.
Every file that is handed out is written down.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from server import acts
from server.office.blueprint import office
from server.office.dates import clock_words
from server.office.desk import Desk
from server.office.gate import at_desk, database, seated, settings
from server.office.report_files import Heading, as_csv, as_xlsx, nothing_in
from server.problems import Problem
from server.records.programme_site import PROGRAMMES
from server.reports import REPORTS, sheets_of
from server.reports.drawing import drawing
from server.reports.look import Look
from server.reports.periods import (
    KIND_WORDS,
    Period,
    PeriodKind,
    day_words,
    free_period,
    period_of,
    read_period,
)
from server.reports.printing import Sheet
from server.reports.report import AREA, PROGRAMME, Closeness, Report

EXPORTED = "report_exported"
OFFERED = {
    PeriodKind.MONTH: 18,
    PeriodKind.TERTIAL: 6,
    PeriodKind.HALF_YEAR: 6,
    PeriodKind.YEAR: 5,
}
"""How many periods of each kind there are to choose from; an address reaches the others."""
SETTLES = timedelta(days=31)
"""So long the period before is shown first: its notes are still coming in."""
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES: Mapping[str, tuple[str, Callable[[Heading, list[Sheet]], bytes]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": (XLSX, as_xlsx),
}


@dataclass(frozen=True)
class Asked:
    """What a page was asked for: a report, a period, and a part of the whole."""

    name: str
    report: Report
    period: Period
    look: Look

    @property
    def link(self) -> dict[str, str]:
        """Give the parts of this page's address."""
        parts = {
            "period": self.period.code if self.report.periods else None,
            AREA: self.look.area,
            PROGRAMME: self.look.programme,
        }
        return {name: value for name, value in parts.items() if value}


def sees_reports(desk: Desk) -> bool:
    """Say whether some report is for this person."""
    return any(report.may_read(desk.actor) for report in REPORTS.values())


@office.get("/reports")
@seated
def reports(desk: Desk) -> ResponseReturnValue:
    """Show the reports that are for this person."""
    mine = [(name, each) for name, each in REPORTS.items() if each.may_read(desk.actor)]
    if not mine:
        raise Problem("no_access")
    return render_template("office/reports.html", reports=mine)


@office.get("/reports/<name>")
@seated
def report(desk: Desk, name: str) -> ResponseReturnValue:
    """Show one report."""
    asked = _asked(desk, name)
    sheets = _sheets(asked, desk.today)
    return render_template(
        "office/report.html",
        asked=asked,
        report=asked.report,
        shown=[(sheet, nothing_in(sheet), drawing(sheet)) for sheet in sheets],
        periods=_offered(asked.report, asked.period, desk.today),
        free=asked.period if asked.period.kind is PeriodKind.FREE else None,
        may_choose_days=PeriodKind.FREE in asked.report.periods,
        areas=asked.look.areas if AREA in asked.report.filters else {},
        programmes=PROGRAMMES if PROGRAMME in asked.report.filters else {},
        forms=[*FILES],
        about=_about(asked, desk),
        fewest=settings().smallest_figure,
    )


@office.get("/reports/<name>/<form>")
def report_file(name: str, form: str) -> ResponseReturnValue:
    """Hand a report out as a file, and write down who took which."""
    with at_desk() as desk:
        if form not in FILES:
            raise Problem("no_access")
        asked = _asked(desk, name)
        sheets, mime = _sheets(asked, desk.today), FILES[form][0]
        heading = Heading(asked.report.title, _about(asked, desk), asked.report.counted)
        content = FILES[form][1](heading, sheets)
        user, now = desk.actor.user, desk.now
    said: dict[str, Any] = {"report": name, "form": form, **asked.link}
    about = said.pop(AREA, None)
    with database().writing() as session:
        acts.note(session, EXPORTED, user, now, about, **said)
    file = f"{name}-{asked.period.code}.{form}"
    return Response(
        content,
        content_type=mime,
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )


def _asked(desk: Desk, name: str) -> Asked:
    """Read what is asked for; what makes no sense is as if it were not said."""
    found = REPORTS.get(name)
    if found is None or not found.may_read(desk.actor):
        raise Problem("no_access")
    period = _period(found, desk.today)
    look = Look(
        session=desk.session,
        actor=desk.actor,
        scopes=desk.scopes,
        now=desk.now,
        period=period,
        close=found.close,
        confided=found.closeness is Closeness.CONFIDED,
        readers=found.readers,
    )
    area, programme = request.args.get(AREA, ""), request.args.get(PROGRAMME, "")
    if AREA in found.filters and area in look.areas:
        look.area = area
    if PROGRAMME in found.filters and programme in PROGRAMMES:
        look.programme = programme
    return Asked(name, found, period, look)


def _period(report: Report, today: date) -> Period:
    kinds = report.periods or (PeriodKind.HALF_YEAR,)
    longest = PeriodKind.YEAR if PeriodKind.YEAR in kinds else kinds[0]
    first = period_of(longest, today - SETTLES)
    days = [_day(request.args.get(name, "")) for name in ("from", "until")]
    if PeriodKind.FREE in kinds and days[0] and days[1]:
        return free_period(days[0], days[1]) or first
    read = read_period(request.args.get("period", "")) if report.periods else None
    return read if read and read.kind in kinds else first


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _sheets(asked: Asked, today: date) -> list[Sheet]:
    """Count; of what has not begun there is nothing to count."""
    if asked.period.first > today:
        return []
    return sheets_of(asked.report, asked.look, settings().smallest_figure)


def _offered(report: Report, shown: Period, today: date) -> list[tuple[str, list[Period]]]:
    """Give the periods to choose from, by kind, the latest first and the shown one among them."""
    offered = []
    for kind in report.periods:
        if kind is PeriodKind.FREE:
            continue
        now = period_of(kind, today)
        periods = [now.step(-back) for back in range(OFFERED[kind])]
        if shown.kind is kind and shown not in periods:
            periods.append(shown)
        offered.append((KIND_WORDS[kind], periods))
    return offered


def _about(asked: Asked, desk: Desk) -> tuple[str, ...]:
    """Say what the figures are of: the period, the part of the whole, and when they were made."""
    look, said = asked.look, []
    if asked.report.periods:
        said.append(f"Periode: {asked.period.words}")
    whole = ", ".join(look.areas.values())
    said.append(f"Område: {look.areas[look.area] if look.area else whole}")
    if look.programme:
        said.append(f"Program: {PROGRAMMES[look.programme]}")
    said.append(f"Laget {day_words(desk.today)} {clock_words(desk.now)} av {desk.name}")
    if asked.report.close:
        said.append(f"Tall under {settings().smallest_figure} vises ikke.")
    return (*said, *(["Eksempeltall"] if settings().demo else []))
