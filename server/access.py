"""Who may see and write what: scopes of a person, places of a record, and `visible` between them.

The whole access model is here; it knows no request, and no kind but by its declaration.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, Select, and_, exists, literal, or_, select, true
from sqlalchemy.orm import Session, aliased

from server import access_log, openings, people
from server.driver import Sql, rows
from server.records.places import SEALED, sealed_scope
from server.records.record import (
    ORGANISATION,
    READER_SETS,
    SETTLING,
    TEAM_STAFF,
    Envelope,
    KindSpec,
    Place,
    ScopeMember,
    area_scope,
    confided_scope,
    day_scope,
    me_scope,
    organisation_scope,
)
from server.roles import Role

HERE = ZoneInfo("Europe/Oslo")
DAYS_BEFORE, DAYS_AFTER = 1, 3
"""The days that are loaded first; what is further off comes with the rest of the area."""
SCOPES_MAX = 32
"""More than these make an idle round trip dear; a phone has far fewer."""
SCOPE_LISTS_MAX = 1024
"""How many lists of scopes a worker remembers; one for each person who is at work."""
AREA_KIND = "area"
_AREAS = Sql("SELECT id FROM record WHERE kind = ? AND NOT deleted")
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
    return tuple(sorted(row[0] for row in rows(session, _AREAS, AREA_KIND)))


def scopes_of(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Give every scope of a person, in the order they are loaded."""
    areas = all_areas(session) if actor.everywhere else ()
    return scopes(actor, today_of(now), areas)


def scopes_here(session: Session, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Give what a person reads by in the office: their scopes, and the homes that they opened."""
    opened = openings.live(session, actor.user, actor.grants, now)
    return (*scopes_of(session, actor, now), *openings.scopes_of(opened))


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
        *(organisation_scope(s) for s in SETTLING if actor.roles_in(None) & READER_SETS[s]),
        *sorted(shared),
        sealed_scope(actor.user),
    )


def on_phones(mine: Iterable[str]) -> tuple[str, ...]:
    """Give those scopes that a phone may carry: what is barred never leaves the server."""
    return tuple(scope for scope in mine if not scope.startswith(SEALED))


def access_version(user: str, mine: Iterable[str]) -> str:
    """Name a list of scopes; the same list has the same name on every machine."""
    return _access_version(user, tuple(mine))


@lru_cache(maxsize=SCOPE_LISTS_MAX)
def _access_version(user: str, mine: tuple[str, ...]) -> str:
    return hashlib.sha256("|".join([user, *sorted(mine)]).encode()).hexdigest()[:12]


def visible_clause(mine: Collection[str]) -> ColumnElement[bool]:
    """Give the condition under which a row of `record` may be read by the holder of `mine`.

    What an opening opened is read too, while it stands and is not barred. It is asked of each row:
    SQLite would lay out all that somebody may read to answer for one, and do so only for a record
    that is here, so that the time of an answer would tell that it is.
    """
    member = select(ScopeMember.id).where(
        ScopeMember.id == Envelope.id, ScopeMember.scope.in_(mine), ScopeMember.present
    )
    within = member.correlate(Envelope).exists()
    opened = openings.opened_by(mine)
    if opened is None:
        return within
    here = opened.where(openings.Opened.record == Envelope.id).correlate(Envelope).exists()
    return or_(within, and_(here, Envelope.deleted.is_(False), ~barred_clause()))


def barred_clause() -> ColumnElement[bool]:
    """Give the condition under which a row of `record` is behind a barrier, or was when deleted.

    For what reads in nobody's name: what is barred is in no count and no file of theirs. What is
    deleted is in no scope any more, so the last scopes that it left tell.
    """
    sealed = select(literal(SEALED) + people.User.id)
    other = aliased(ScopeMember)
    since = exists().where(
        other.id == ScopeMember.id, other.scope.not_in(sealed), other.seq > ScopeMember.seq
    )
    left = and_(Envelope.deleted, ~ScopeMember.present, ~since)
    return exists().where(
        ScopeMember.id == Envelope.id,
        ScopeMember.scope.in_(sealed),
        or_(ScopeMember.present, left),
    )


def barred(session: Session, ids: Collection[str]) -> set[str]:
    """Give those of `ids` that are behind a barrier, whoever is named there."""
    if not ids:
        return set()
    rows = session.execute(select(Envelope.id).where(Envelope.id.in_(ids), barred_clause()))
    return set(rows.scalars())


def visible(session: Session, mine: Collection[str], ids: Collection[str]) -> set[str]:
    """Give those of `ids` that are present in one of the scopes `mine`."""
    if not ids:
        return set()
    rows = session.execute(select(Envelope.id).where(Envelope.id.in_(ids), visible_clause(mine)))
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
    what it cannot do is widen: visibility is a condition of its own. What is given is noted in the
    session for the access log.
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
    read = list(session.execute(found).all())
    for row in read:
        access_log.note(session, row.kind, (row.id,))
    return read


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


def may_write_clause(actor: Actor, spec: KindSpec) -> ColumnElement[bool]:
    """Give the condition under which a person may write a row of `record` by its area alone.

    It says of every row what `may_write` says of a place where nobody is named.
    """
    areas = {where for role, where in actor.grants if role in spec.writers}
    return true() if None in areas else Envelope.area.in_(areas)


def may_move(actor: Actor, before: Place, after: Place) -> bool:
    """Say whether a person may move a record between these places."""
    if before.area is None or before.area == after.area:
        return True
    return bool(actor.roles_in(before.area) & MAY_HAND_OVER)
