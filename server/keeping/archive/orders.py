"""A package that the office has ordered: made by the scheduler, in the folder that is set for it.

Making it is a reading and ends nothing, as every package. What is barred is in no ordered package.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path

import orjson
import structlog
from sqlalchemy import Boolean, Integer, String, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.access import HERE
from server.config import Settings
from server.database import Base, Database, Instant
from server.keeping.archive.pack import NothingDue, Packed, pack
from server.keeping.archive.packages import ArchivePackage
from server.keeping.packing import MANIFEST
from server.photos.attachments import store_of

NOTHING, NO_ROOM, BROKEN = "nothing", "no_room", "broken"
"""Why an order gave no package: nothing is due, the folder takes nothing, or the fault is ours."""
log = structlog.get_logger("oppgang.jobs")


class ArchiveOrder(Base):
    """One order, and what became of it."""

    __tablename__ = "archive_order"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    ordered_at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(60))
    waits: Mapped[bool | None] = mapped_column(Boolean, unique=True)
    """True until it has ended, then None: of those that wait there is one."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    package: Mapped[str | None] = mapped_column(String(36))
    fault: Mapped[str | None] = mapped_column(String(10))
    waiting: Mapped[int] = mapped_column(Integer, default=0)
    """So many were due and are not in it: something about them waits, or is held."""
    missing: Mapped[int] = mapped_column(Integer, default=0)
    """So many were due and are not in it: a picture of theirs is not in the store."""

    @property
    def folder(self) -> str:
        """Name the folder of its package, as whoever carries it away finds it."""
        return f"arkivpakke-{self.ordered_at.astimezone(HERE):%Y-%m-%d}-{self.id[-8:]}"


def order(database: Database, by: str, now: datetime) -> None:
    """Order a package; while one is ordered already, that is the one."""
    made = ArchiveOrder(id=str(uuid7()), ordered_at=now, by=by, waits=True)
    try:
        with database.writing() as session:
            session.add(made)
    except IntegrityError:
        return


def latest(session: Session) -> ArchiveOrder | None:
    """Give the last order."""
    newest = select(ArchiveOrder).order_by(ArchiveOrder.ordered_at.desc(), ArchiveOrder.id.desc())
    return session.scalars(newest.limit(1)).first()


def make_ordered(database: Database, settings: Settings, now: datetime) -> None:
    """Make the package that is ordered, if one is. A turn that was cut short begins anew."""
    with database.reading() as session:
        ordered = session.scalars(select(ArchiveOrder).where(ArchiveOrder.waits.is_(True))).first()
    if ordered is None or settings.archive is None:
        return
    folder = settings.archive / ordered.folder
    try:
        package = _made_before(database, folder)
        made = Packed(package) if package else _made_now(database, settings, folder, ordered, now)
        _end(database, ordered.id, now, made=made)
    except NothingDue:
        _end(database, ordered.id, now, fault=NOTHING)
    except OSError as full:
        log.warning("archive_not_packed", error=full.strerror)
        _end(database, ordered.id, now, fault=NO_ROOM)
    except Exception:
        log.exception("archive_not_packed")
        _end(database, ordered.id, now, fault=BROKEN)


def _made_before(database: Database, folder: Path) -> str | None:
    """Give the package of a folder that lies whole and is known, though its order never ended."""
    try:
        package = orjson.loads((folder / MANIFEST).read_bytes())["package"]
    except (OSError, ValueError, KeyError):
        return None
    with database.reading() as session:
        return package if session.get(ArchivePackage, package) else None


def _made_now(
    database: Database, settings: Settings, folder: Path, ordered: ArchiveOrder, now: datetime
) -> Packed:
    for left in (folder, *folder.parent.glob(f".{folder.name}.*")):
        shutil.rmtree(left, ignore_errors=True)
    store = store_of(settings)
    return pack(database, folder, lambda id: store.open(f"pictures/{id}"), ordered.by, now)


def _end(
    database: Database, id: str, now: datetime, *, made: Packed | None = None, fault: str = ""
) -> None:
    with database.writing() as session:
        row = session.get_one(ArchiveOrder, id)
        row.waits, row.ended_at, row.fault = None, now, fault or None
        if made is not None:
            row.package, row.waiting, row.missing = (
                made.package,
                len(made.waiting),
                len(made.missing),
            )
