"""Who may see and write what: scopes of a person, places of a record, and `visible` between them.

The whole access model is here; it knows no request, and no kind but by its declaration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, select
from sqlalchemy.orm import Session

from server import people
from server.records import REGISTRY
from server.records.record import (
    ORGANISATION,
    ORGANISATION_REVIEW,
    READER_SETS,
    TEAM_STAFF,
    Envelope,
    KindSpec,
    Place,
    PlaceFacts,
    ScopeMember,
    area_scope,
    confided_scope,
    day_scope,
    me_scope,
)
from server.roles import Role
from server.shapes import Json

HERE = ZoneInfo("Europe/Oslo")
DAYS_BEFORE, DAYS_AFTER = 1, 3
"""The days that are loaded first; what is further off comes with the rest of the area."""
SCOPES_MAX = 32
"""More than these make an idle round trip dear; a phone has far fewer."""
SCOPE_LISTS_MAX = 1024
"""How many lists of scopes a worker remembers; one for each person who is at work."""
AREA_KIND = "area"
MAY_HAND_OVER = frozenset({Role.OFFICE, Role.LEADER, Role.ADMIN})
"""Moving a record to another area is a right of its own."""


@dataclass(frozen=True)
class Actor:
    """Somebody who reads or writes, with the grants they hold now."""

    user: str
    grants: tuple[tuple[Role, str | None], ...]

    @property
    def roles(self) -> frozenset[Role]:
        """Give every role held anywhere."""
        return frozenset(role for role, _ in self.grants)

    def roles_in(self, area: str | None) -> frozenset[Role]:
        """Give the roles that reach an area; for None those that reach the whole organisation."""
        return frozenset(r for r, where in self.grants if where is None or where == area)

    @property
    def everywhere(self) -> bool:
        """Say whether some grant reaches every area, those of tomorrow included."""
        return any(where is None for _, where in self.grants)


def actor_of(session: Session, user: str) -> Actor:
    """Give a user with today's grants; nobody has none."""
    return Actor(user, people.grants_of(session, {user})[user])


def today_of(now: datetime) -> date:
    """Give the day it is in Norway."""
    return now.astimezone(HERE).date()


def all_areas(session: Session) -> tuple[str, ...]:
    """Give the ids of all areas that are not deleted, sorted."""
    rows = session.execute(
        select(Envelope.id).where(Envelope.kind == AREA_KIND, Envelope.deleted.is_(False))
    )
    return tuple(sorted(rows.scalars()))


