"""What the slow counts count over: raw bodies, with days as texts.

They share no code with the reports, and Norwegian days come from the time zone alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Told = dict[tuple[str, str, str], Any]
"""What a table's line says in a column."""


@dataclass(frozen=True)
class Raw:
    """A record as it lies in the database."""

    kind: str
    id: str
    area: str | None
    body: Mapping[str, Any]
    created: datetime
    mutations: tuple[Mapping[str, Any], ...] = ()
    """Everything that was ever sent about it."""

    def get(self, path: str) -> Any:
        """Give what stands at a path."""
        return self.body.get(path)

    def step(self, path: str = "handling") -> str | None:
        """Give the state of a composite."""
        return (self.body.get(path) or {}).get("state")

    def step_day(self) -> str:
        """Give the Norwegian day of the last step."""
        return norwegian(self.body["handling"]["at"])


@dataclass(frozen=True)
class Case:
    """What is counted over: the records that count, the period and today."""

    records: list[Raw]
    first: str
    last: str
    today: str

    @property
    def end(self) -> str:
        """Give the last day that has come."""
        return min(self.last, self.today)

    def of(self, kind: str) -> list[Raw]:
        """Give those of a kind that are sent in."""
        return [r for r in self.records if r.kind == kind and _sent_in(r)]

    def within(self, day: str | None) -> bool:
        """Say whether a day lies in the period, as far as it has come."""
        return day is not None and self.first <= day <= self.end


WITH_STATUS = frozenset(
    [
        "visit",
        "deviation",
        "complaint",
        "evaluation",
        "assistance",
        "assistance_request",
        "staff_incident",
    ]
)


def _sent_in(record: Raw) -> bool:
    return record.kind not in WITH_STATUS or record.step("status") not in (None, "draft")


def norwegian(moment: str) -> str:
    """Give the day it was in Norway."""
    read = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return f"{read.astimezone(ZoneInfo('Europe/Oslo')):%Y-%m-%d}"


def later(day: str, days: int) -> str:
    """Give the day so many days later."""
    return f"{date.fromisoformat(day) + timedelta(days=days)}"


def months_on(day: str, months: int) -> str:
    """Give the same day so many months later, or that month's last."""
    start = date.fromisoformat(day)
    for number in range(start.day, 0, -1):
        month = start.month - 1 + months
        try:
            return f"{date(start.year + month // 12, month % 12 + 1, number)}"
        except ValueError:
            continue
    raise AssertionError(day)


def days_from(first: str, last: str) -> int:
    """Count the days between two."""
    return (date.fromisoformat(last) - date.fromisoformat(first)).days


def per_cent(part: int, whole: int) -> int | None:
    """Give a share in whole per cent."""
    return round(100 * part / whole) if whole else None


def members(record: Raw, field: str) -> set[str]:
    """Give the members of a keyed set."""
    return {p.split("/")[1] for p, v in record.body.items() if p.startswith(f"{field}/") and v}
