"""Housing First: bostabilitet at 6, 12 and 24 months, several years' trend, nights and contacts.

Figures are as they stood when the last half-year ended, so that two prints a week apart do not
tell of one person's move.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from server.records.hf_contact import PLACES, HfContact
from server.records.hf_housing_event import HfHousingEvent
from server.records.hf_participant import HfParticipant
from server.reports.hiding import Sum
from server.reports.homes_kept import Step, kept, nights
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind, day_words, period_of
from server.reports.report import Closeness, Report
from server.reports.tables import (
    Axis,
    Backed,
    Chart,
    Count,
    Crowd,
    Given,
    Line,
    Listing,
    Share,
    Table,
    cross,
)
from server.shapes import REVIEWERS

MONTHS = (6, 12, 24)
TREND_MONTHS, TREND_YEARS = 12, 4
Career = Sequence[Step]
KEEPS, LEFT = {"kept": True}, {"kept": False}
COLUMNS = (
    Count("Har egen bolig", KEEPS),
    Count("Har ikke", LEFT),
    Count("Deltakere (n)"),
    Share("Bostabilitet", KEEPS),
)


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out the participants as they stood at the end of the last whole half-year."""
    half = period_of(PeriodKind.HALF_YEAR, look.today).step(-1)
    on = half.last
    careers: dict[str, list[Step]] = defaultdict(list)
    for step in look.records(HfHousingEvent, HfHousingEvent.happened_on <= on):
        if day := step.day("happened_on"):
            careers[step.text("participant")].append((day, step.text("type")))
    people = look.records(HfParticipant, HfParticipant.joined_on <= on)
    years = [on.year - back for back in range(TREND_YEARS, 0, -1)]
    crowd = look.crowd("deltakere", [_fact(careers[one.id], on, years) for one in people])
    stays = [Line(f"{months} måneder", _reached(months), reads=_at(months)) for months in MONTHS]
    title = f"Bostabilitet per {day_words(on)}"
    yield _stability(title, "Etter innflytting", crowd, stays)
    trend = [
        Line(f"31.12.{year}", {**_reached(TREND_MONTHS), **_chain(year, years)}, reads=_at(12))
        for year in years
        if date(year, 12, 31) < on
    ]
    trend.append(Line(day_words(on), _reached(TREND_MONTHS), reads=_at(12)))
    yield _stability("Etter 12 måneder, år for år", "Per", crowd, trend, Chart.LINES)
    yield _nights(people, careers, [*years, on.year], on)
    met = look.records(HfContact, HfContact.met_on.between(half.first, half.last))
    contacts = look.crowd("kontakter", [{"where": one.text("where")} for one in met])
    yield cross(f"Kontakter, {half.words}", contacts, Axis("where", "Hvor?", PLACES))


def _stability(
    title: str, first: str, crowd: Crowd, lines: Sequence[Line], chart: Chart | None = None
) -> Table:
    sums = tuple(
        Sum(crowd.cell(line.where), (crowd.cell(line.asks(KEEPS)), crowd.cell(line.asks(LEFT))))
        for line in lines
    )
    return Table(title, crowd, first, tuple(lines), COLUMNS, chart, sums, draws=(3,))


def _fact(career: Career, on: date, years: Sequence[int]) -> dict[str, Any]:
    """Say how far somebody has come, and whether they held a home there."""
    fact: dict[str, Any] = {}
    for months in MONTHS:
        held = kept(career, months, on)
        fact |= {f"reached{months}": held is not None, f"kept{months}": held}
    for year in years:
        fact[f"by{year}"] = kept(career, TREND_MONTHS, date(year, 12, 31)) is not None
    return fact


def _reached(months: int) -> dict[str, Any]:
    """Ask for those who have come so far; each of these is also among those of fewer months."""
    return {f"reached{fewer}": True for fewer in MONTHS if fewer <= months}


def _at(months: int) -> Mapping[str, str]:
    return {"kept": f"kept{months}"}


def _chain(year: int, years: Sequence[int]) -> dict[str, Any]:
    return {f"by{later}": True for later in years if later >= year}


def _nights(
    people: Sequence[Told], careers: Mapping[str, Career], years: Sequence[int], on: date
) -> Listing:
    lines: list[tuple[str, tuple[Given, ...]]] = []
    for year in years:
        first, last = date(year, 1, 1), min(date(year, 12, 31), on)
        those = [nights(careers[one.id], first, last, one.day("left_on")) for one in people]
        own, possible = sum(n.own for n in those), sum(n.possible for n in those)
        counted = sum(n.possible > 0 for n in those)
        share = round(100 * own / possible, 1) if possible else None
        lines.append((f"{year}", (Backed(share, counted),)))
    heads = ("Netter i egen bolig av mulige, prosent",)
    return Listing("Netter i egen bolig", "År", heads, tuple(lines), Chart.LINES, decimals=1)


REPORT = Report(
    order=54,
    title="Housing First",
    about="Hvor mange som har egen bolig etter 6, 12 og 24 måneder, over flere år.",
    counted=(
        "Bostabilitet: deltakere som flyttet inn for minst 6, 12 eller 24 måneder siden, og som "
        "etter så mange måneder har leiekontrakt på egen bolig, delt på alle som flyttet inn for "
        "så lenge siden.",
        "Flytting innen tiltaket med opphold på høyst 30 dager regnes som ubrutt. De som er døde "
        "før den dagen, er ikke med.",
        "Netter: netter i egen bolig delt på netter fra innflytting. Netter i institusjon, fengsel "
        "eller borte en tid er mulige, men ikke i egen bolig.",
        f"Tallene er slik de var da siste halvår var ute. Året velges ikke: tabellen viser "
        f"{TREND_YEARS} år bakover.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(),
    filters=(),
)
