"""Arrangementer: what was held, who came, what it cost, and if the minutes were shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from server.records.event import FACES, FEWEST_FACES, GROUPS, TYPES, Event
from server.records.record import READER_SETS
from server.reports.look import Look, Told
from server.reports.report import AREA, PROGRAMME, Closeness, Report
from server.reports.tables import (
    Amount,
    Axis,
    Chart,
    Given,
    Listing,
    Share,
    Table,
    cross,
    without_empty,
)

MINUTES_DAYS = timedelta(days=7)
HELD = "held"


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out the events that were held in the period."""
    inside = Event.held_on.between(look.period.first, look.upto)
    held = [event for event in look.records(Event, inside) if event.step() == HELD]
    events = look.crowd("arrangementer", [_fact(event) for event in held])
    types = Axis("type", "Hva slags?", TYPES)
    came = [Amount(words, of=code) for code, words in GROUPS.items()]
    people = [
        *came,
        Amount("Frivillige", of="volunteers"),
        Amount("Inviterte husstander", of="invited"),
    ]
    yield without_empty(
        cross("Hvor mange kom", events, types, more=people, every="Arrangementer", chart=Chart.BARS)
    )
    after = [
        Amount("Brukt i kroner", of="spent"),
        Amount("Sekker avfall", of="waste_bags"),
        Share("Referat delt innen 7 dager", {"shared": True}),
        Share("Sammen med boligselskap", {"company": True}),
        Share("Noe for barna", {"children": True}),
    ]
    yield without_empty(cross("Etterpå", events, types, more=after, every="Arrangementer"))
    yield without_empty(
        cross("Etter område", events, look.by_area, more=people, every="Arrangementer")
    )
    faces = {code: sum(_tally(event, "faces").get(code, 0) for event in held) for code in FACES}
    lines: tuple[tuple[str, tuple[Given, ...]], ...] = tuple(
        (words, (faces[code],)) for code, words in FACES.items()
    )
    yield Listing(
        "Hvordan var det?",
        "Svar",
        ("Antall",),
        lines if sum(faces.values()) >= FEWEST_FACES else (),
    )
    heads = sum(sum(_tally(event, "heads").values()) for event in held)
    spent = sum(event.number("spent") or 0 for event in held)
    if heads:
        yield Listing(
            "Per deltaker", "Mål", ("Kroner",), (("Brukt per deltaker", (spent / heads,)),)
        )


def _tally(event: Told, field: str) -> dict[str, int]:
    """Add up each group's lines, whoever counted them."""
    found: dict[str, int] = {}
    for key, number in event.keyed(field).items():
        group = key.rpartition("-")[2]
        if isinstance(number, int):
            found[group] = found.get(group, 0) + number
    return found


def _fact(event: Told) -> dict[str, Any]:
    held, shared = event.day("held_on"), event.day("minutes_shared_on")
    return {
        "type": event.text("type"),
        "area": event.area,
        **_tally(event, "heads"),
        **{name: event.number(name) for name in ("volunteers", "invited", "spent", "waste_bags")},
        "shared": bool(held and shared and shared <= held + MINUTES_DAYS),
        "company": bool(event.members("companies")),
        "children": bool(event.text("children_activity")),
    }


REPORT = Report(
    order=40,
    title="Arrangementer og deltakelse",
    about="Beboermøter, dugnader og fester: hvor mange kom, hva kostet det, hva kom ut av det.",
    counted=(
        "Arrangementer som er gjennomført, den dagen de ble holdt.",
        "Hvor mange kom er det som ble talt på stedet. Ingen er nevnt med navn.",
        "Referatet er delt i tide når det er delt med beboerne innen 7 dager.",
        "Brukt per deltaker er det som er brukt, delt på alle som kom.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["home"],
    count=count,
    filters=(AREA, PROGRAMME),
)
