"""Skadekostnad: what use and want of upkeep cost, what can be claimed, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from server.records.deviation import CAUSES, Deviation
from server.records.dwelling import Dwelling
from server.records.programme_site import ProgrammeSite
from server.records.record import READER_SETS
from server.reports.look import Look
from server.reports.report import AREA, PROGRAMME, Closeness, Report
from server.reports.tables import Amount, Axis, Chart, Given, Listing, Table, cross, without_empty

BY_USE = ("misuse", "vandalism", "lack_of_upkeep", "damp_use")
YEAR = timedelta(days=365)


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out the cost of what was found in the period, by cause and over the homes."""
    every = look.records(Deviation, Deviation.cause.in_(BY_USE), Deviation.found_on <= look.upto)
    costly = [one for one in every if one.step() != "rejected" and one.number("cost") is not None]
    mine = [one for one in costly if one.day("found_on") in look.period]
    facts = [
        {
            "cause": one.text("cause"),
            "cost": one.number("cost"),
            "claimed": one.on("recoverable"),
            "area": one.area,
        }
        for one in mine
    ]
    damage = look.crowd("skader", facts)
    money = [
        Amount("Kroner", of="cost"),
        Amount("Kan kreves tilbake", {"claimed": True}, of="cost"),
        Amount("Kan ikke kreves tilbake", {"claimed": False}, of="cost"),
    ]
    causes = Axis("cause", "Årsak", {code: CAUSES[code] for code in BY_USE})
    yield without_empty(cross("Etter årsak", damage, causes, more=money, chart=Chart.BARS))
    yield without_empty(cross("Etter område", damage, look.by_area, more=money))
    homes = look.records(Dwelling)
    total = sum(one.number("cost") or 0 for one in mine)
    lines: list[tuple[str, tuple[Given, ...]]] = [("Boliger", (len(homes),))]
    if homes:
        lines.append(("Kroner per bolig i perioden", (total / len(homes),)))
    yield Listing("Per bolig", "Mål", ("Tall",), tuple(lines) if mine else ())
    where = {home.id: home.text("building") for home in homes}
    rows: list[tuple[str, tuple[Given, ...]]] = []
    for site in look.records(ProgrammeSite, ProgrammeSite.programme == "ny_vri"):
        start, buildings = site.day("started_on"), set(site.members("buildings"))
        inside = [
            one
            for one in costly
            if (one.text("building") or where.get(one.text("dwelling"), "")) in buildings
        ]
        if start is None:
            continue
        days = [(one.day("found_on"), one.number("cost") or 0) for one in inside]
        before = sum(cost for day, cost in days if day and start - YEAR <= day < start)
        after = sum(cost for day, cost in days if day and look.upto - YEAR < day and day >= start)
        rows.append((site.text("name"), (before, after)))
    heads = ("Året før start, kroner", "Siste år, kroner")
    yield Listing("Der Ny Vri er i gang: før og etter", "Kompleks", heads, tuple(sorted(rows)))


REPORT = Report(
    order=22,
    title="Skadekostnad",
    about="Hva skader av bruk og manglende stell har kostet, og hva som kan kreves tilbake.",
    counted=(
        "Summen av kostnaden ved avvik med årsak feil bruk, hærverk, manglende vedlikehold eller "
        "fukt av bruk, funnet i perioden.",
        "Avvik uten kostnad er ikke med.",
        "Per bolig: summen delt på boligene i utvalget.",
        "Før og etter: 365 dager før start, og de siste 365 dagene av perioden etter start.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["home"],
    count=count,
    filters=(AREA, PROGRAMME),
)
