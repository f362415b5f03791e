"""Modelltrofasthet: how closely Housing First is followed, by principle; about us alone."""

from __future__ import annotations

from collections.abc import Iterator

from server.records.fidelity_assessment import PRINCIPLES, FidelityAssessment
from server.records.record import READER_SETS
from server.reports.look import Look
from server.reports.periods import PeriodKind, day_words
from server.reports.report import AREA, Closeness, Report
from server.reports.tables import Chart, Given, Listing

SHOWN = 3


def count(look: Look) -> Iterator[Listing]:
    """Lay the latest assessments beside each other, the newest last."""
    held = look.records(FidelityAssessment, FidelityAssessment.assessed_on <= look.upto)
    latest = sorted(held, key=lambda one: (one.text("assessed_on"), one.id))[-SHOWN:]
    several = len({one.area for one in latest}) > 1
    heads = []
    for one in latest:
        day = one.day("assessed_on")
        assert day is not None
        heads.append(day_words(day) + (f", {look.areas[one.area]}" if several else ""))
    lines: list[tuple[str, tuple[Given, ...]]] = [
        (words, tuple(one.number(f"scores/{code}") for one in latest))
        for code, words in PRINCIPLES.items()
    ]
    title = "Poeng 1 til 4 for hvert prinsipp"
    yield Listing(title, "Prinsipp", tuple(heads), tuple(lines) if latest else (), Chart.SPIDER)


REPORT = Report(
    order=56,
    title="Housing First: modelltrofasthet",
    about="Hvor tett vi følger de åtte prinsippene, ved de siste vurderingene.",
    counted=(
        f"De {SHOWN} siste vurderingene fram til periodens siste dag. Poengene er som de er ført.",
        "1 er innerst på figuren og minst trofast, 4 er ytterst.",
    ),
    closeness=Closeness.OPEN,
    readers=READER_SETS["work"],
    count=count,
    periods=(PeriodKind.HALF_YEAR, PeriodKind.YEAR),
    filters=(AREA,),
)
