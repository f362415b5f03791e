"""Borettslag og sameier: when each board was last talked with, and what was done together."""

from __future__ import annotations

from collections.abc import Iterator

from server.planning.calendar import add_months
from server.records.cooperation_agreement import CooperationAgreement
from server.records.cooperation_log import CooperationLog
from server.records.event import Event
from server.records.housing_company import HousingCompany
from server.records.record import READER_SETS
from server.reports.look import Look
from server.reports.periods import PeriodKind, day_words
from server.reports.report import AREA, Closeness, Report
from server.reports.tables import Count, Given, Line, Listing, Share, Table

MONTHS = 6
NEVER = "Ingen kontakt"


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out every company with the contact of the last six months of the period."""
    since = add_months(look.upto, -MONTHS)
    companies = sorted(look.records(HousingCompany), key=lambda one: one.text("name"))
    talks = look.records(CooperationLog, CooperationLog.talked_on <= look.upto)
    events = look.records(Event, Event.held_on <= look.upto, Event.held_on > since)
    events = [one for one in events if one.step() == "held"]
    agreements = look.records(CooperationAgreement)
    facts, lines = [], []
    for company in companies:
        days = [
            day
            for t in talks
            if t.text("housing_company") == company.id and (day := t.day("talked_on"))
        ]
        recent = sum(day > since for day in days)
        together = sum(company.id in event.members("companies") for event in events)
        valid = any(
            one.text("housing_company") == company.id
            and ((until := one.day("valid_until")) is None or until >= look.upto)
            for one in agreements
        )
        facts.append({"talked": recent > 0, "together": together > 0, "agreed": valid})
        cells: tuple[Given, ...] = (
            day_words(max(days)) if days else NEVER,
            recent,
            together,
            "Ja" if valid else "Nei",
        )
        lines.append((company.text("name"), cells))
    columns = (
        Count("Boligselskaper"),
        Count("Kontakt siste 6 måneder", {"talked": True}),
        Share("Andel med kontakt", {"talked": True}),
        Count("Arrangement sammen", {"together": True}),
        Count("Har samarbeidsavtale", {"agreed": True}),
    )
    every = look.crowd("boligselskaper", facts)
    yield Table("Kontakt siste 6 måneder", every, "Alle", (Line("I alt", total=True),), columns)
    heads = ("Sist snakket med", "Kontakter siste 6 måneder", "Arrangementer sammen", "Avtale")
    yield Listing("Hvert boligselskap", "Boligselskap", heads, tuple(lines))


REPORT = Report(
    order=46,
    title="Samarbeid med borettslag og sameier",
    about="Når vi sist snakket med hvert styre, og hva vi har gjort sammen.",
    counted=(
        "Kontakt er det som står i samarbeidsloggen, de siste 6 månedene av perioden.",
        "Arrangementer sammen er gjennomførte arrangementer der boligselskapet er med.",
        "Avtalen gjelder når den ikke har gått ut.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["work"],
    count=count,
    periods=(PeriodKind.MONTH, PeriodKind.HALF_YEAR, PeriodKind.YEAR),
    filters=(AREA,),
)
