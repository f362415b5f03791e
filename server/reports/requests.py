"""Ba om hjelp: how many asked, how old the open ones are, and whether they heard within a month."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from server.planning.calendar import add_months, day_of
from server.records.assistance_request import CHANNELS, HANDLING, AssistanceRequest
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.steps import first_steps
from server.reports.tables import Axis, Chart, Middle, Share, Table, cross
from server.shapes import REVIEWERS

HEARD = ("provisional", "forwarded", "answered")
ENDED = ("forwarded", "answered")
AGES = {7: "Under en uke", 31: "En uke til en måned", 92: "En til tre måneder"}
OLDEST = "older"
IN_TIME = {"yes": "Innen en måned", "no": "Senere, eller ikke ennå", "ahead": "Fristen er ikke ute"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the requests of the period, and those that are open on its last day."""
    every = look.records(AssistanceRequest, AssistanceRequest.asked_at < look.period.ends)
    heard = first_steps(look.session, [one.id for one in every], "handling", HEARD)
    facts = []
    for one in every:
        asked, first = _asked_on(one), heard.get(one.id)
        if asked in look.period and asked <= look.upto:
            answered = day_of(first) if first else None
            facts.append(_fact(one, asked, answered, look.upto))
    asked_for = look.crowd("forespørsler", facts)
    answers = Axis("in_time", "Svar eller foreløpig svar", IN_TIME)
    share = Share("Andel i tide", {"in_time": "yes"})
    days = Middle("Dager til første svar", of="days")
    yield cross("Svar eller foreløpig svar", asked_for, answers, more=[days], chart=Chart.BARS)
    yield cross("Etter område", asked_for, look.by_area, answers, more=[share])
    yield cross("Hvordan de ba", asked_for, Axis("channel", "Hvordan?", CHANNELS, optional=True))
    yield cross("Hvor langt", asked_for, Axis("step", "Behandling", HANDLING))
    ages = [
        {"age": _age((look.upto - _asked_on(one)).days)}
        for one in every
        if _asked_on(one) <= look.upto and _is_open(one, look.upto)
    ]
    brackets = {str(most): words for most, words in AGES.items()} | {OLDEST: "Over tre måneder"}
    waiting = look.crowd("åpne forespørsler", ages)
    yield cross("Åpne ved utgangen av perioden", waiting, Axis("age", "Alder", brackets))


def _fact(one: Told, asked: date, answered: date | None, on: date) -> dict[str, Any]:
    due = one.day("due_on") or add_months(asked, 1)
    waits = "ahead" if on <= due else "no"
    in_time = "yes" if answered is not None and answered <= due else waits
    return {
        "in_time": in_time,
        "days": max(0, (answered - asked).days) if answered else None,
        "area": one.area,
        "channel": one.text("channel"),
        "step": one.step() or "received",
    }


def _asked_on(one: Told) -> date:
    """Give the day the legal clock began: as the server counts it, else as it was written."""
    return one.day("counted_from") or one.day("asked_at") or day_of(one.created_at)


def _is_open(one: Told, on: date) -> bool:
    ended = one.step_on() if one.step() in ENDED else None
    return ended is None or ended > on


def _age(days: int) -> str:
    return next((str(most) for most in AGES if days < most), OLDEST)


REPORT = Report(
    order=64,
    title="Ba om hjelp",
    about="Hvor mange som ba om hjelp, hvor lenge de har ventet, og om de fikk svar i tide.",
    counted=(
        "Telles fra den dagen fristen løper fra: da beboeren spurte, også uten nett.",
        "I tide: svar, foreløpig svar eller videresending senest på fristen, en måned etter.",
        "Dager til første svar er medianen. Et foreløpig svar teller, også om svaret kom siden.",
        "Åpne er de som verken var besvart eller sendt videre på periodens siste dag.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
