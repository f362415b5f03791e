"""Boligpolitisk plan og Trondheimsløftet: a half-year of needs, measures, meeting places and signs.

Needs, help, complaints, who came and who spoke up are about people; the rest is about places and
what is done there.
"""

from __future__ import annotations

from collections.abc import Iterator

from server.records.activity import Activity
from server.records.complaint import Complaint
from server.records.deviation import Deviation
from server.records.event import Event
from server.records.measure import HANDLING, SIDES, Measure
from server.records.meeting_place import TYPES, MeetingPlace
from server.records.purposes import NEIGHBOUR_TROUBLES
from server.records.resident_input import ResidentInput
from server.reports import assistance, deviations
from server.reports.look import Look
from server.reports.periods import PeriodKind
from server.reports.report import Closeness, Report
from server.reports.tables import Axis, Chart, Count, Given, Listing, Share, Table, cross
from server.reports.voices import stood
from server.shapes import REVIEWERS


def count(look: Look) -> Iterator[Table | Listing]:
    """Lay out the half-year."""
    yield from assistance.needs(look)
    yield from assistance.given(look)
    yield _places(look)
    yield _measures(look)
    received = Complaint.received_on.between(look.period.first, look.upto)
    facts = [
        {"category": one.text("category"), "area": one.area}
        for one in look.records(Complaint, received)
    ]
    complaints = look.crowd("bomiljøklager", facts)
    troubles = Axis("category", "Hva gjelder det?", NEIGHBOUR_TROUBLES, optional=True)
    yield cross("Bomiljøklager", complaints, troubles, every="Klager")
    yield cross("Bomiljøklager etter område", complaints, look.by_area, every="Klager")
    yield from _joining(look)
    yield _signs(look)


def _places(look: Look) -> Table:
    facts = [
        {"type": one.text("type"), "usable": one.on("usable"), "used": one.on("in_use")}
        for one in look.records(MeetingPlace)
    ]
    places = look.crowd("møteplasser", facts, close=False)
    more = [
        Count("Kan brukes", {"usable": True}),
        Count("Er i bruk", {"used": True}),
        Share("Andel i bruk", {"used": True}),
    ]
    axis = Axis("type", "Møteplass", TYPES)
    return cross("Møteplasser i dag", places, axis, more=more, chart=Chart.BARS)


def _measures(look: Look) -> Table:
    facts = [
        {"led": one.text("led_by"), "step": one.step() or "suggested"}
        for one in look.records(Measure)
        if stood(one, look)
    ]
    acts = look.crowd("tiltak", facts, close=False)
    leads = Axis("led", "Ledet av", SIDES, optional=True)
    return cross("Tiltak i området", acts, leads, Axis("step", "Hvor langt?", HANDLING))


def _joining(look: Look) -> Iterator[Table]:
    """Give how many came and spoke up, area by area: an only one may be known by it."""
    first, last = look.period.first, look.upto
    heads = [
        {"area": one.area}
        for one in look.records(Activity, Activity.held_on.between(first, last))
        if one.step() != "cancelled"
        for _ in range(one.number("heads") or 0)
    ]
    received = ResidentInput.received_on.between(first, last)
    inputs = [{"area": one.area} for one in look.records(ResidentInput, received)]
    came, spoke = look.crowd("deltakere", heads), look.crowd("innspill", inputs)
    yield cross("Deltakere på aktiviteter", came, look.by_area, every="Deltakere")
    yield cross("Innspill fra beboere", spoke, look.by_area, every="Innspill")


def _signs(look: Look) -> Listing:
    """Give the signs of how it is to live there that are about no one at all, area by area."""
    first, last = look.period.first, look.upto
    events = [
        (one.area, 1)
        for one in look.records(Event, Event.held_on.between(first, last))
        if one.step() == "held"
    ]
    found = [
        one
        for one in look.records(Deviation, Deviation.found_on.between(first, last))
        if one.step() != "rejected"
    ]
    fire = [(one.area, 1) for one in found if one.text("item") in deviations.FIRE_ITEMS]
    signs = {
        "Arrangementer": events,
        "Avvik funnet": [(one.area, 1) for one in found],
        "Avvik om brann og rømning": fire,
    }
    lines: list[tuple[str, tuple[Given, ...]]] = []
    for words, pairs in signs.items():
        by_area = [sum(n for where, n in pairs if where == area) for area in look.areas]
        lines.append((words, (*by_area, sum(by_area))))
    return Listing("Tegn på bomiljøet", "Tegn", (*look.areas.values(), "I alt"), tuple(lines))


REPORT = Report(
    order=70,
    title="Boligpolitisk plan og Trondheimsløftet",
    about="Halvårets behov, bistand, tiltak, møteplasser og tegn på hvordan det er å bo der.",
    counted=(
        "Behov, bistand, klager, deltakere og innspill telles i halvåret, samlet for området. "
        "Ingen enkeltperson vises.",
        "Møteplasser er slik de sist ble sett. Tiltak sto åpne i halvåret, eller ble "
        "gjort eller lagt bort i det.",
        "Arrangementer, aktiviteter, innspill og avvik telles den dagen de var.",
    ),
    closeness=Closeness.CONFIDED,
    readers=REVIEWERS,
    count=count,
    periods=(PeriodKind.HALF_YEAR,),
    filters=(),
)
