"""Notices: what somebody in the office ought to look at; each is given once, under its key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import String, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant


class Notice(Base):
    """One notice; `key` makes it unique, however often and by whomever it is given."""

    __tablename__ = "notice"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(36))
    given_at: Mapped[datetime] = mapped_column(Instant, index=True)
    settled_at: Mapped[datetime | None] = mapped_column(Instant)


def give(session: Session, key: str, kind: str, about: str, now: datetime) -> bool:
    """Give a notice; False when it was given before."""
    try:
        with session.begin_nested():
            session.execute(insert(Notice).values(key=key, kind=kind, about=about, given_at=now))
    except IntegrityError:
        return False
    return True


def settle(session: Session, kind: str, about: str, now: datetime) -> None:
    """Close what is open of one kind about one thing: its reason is gone."""
    session.execute(
        update(Notice)
        .where(Notice.kind == kind, Notice.about == about, Notice.settled_at.is_(None))
        .values(settled_at=now)
    )


def unsettled(session: Session) -> Sequence[Notice]:
    """The notices whose reason still stands, oldest first."""
    rule = select(Notice).where(Notice.settled_at.is_(None)).order_by(Notice.given_at, Notice.key)
    return session.scalars(rule).all()
