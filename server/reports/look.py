"""What a report reads: the records that may be counted for one reader, in one period.

Every record comes through `records`, which lets nothing by that the reader's own rights, or the
report's right to whole areas, do not give. What is deleted or still a draft counts for nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.access import Actor, all_areas, visible_clause
from server.planning.calendar import day_of
from server.records.area import Area
from server.records.dwelling import Dwelling
from server.records.programme_site import ProgrammeSite
from server.records.record import Envelope, Record, members_of
from server.reports.periods import Period
from server.reports.tables import Axis, Crowd, Fact
from server.roles import Role
from server.shapes import REVIEWERS, Json, read_instant

PLACED = frozenset({"building", "dwelling", "site"})
"""The fields that say where something is, and so whether a programme runs there."""


@dataclass(frozen=True)
class Told:
    """One record that counts: its area, and its body as it stands."""

    id: str
    area: str
    body: Mapping[str, Json]
    created_at: datetime

    def text(self, path: str) -> str:
        """Give the text at a path, empty when there is none."""
        value = self.body.get(path)
        return value if isinstance(value, str) else ""

    def number(self, path: str) -> int | None:
        """Give the whole number at a path."""
        value = self.body.get(path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def day(self, path: str) -> date | None:
        """Give the Norwegian day at a path, where there is a day or a moment."""
        text = self.text(path)
        if not text:
            return None
        return day_of(read_instant(text)) if "T" in text else date.fromisoformat(text)

    def on(self, path: str) -> bool:
        """Say whether a flag is set."""
        return self.body.get(path) is True

    def step(self, path: str = "handling") -> str:
        """Give how far the work on it has come, empty when nobody has begun."""
        value = self.body.get(path)
        state = value.get("state") if isinstance(value, Mapping) else None
        return state if isinstance(state, str) else ""

    def step_on(self, path: str = "handling") -> date | None:
        """Give the Norwegian day of the last step of the work on it."""
        value = self.body.get(path)
        at = value.get("at") if isinstance(value, Mapping) else None
        return day_of(read_instant(at)) if isinstance(at, str) else None

    def members(self, name: str) -> tuple[str, ...]:
        """Give the members of a keyed set."""
        return members_of(self.body, name)

    def keyed(self, name: str) -> dict[str, Json]:
        """Give what stands under each key of a keyed field."""
        start = f"{name}/"
        return {p.removeprefix(start): v for p, v in self.body.items() if p.startswith(start)}


@dataclass
class Look:
    """One reader's look at one period; it lasts for one page."""

    session: Session
    actor: Actor
    scopes: Collection[str]
    now: datetime
    period: Period
    close: bool = False
    confided: bool = False
    readers: frozenset[Role] = REVIEWERS
    area: str | None = None
    programme: str | None = None

    @property
    def today(self) -> date:
        """Give the day it is in Norway."""
        return day_of(self.now)

    @property
    def upto(self) -> date:
        """Give the last day that has come: the period's, or today."""
        return min(self.period.last, self.today)

    @cached_property
    def areas(self) -> dict[str, str]:
        """Give the areas that count for this reader, by id, with their names, in order of name."""
        own = [a for a in all_areas(self.session) if self.actor.roles_in(a) & self.readers]
        rows = self.session.execute(select(Area.id, Area.name).where(Area.id.in_(own)))
        named = {id: name or "" for id, name in rows}
        return dict(sorted(named.items(), key=lambda one: (one[1], one[0])))

    @property
    def by_area(self) -> Axis:
        """Give the question which area something is in."""
        return Axis("area", "Område", self.areas)

    def crowd(self, name: str, facts: Iterable[Fact], *, close: bool | None = None) -> Crowd:
        """Gather what is counted; small counts are hidden unless it is said to be about nobody."""
        own = self.close if close is None else close
        return Crowd(name, [*facts], own, zeros=not self.confided)

    def records(self, model: type[Record], *where: ColumnElement[bool]) -> list[Told]:
        """Give the records of a kind that count for this reader, in the chosen area and programme.

        Whoever reads whole areas in confidence gets them by their own role there, and no more.
        """
        found = self._all(model, *where)
        if self.programme is None or not PLACED & model.spec.fields.keys():
            return found
        return [one for one in found if self._inside(one)]

    def _all(self, model: type[Record], *where: ColumnElement[bool]) -> list[Told]:
        chosen = [area for area in self.areas if self.area in (None, area)]
        query = (
            select(Envelope.id, Envelope.area, Envelope.body, Envelope.created_at)
            .join(model, model.id == Envelope.id)
            .where(Envelope.deleted.is_(False), Envelope.area.in_(chosen), *where)
            .order_by(Envelope.id)
        )
        if "status" in model.spec.fields:
            status: Any = getattr(model, "status")  # noqa: B009
            query = query.where(status.is_not(None), status != "draft")
        if not self.confided:
            query = query.where(visible_clause(self.scopes))
        return [
            Told(row.id, row.area, orjson.loads(row.body), row.created_at)
            for row in self.session.execute(query)
        ]

    def _inside(self, one: Told) -> bool:
        """Say whether something is where the chosen programme runs."""
        building = one.text("building") or self._homes.get(one.text("dwelling"), "")
        return building in self._buildings or one.text("site") in self._sites

    @cached_property
    def _sites(self) -> dict[str, Told]:
        chosen = ProgrammeSite.programme == self.programme
        return {site.id: site for site in self._all(ProgrammeSite, chosen)}

    @cached_property
    def _buildings(self) -> set[str]:
        return {id for site in self._sites.values() for id in site.members("buildings")}

    @cached_property
    def _homes(self) -> dict[str, str]:
        return {home.id: home.text("building") for home in self._all(Dwelling)}