def scopes_of(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Give every scope of a person, in the order they are loaded."""
    areas = all_areas(session) if actor.everywhere else ()
    return scopes(actor, today_of(now), areas)


def scopes(actor: Actor, today: date, areas: Collection[str]) -> tuple[str, ...]:
    """Give every scope of a person: their day first, then what is theirs, then what is shared.

    Their own scope is always there, so that a receipt reaches also those who lost all access.
    Whoever works everywhere reads every day in the areas' scopes and has no day of their own.
    It is worked out once per list of grants and day; a grant that goes gives another list.
    """
    return _scopes(actor, today, tuple(areas))


@lru_cache(maxsize=SCOPE_LISTS_MAX)
def _scopes(actor: Actor, today: date, areas: tuple[str, ...]) -> tuple[str, ...]:
    mine = me_scope(actor.user)
    if not actor.grants:
        return (mine,)
    days = [today + timedelta(days=d) for d in (*range(DAYS_AFTER + 1), -DAYS_BEFORE)]
    named = {where for _, where in actor.grants if where is not None}
    reached = sorted({*named, *(areas if actor.everywhere else ())})
    visits = [area for area in reached if actor.roles_in(area) & TEAM_STAFF]
    own = [area for area in visits if area in named]
    shared = {
        area_scope(area, readers)
        for role, where in actor.grants
        for area in (areas if where is None else (where,))
        for readers, roles in READER_SETS.items()
        if role in roles and readers != "everyone"
    }
    return (
        *(day_scope(actor.user, day.isoformat(), area) for day in days for area in own),
        mine,
        *(me_scope(actor.user, area) for area in reached),
        *(confided_scope(actor.user, area) for area in visits),
        ORGANISATION,
        *([ORGANISATION_REVIEW] if actor.roles_in(None) & READER_SETS["review"] else ()),
        *sorted(shared),
    )


def access_version(user: str, mine: Iterable[str]) -> str:
    """Name a list of scopes; the same list has the same name on every machine."""
    return _access_version(user, tuple(mine))


@lru_cache(maxsize=SCOPE_LISTS_MAX)
def _access_version(user: str, mine: tuple[str, ...]) -> str:
    return hashlib.sha256("|".join([user, *sorted(mine)]).encode()).hexdigest()[:12]


def visible_clause(mine: Collection[str]) -> ColumnElement[bool]:
    """Give the condition under which a row of `record` may be read by the holder of `mine`."""
    return Envelope.id.in_(
        select(ScopeMember.id).where(ScopeMember.scope.in_(mine), ScopeMember.present)
    )


def visible(session: Session, mine: Collection[str], ids: Collection[str]) -> set[str]:
    """Give those of `ids` that are present in one of the scopes `mine`."""
    if not ids:
        return set()
    rows = session.execute(
        select(ScopeMember.id)
        .where(ScopeMember.id.in_(ids), ScopeMember.scope.in_(mine), ScopeMember.present)
        .distinct()
    )
    return set(rows.scalars())


def records_visible(
    session: Session,
    mine: Collection[str],
    kind: str | None = None,
    *,
    ids: Collection[str] | None = None,
    area: str | None = None,
    limit: int | None = None,
    narrow: Callable[[Select[Any]], Select[Any]] | None = None,
) -> list[Row[Any]]:
    """Give the envelopes that the holder of `mine` may read, latest change first.

    `narrow` may add joins and conditions (a kind's typed table, search words, another order);
    what it cannot do is widen: visibility is a condition of its own.
    """
    found: Select[Any] = select(Envelope.__table__).where(visible_clause(mine))
    if kind is not None:
        found = found.where(Envelope.kind == kind)
    if ids is not None:
        found = found.where(Envelope.id.in_(ids))
    if area is not None:
        found = found.where(Envelope.area == area)
    found = narrow(found) if narrow else found.order_by(Envelope.changed_at.desc(), Envelope.id)
    if limit is not None:
        found = found.limit(limit)
    return list(session.execute(found).all())


def may_write(actor: Actor, spec: KindSpec, place: Place) -> bool:
    """Say whether a person may write a record of this kind in this place.

    Being named in a place counts only with a role in its area, so that it ends with that role.
    """
    if actor.roles_in(place.area) & spec.writers:
        return True
    if actor.user not in place.named:
        return False
    roles = actor.roles if place.area is None else actor.roles_in(place.area)
    return bool(roles & spec.named_writers)


def may_move(actor: Actor, before: Place, after: Place) -> bool:
    """Say whether a person may move a record between these places."""
    if before.area is None or before.area == after.area:
        return True
    return bool(actor.roles_in(before.area) & MAY_HAND_OVER)


class Located(Protocol):
    """What a place is worked out from."""

    @property
    def kind(self) -> str: ...
    @property
    def body(self) -> Mapping[str, Json]: ...
    @property
    def authors(self) -> tuple[str, ...]: ...
    @property
    def deleted(self) -> bool: ...


NOWHERE = Place(None, frozenset())


class Places:
    """Works out places from records that `look` finds in memory; a pure function of them (I-23)."""

    def __init__(self, look: Callable[[str], Located | None]) -> None:
        self._look = look
        self._known: dict[str, Place] = {}

    def forget(self) -> None:
        """Forget what was worked out, because a record changed."""
        self._known.clear()

    def know(self, record: str, place: Place) -> None:
        """Remember the place of a record as it is now."""
        self._known[record] = place

    def of(self, record: str) -> Place:
        """Give a record's place as if it were not deleted; NOWHERE when it is unknown."""
        known = self._known.get(record)
        if known is None:
            located = self._look(record)
            if located is None:
                return NOWHERE
            known = self._known[record] = self.if_it_were(record, located)
        return known

    def if_it_were(self, record: str, located: Located) -> Place:
        """Give the place that a record would have with this body and these authors."""
        return REGISTRY[located.kind].place(self._facts(record, located, frozenset()))

    def _facts(self, record: str, located: Located, below: frozenset[str]) -> PlaceFacts:
        below |= {record}

        def parent(field: str) -> PlaceFacts | None:
            other = located.body.get(field)
            if not isinstance(other, str) or other in below:
                return None
            found = self._look(other)
            return self._facts(other, found, below) if found else None

        body, authors = located.body, located.authors
        return PlaceFacts(located.kind, record, body, authors, parent, located.deleted)
