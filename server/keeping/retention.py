"""Retention: what its kind's time has run out for, and how that is carried out once confirmed.

Nothing ends before a leader or an administrator has seen the list and confirmed these very rules;
a rule that changes must be confirmed again. What is held, still open or stood on is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from sqlalchemy import Select, func, not_, select
from sqlalchemy.orm import Session

from server import acts, intake
from server.access import HERE, barred_clause, today_of
from server.config import Settings
from server.database import Database
from server.keeping import erasure, holds, over, side_tables, terms
from server.keeping.archive.packages import is_received
from server.keeping.terms import ARCHIVE, DELETE
from server.records.record import Envelope, KindSpec

CONFIRMED = "retention_confirmed"
AT_ONCE = 100


class NotConfirmed(Exception):
    """Nobody has confirmed these rules; nothing was ended."""


class Held(Exception):
    """A hold is on everything; nothing was ended."""


@dataclass(frozen=True)
class Due:
    """What the time of one kind has run out for."""

    spec: KindSpec
    erased: int
    """To be erased with all that belongs to them."""
    cleared: int
    """To lose what is personal: by their rule, or because others still stand on them."""
    archived: int
    """Due for the archive, which has not received them; what belongs to another goes with that."""
    held: int
    oldest: date | None
    undated: int
    """Without the date that the time is counted from."""

    @property
    def total(self) -> int:
        """Count all whose time is over."""
        return self.erased + self.cleared + self.archived + self.held


def fingerprint(session: Session) -> str:
    """Give a digest of all rules; a confirmation is of these rules and no others.

    A rule that was changed and changed back is not the one that was confirmed.
    """
    said: list[object] = [terms.rules(terms.standing(session).values()), side_tables.rules()]
    if last := terms.last_change(session):
        said.append(last)
    return hashlib.sha256(orjson.dumps(said)).hexdigest()


def confirmed(session: Session) -> acts.Act | None:
    """Give who confirmed the rules that stand now, and when."""
    found = acts.latest(session, CONFIRMED)
    return found[0] if found and found[1].get("rules") == fingerprint(session) else None


def confirm(session: Session, by: str, now: datetime, rules: str) -> None:
    """Confirm the rules of a fingerprint that somebody was shown; while no others stand, they are
    carried out each night.
    """
    acts.note(session, CONFIRMED, by, now, rules=rules)


def due(session: Session, now: datetime) -> list[Due]:
    """List what is due, or has no date to count from, kind by kind; nothing is changed.

    What is barred ends when its time is over as all else, and is in no count.
    """
    found = [due_of(session, spec, now) for spec in terms.standing(session).values()]
    return [one for one in found if one.total + one.undated]


def run(database: Database, settings: Settings, now: datetime, by: str) -> dict[str, int]:
    """Carry the confirmed rules out; give how many records each kind lost or had cleared.

    Raises NotConfirmed or Held. A piece is one transaction; a run that was cut short goes on.
    """
    with database.reading() as session:
        if confirmed(session) is None:
            raise NotConfirmed
        if holds.everything_is_held(session):
            raise Held
        specs = terms.standing(session)
    counts: dict[str, int] = {}
    for spec in specs.values():
        done = _end(database, settings, spec, now, by)
        if done:
            counts[spec.name] = done
    with database.writing() as session:
        return counts | side_tables.end(session, now)


def _end(database: Database, settings: Settings, spec: KindSpec, now: datetime, by: str) -> int:
    """End what is due of one kind, piece by piece; give how many."""
    why, done = f"retention {spec.name}", 0
    for piece in _pieces(database, _to_erase(spec, today_of(now))):
        gone = erasure.erase(database, settings, piece, now, why, by, _free)
        done += len(set(piece).intersection(gone))
    for piece in _pieces(database, _to_clear(spec, today_of(now))):
        erasure.shed(database, settings, piece, now, why, by, _free)
        with database.writing() as session:
            free = _free(session, piece)
            erasure.clear(session, free, now, why, by)
        done += len(free)
    return done


def _pieces(database: Database, query: Select[Any]) -> Iterator[list[str]]:
    """Walk by id through what a query finds: what stays stops nothing that comes after it."""
    after = ""
    while True:
        with database.reading() as session:
            found = query.where(Envelope.id > after).limit(AT_ONCE)
            piece = list(session.scalars(found))
        if not piece:
            return
        yield piece
        after = piece[-1]


def _free(session: Session, ids: Collection[str]) -> list[str]:
    """Give those that no hold is on, nor on anything that would go with them."""
    if not holds.standing(session):
        return sorted(ids)
    families = ((id, intake.with_belongings(session, [id])) for id in sorted(ids))
    return [id for id, family in families if not holds.holds_any(session, family)]


def due_of(session: Session, spec: KindSpec, now: datetime) -> Due:
    """Give what is due of one kind by the retention it has here; nothing is changed."""
    today = today_of(now)

    def count(query: Select[Any]) -> int:
        shown = query.where(not_(barred_clause()))
        return session.scalar(select(func.count()).select_from(shown.subquery())) or 0

    undated = count(over.records(spec).where(over.since(spec).is_(None)))
    ripe = over.ripe(spec, today)
    oldest = _oldest(session, spec, ripe.where(not_(barred_clause())))
    if oldest is None:  # nearly every kind on nearly every day: no more to ask for
        return Due(spec, erased=0, cleared=0, archived=0, held=0, oldest=None, undated=undated)
    archived = spec.retention.action == ARCHIVE
    return Due(
        spec=spec,
        erased=count(_to_erase(spec, today)),
        cleared=count(_to_clear(spec, today)),
        archived=count(to_archive(spec, today)) if archived else 0,
        held=count(ripe.where(over.is_held())),
        oldest=oldest,
        undated=undated,
    )


def _oldest(session: Session, spec: KindSpec, ripe: Select[Any]) -> date | None:
    found = session.scalar(ripe.order_by(None).with_only_columns(func.min(over.since(spec))))
    return found.astimezone(HERE).date() if isinstance(found, datetime) else found


def _to_erase(spec: KindSpec, today: date) -> Select[Any]:
    query = over.ripe(spec, today).where(not_(over.is_held()))
    return query.where(
        not_(over.stood_on(spec)) if spec.retention.action == DELETE else over.never()
    )


def _to_clear(spec: KindSpec, today: date) -> Select[Any]:
    """Give what loses its personal fields; what lost them is not due again."""
    query = over.ripe(spec, today).where(not_(over.is_held()), over.has_personal(spec))
    match spec.retention.action:
        case "anonymise":
            return query
        case "delete":
            return query.where(over.stood_on(spec))
    return query.where(over.never())


def to_archive(spec: KindSpec, today: date) -> Select[Any]:
    """Give what of a kind is to be packed for the archive, and has not been received there."""
    ready = over.ripe(spec, today).where(not_(over.is_held()), not_(over.belongs(spec)))
    return ready.where(not_(is_received()))
