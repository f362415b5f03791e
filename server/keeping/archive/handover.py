"""What the archive has received ends here: as it stood when it was packed, and nothing else.

What has changed since, got something that belongs to it, or is held, stays and is said. A record
that others still take their place from loses what is personal, and goes when they have gone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, not_, or_, select, update
from sqlalchemy.orm import Session

from server import acts
from server.access import barred_clause, today_of
from server.config import Settings
from server.database import Database
from server.keeping import erasure, over, terms
from server.keeping.archive.families import Family, family_of, is_held, is_open
from server.keeping.archive.packages import MARK_SIGNS, ArchiveLine, ArchivePackage, is_received
from server.keeping.terms import ARCHIVE
from server.records.record import Envelope, KindSpec

RECEIVED, WHY = "archive_received", "received by the archive"
AT_ONCE = 100
CHANGED = 0
"""The number of no record: the archive has it, and not all that belongs to it."""
Ending = Callable[[KindSpec, date], Select[Any]]


class NoSuchPackage(Exception):
    """No package has this number."""


class OtherPackage(Exception):
    """What the archive has is not this package; nothing was ended."""


@dataclass(frozen=True)
class Left:
    """What of a received package is still here, and why; what is barred is in no count."""

    changed: int
    """Not as it was packed, or it has got more: it is due for the next package."""
    waiting: int
    """As it was packed, and what belongs to it is held or waits: it ends after that."""
    held: int
    kept: int
    """Emptied of what is personal, for those that take their place from it; or its term is longer
    now."""


def receive(
    database: Database,
    settings: Settings,
    package: str,
    mark: str,
    reference: str,
    by: str,
    now: datetime,
) -> None:
    """Write down that the archive has a package, and end what may end.

    `mark` is how the SHA-256 of the manifest begins, as it came with the package and not off our
    page. Raises NoSuchPackage or OtherPackage. Said twice it counts once: the first reference
    stands.
    """
    with database.writing() as session:
        found = session.get(ArchivePackage, package, with_for_update=True)
        if found is None:
            raise NoSuchPackage
        said = "".join(mark.split()).lower()
        if len(said) < MARK_SIGNS or not found.manifest.startswith(said):
            raise OtherPackage
        if found.received_at is None:
            found.received_at, found.received_by, found.reference = now, by, reference
            acts.note(
                session, RECEIVED, by, now, package, reference=reference, manifest=found.manifest
            )
    end_received(database, settings, now, by)


def end_received(database: Database, settings: Settings, now: datetime, by: str) -> int:
    """End all that the archive has received and that nothing keeps; give how many went or lost
    what is personal.

    What stands on others goes first, so that they can follow. A piece is one transaction; a run
    that was cut short goes on.
    """
    done, gone = 0, 1
    while gone:
        gone = 0
        for still, ids in _pieces(database, _to_erase, now):
            gone += len(erasure.erase(database, settings, ids, now, WHY, by, still))
        done += gone
    for still, ids in _pieces(database, _to_clear, now):
        erasure.shed(database, settings, ids, now, WHY, by, still)
        with database.writing() as session:
            left = still(session, ids)
            if left:
                erasure.clear(session, left, now, WHY, by)
                _keep_received(session, left)
        done += len(left)
    for query, ids in _listed(database, (_to_erase, _to_clear), now):
        with database.writing() as session:
            _pack_anew(session, query, ids)
    return done


def left_of(session: Session, package: str, now: datetime) -> Left:
    """Give what of a received package is still here."""
    specs, line = terms.standing(session), ArchiveLine.__table__.c
    mine = select(Envelope.id).join(ArchiveLine, ArchiveLine.record == Envelope.id)
    mine = mine.where(line.package == package, line.own, not_(barred_clause()))

    def count(*rules: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(mine.where(*rules).subquery())) or 0

    same = line.seq == Envelope.seq
    kinds = session.scalars(mine.with_only_columns(Envelope.kind).distinct()).all()
    ending = [
        query(specs[kind], today_of(now)) for kind in kinds for query in (_to_erase, _to_clear)
    ]
    held, standing = count(same, over.is_held()), count(same)
    waits = or_(over.waits_about(), *(Envelope.id.in_(query.order_by(None)) for query in ending))
    waiting = count(same, not_(over.is_held()), waits)
    kept = standing - held - waiting
    return Left(changed=count(not_(same)), waiting=waiting, held=held, kept=kept)


def _pieces(
    database: Database, ending: Ending, now: datetime
) -> Iterator[tuple[erasure.Pick, list[str]]]:
    """Give what may end by a query, piece by piece, each with what says again that it may."""
    for query, ids in _listed(database, [ending], now):
        for start in range(0, len(ids), AT_ONCE):
            yield _fit(query), ids[start : start + AT_ONCE]


def _listed(
    database: Database, endings: Iterable[Ending], now: datetime
) -> list[tuple[Select[Any], list[str]]]:
    """Give the queries for each kind that is archived, with what they find."""
    with database.reading() as session:
        specs = [s for s in terms.standing(session).values() if s.retention.action == ARCHIVE]
        queries = [ending(spec, today_of(now)) for ending in endings for spec in specs]
        found = [(query, list(session.scalars(query))) for query in queries]
    return [(query, ids) for query, ids in found if ids]


def _fit(query: Select[Any]) -> erasure.Pick:
    """Give what says of records, once they are locked, which may still end with all of theirs."""

    def still(session: Session, ids: Collection[str]) -> list[str]:
        locked = select(Envelope.id).where(Envelope.id.in_(ids)).order_by(Envelope.id)
        session.execute(locked.with_for_update()).all()
        specs = terms.standing(session)
        return [
            id
            for id in session.scalars(query.where(Envelope.id.in_(ids))).all()
            if _whole(session, specs, id)
        ]

    return still


def _whole(session: Session, specs: dict[str, KindSpec], root: str) -> bool:
    """Say whether the archive has a record with all that would go with it, as they stand now."""
    family = family_of(session, specs, root)
    if family is None or is_held(session, family) or is_open(session, family):
        return False
    return _has_all(session, family)


def _has_all(session: Session, family: Family) -> bool:
    there = select(Envelope.id).where(Envelope.id.in_(family.archived), is_received())
    return set(session.scalars(there)) == set(family.archived)


def _pack_anew(session: Session, query: Select[Any], ids: Collection[str]) -> None:
    """Let what got something that the archive does not have be due again, with that."""
    specs = terms.standing(session)
    for id in session.scalars(query.where(Envelope.id.in_(ids))).all():
        family = family_of(session, specs, id)
        if family is not None and not _has_all(session, family):
            session.execute(update(ArchiveLine).where(ArchiveLine.record == id).values(seq=CHANGED))


def _keep_received(session: Session, ids: Iterable[str]) -> None:
    """Let what was emptied still count as received: the archive has what stood there."""
    received = select(ArchivePackage.id).where(ArchivePackage.received_at.is_not(None))
    now = select(Envelope.seq).where(Envelope.id == ArchiveLine.record).scalar_subquery()
    session.execute(
        update(ArchiveLine)
        .where(ArchiveLine.record.in_(ids), ArchiveLine.package.in_(received))
        .values(seq=now),
        execution_options={"synchronize_session": False},
    )


def _received(spec: KindSpec, today: date) -> Select[Any]:
    ripe = over.ripe(spec, today).where(not_(over.is_held()), not_(over.belongs(spec)))
    return ripe.where(is_received())


def _to_erase(spec: KindSpec, today: date) -> Select[Any]:
    return _received(spec, today).where(not_(over.stood_on(spec)))


def _to_clear(spec: KindSpec, today: date) -> Select[Any]:
    return _received(spec, today).where(over.stood_on(spec), over.has_personal(spec))
