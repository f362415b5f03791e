"""One person's desk for one page: who reads, in which snapshot, and what they may see.

Every record that a page shows comes through here, so that what `visible` denies is never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

import orjson
from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from server.access import Actor, records_visible, scopes_here, visible_clause
from server.intake import SERVER
from server.people import User
from server.planning.calendar import day_of
from server.records import REGISTRY
from server.records.record import Envelope, KindSpec
from server.roles import Role
from server.shapes import REVIEWERS, Json, state_of
from sync.mutation import is_id

DEVICE_KEEPERS = frozenset({Role.OFFICE, Role.LEADER, Role.ADMIN})
"""Who sees the phones: for finding lost work, never as a measure of staff."""

LONG_AGO = datetime(1, 1, 3, tzinfo=UTC)
"""Before every day that a record can name."""


@dataclass(frozen=True)
class Item:
    """One record as the office reads it: what is deleted is in no scope, and read by nobody."""

    id: str
    spec: KindSpec
    seq: int
    body: Mapping[str, Json]
    authors: tuple[str, ...]
    area: str | None
    locked_at: datetime | None
    created_at: datetime
    changed_at: datetime

    @property
    def state(self) -> str:
        """Give the state of its life cycle; a record without a status is a draft."""
        return state_of(self.body.get("status"))

    def text(self, path: str) -> str | None:
        """Give the text at a path, None when there is none."""
        value = self.body.get(path)
        return value if isinstance(value, str) else None


@dataclass
class Desk:
    """A reader, the snapshot they read from, and what was already looked up for this page."""

    session: Session
    actor: Actor
    name: str
    now: datetime
    dated: bool = False
    """Whether every day is told by its date: what lies in a file is read another day."""
    _items: dict[str, Item | None] = field(default_factory=dict)
    _names: dict[str, str] = field(default_factory=dict)
    _once: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """Give the reader's scopes as they are now."""
        return scopes_here(self.session, self.actor, self.now)

    @property
    def today(self) -> date:
        """Give the day it is in Norway."""
        return day_of(self.now)

    @property
    def told_at(self) -> datetime:
        """Give the moment that days are told from."""
        return LONG_AGO if self.dated else self.now

    @property
    def reviews(self) -> bool:
        """Say whether the reader approves and returns what others wrote."""
        return bool(self.actor.roles & REVIEWERS)

    def reviews_in(self, area: str | None) -> bool:
        """Say whether the reader approves and returns what others wrote in an area."""
        return bool(self.actor.roles_in(area) & REVIEWERS)

    @property
    def keeps_devices(self) -> bool:
        """Say whether the reader sees the phones."""
        return bool(self.actor.roles & DEVICE_KEEPERS)

    def items(self, ids: Iterable[str]) -> list[Item]:
        """Give those records that exist and that the reader may see, in the order asked for."""
        wanted = [id for id in dict.fromkeys(ids) if is_id(id)]
        unknown = [id for id in wanted if id not in self._items]
        if unknown:
            self._items |= dict.fromkeys(unknown)
            self._keep(records_visible(self.session, self.scopes, ids=unknown))
        return [item for id in wanted if (item := self._items[id]) is not None]

    def found(
        self, kind: str, narrow: Callable[[Select[Any]], Select[Any]], limit: int | None = None
    ) -> list[Item]:
        """Give the reader's records of a kind that `narrow` leaves."""
        rows = records_visible(self.session, self.scopes, kind, narrow=narrow, limit=limit)
        return self._keep(rows)

    def count(self, kind: str, narrow: Callable[[Select[Any]], Select[Any]]) -> int:
        """Count what `found` would give."""
        mine = select(Envelope.id).where(visible_clause(self.scopes), Envelope.kind == kind)
        counted = select(func.count()).select_from(narrow(mine).order_by(None).subquery())
        return self.session.execute(counted).scalar_one()

    def _keep(self, rows: Iterable[Row[Any]]) -> list[Item]:
        items = [item_of(row) for row in rows]
        self._items |= {item.id: item for item in items}
        return items

    def item(self, id: str | None) -> Item | None:
        """Give one record; None when it is missing or not the reader's to see."""
        found = self.items([id]) if id else []
        return found[0] if found else None

    def once(self, key: str, ask: Callable[[], Any]) -> Any:
        """Ask something once for the whole page, and give the same answer afterwards."""
        if key not in self._once:
            self._once[key] = ask()
        return self._once[key]

    def know(self, users: Iterable[str]) -> None:
        """Look up the names of many users at once."""
        unknown = set(users) - self._names.keys()
        if unknown:
            rows = self.session.execute(select(User.id, User.name).where(User.id.in_(unknown)))
            self._names |= dict(rows.all())

    def person(self, user: Json) -> str:
        """Give a colleague's name."""
        if not isinstance(user, str) or user == SERVER:
            return "Tjenesten"
        self.know([user])
        return self._names.get(user, "Ukjent")

    def title(self, item: Item) -> str:
        """Name a record by its own required words, else by the first record it refers to."""
        own = item.spec.own_words(item.body)
        if own:
            return own
        for name, declared in item.spec.fields.items():
            if declared.to and (target := self.item(item.text(name))):
                return self.title(target)
        return item.spec.words[0]


def item_of(row: Row[Any]) -> Item:
    """Read a row of `record`; whoever asked for it has seen to who may read it."""
    return Item(
        id=row.id,
        spec=REGISTRY[row.kind],
        seq=row.seq,
        body=orjson.loads(row.body),
        authors=tuple(orjson.loads(row.authors)),
        area=row.area,
        locked_at=row.locked_at,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
