"""Tilbud: what was offered and answered, whether it was offered again in time, and who waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from server.records.offer import ANSWERS, WHAT, Offer
from server.records.tenancy import Tenancy
from server.reports.look import Look, Told
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Share, Table, cross
from server.shapes import REVIEWERS

WAITS = {90: "Under 3 måneder", 180: "3 til 6 måneder", 365: "6 til 12 måneder"}
LONGEST = "longer"
IN_TIME = {"yes": "Tilbudt igjen i tide", "no": "Ikke i tide"}


def count(look: Look) -> Iterator[Table]:
    """Lay out the offers of the period, those that were due again in it, and how long some wait."""
    every = look.records(Offer, Offer.offered_on <= look.upto)
    mine = [one for one in every if one.day("offered_on") in look.period]
    facts: list[dict[str, Any]] = [
        {"what": one.text("what"), "answer": one.text("answer")} for one in mine
    ]
    offers = look.crowd("tilbud", facts)
    what = Axis("what", "Hva tilbys?", WHAT)
    answers = Axis("answer", "Svar", ANSWERS, optional=True)
    yes = Share("Andel ja", {"answer": "yes"})
    yield cross("Tilbud og svar", offers, what, answers, more=[yes], chart=Chart.BARS)
    days: dict[str, list[date]] = defaultdict(list)
    for one in every:
        if day := one.day("offered_on"):
            days[one.text("tenancy")].append(day)
    again = [_again(one, days) for one in every if _was_due(one, look)]
    due = look.crowd("tilbys igjen", again)
    share = Share("Andel i tide", {"again": "yes"})
    yield cross("Tilbys igjen: i tide", due, Axis("again", "I tide", IN_TIME), more=[share])
    let = {one.id for one in look.records(Tenancy) if _is_let(one, look.upto)}
    waits = [{"waited": _waited(look.upto, max(days[id]))} for id in days if id in let]
    brackets = {str(most): words for most, words in WAITS.items()} | {LONGEST: "Over 12 måneder"}
    yield cross(
        "Lengst uten tilbud",
        look.crowd("husstander som har fått tilbud", waits),
        Axis("waited", "Siden siste tilbud", brackets),
        every="Husstander",
    )


def _was_due(one: Told, look: Look) -> bool:
    day = one.day("again_on")
    return day in look.period and day is not None and day < look.upto


def _again(one: Told, days: dict[str, list[date]]) -> dict[str, Any]:
    offered, due = one.day("offered_on"), one.day("again_on")
    assert offered is not None and due is not None
    kept = any(offered < day <= due for day in days[one.text("tenancy")])
    return {"again": "yes" if kept else "no"}


def _is_let(tenancy: Told, on: date) -> bool:
    ended = tenancy.day("ended_on")
    return ended is None or ended >= on


def _waited(on: date, last: date) -> str:
    days = (on - last).days
    return next((str(most) for most in WAITS if days < most), LONGEST)


REPORT = Report(
    order=50,
    title="Tilbud om oppfølging",
    about="Hva som er tilbudt og svart, om det tilbys igjen i tide, og hvem som har ventet lengst.",
    counted=(
        "Tilbud telles den dagen de ble gitt. Et nei er aldri slutten.",
        "I tide: husstanden fikk et nytt tilbud senest den dagen det skulle tilbys igjen.",
        "Lengst uten tilbud: husstander som bor der, etter hvor lenge det er siden siste tilbud.",
        "Alle i området er med, også de du ikke kan lese om.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
