"""Holds: records that nothing may end for now, because somebody with the right to said so, and why.

A hold is lifted, never removed, so that it can be told afterwards what was kept and by whom.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server import acts
from server.database import Base, Instant

REASON_MAX = 500


class Hold(Base):
    """One hold: on one record, or with `record` null on everything."""

    __tablename__ = "hold"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    record: Mapped[str | None] = mapped_column(String(36), index=True)
    reason: Mapped[str] = mapped_column(String(REASON_MAX))
    by: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime] = mapped_column(Instant)
    lifted_by: Mapped[str | None] = mapped_column(String(60))
    lifted_at: Mapped[datetime | None] = mapped_column(Instant)


def place(session: Session, record: str | None, reason: str, by: str, now: datetime) -> str:
    """Place a hold on a record, or on everything; gives its id."""
    made = Hold(id=str(uuid7()), record=record, reason=reason[:REASON_MAX], by=by, at=now)
    session.add(made)
    acts.note(session, "hold_placed", by, now, record)
    return made.id


def lift(session: Session, hold: str, by: str, now: datetime) -> None:
    """Lift a hold; one that is lifted already stays as it is."""
    session.execute(
        update(Hold)
        .where(Hold.id == hold, Hold.lifted_at.is_(None))
        .values(lifted_by=by, lifted_at=now)
    )
    acts.note(session, "hold_lifted", by, now, hold)


def standing(session: Session) -> Sequence[Hold]:
    """Give the holds that are in force, oldest first."""
    query = select(Hold).where(Hold.lifted_at.is_(None)).order_by(Hold.at, Hold.id)
    return session.scalars(query).all()


def forget(session: Session, erased: Collection[str]) -> None:
    """Let go of why what is erased had been held; that it was, by whom and when, stays."""
    session.execute(
        update(Hold)
        .where(Hold.record.in_(erased))
        .values(reason="")
        .execution_options(synchronize_session=False)
    )


def holds_any(session: Session, records: Collection[str]) -> bool:
    """Say whether a hold is on any of some records, or on everything."""
    return any(hold.record is None or hold.record in records for hold in standing(session))


def everything_is_held(session: Session) -> bool:
    """Say whether a hold is on everything."""
    return any(hold.record is None for hold in standing(session))
