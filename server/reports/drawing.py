"""Charts: where bars, curves and webs lie, worked out from a printed table; it draws nothing.

Only what is printed is known here, so that a chart tells nothing that its table hides. Colour never
carries meaning alone: each series has a pattern or a mark of its own, and a name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from server.reports.printing import Sheet
from server.reports.tables import Chart

WIDTH = 360
"""As wide as a phone, so that its letters can be read there."""
LABEL, BAR, GAP, SERIES_MAX = 16, 14, 8, 6
FIGURES = 60
"""The room to the right of a bar, for its figure."""
HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 220, 48, 14, 20, 28
RADIUS = 110
TICKS, LABELS_MAX = 4, 3
LINES_MAX = 60
LABEL_MAX = 44
HIDDEN = "skjult"
MILLION = 1_000_000


@dataclass(frozen=True)
class Bar:
    """One part of one bar."""

    x: float
    y: float
    width: float
    series: int


@dataclass(frozen=True)
class Word:
    """A word beside the figure."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True)
class Curve:
    """One curve or web: its corners, and those that stand alone between gaps."""

    series: int
    paths: tuple[str, ...]
    dots: tuple[tuple[float, float], ...]


@dataclass
class Drawing:
    """One chart, ready to be written as SVG."""

    kind: Chart
    title: str
    width: int
    height: float
    names: tuple[str, ...]
    bars: list[Bar] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    rings: list[str] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    directions: tuple[str, ...] = ()
    """What each numbered direction of a web is."""
    marks: list[tuple[float, int]] = field(default_factory=list)
    """Where something was changed, and the number it is told under."""
    hidden: bool = False
    """Whether something is left out because it is hidden in the table."""


def drawing(sheet: Sheet) -> Drawing | None:
    """Lay out a table's chart; None where it has none, or nothing to show."""
    if sheet.chart is None or sheet.too_few or sheet.empty:
        return None
    lines = [line for line in sheet.lines if not line.total][:LINES_MAX]
    columns = [n for n in sheet.drawn if n < len(sheet.columns)][:SERIES_MAX]
    figures = [[line.cells[n].value for n in columns] for line in lines]
    if not any(value for row in figures for value in row):
        return None
    made = Drawing(sheet.chart, sheet.title, WIDTH, 0, tuple(sheet.columns[n] for n in columns))
    made.hidden = any(line.cells[n].few for line in lines for n in columns)
    labels = [line.label for line in lines]
    if sheet.chart is Chart.BARS:
        _bars(made, labels, figures)
    elif sheet.chart is Chart.LINES:
        percent = any(line.cells[n].percent for line in lines for n in columns)
        _curves(made, labels, figures, 100 if percent else None)
        places = {label: number for number, label in enumerate(labels)}
        step = _step(len(labels))
        made.marks = [
            (LEFT + step * places[label], number)
            for number, (label, _) in enumerate(sheet.marks, 1)
            if label in places
        ]
    else:
        _web(made, labels, figures)
    return made


Figures = list[list[int | float | None]]


def _bars(made: Drawing, labels: list[str], figures: Figures) -> None:
    most = max(sum(value or 0 for value in row) for row in figures)
    scale = (WIDTH - FIGURES) / most
    for number, (label, row) in enumerate(zip(labels, figures, strict=True)):
        y, x = number * (LABEL + BAR + GAP) + LABEL, 0.0
        made.words.append(Word(0, y - 4, short(label)))
        for series, value in enumerate(row):
            if value and value > 0:
                made.bars.append(Bar(round(x, 1), y, round(value * scale, 1), series))
                x += value * scale
        told = sum(value or 0 for value in row)
        words = _plain(told)
        if None in row:
            words = f"{words} vist" if told else HIDDEN
        made.words.append(Word(round(x + 6, 1), y + BAR - 2, words))
    made.height = len(labels) * (LABEL + BAR + GAP)


