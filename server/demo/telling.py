"""Writes one made-up record after another, each on its day; it knows no programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from server.demo.municipality import Person, made_up_id
from server.demo.pen import Pen, handled, made, status
from server.planning.calendar import day_of
from server.shapes import Json

EARLIEST_DAYS = 395
"""Nothing was written before the municipality began; what is older was written down then."""


@dataclass(frozen=True)
class Teller:
    """Somebody's pen on a given day."""

    pen: Pen
    now: datetime

    def day(self, days_ago: int) -> str:
        """Give the day so many days ago, as it is written; below nothing is to come."""
        return f"{day_of(self.now - timedelta(days=days_ago)):%Y-%m-%d}"

    def tell(
        self,
        who: Person,
        days_ago: int,
        kind: str,
        name: str,
        values: Mapping[str, Json],
        *,
        handling: str = "",
        sent: bool = False,
    ) -> str:
        """Write a record on its day and give its id."""
        at = self.now - timedelta(days=min(max(days_ago, 0), EARLIEST_DAYS), hours=2)
        id = made_up_id(kind, name)
        whole = {
            **values,
            **(handled(handling, who, at) if handling else {}),
            **(status("submitted", who, at) if sent else {}),
        }
        (result,) = self.pen.office(who, at, made(kind, id, whole))
        assert result.state == "applied", (kind, name, result)
        return id
