"""A record with all that would go if it went: what of it is archived, and what keeps it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import intake, ledger
from server.keeping import holds, over
from server.keeping.terms import ARCHIVE
from server.records import REGISTRY
from server.records.attachment import Attachment
from server.records.record import Envelope, KindSpec


@dataclass(frozen=True)
class Family:
    """A record whose time is over, and what belongs to it in any generation, by kind."""

    root: str
    kinds: Mapping[str, str]
    archived: tuple[str, ...]
    """What is to be archived: the record first, then what belongs to it."""


def family_of(session: Session, specs: Mapping[str, KindSpec], root: str) -> Family | None:
    """Give the family of a record; None when the record is gone.

    Receipts, and questions that were answered, go with it as they always do.
    """
    kinds = intake.with_belongings(session, [root])
    if root not in kinds:
        return None
    rest = (
        id
        for id, kind in sorted(kinds.items())
        if id != root and specs[kind].retention.action == ARCHIVE
    )
    return Family(root, kinds, (root, *rest))


def is_held(session: Session, family: Family) -> bool:
    """Say whether a hold is on any of it, or on everything."""
    return holds.holds_any(session, family.kinds)


def is_open(session: Session, family: Family) -> bool:
    """Say whether something about it waits for a person, or for what has not come yet (I-24)."""
    if ledger.waiting_for(session, family.kinds):
        return True
    for kind, rule in over.STILL_OPEN.items():
        table, ids = REGISTRY[kind].model, [id for id, its in family.kinds.items() if its == kind]
        if ids and session.scalar(select(table.id).where(table.id.in_(ids), rule).limit(1)):
            return True
    return _awaits_bytes(session, family)


def _awaits_bytes(session: Session, family: Family) -> bool:
    """Say whether a picture of it has not come yet: packed now, it would be a name alone."""
    pictures = [id for id, kind in family.kinds.items() if kind == Attachment.spec.name]
    here = select(Envelope.body).where(Envelope.id.in_(pictures), Envelope.deleted.is_(False))
    bodies = map(orjson.loads, session.scalars(here))
    return any(not body.get("stored") and not body.get("refused") for body in bodies)
