"""Tables as they may be seen: the one gate that figures leave a report by.

What is hidden here is gone: the page, the chart and every file are made of what this gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from statistics import median

from server.reports.hiding import Key, Sum, hidden, parts_of
from server.reports.tables import (
    Amount,
    Backed,
    Cell,
    Chart,
    Column,
    Count,
    Crowd,
    Given,
    Line,
    Listing,
    Middle,
    Share,
    Table,
)

TOO_FEW = "For få til å vises."
NONE = "–"


@dataclass(frozen=True)
class Printed:
    """One cell: its words, and its figure for a spreadsheet where it is one."""

    words: str
    value: int | float | None = None
    few: bool = False
    percent: bool = False


@dataclass(frozen=True)
class PrintedLine:
    """One row of a printed table."""

    label: str
    cells: tuple[Printed, ...]
    total: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table ready to be shown or written to a file."""

    title: str
    first: str
    columns: tuple[str, ...]
    lines: tuple[PrintedLine, ...]
    drawn: tuple[int, ...]
    """The columns that its chart draws."""
    chart: Chart | None = None
    marks: tuple[tuple[str, str], ...] = ()
    too_few: bool = False
    """Nothing of it may be shown; whether there is anything is not said either."""
    empty: bool = False
    """It counts nothing."""


def printed(tables: Iterable[Table | Listing], fewest: int) -> list[Sheet]:
    """Print the tables of a report together: what one table hides no other one tells."""
    laid = [*tables]
    counted = [table for table in laid if isinstance(table, Table)]
    away: frozenset[Cell] = frozenset()
    for name in dict.fromkeys(table.crowd.name for table in counted if table.crowd.close):
        away |= _hidden([table for table in counted if table.crowd.name == name], fewest)
    return [
        _counted(table, away, fewest) if isinstance(table, Table) else _listed(table, fewest)
        for table in laid
    ]


def _hidden(tables: Sequence[Table], fewest: int) -> frozenset[Cell]:
    """Give the cells of one crowd that no table may print."""
    crowd = tables[0].crowd
    told = {cell for table in tables for cell in _told(table)}
    sums = list(dict.fromkeys(one for table in tables for one in table.sums))
    counts = {cell: crowd.count(cell) for cell in sorted(told, key=repr)}
    tied = parts_of(sums)
    rests: dict[Key, int] = {}
    for whole, part in permutations(counts, 2):
        if whole[1] < part[1] and (whole, part) not in tied:
            rest = ("the rest", whole, part)
            rests[rest] = counts[whole] - counts[part]
            sums.append(Sum(whole, (part, rest)))
    away = hidden({**rests, **counts}, sums, fewest, rests, zeros=crowd.zeros)
    return frozenset(cell for cell in counts if cell in away)


def _told(table: Table) -> Iterable[Cell]:
    """Give the counts that a table prints, or that its shares let a reader work out."""
    for line in table.lines:
        for column in table.columns:
            yield from _cells(table.crowd, line, column)


def _cells(crowd: Crowd, line: Line, column: Column) -> list[Cell]:
    if line.answers(column.where):
        return []
    if isinstance(column, Share):
        whole, part = line.asks(column.of), line.asks({**column.of, **column.where})
        return [crowd.cell(part), crowd.cell(whole)]
    return [crowd.cell(line.asks(column.where))] if isinstance(column, Count) else []


def _counted(table: Table, away: frozenset[Cell], fewest: int) -> Sheet:
    every = {cell: table.crowd.count(cell) for cell in _told(table)}
    lines = tuple(
        PrintedLine(
            line.label,
            tuple(_cell(table.crowd, line, c, every, away, fewest) for c in table.columns),
            line.total,
        )
        for line in table.lines
    )
    few = table.crowd.close and all(
        cell.few or cell.value is None for r in lines for cell in r.cells
    )
    return Sheet(
        title=table.title,
        first=table.first,
        columns=tuple(column.label for column in table.columns),
        lines=lines,
        drawn=table.draws or (0,),
        chart=table.chart,
        too_few=few,
        empty=not table.crowd.close and not any(every.values()),
    )


def _cell(
    crowd: Crowd,
    line: Line,
    column: Column,
    told_of: Collection[Cell],
    away: frozenset[Cell],
    fewest: int,
) -> Printed:
    """Print one cell; a median stands only where its count does, or it would tell of that."""
    told = _cells(crowd, line, column)
    if line.answers(column.where):
        return Printed(NONE)
    if any(cell in away for cell in told):
        return Printed(TOO_FEW, few=True)
    if isinstance(column, Count):
        return number(crowd.count(told[0]))
    if isinstance(column, Share):
        part, whole = (crowd.count(cell) for cell in told)
        return percent(part, whole)
    assert isinstance(column, Amount | Middle)
    where = crowd.cell(line.asks(column.where))
    those = crowd.those(where)
    held = [value for fact in those if (value := fact.get(column.of)) is not None]
    if crowd.close and (where not in told_of or where in away or len(held) < fewest):
        return Printed(TOO_FEW, few=True)
    if isinstance(column, Amount):
        return number(sum(held) / column.by if column.by != 1 else sum(held), column.decimals)
    return (
        number(float(median(held)), 0 if median(held) == int(median(held)) else 1)
        if held
        else (Printed(NONE))
    )


def _listed(listing: Listing, fewest: int) -> Sheet:
    lines = tuple(
        PrintedLine(label, tuple(_given(value, listing.decimals, fewest) for value in values))
        for label, values in listing.lines
    )
    cells = [cell for line in lines for cell in line.cells]
    return Sheet(
        title=listing.title,
        first=listing.first,
        columns=listing.columns,
        lines=lines,
        drawn=tuple(range(len(listing.columns))),
        chart=listing.chart,
        marks=listing.marks,
        too_few=bool(cells) and all(cell.few for cell in cells),
        empty=not lines,
    )


def _given(value: Given, decimals: int, fewest: int) -> Printed:
    if isinstance(value, Backed):
        if value.people < fewest:
            return Printed(TOO_FEW, few=True)
        value = value.value
    if value is None:
        return Printed(NONE)
    return Printed(value) if isinstance(value, str) else number(value, decimals)


def number(value: int | float, decimals: int = 0) -> Printed:
    """Print a number as Norwegians write it: «12 345,6»."""
    shown = int(value) if isinstance(value, int) else round(value, decimals)
    words = f"{shown:,.{decimals if isinstance(shown, float) else 0}f}"
    words = words.replace(",", "\u00a0").replace(".", ",")
    return Printed(words, shown)


def percent(part: int, whole: int) -> Printed:
    """Print a share in whole per cent; of nothing there is none."""
    if not whole:
        return Printed(NONE)
    share = round(100 * part / whole)
    return Printed(f"{share}\u00a0%", share, percent=True)
