"""Charts against their tables: each bar, point and mark measured where it was drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import pytest

from server.reports.drawing import Curve, Drawing, drawing
from server.reports.printing import TOO_FEW, Printed, PrintedLine, Sheet, number
from server.reports.tables import Chart

FIGURES: tuple[tuple[int | None, ...], ...] = ((4, 1), (0, 2), (None, 8), (2, 6), (8, 3))
NEAR = 0.2
"""Places are rounded to a tenth."""


def drawn(chart: Chart, *, few: bool = False, marks: Sequence[tuple[str, str]] = ()) -> Drawing:
    """Draw the figures, with a total that is no part of any chart."""
    nothing = Printed(TOO_FEW, few=True) if few else Printed("–")
    rows = [[nothing if each is None else number(each) for each in row] for row in FIGURES]
    lines = [PrintedLine(f"Linje {n}", tuple(row)) for n, row in enumerate(rows)]
    total = PrintedLine("I alt", (number(400), number(400)), total=True)
    every = (*lines, total)
    made = drawing(Sheet("Figur", "Hva", ("En", "To"), every, (0, 1), chart, tuple(marks)))
    assert made is not None and made.names == ("En", "To")
    return made


def corners(curve: Curve) -> list[list[tuple[float, float]]]:
    """Read the corners of each unbroken stretch of a curve."""
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.-]+) ([\d.-]+)", path)]
        for path in curve.paths
    ]


def test_a_bar_is_as_long_as_its_figure_and_its_parts_lie_end_to_end() -> None:
    """The longest is eleven; nought and what is not known have no bar, and the total is none."""
    made = drawn(Chart.BARS)
    one = max(bar.x + bar.width for bar in made.bars) / 11
    found = [(bar.y, bar.series, round(bar.width / one, 1)) for bar in made.bars]
    tops = sorted({y for y, _, _ in found})
    expected = [
        (tops[n], series, value)
        for n, row in enumerate(FIGURES)
        for series, value in enumerate(row)
        if value
    ]
    assert found == expected
    for y in tops:
        first, *rest = [bar for bar in made.bars if bar.y == y]
        assert first.x == 0 and all(bar.x == pytest.approx(first.width, abs=NEAR) for bar in rest)


def test_what_is_hidden_is_not_drawn_and_said_to_be_hidden() -> None:
    """The bar says that only a part of it is shown."""
    assert drawn(Chart.BARS, few=True).hidden and not drawn(Chart.BARS).hidden
    words = [word.words for word in drawn(Chart.BARS, few=True).words]
    assert "8 vist" in words and "400" not in words


def test_a_point_stands_as_high_as_its_figure_and_nothing_is_drawn_over_what_is_not_known() -> None:
    """The curve breaks at the third line; from left to right the lines are equally far apart."""
    made = drawn(Chart.LINES)
    floor = max(y for _, y, _, _ in made.rules)
    heights = [[floor - y for _, y in curve.dots] for curve in made.curves]
    one = heights[1][2] / 8
    for series, values in enumerate(zip(*FIGURES, strict=True)):
        known = [value for value in values if value is not None]
        assert heights[series] == pytest.approx([value * one for value in known], abs=NEAR)
    broken, whole = (corners(curve) for curve in made.curves)
    assert [len(stretch) for stretch in broken] == [2, 2] and [len(s) for s in whole] == [5]
    apart = [b[0] - a[0] for a, b in zip(whole[0], whole[0][1:], strict=False)]
    assert apart == pytest.approx([apart[0]] * 4, abs=NEAR)


def test_a_mark_stands_at_the_point_where_something_was_changed() -> None:
    """Numbered in the order they are told; what belongs to no line is not drawn."""
    marks = (("Linje 1", "To kvelder."), ("Linje 4", "Nye skilt."), ("Før", "Ingenting."))
    made = drawn(Chart.LINES, marks=marks)
    across = [x for x, _ in made.curves[1].dots]
    assert [number for _, number in made.marks] == [1, 2]
    assert [x for x, _ in made.marks] == pytest.approx([across[1], across[4]], abs=NEAR)


def test_a_web_is_as_far_out_as_its_score_in_each_direction() -> None:
    """From straight up and round with the clock, the scores from nought to eight."""
    made = drawn(Chart.SPIDER)
    x, y = made.rules[0][:2]
    for series, curve in enumerate(made.curves):
        values = [(n, row[series]) for n, row in enumerate(FIGURES)]
        expected = []
        for n, value in values:
            turn = 2 * math.pi * n / len(FIGURES)
            far = 110 * (value or 0) / 8
            if value is not None:
                expected.append((x + far * math.sin(turn), y - far * math.cos(turn)))
        assert len(curve.dots) == len(expected)
        for dot, wanted in zip(curve.dots, expected, strict=True):
            assert dot == pytest.approx(wanted, abs=NEAR)
    assert made.directions == tuple(f"Linje {n}" for n in range(5))
