"""The one row that numbers everything, and the life of the database; all order comes from here."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from sqlalchemy import BigInteger, SmallInteger, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.base import Base, Instant
from server.driver import Sql, rows

INCARNATION_STEP = 2**32
"""How far a restored server raises its sequence, so that no number is given out twice (I-25)."""


_STAMP = Sql("UPDATE clock SET seq = seq + ? WHERE id = 1 RETURNING seq")


class Clock(Base):
    """The one row that orders everything: last seq, incarnation, ledger head, demo mark."""

    __tablename__ = "clock"

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    incarnation: Mapped[str] = mapped_column(String(36))
    chain: Mapped[str] = mapped_column(String(64))
    cursor_key: Mapped[str] = mapped_column(String(64))
    """What signs the phones' places in the feed; no key of people's data, and never told."""
    import_key: Mapped[str] = mapped_column(String(64))
    """What the ids of imported records are made with. It is never told and never changed: with
    another one the next file would make everything anew."""
    open_names_until: Mapped[int] = mapped_column(BigInteger)
    """The position in the ledger up to which such ids were made without a key; 0 when none was."""
    demo_since: Mapped[datetime | None] = mapped_column(Instant)


def stamp(session: Session, count: int) -> int:
    """Take `count` fresh numbers and give the first.

    The clock row stays locked until commit, so that the order of numbers is the order of commits
    (I-3): it is the LAST lock of a transaction, and only the stamped writes may follow.
    """
    if count < 1:
        raise ValueError("a stamp covers at least one row")
    last: int = rows(session, _STAMP, count)[0][0]
    return last - count + 1


def take_turn(session: Session) -> None:
    """Wait for whoever else writes and numbers what they write, without taking a number.

    It is the lock of `stamp`, and the last of a transaction as that is.
    """
    session.execute(select(Clock.id).where(Clock.id == 1).with_for_update())


def head(session: Session) -> int:
    """Give the last number that was stamped, 0 when none was."""
    return session.execute(select(Clock.seq).where(Clock.id == 1)).scalar_one()


def incarnation(session: Session) -> str:
    """Give the id of this life of the database; a restore begins a new one (I-18)."""
    return session.execute(select(Clock.incarnation).where(Clock.id == 1)).scalar_one()


def cursor_key(session: Session) -> str:
    """Give what signs the phones' places in the feed."""
    return session.execute(select(Clock.cursor_key).where(Clock.id == 1)).scalar_one()


def ensure_clock(session: Session) -> None:
    """Put the one row of the clock in place when the database is new."""
    if session.get(Clock, 1) is None:
        session.execute(
            insert(Clock).values(
                id=1,
                seq=0,
                incarnation=str(uuid.uuid4()),
                chain="0" * 64,
                cursor_key=secrets.token_hex(32),
                import_key=secrets.token_hex(32),
                open_names_until=0,
            )
        )


def renew_incarnation(session: Session, new: str) -> None:
    """Begin a new life after a restore: another incarnation, and the sequence raised by 2**32."""
    session.execute(
        update(Clock)
        .where(Clock.id == 1)
        .values(incarnation=new, seq=Clock.seq + INCARNATION_STEP),
        execution_options={"synchronize_session": False},
    )


def mark_demo(session: Session, at: datetime) -> None:
    """Mark the database as holding demonstration data; production refuses it for ever."""
    session.execute(update(Clock).where(Clock.id == 1).values(demo_since=at))
