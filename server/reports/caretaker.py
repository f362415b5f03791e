"""Miljøvaktmester: hours by who did it, the share done together, waste and activities."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from server.records.activity import TYPES, Activity
from server.records.assignment import CATEGORIES, DONE_BY, Assignment
from server.records.record import READER_SETS
from server.reports.look import Look, Told
from server.reports.report import AREA, PROGRAMME, Closeness, Report
from server.reports.tables import Amount, Axis, Chart, Count, Share, Table, cross, without_empty

HOUR = 60
WITH_RESIDENTS = frozenset({"together", "resident_with_help", "resident"})
HOURS = Amount("Timer", of="minutes", by=HOUR, decimals=1)
TOGETHER = Share("Sammen-andel", {"with": True}, {"told": True})


def count(look: Look) -> Iterator[Table]:
    """Lay out the assignments that were done in the period, and the activities that were held."""
    done = [
        one
        for one in look.records(Assignment, Assignment.handling == "done")
        if one.step_on() in look.period
    ]
    jobs = look.crowd("oppdrag", [_fact(one) for one in done])
    who = Axis("by", "Hvem gjorde det?", DONE_BY, optional=True)
    yield without_empty(cross("Hvem gjorde det?", jobs, who, more=[HOURS], chart=Chart.BARS))
    months = {month.code: month.words for month in look.period.months()}
    over_time = [TOGETHER, HOURS, Amount("Sekker avfall", of="bags")]
    yield cross(
        "Måned for måned",
        jobs,
        Axis("month", "Måned", months),
        more=over_time,
        every="Oppdrag",
        chart=Chart.LINES if len(months) > 1 else None,
        draws=(1,),
    )
    kinds = Axis("category", "Hva slags?", CATEGORIES, optional=True)
    bags, needles = Amount("Sekker avfall", of="bags"), Count("Sprøyter", {"needles": True})
    more = [HOURS, TOGETHER, bags, needles]
    yield without_empty(cross("Hva slags?", jobs, kinds, more=more, every="Oppdrag"))
    held = look.records(Activity, Activity.held_on.between(look.period.first, look.upto))
    facts = [_activity(one) for one in held if _was_held(one)]
    together = look.crowd("aktiviteter", facts)
    more = [Amount("Deltakere", of="heads"), Share("Ledet av beboere", {"led": True}), HOURS]
    types = Axis("type", "Aktivitet", TYPES)
    yield without_empty(
        cross("Hverdagsaktiviteter", together, types, more=more, every="Ganger", chart=Chart.BARS)
    )


def _fact(one: Told) -> dict[str, Any]:
    day = one.step_on()
    return {
        "by": one.text("done_by"),
        "told": bool(one.text("done_by")),
        "with": one.text("done_by") in WITH_RESIDENTS,
        "month": f"{day:%Y-%m}" if day else "",
        "category": one.text("category"),
        "minutes": one.number("minutes"),
        "bags": one.number("waste_bags"),
        "needles": one.on("needles"),
    }


def _was_held(one: Told) -> bool:
    """Say whether an activity came to anything: a series plans more than is ever done."""
    counted = one.number("heads") is not None
    return one.step() == "held" or (counted and one.step() != "cancelled")


def _activity(one: Told) -> dict[str, Any]:
    return {
        "type": one.text("type"),
        "heads": one.number("heads"),
        "led": one.on("led_by_residents"),
        "minutes": one.number("minutes"),
    }


REPORT = Report(
    order=44,
    title="Miljøvaktmester og aktivitet",
    about="Timer etter hvem som gjorde det, hvor mye som gjøres sammen, avfall og aktiviteter.",
    counted=(
        "Oppdrag telles den dagen de ble meldt gjort. Timer er minuttene som er ført, delt på 60.",
        "Sammen-andelen er oppdrag gjort sammen, av beboer med hjelp eller av beboer selv, delt på "
        "alle der det står hvem som gjorde det.",
        "Aktiviteter telles den dagen de ble holdt: meldt gjennomført, eller med noen talt. "
        "Avlyste er ikke med, og ikke de som bare sto i planen.",
        "Tallene er aldri delt på den enkelte ansatte.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["work"],
    count=count,
    filters=(AREA, PROGRAMME),
)
