"""One report's declaration: what it asks, how it counts, over which periods, and for whom.

What differs between reports stands in their own files beside this one; it names none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from server.access import Actor
from server.reports.look import Look
from server.reports.periods import ALL_KINDS, PeriodKind
from server.reports.tables import Listing, Table
from server.roles import Role

AREA, PROGRAMME = "area", "programme"
Count: TypeAlias = Callable[[Look], Iterable[Table | Listing]]


class Closeness(StrEnum):
    """How near a report comes to people: whose records it counts, and what it hides."""

    OPEN = "open"
    """Buildings, events and work: counts what the reader may see, and prints every figure."""
    HOUSEHOLDS = "households"
    """Households: counts what the reader may see; small counts are hidden, for paper travels."""
    CONFIDED = "confided"
    """What a team alone may read: counts whole areas for their office and leader, who may not read
    all of it; small counts are hidden, and one kind of period alone is offered, so that no two
    tables can be held against each other."""


@dataclass(frozen=True)
class Report:
    """One report."""

    order: int
    title: str
    about: str
    """What it is for, in one sentence."""
    counted: tuple[str, ...]
    """«Slik er tallet regnet», a sentence for each rule."""
    closeness: Closeness
    readers: frozenset[Role]
    count: Count
    periods: tuple[PeriodKind, ...] = ALL_KINDS
    """Of which the first that is asked for is shown; empty: as it stands, and no other."""
    filters: tuple[str, ...] = (AREA,)

    def __post_init__(self) -> None:
        confided = self.closeness is Closeness.CONFIDED
        if confided and len(self.periods) > 1:
            raise ValueError(f"{self.title}: confided figures come in one kind of period")
        if self.close and self.filters:
            raise ValueError(f"{self.title}: a filter would tell what its whole hides")

    @property
    def close(self) -> bool:
        """Say whether small counts are hidden."""
        return self.closeness is not Closeness.OPEN

    def may_read(self, actor: Actor) -> bool:
        """Say whether the report is for this person, in some area."""
        return bool(actor.roles & self.readers)
