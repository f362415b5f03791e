"""Small figures stay hidden: no table that agrees with what is printed pins one of them down.

The oracle tries every possible world by hand; it knows nothing of how the hiding is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.reports.hiding import Sum, hidden
from server.reports.printing import TOO_FEW, Sheet, printed
from server.reports.tables import (
    Amount,
    Axis,
    Backed,
    Count,
    Crowd,
    Line,
    Listing,
    Middle,
    Share,
    Table,
    cross,
)

FEWEST = 5
A = Axis("a", "A", {"x": "X", "y": "Y"})
B = Axis("b", "B", {"p": "P", "q": "Q", "r": "R"})
PLACES = [*product(A.answers, B.answers)]
World = tuple[int, ...]
"""How many there are in each place."""


def crowd(world: World, *, zeros: bool = False, close: bool = True) -> Crowd:
    """Give a crowd with so many in each place."""
    facts = [
        {"a": a, "b": b} for (a, b), count in zip(PLACES, world, strict=True) for _ in range(count)
    ]
    return Crowd("everybody", facts, close, zeros)


def tables(those: Crowd, layout: int) -> list[Table]:
    """Lay a crowd out in one of several ways, with totals, shares and parts of parts."""
    share = Share("share", {"b": "p"})
    both = cross("both", those, A, B, more=[share])
    if layout == 0:
        return [both]
    if layout == 1:
        return [cross("a", those, A, more=[share]), cross("b", those, B)]
    if layout == 2:
        return [cross("b of x", those, B, among={"a": "x"}), cross("a", those, A), both]
    nested = (Line("all"), Line("x", {"a": "x"}), Line("x and p", {"a": "x", "b": "p"}))
    return [Table("nested", those, "", nested, (Count("n"), share))]


def shown(sheets: Sequence[Sheet]) -> list[int | float | None]:
    """Give every printed figure in order, None where it is hidden."""
    return [
        None if cell.few else cell.value
        for sheet in sheets
        for line in sheet.lines
        for cell in line.cells
    ]


def worlds(most: int) -> Iterator[World]:
    """Give every world with no more than so many people."""

    def rest(places: int, left: int) -> Iterator[World]:
        if not places:
            yield ()
            return
        for here in range(left + 1):
            for more in rest(places - 1, left - here):
                yield (here, *more)

    yield from rest(len(PLACES), most)


def agree(seen: Sequence[int | float | None], other: Sequence[int | float | None]) -> bool:
    """Say whether a world prints what was seen, wherever something was."""
    return all(s is None or s == o for s, o in zip(seen, other, strict=True))


def figures(world: World, layout: int) -> list[int | None]:
    """Count by hand what a world would print if nothing were hidden."""

    def n(a: str = "", b: str = "") -> int:
        held = zip(PLACES, world, strict=True)
        return sum(many for (x, y), many in held if a in ("", x) and b in ("", y))

    def share(a: str = "", b: str = "") -> int | None:
        part, whole = n(a, "p") if b in ("", "p") else 0, n(a, b)
        return round(100 * part / whole) if whole else None

    both = [f for a in ("x", "y", "") for f in (*(n(a, b) for b in ("p", "q", "r", "")), share(a))]
    if layout == 0:
        return both
    if layout == 1:
        return [f for a in ("x", "y", "") for f in (n(a), share(a))] + [
            n("", b) for b in ("p", "q", "r", "")
        ]
    if layout == 2:
        return [*(n("x", b) for b in ("p", "q", "r", "")), n("x"), n("y"), n(), *both]
    return [n(), share(), n("x"), share("x"), n("x", "p"), None]


EVERY = {layout: {world: figures(world, layout) for world in worlds(9)} for layout in range(4)}
"""What each world would print if nothing were hidden, by layout."""
SMALL = [world for world in EVERY[0] if sum(world) < 9]
"""Worlds with room for one more: where even the number of people is hidden there may be others."""


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SMALL), st.integers(0, 3), st.booleans())
def test_no_hidden_figure_can_be_worked_out_from_what_is_printed(
    world: World, layout: int, zeros: bool
) -> None:
    """Whatever is hidden because it is small could, by all that is seen, be five or more."""
    seen = shown(printed(tables(crowd(world, zeros=zeros), layout), FEWEST))
    true = EVERY[layout][world]
    possible = [other for other in EVERY[layout].values() if agree(seen, other)]
    assert true in possible
    for place, (here, value) in enumerate(zip(seen, true, strict=True)):
        if here is None and value is not None:
            assert len({other[place] for other in possible}) > 1, (world, place, seen)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(SMALL), st.integers(0, 3))
def test_no_small_count_is_printed(world: World, layout: int) -> None:
    """Not in any cell, and not as what is left of a whole beside its part."""
    for sheet in printed(tables(crowd(world), layout), FEWEST):
        for line in sheet.lines:
            for cell in line.cells:
                assert cell.few or cell.percent or cell.value is None or cell.value >= FEWEST
                assert not cell.few or (cell.words, cell.value) == (TOO_FEW, None)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=5))
def test_in_larger_tables_no_line_and_no_sum_gives_a_small_figure_away(
    grid: list[list[int]],
) -> None:
    """Each line and column with a total in print hides none or at least two, of five or more."""
    across, down = range(3), range(len(grid))
    counts: dict[Any, int] = {(r, c): grid[r][c] for r in down for c in across}
    counts |= {(r, "all"): sum(grid[r]) for r in down}
    counts |= {("all", c): sum(grid[r][c] for r in down) for c in across}
    counts[("all", "all")] = sum(map(sum, grid))
    rows: list[Any] = [*down, "all"]
    columns: list[Any] = [*across, "all"]
    sums = [Sum((r, "all"), tuple((r, c) for c in across)) for r in rows]
    sums += [Sum(("all", c), tuple((r, c) for r in down)) for c in columns]
    away = hidden(counts, sums, FEWEST)
    assert {key for key, count in counts.items() if count < FEWEST} <= away
    for one in sums:
        parts = [part for part in one.parts if part in away]
        if one.whole not in away and parts:
            assert len(parts) > 1 and sum(counts[part] for part in parts) >= FEWEST, (one, away)
        assert not (one.whole in away and not parts), "a hidden total would be added up"


def test_what_is_large_everywhere_is_printed_whole() -> None:
    """Nothing is hidden for its own sake."""
    counts = {"all": 30, "a": 10, "b": 20}
    assert hidden(counts, [Sum("all", ("a", "b"))], FEWEST) == frozenset()


def test_one_small_figure_takes_the_least_other_one_with_it() -> None:
    """The total stays, and so does the largest."""
    counts = {"all": 63, "a": 3, "b": 10, "c": 50}
    assert hidden(counts, [Sum("all", ("a", "b", "c"))], FEWEST) == {"a", "b"}


def test_two_small_figures_that_add_up_to_a_small_one_take_a_third() -> None:
    """1 and 2 beside a printed rest would be «three of these two kinds»."""
    counts = {"all": 33, "a": 1, "b": 2, "c": 30}
    assert hidden(counts, [Sum("all", ("a", "b", "c"))], FEWEST) == {"a", "b", "c"}


def test_a_few_who_are_left_over_are_guarded_as_those_in_a_cell() -> None:
    """27 of 30 tells of three, though no cell holds them."""
    counts = {"all": 30, "most": 27, "rest": 3}
    away = hidden(counts, [Sum("all", ("most", "rest"))], FEWEST, {"rest"})
    assert away and away <= {"all", "most"}


def test_nought_is_printed_only_where_it_may() -> None:
    counts = {"all": 20, "a": 0, "b": 20}
    assert hidden(counts, [Sum("all", ("a", "b"))], FEWEST, zeros=True) == frozenset()
    assert "a" in hidden(counts, [Sum("all", ("a", "b"))], FEWEST)


@pytest.mark.parametrize("fewest", [3, 5, 10])
def test_the_threshold_is_the_one_that_is_set(fewest: int) -> None:
    for count in range(fewest + 3):
        (sheet,) = printed([cross("one", crowd((count, 0, 0, 0, 0, 0)), A)], fewest)
        assert sheet.lines[-1].cells[0].few == (count < fewest)


def test_a_table_of_a_few_says_nothing_of_whether_there_is_anybody() -> None:
    """Nobody and four look the same, table and all."""
    none, few = (printed(tables(crowd(w), 0), FEWEST) for w in ((0,) * 6, (1, 0, 1, 0, 2, 0)))
    assert none == few and none[0].too_few and not none[0].empty


def test_medians_rest_on_enough_people_and_amounts_of_a_close_crowd_are_refused() -> None:
    facts = [{"a": "x", "days": n} for n in range(6)]
    facts += [{"a": "y", "days": 1}] * 4 + [{"a": "y"}] * 3
    those = Crowd("cases", facts, close=True)
    (sheet,) = printed([cross("a", those, A, more=[Middle("days", of="days")])], FEWEST)
    assert [line.cells[-1].few for line in sheet.lines] == [False, True, False]
    assert sheet.lines[0].cells[-1].words == "2,5"
    facts = [{"a": "x", "days": 3}] * 9 + [{"a": "y", "days": 1}] * 2
    (sheet,) = printed(
        [cross("a", Crowd("cases", facts, close=True), A, more=[Middle("days", of="days")])], FEWEST
    )
    assert sheet.lines[0].cells[-1].few, "nine are hidden, so that they are nine is not told either"
    with pytest.raises(ValueError, match="amount"):
        cross("a", those, A, more=[Amount("sum", of="days")])


def test_a_figure_that_rests_on_a_few_is_hidden() -> None:
    lines = (("a", (Backed(99.5, 4),)), ("b", (Backed(98.25, 5),)), ("c", (None,)))
    (sheet,) = printed([Listing("nights", "year", ("share",), lines, decimals=1)], FEWEST)
    assert [line.cells[0].words for line in sheet.lines] == [TOO_FEW, "98,2", "–"]
