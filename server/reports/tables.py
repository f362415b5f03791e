"""What a report counts, and the tables it is laid out in: declared here, printed by `printing`.

A crowd is the things counted, each told by codes; a table asks how many answer to a line and a
column. It reads no database and hides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from server.reports.hiding import Sum

Where: TypeAlias = Mapping[str, Any]
"""What something must answer: question → code."""
Fact: TypeAlias = Mapping[str, Any]
Cell: TypeAlias = tuple[str, frozenset[tuple[str, Any]]]
"""A count's own name: the crowd and what was asked for; the same question is the same cell."""
UNSAID, UNSAID_WORDS = "", "Ikke oppgitt"
TOTAL = "I alt"


class Chart(StrEnum):
    """How a table is drawn; the table is the truth and stands beside it."""

    BARS = "bars"
    """One bar for each line, in parts when there are several columns."""
    LINES = "lines"
    """The lines are points in time, each column one curve."""
    SPIDER = "spider"
    """The lines are directions from a centre, each column one web."""


@dataclass(frozen=True)
class Crowd:
    """The things that are counted; small counts of a `close` crowd are never printed."""

    name: str
    facts: Sequence[Fact]
    close: bool
    zeros: bool = False
    """Whether nought may be printed all the same: where that there is nobody tells nothing."""

    @cached_property
    def _counts(self) -> dict[Cell, int]:
        return {}

    def cell(self, *wheres: Where) -> Cell:
        """Name the count of what answers to all of these."""
        return self.name, frozenset(pair for where in wheres for pair in where.items())

    def count(self, cell: Cell) -> int:
        """Count what a cell asks for."""
        if cell not in self._counts:
            self._counts[cell] = sum(1 for _ in self.those(cell))
        return self._counts[cell]

    def those(self, cell: Cell) -> Iterable[Fact]:
        """Give the facts that a cell asks for."""
        asked = [*cell[1]]
        return (fact for fact in self.facts if all(_says(fact, q, code) for q, code in asked))


@dataclass(frozen=True)
class Axis:
    """One question with its answers; what was not answered has a place of its own."""

    question: str
    label: str
    answers: Mapping[str, str]
    optional: bool = False
    """Whether it may be left open; in confidence it then has that line whether any did or not."""


@dataclass(frozen=True)
class Line:
    """One row of a table."""

    label: str
    where: Where = field(default_factory=dict)
    total: bool = False
    reads: Mapping[str, str] = field(default_factory=dict)
    """Which question of its own a column's question means in this line."""

    def asks(self, where: Where) -> Where:
        """Give what a column asks for in this line."""
        return {**self.where, **{self.reads.get(q, q): code for q, code in where.items()}}

    def answers(self, where: Where) -> bool:
        """Say whether the line itself answers what a column asks; then there is nothing to ask."""
        return any(self.reads.get(question, question) in self.where for question in where)


@dataclass(frozen=True)
class Column:
    """One column of a table: what it asks for beside what its line does."""

    label: str
    where: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Count(Column):
    """A column that says how many."""


@dataclass(frozen=True)
class Share(Column):
    """A column that says how large a part of `of` the `where` is, in per cent."""

    of: Where = field(default_factory=dict)


@dataclass(frozen=True)
class Middle(Column):
    """A column with the median of what the facts hold under `of`."""

    of: str = field(kw_only=True)


@dataclass(frozen=True)
class Amount(Column):
    """A column with the sum of what the facts hold under `of`, divided by `by`."""

    of: str = field(kw_only=True)
    by: int = 1
    decimals: int = 0


@dataclass(frozen=True)
class Table:
    """Lines and columns over one crowd."""

    title: str
    crowd: Crowd
    first: str
    """What the lines are."""
    lines: tuple[Line, ...]
    columns: tuple[Column, ...]
    chart: Chart | None = None
    sums: tuple[Sum, ...] = ()
    draws: tuple[int, ...] = ()
    """The columns that the chart draws, which in bars are parts of a whole; else the first."""

    def __post_init__(self) -> None:
        if self.crowd.close and any(isinstance(column, Amount) for column in self.columns):
            raise ValueError(f"{self.title}: an amount of a few follows from the others' amounts")


@dataclass(frozen=True)
class Backed:
    """A figure that rests on so many people or homes; None when there is nothing to count."""

    value: float | int | None
    people: int


Given: TypeAlias = "str | int | float | Backed | None"


@dataclass(frozen=True)
class Listing:
    """A table whose figures are worked out one by one; those of people are `Backed`."""

    title: str
    first: str
    columns: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Given, ...]], ...]
    chart: Chart | None = None
    marks: tuple[tuple[str, str], ...] = ()
    """What changed, by the label of the line where it did."""
    decimals: int = 0


def cross(
    title: str,
    crowd: Crowd,
    rows: Axis,
    columns: Axis | None = None,
    *,
    among: Where | None = None,
    more: Sequence[Column] = (),
    every: str = "Antall",
    chart: Chart | None = None,
    draws: tuple[int, ...] = (),
) -> Table:
    """Lay a crowd out by one question or two, with totals; `among`: only those who answer so."""
    base = dict(among or {})
    down = [
        Line(words, {**base, rows.question: code}) for code, words in places(rows, crowd).items()
    ]
    across = [
        Count(words, {columns.question: code})
        for code, words in (places(columns, crowd) if columns else {}).items()
        if columns
    ]
    sums = [
        Sum(crowd.cell(base, one.where), tuple(crowd.cell(line.where, one.where) for line in down))
        for one in (Count(""), *across)
    ]
    if across:
        sums += [
            Sum(crowd.cell(where), tuple(crowd.cell(where, one.where) for one in across))
            for where in (base, *(line.where for line in down))
        ]
    return Table(
        title,
        crowd,
        rows.label,
        (*down, Line(TOTAL, base, total=True)),
        (*across, Count(TOTAL if across else every), *more),
        chart,
        tuple(sums),
        draws or tuple(range(len(across))),
    )


def without_empty(table: Table) -> Table:
    """Leave out the lines in which an open table counts nothing at all."""
    if table.crowd.close:
        return table
    kept = [
        line
        for line in table.lines
        if line.total or table.crowd.count(table.crowd.cell(line.where))
    ]
    return replace(table, lines=tuple(kept))


def places(axis: Axis, crowd: Crowd) -> dict[str, str]:
    """Give the answers, with a place for what nobody answered where there is such."""
    unsaid = any(_says(fact, axis.question, UNSAID) for fact in crowd.facts)
    secret = axis.optional and crowd.close and not crowd.zeros
    return {**axis.answers, UNSAID: UNSAID_WORDS} if unsaid or secret else dict(axis.answers)


def _says(fact: Fact, question: str, code: Any) -> bool:
    said = fact.get(question)
    return said == code or (code == UNSAID and said is None)
