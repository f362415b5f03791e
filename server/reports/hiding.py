"""Small figures: which cells of printed tables must be hidden so that no small one is worked out.

A pure function of counts and of the sums between them. What it leaves in print is safe by proof:
for every small figure there is another table that agrees with all that is printed, and in which
that figure is not small.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Key: TypeAlias = Hashable
STEPS_MAX = 400
"""How long one figure is looked at; who finds no other table by then hides more."""
RANKS = (0, 1, 2)
SPARE_MAX = 4
"""How many more are hidden for one figure at a time, before the nearest one is."""


@dataclass(frozen=True)
class Sum:
    """One figure is the sum of others; whoever reads the table knows it."""

    whole: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """Give the whole and its parts."""
        return (self.whole, *self.parts)


def hidden(
    counts: Mapping[Any, int],
    sums: Sequence[Sum],
    fewest: int,
    unprinted: Collection[Key] = (),
    *,
    zeros: bool = False,
) -> frozenset[Key]:
    """Give the cells that may not be printed: the small ones, and what would tell them.

    `unprinted` are figures that stand in no cell and follow from the others, such as the rest of a
    whole beside one part: they are guarded as the others are. With `zeros` nought is no small
    figure, and is printed.
    """
    small = {key for key, count in counts.items() if count < fewest and (count or not zeros)}
    cover = _Cover(dict(counts), sums, fewest)
    cover.away |= small | set(unprinted)
    for key in [key for key in counts if key in small]:
        while not cover.may_be_large(key) and cover.hide_more_for(key):
            pass
    known: set[Key] = set()
    while rest := sorted(cover.away - small - known - set(unprinted), key=cover.order.__getitem__):
        for key in rest:
            while not cover.may_differ(key) and cover.hide_more_for(key):
                pass
        known |= set(rest)
    return frozenset(cover.away - set(unprinted))


@dataclass
class _Cover:
    """What is hidden so far; it only grows, so what was proven stays proven."""

    counts: dict[Key, int]
    sums: Sequence[Sum]
    fewest: int
    away: set[Key] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.of: dict[Key, list[int]] = {key: [] for key in self.counts}
        for number, one in enumerate(self.sums):
            for key in one.keys:
                self.of[key].append(number)
        wholes = {one.whole for one in self.sums}
        parts = {part for one in self.sums for part in one.parts}
        self.rank = {key: (key in wholes) + (key not in parts) for key in self.counts}
        """0 within a table, 1 a total that is part of another, 2 the sum of all."""
        self.order = {key: number for number, key in enumerate(self.counts)}

    def may_be_large(self, key: Key) -> bool:
        """Say whether some table with the same printed figures has `fewest` or more here."""
        other = dict(self.counts)
        while other[key] < self.fewest:
            move = _Move(self, other, key)
            if not move.found():
                return False
            for moved, by in move.made.items():
                other[moved] += by
        return True

    def may_differ(self, key: Key) -> bool:
        """Say whether some table with the same printed figures has another figure here."""
        return any(_Move(self, self.counts, key, by=by).found() for by in (1, -1))

    def hide_more_for(self, key: Key) -> bool:
        """Hide what lets one figure more be another one, as little as may be; False when all is."""
        for rank in RANKS:
            for spare in range(1, SPARE_MAX + 1):
                move = _Move(self, self.counts, key, spare, rank)
                if move.found() and move.printed:
                    self.away |= move.printed
                    return True
        near = self._printed_near(key)
        self.away |= set(near[:1])
        return bool(near)

    def _printed_near(self, key: Key) -> list[Key]:
        """Give the printed cells that bear on a hidden one, totals last, small first."""
        seen, edge = {key}, [key]
        while edge:
            reached = {k for here in edge for n in self.of[here] for k in self.sums[n].keys}
            if found := [one for one in reached if one not in self.away]:
                return sorted(found, key=lambda k: (self.rank[k], self.counts[k], self.order[k]))
            edge = [one for one in reached if one not in seen]
            seen |= reached
        return []


class _Move:
    """A step from one table to another: one figure by one, others by one so that all adds up.

    Hidden figures move; of the printed ones `spare` may, up to a rank: those are to be hidden.
    """

    def __init__(
        self,
        cover: _Cover,
        table: Mapping[Key, int],
        start: Key,
        spare: int = 0,
        rank: int = 0,
        by: int = 1,
    ) -> None:
        self.cover, self.table, self.spare, self.most = cover, table, spare, rank
        self.made: dict[Key, int] = {}
        self.off: dict[int, int] = {}
        self.steps = 0
        self._do(start, by)

    @property
    def printed(self) -> set[Key]:
        """Give the printed figures that moved."""
        return self.made.keys() - self.cover.away

    def found(self) -> bool:
        """Say whether the step can be made; then `made` tells how."""
        if not self.off:
            return True
        self.steps += 1
        if self.steps > STEPS_MAX:
            return False
        ways = min((self._mends(number) for number in sorted(self.off)), key=len)
        for key, by in sorted(ways, key=self._weight):
            self._do(key, by)
            if self.found():
                return True
            self._undo(key, by)
        return False

    def _mends(self, number: int) -> list[tuple[Key, int]]:
        """Give the cells that would mend a sum that is off."""
        one, off = self.cover.sums[number], self.off[number]
        by = 1 if off > 0 else -1
        ways = [(one.whole, by), *((part, -by) for part in one.parts)]
        return [(key, by) for key, by in ways if self._may(key, by)]

    def _may(self, key: Key, by: int) -> bool:
        if key in self.made or self.table[key] + by < 0:
            return False
        if key in self.cover.away:
            return True
        return self.cover.rank[key] <= self.most and len(self.printed) < self.spare

    def _weight(self, way: tuple[Key, int]) -> tuple[int, bool, int, int]:
        """Put first what leaves least off, then what is hidden already, then the small."""
        key, by = way
        printed = key not in self.cover.away
        size = self.table[key] if printed else -self.table[key]
        return self._cost(key, by), printed, size, self.cover.order[key]

    def _cost(self, key: Key, by: int) -> int:
        """Say how much more would be off afterwards."""
        return sum(
            abs(self.off.get(n, 0) + self._turn(n, key, by)) - abs(self.off.get(n, 0))
            for n in self.cover.of[key]
        )

    def _turn(self, number: int, key: Key, by: int) -> int:
        return -by if self.cover.sums[number].whole == key else by

    def _do(self, key: Key, by: int) -> None:
        self.made[key] = by
        self._shift(key, by)

    def _undo(self, key: Key, by: int) -> None:
        del self.made[key]
        self._shift(key, -by)

    def _shift(self, key: Key, by: int) -> None:
        for number in self.cover.of[key]:
            now = self.off.pop(number, 0) + self._turn(number, key, by)
            if now:
                self.off[number] = now


def parts_of(sums: Iterable[Sum]) -> frozenset[tuple[Key, Key]]:
    """Give every pair of a whole and a part that a sum already ties."""
    return frozenset((one.whole, part) for one in sums for part in one.parts)
