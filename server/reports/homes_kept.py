"""Bostabilitet: who held a home of their own so many months after moving in; pure, from events.

A step is a code and a day. No name, no reason and no dwelling is known here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeAlias

from server.planning.calendar import add_months

Step: TypeAlias = tuple[date, str]
IN = frozenset({"moved_in", "moved_within"})
OUT = frozenset({"lost_tenancy", "moved_out_planned", "deceased"})
AWAY = frozenset({"temporary_absence", "institution_stay"})
GAP = timedelta(days=30)
"""A move within Housing First that takes no longer is as if nothing had happened."""


@dataclass(frozen=True)
class Nights:
    """How many nights somebody slept at home, of those they could have."""

    own: int
    possible: int


def housed_on(steps: Sequence[Step]) -> date | None:
    """Give the day somebody first moved in."""
    return min((day for day, what in steps if what in IN), default=None)


def kept(steps: Sequence[Step], months: int, on: date) -> bool | None:
    """Say whether somebody held a home of their own so many months after moving in.

    None where that day has not come, or they died before it: they are not counted.
    """
    first = housed_on(steps)
    if first is None or (then := add_months(first, months)) > on:
        return None
    if any(what == "deceased" and day <= then for day, what in steps):
        return None
    return holds_home(steps, then)


def holds_home(steps: Sequence[Step], on: date) -> bool:
    """Say whether somebody holds a tenancy on a day, a short gap between two homes counted in."""
    left = date.min
    housed = False
    for day, what in sorted(steps, key=_order):
        if day > on and what in IN | OUT:
            return housed or (what in IN and left != date.min and day - left <= GAP)
        if what in IN:
            housed = True
        elif what in OUT:
            housed, left = False, day if what != "deceased" else date.min
    return housed


def nights(steps: Sequence[Step], first: date, last: date, ended: date | None) -> Nights:
    """Count the nights from moving in, as far as they lie between two days, both included."""
    began = housed_on(steps)
    died = min((day for day, what in steps if what == "deceased"), default=date.max)
    until = min(last, died - timedelta(days=1), (ended or date.max) - timedelta(days=1))
    if began is None:
        return Nights(0, 0)
    day, own, possible = max(first, began), 0, 0
    while day <= until:
        possible += 1
        own += _at_home(steps, day)
        day += timedelta(days=1)
    return Nights(own, possible)


def _at_home(steps: Sequence[Step], on: date) -> bool:
    past = [step for step in sorted(steps, key=_order) if step[0] <= on]
    where = [what for _, what in past if what in IN | OUT | AWAY | {"back_home"}]
    return holds_home(steps, on) and bool(where) and where[-1] not in AWAY | OUT


def _order(step: Step) -> tuple[date, bool]:
    return step[0], step[1] in IN