def _curves(made: Drawing, labels: list[str], figures: Figures, most: float | None) -> None:
    known = [value for row in figures for value in row if value is not None]
    top = most or _round_up(max(known))
    made.height = HEIGHT
    floor, step = HEIGHT - BOTTOM, _step(len(labels))
    scale = (floor - TOP) / top
    for tick in range(TICKS + 1):
        y = round(floor - (floor - TOP) * tick / TICKS, 1)
        made.rules.append((LEFT, y, WIDTH - RIGHT, y))
        made.words.append(Word(LEFT - 6, y + 4, _short(top * tick / TICKS), "end"))
    every = max(1, math.ceil((len(labels) - 1) / (LABELS_MAX - 1)))
    for number, label in enumerate(labels):
        last = number == len(labels) - 1
        if last or (number % every == 0 and len(labels) - 1 - number >= every):
            anchor = "end" if last and number else "start" if number == 0 else "middle"
            x = round(LEFT + step * number, 1)
            made.words.append(Word(x, floor + 18, label.partition("–")[0], anchor))
    for series in range(len(made.names)):
        dots = [
            None if row[series] is None else (LEFT + step * n, floor - (row[series] or 0) * scale)
            for n, row in enumerate(figures)
        ]
        made.curves.append(_curve(series, dots))


def _web(made: Drawing, labels: list[str], figures: Figures) -> None:
    known = [value for row in figures for value in row if value is not None]
    top = max(4, math.ceil(max(known)))
    made.height = 2 * RADIUS + 50
    middle = made.height / 2
    turns = [2 * math.pi * n / len(labels) - math.pi / 2 for n in range(len(labels))]

    def at(turn: float, share: float) -> tuple[float, float]:
        return (
            round(WIDTH / 2 + RADIUS * share * math.cos(turn), 1),
            round(middle + RADIUS * share * math.sin(turn), 1),
        )

    for ring in range(1, top + 1):
        made.rings.append(_path([at(turn, ring / top) for turn in turns]) + "Z")
        y = round(middle - RADIUS * ring / top + 14, 1)
        made.words.append(Word(WIDTH / 2 + 4, y, f"{ring}"))
    for number, turn in enumerate(turns, 1):
        made.rules.append((WIDTH / 2, middle, *at(turn, 1)))
        x, y = at(turn, 1.12)
        made.words.append(Word(x, y + 4, f"{number}", "middle"))
    made.directions = tuple(labels)
    for series in range(len(made.names)):
        dots = [
            None if row[series] is None else at(turn, (row[series] or 0) / top)
            for turn, row in zip(turns, figures, strict=True)
        ]
        made.curves.append(_curve(series, [*dots, dots[0]]))


def _curve(series: int, dots: list[tuple[float, float] | None]) -> Curve:
    """Draw a curve with a gap where a figure is not known."""
    paths: list[list[tuple[float, float]]] = [[]]
    for dot in dots:
        if dot is None:
            paths.append([])
        else:
            paths[-1].append((round(dot[0], 1), round(dot[1], 1)))
    drawn = tuple(_path(path) for path in paths if len(path) > 1)
    return Curve(series, drawn, tuple(dict.fromkeys(dot for path in paths for dot in path)))


def _path(dots: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in dots)


def _step(count: int) -> float:
    return (WIDTH - LEFT - RIGHT) / max(1, count - 1)


def _round_up(value: float) -> float:
    """Give a round number that is not below."""
    if value <= 0:
        return 1.0
    size = 10.0 ** math.floor(math.log10(value))
    return float(next(step * size for step in (1, 2, 4, 5, 10) if step * size >= value))


def _short(value: float) -> str:
    """Write a figure where there is little room: «1,5 mill.»."""
    return f"{_plain(value / MILLION)} mill." if value >= MILLION else _plain(value)


def _plain(value: float) -> str:
    whole = round(value, 1)
    if whole == int(whole):
        return f"{whole:,.0f}".replace(",", "\u00a0")
    return f"{whole}".replace(".", ",")


def short(label: str) -> str:
    """Cut a label that has no room; the table has it whole."""
    return label if len(label) <= LABEL_MAX else label[: LABEL_MAX - 1].rstrip() + "…"
