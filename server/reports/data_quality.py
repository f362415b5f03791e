"""Datakvalitet: late notes, different answers and what could not be used; about no one of us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from server.planning.calendar import noon_of
from server.records.receipt import Receipt
from server.records.review import REASONS, Review
from server.records.visit import Visit
from server.reports.look import Look
from server.reports.report import AREA, Closeness, Report
from server.reports.steps import first_steps
from server.reports.tables import Axis, Chart, Given, Listing, Table, cross
from server.shapes import REVIEWERS

DAY = timedelta(hours=24)
NOTES = {"day": "Innen 24 timer", "two": "24 til 48 timer", "late": "Senere enn 48 timer"}
SETTLED = {"yes": "Avgjort", "no": "Venter"}


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out the notes, the questions and the held work of the period."""
    visits = look.records(Visit, Visit.visited_on.between(look.period.first, look.upto))
    sent = first_steps(look.session, [one.id for one in visits], "status", ("submitted",))
    facts: list[dict[str, Any]] = []
    for visit in visits:
        day, at = visit.day("visited_on"), sent.get(visit.id)
        if day and at:
            took = at - noon_of(day)
            facts.append({"note": "day" if took <= DAY else "two" if took <= 2 * DAY else "late"})
    notes = look.crowd("notater", facts)
    yield cross("Notater fra besøk", notes, Axis("note", "Sendt inn", NOTES), chart=Chart.BARS)
    opened = Review.opened_at.between(look.period.begins, look.period.ends)
    questions = [
        {
            "why": one.text("reason"),
            "settled": "yes" if one.body.get("decision") else "no",
        }
        for one in look.records(Review, opened)
    ]
    asked = look.crowd("ulike svar", questions)
    reasons, settled = Axis("why", "Hvorfor", REASONS), Axis("settled", "Avgjort", SETTLED)
    yield cross("Ulike svar", asked, reasons, settled)
    held = look.records(Receipt, Receipt.state == "held")
    open_now = [one for one in look.records(Review) if not one.body.get("decision")]
    lines: tuple[tuple[str, tuple[Given, ...]], ...] = (
        ("Ulike svar som venter", (len(open_now),)),
        ("Kan ikke brukes ennå", (len(held),)),
    )
    yield Listing("Venter i dag", "Hva", ("Antall",), lines)


REPORT = Report(
    order=80,
    title="Datakvalitet",
    about="Hvor fort notatene kommer inn, hvor ofte to svarte ulikt, og hva som venter.",
    counted=(
        "Et notat er tidsnok når besøket er sendt inn innen 24 timer etter klokka 12 den dagen.",
        "Ulike svar telles den dagen de kom. Venter i dag er uavhengig av perioden.",
        "Det som ikke hører til et område, er ikke med.",
        "Tallene er aldri delt på den enkelte ansatte.",
    ),
    closeness=Closeness.OPEN,
    readers=REVIEWERS,
    count=count,
    filters=(AREA,),
)
