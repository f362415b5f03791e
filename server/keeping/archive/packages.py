"""The packages that were made for the archive: what lay in each, as it stood then, and its receipt.

A package names records by id and number alone. Its lines go with the records.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    ForeignKey,
    String,
    and_,
    func,
    not_,
    select,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.access import barred_clause
from server.database import Base, Instant
from server.records.record import Envelope

REFERENCE_MAX = 200
MARK_SIGNS = 8
"""How much of a manifest's SHA-256 is asked for: enough to tell one package from another."""


class ArchivePackage(Base):
    """One package that lies whole in its folder; `received_at` when the archive has it."""

    __tablename__ = "archive_package"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    made_at: Mapped[datetime] = mapped_column(Instant)
    by: Mapped[str] = mapped_column(String(60))
    manifest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of its manifest, which names every file with its sum."""
    reference: Mapped[str | None] = mapped_column(String(REFERENCE_MAX))
    """What the archive calls its receipt."""
    received_by: Mapped[str | None] = mapped_column(String(60))
    received_at: Mapped[datetime | None] = mapped_column(Instant)


class ArchiveLine(Base):
    """One record of a package, and the number it had when it was packed."""

    __tablename__ = "archive_line"

    package: Mapped[str] = mapped_column(
        String(36), ForeignKey("archive_package.id", ondelete="CASCADE"), primary_key=True
    )
    record: Mapped[str] = mapped_column(
        String(36), ForeignKey("record.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    seq: Mapped[int] = mapped_column(BigInteger)
    own: Mapped[bool] = mapped_column(Boolean)
    """Whether its own time was over; else it went along with what it is about."""


def is_received() -> ColumnElement[bool]:
    """Give the condition under which the archive has a row of `record` as it stands now."""
    return (
        select(ArchiveLine.record)
        .join(ArchivePackage, ArchivePackage.id == ArchiveLine.package)
        .where(
            and_(ArchiveLine.record == Envelope.id, ArchiveLine.seq == Envelope.seq),
            ArchivePackage.received_at.is_not(None),
        )
        .exists()
    )


def every(session: Session) -> Sequence[ArchivePackage]:
    """Give all packages, newest first."""
    query = select(ArchivePackage).order_by(ArchivePackage.made_at.desc(), ArchivePackage.id)
    return session.scalars(query).all()


def here(session: Session, package: str) -> int:
    """Count what is here of what a package was made for; what is barred is not counted."""
    query = select(func.count()).select_from(ArchiveLine)
    query = query.join(Envelope, Envelope.id == ArchiveLine.record)
    query = query.where(ArchiveLine.package == package, ArchiveLine.own, not_(barred_clause()))
    return session.scalar(query) or 0
