"""From a directory's groups to roles here: what the table says stands, and nothing else of theirs.

Roles that were given by hand in the office are left alone.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import acts, people, staff
from server.people import FROM_DIRECTORY, Grant
from server.provider import Provider
from server.roles import Role

log = structlog.get_logger("oppgang.oidc")
BY = "directory"
Wanted = frozenset[tuple[Role, str | None]]


def wanted(session: Session, provider: Provider, groups: Collection[str]) -> Wanted:
    """Give the roles that somebody's groups carry; a row whose area is not here gives nothing."""
    mine = [row for row in provider.roles if row.group in groups]
    if not mine:
        return frozenset()
    areas = {name.casefold(): id for id, name in staff.area_names(session).items()}
    known = [row for row in mine if row.area is None or row.area.casefold() in areas]
    if len(known) < len(mine):
        log.warning("directory_area_unknown", rows=len(mine) - len(known))
    return frozenset((row.role, row.area and areas[row.area.casefold()]) for row in known)


def set_roles(session: Session, user: str, roles: Wanted, now: datetime) -> bool:
    """Make the directory's grants of a user be these; True when a role was added."""
    standing = session.scalars(select(Grant).where(Grant.user == user)).all()
    for grant in standing:
        if grant.source == FROM_DIRECTORY and (Role(grant.role), grant.area) not in roles:
            session.delete(grant)
            acts.note(session, "role_taken", BY, now, user, role=grant.role, area=grant.area)
    new = roles - {(Role(grant.role), grant.area) for grant in standing}
    for role, area in sorted(new, key=lambda each: (each[0].value, each[1] or "")):
        people.grant(session, str(uuid7()), user, role, area, FROM_DIRECTORY)
        acts.note(session, acts.ROLE_GIVEN, BY, now, user, role=role.value, area=area)
    session.flush()
    return bool(new)


def has_any(session: Session, user: str) -> bool:
    """Say whether a user has a role at all."""
    return bool(session.scalar(select(Grant.id).where(Grant.user == user).limit(1)))
