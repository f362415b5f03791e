"""Ny Vri, dekning: were those who moved in visited within 30 days, and again before 90."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from server.records.dwelling import Dwelling
from server.records.programme_site import ProgrammeSite
from server.records.tenancy import Tenancy
from server.records.visit import Visit
from server.reports.look import Look, Told
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Middle, Share, Table, cross
from server.reports.visits import MADE
from server.shapes import REVIEWERS

FIRST_DAYS, SECOND_DAYS = 30, 90
SEEN = {"yes": "Besøkt", "no": "Ikke besøkt"}
SITES = {"yes": "Der Ny Vri er i gang", "no": "Andre steder"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the tenancies that began in the period and whose time for a visit is over."""
    began = Tenancy.started_on.between(look.period.first, look.upto)
    visited: dict[str, list[date]] = defaultdict(list)
    since = Visit.visited_on >= look.period.first
    for visit in look.records(Visit, since, Visit.outcome.in_(MADE)):
        if day := visit.day("visited_on"):
            visited[visit.text("dwelling")].append(day)
    sites = look.records(ProgrammeSite, ProgrammeSite.programme == "ny_vri")
    within = {h.id: h.text("building") for h in look.records(Dwelling)}
    facts = []
    for tenancy in look.records(Tenancy, began):
        start = tenancy.day("started_on")
        assert start is not None
        until = tenancy.day("ended_on") or date.max
        days = [(day - start).days for day in visited[tenancy.text("dwelling")] if day <= until]
        fact = _fact(days, (look.upto - start) // timedelta(days=1))
        building = within.get(tenancy.text("dwelling"))
        here = any(building in one.members("buildings") and runs(one, start) for one in sites)
        facts.append({**fact, "area": tenancy.area, "site": "yes" if here else "no"})
    homes = look.crowd("nye leieforhold", facts)
    due: dict[str, Any] = {"due30": "yes"}
    shown = [Share("Andel besøkt", {"w30": "yes"}), Middle("Dager til første besøk", of="days")]
    first = Axis("w30", "Innen 30 dager", SEEN)
    places = Axis("site", "Sted", SITES)
    yield cross(
        "Besøkt innen 30 dager", homes, look.by_area, first, among=due, more=shown, chart=Chart.BARS
    )
    yield cross(
        "Der Ny Vri er i gang, og andre steder", homes, places, first, among=due, more=shown
    )
    both = {**due, "due90": "yes"}
    again = Axis("w90", "Dag 31 til 90", SEEN)
    share = Share("Andel besøkt", {"w90": "yes"})
    yield cross("Besøkt igjen, dag 31 til 90", homes, look.by_area, again, among=both, more=[share])


def runs(site: Told, on: date) -> bool:
    """Say whether the programme ran at a site on a day; a copied package is only a plan."""
    began, ended = site.day("started_on"), site.day("ended_on")
    begun = began <= on if began else site.text("stage") != "planned"
    return begun and (ended is None or on <= ended)


def _fact(days: list[int], age: int) -> dict[str, Any]:
    """Say whether somebody was visited in time, where that time is over."""
    first = min((day for day in days if day >= 0), default=None)
    soon = any(0 <= day <= FIRST_DAYS for day in days)
    again = any(FIRST_DAYS < day <= SECOND_DAYS for day in days)
    return {
        "due30": "yes" if age > FIRST_DAYS else "no",
        "due90": "yes" if age > SECOND_DAYS else "no",
        "w30": "yes" if soon else "no",
        "w90": "yes" if again else "no",
        "days": first,
    }


REPORT = Report(
    order=12,
    title="Ny Vri: besøkt i tide",
    about="Om de som flyttet inn, fikk besøk innen 30 dager og igjen før det var gått 90.",
    counted=(
        "Leieforhold som begynte i perioden, når fristen for besøket er over.",
        "Innen 30 dager: minst ett gjennomført besøk i boligen fra innflytting til og med dag 30.",
        "Igjen: minst ett gjennomført besøk fra dag 31 til og med dag 90.",
        "Dager til første besøk er medianen for dem som har hatt besøk.",
        "Der Ny Vri er i gang: boliger i et kompleks der programmet var startet ved innflyttingen.",
    ),
    closeness=Closeness.HOUSEHOLDS,
    readers=REVIEWERS,
    count=count,
    filters=(),
)
