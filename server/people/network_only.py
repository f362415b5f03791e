"""Whose phones keep nothing readable once they are locked: «Bare på nett».

It says what the office has decided and why; the phone is told by its policy, and obeys it itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server.database import Base, Instant
from server.driver import Sql, rows
from server.people.members import User


class NetworkOnly(Base):
    """That it was set for somebody, or lifted; rows are only added, and the last one counts."""

    __tablename__ = "network_only"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    holds: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Instant)


_LAST = Sql('SELECT holds FROM network_only WHERE "user" = ? ORDER BY at DESC, id DESC LIMIT 1')


def is_network_only(session: Session, user: str) -> bool:
    """Say whether somebody's phones may keep nothing readable once locked."""
    found = rows(session, _LAST, user)
    return bool(found and found[0][0])


def network_only_users(session: Session) -> dict[str, NetworkOnly]:
    """Give those for whom it holds, with the row that says so."""
    last = {row.user: row for row in session.scalars(_in_order())}
    return {user: row for user, row in last.items() if row.holds}


def network_only_story(session: Session, user: str) -> Sequence[NetworkOnly]:
    """Give all that was ever decided of somebody, the last first."""
    return session.scalars(_in_order().where(NetworkOnly.user == user)).all()[::-1]


def set_network_only(
    session: Session, user: str, holds: bool, reason: str, by: str, now: datetime
) -> bool:
    """Set it for somebody, or lift it; False when it was so already, and nothing was written."""
    session.execute(select(User.id).where(User.id == user).with_for_update())
    if is_network_only(session, user) is holds:
        return False
    row = NetworkOnly(id=str(uuid7()), user=user, holds=holds, reason=reason, by=by, at=now)
    session.add(row)
    session.flush()
    return True


def _in_order() -> Select[NetworkOnly]:
    return select(NetworkOnly).order_by(NetworkOnly.at, NetworkOnly.id)
