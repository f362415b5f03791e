"""Who is warned about somebody out alone in an area, where they read mail, and whether any watches.

It knows no record: what is warned about, and how, is `safety`'s.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Integer, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.people.members import Grant, User
from server.roles import Role

MAY_BE_ON_DUTY = frozenset({Role.LEADER, Role.OFFICE})
"""Who sees the list of those who are out alone, and so may be asked to look at it."""
STEPS = (
    (Role.LEADER, True),
    (Role.LEADER, False),
    (Role.OFFICE, True),
    (Role.OFFICE, False),
)
"""Who is warned where nobody was chosen: the area's leaders, the organisation's, the office."""
LOOKOUT_LASTS = timedelta(minutes=2)
"""How old the last sign of a scheduler may be before a phone is told that nobody watches."""
LOOKOUT_EVERY = timedelta(seconds=30)


class Duty(Base):
    """That somebody was put on duty in an area; rows are only added, and the last one counts."""

    __tablename__ = "duty"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    area: Mapped[str] = mapped_column(String(36), index=True)
    user: Mapped[str | None] = mapped_column(String(36))
    """Null is back to the area's leaders."""
    by: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Instant)


class WarningAddress(Base):
    """Where somebody reads mail; they write it themselves, and nobody else sees it."""

    __tablename__ = "warning_address"

    user: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    changed_at: Mapped[datetime] = mapped_column(Instant)


class Lookout(Base):
    """The last sign of a scheduler that watches over those who are out alone; one row."""

    __tablename__ = "lookout"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    looked_at: Mapped[datetime] = mapped_column(Instant)


def put_on_duty(
    session: Session, id: str, area: str, user: str | None, by: str, now: datetime
) -> None:
    """Put somebody on duty in an area; None puts its leaders."""
    session.add(Duty(id=id, area=area, user=user, by=by, at=now))
    session.flush()


def chosen_for(session: Session, area: str) -> str | None:
    """Give who was put on duty in an area last, whether or not they still may be."""
    last = select(Duty.user).where(Duty.area == area).order_by(Duty.at.desc(), Duty.id.desc())
    return session.scalars(last.limit(1)).first()


def on_duty(session: Session, area: str | None, barred: Collection[str] = ()) -> tuple[str, ...]:
    """Give whom to warn about an area: who was chosen, else the nearest who lead; sorted.

    What is behind a barrier is in no area: those named behind it (`barred`) are warned, for nobody
    else may know.
    """
    if barred:
        named = select(User.id).where(User.id.in_(barred), User.closed_at.is_(None))
        return tuple(sorted(session.scalars(named)))
    if area is None:
        return ()
    chosen = chosen_for(session, area)
    reach = _reaching(session, area)
    if chosen is not None and any(user == chosen for user, _, _ in reach):
        return (chosen,)
    for role, in_area in STEPS:
        found = {user for user, had, where in reach if had == role and bool(where) == in_area}
        if found:
            return tuple(sorted(found))
    return ()


def may_be_on_duty(session: Session, area: str) -> tuple[str, ...]:
    """Give those who could be put on duty in an area, sorted."""
    return tuple(sorted({user for user, _, _ in _reaching(session, area)}))


def _reaching(session: Session, area: str) -> list[tuple[str, str, str | None]]:
    found = (
        select(Grant.user, Grant.role, Grant.area)
        .join(User, User.id == Grant.user)
        .where(
            User.closed_at.is_(None),
            Grant.role.in_([role.value for role in MAY_BE_ON_DUTY]),
            Grant.area.is_(None) | (Grant.area == area),
        )
    )
    return [(user, role, where) for user, role, where in session.execute(found)]


def leaders_of(session: Session, area: str) -> set[str]:
    """Give those who lead an area, or the whole organisation."""
    return {user for user, role, _ in _reaching(session, area) if role == Role.LEADER.value}


def address_of(session: Session, user: str) -> str | None:
    """Give where somebody reads mail, None when they have not said."""
    found = session.get(WarningAddress, user)
    return found.email if found else None


def addressed(session: Session, users: Collection[str]) -> set[str]:
    """Give those of some users who have said where they read mail."""
    rows = select(WarningAddress.user).where(WarningAddress.user.in_(users))
    return set(session.scalars(rows))


def keep_address(session: Session, user: str, email: str | None, now: datetime) -> None:
    """Keep where somebody reads mail; None forgets it."""
    found = session.get(WarningAddress, user)
    if email is None:
        if found is not None:
            session.delete(found)
    else:
        session.merge(WarningAddress(user=user, email=email, changed_at=now))
    session.flush()


def needs_sign(session: Session, now: datetime) -> bool:
    """Say whether the lookout ought to give a sign again."""
    found = session.get(Lookout, 1)
    return found is None or not timedelta(0) <= now - found.looked_at < LOOKOUT_EVERY


def give_sign(session: Session, now: datetime) -> None:
    """Write that somebody watches now."""
    session.merge(Lookout(id=1, looked_at=now))
    session.flush()


def last_sign(session: Session) -> datetime | None:
    """Give when somebody last watched, None for never."""
    found = session.get(Lookout, 1)
    return found.looked_at if found else None


def is_watched(session: Session, now: datetime) -> bool:
    """Say whether a scheduler watches."""
    last = last_sign(session)
    return last is not None and last > now - LOOKOUT_LASTS
