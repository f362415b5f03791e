"""What is about one household: its tenancy, and all that refers to it in any generation.

It gives ids and kinds, and shows nothing: who may see which of them is asked elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.access import HERE
from server.records import REGISTRY
from server.records.record import Envelope
from server.records.tenancy import Tenancy


def about(session: Session, tenancy: str) -> dict[str, str]:
    """Give the tenancy and everything that refers to it, directly or through another, by kind."""
    found = {tenancy: Tenancy.spec.name}
    level = dict(found)
    while level:
        level = {id: kind for id, kind in _referring(session, level).items() if id not in found}
        found |= level
    return found


def perhaps(session: Session, tenancy: str, known: Collection[str]) -> dict[str, str]:
    """Give what was written about the home while they lived there and names no tenancy, with all
    that refers to it.

    It may be about them or about somebody else: a person has to read it.
    """
    home = session.get(Tenancy, tenancy)
    if home is None or home.dwelling is None or home.started_on is None:
        return {}
    begun = datetime.combine(home.started_on, time(), HERE)
    ended = datetime.combine(home.ended_on or date(9999, 1, 1), time(), HERE) + timedelta(days=1)
    found: dict[str, str] = {}
    for spec in REGISTRY.values():
        if "dwelling" not in spec.references or not spec.about_people or spec is Tenancy.spec:
            continue
        table = spec.model.__table__
        query = (
            select(table.c.id)
            .join(Envelope, Envelope.id == table.c.id)
            .where(table.c.dwelling == home.dwelling, Envelope.created_at.between(begun, ended))
        )
        if "tenancy" in table.c:
            query = query.where(table.c.tenancy.is_(None))
        found |= dict.fromkeys(session.scalars(query), spec.name)
    level = dict(found)
    while level:
        below = {id: kind for id, kind in _referring(session, level).items() if id not in found}
        level = _of_nobody(session, below)
        found |= level
    return {id: kind for id, kind in found.items() if id not in known}


def _of_nobody(session: Session, some: Mapping[str, str]) -> dict[str, str]:
    """Give those of some records that name no tenancy: what names one is about that."""
    named: set[str] = set()
    for kind in set(some.values()):
        table = REGISTRY[kind].model.__table__
        if "tenancy" in table.c:
            query = select(table.c.id).where(table.c.id.in_(some), table.c.tenancy.is_not(None))
            named |= set(session.scalars(query))
    return {id: kind for id, kind in some.items() if id not in named}


def _referring(session: Session, level: dict[str, str]) -> dict[str, str]:
    """Give what refers to some records; what merely names them as another's place is left out."""
    kinds = set(level.values())
    found: dict[str, str] = {}
    for spec in REGISTRY.values():
        table = spec.model.__table__
        names = [n for n in spec.references if spec.fields[n].to in kinds | {"any"}]
        if names:
            named = or_(*(table.c[name].in_(level) for name in names))
            found |= dict.fromkeys(session.scalars(select(table.c.id).where(named)), spec.name)
    return found
