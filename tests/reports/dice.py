"""The dice of the thrown worlds: days at edges of periods, moments near Norwegian midnights."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from server.records import REGISTRY
from server.shapes import Json, write_instant
from tests.makers import NOW, USERS

EDGES = ("2026-01-01", "2026-06-30", "2026-07-01", "2026-11-23", "2025-12-31", "2026-11-30")
LISE = USERS["lise"]


class Dice:
    """Gives days, moments and choices, often at the edge of a period."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)

    def day(self) -> str:
        """Give a day of the last two years, or one at an edge."""
        if self.random.random() < 0.3:
            return self.random.choice(EDGES)
        return f"{date(2026, 11, 30) - timedelta(days=self.random.randrange(700))}"

    def after(self, day: str, most: int) -> str:
        """Give a day so long after another at most."""
        return f"{date.fromisoformat(day) + timedelta(days=self.random.randrange(most))}"

    def moment(self) -> str:
        """Give a moment, half of them just before or after a Norwegian midnight, before now."""
        day = datetime.fromisoformat(self.day()).replace(tzinfo=UTC)
        hour = self.random.choice((21.75, 22.25, 22.75, 23.25, 9.5, 12.0))
        return write_instant(min(day + timedelta(hours=hour), NOW - timedelta(minutes=5)))

    def one(self, *choices: Any) -> Any:
        """Choose."""
        return self.random.choice(choices)

    def maybe(self, values: Mapping[str, Json], share: float = 0.6) -> dict[str, Json]:
        """Give these, or nothing."""
        return dict(values) if self.random.random() < share else {}

    def choice(self, kind: str, field: str) -> str:
        """Choose one of a field's answers."""
        return str(self.random.choice([*REGISTRY[kind].fields[field].choices]))

    def step(self, kind: str) -> dict[str, Json]:
        """Say how far the work has come, or nothing."""
        limits: Any = REGISTRY[kind].fields["handling"].shape.limits["choices"]
        state = self.random.choice(limits)["value"]
        return self.maybe({"handling": {"state": state, "by": LISE, "at": self.moment()}}, 0.8)


Ids = Mapping[str, list[str]]
"""What is written of each kind so far."""
Make = Callable[[Dice, str, str, Ids], dict[str, Json]]
"""Throws a record in an area and a home there."""
