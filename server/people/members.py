"""Who there is: users, their identities and the roles they were given; it knows no login."""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ForeignKey, String, delete
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.driver import Sql, rows
from server.roles import Role

BY_HAND, FROM_DIRECTORY = "office", "directory"
Grants: TypeAlias = tuple[tuple[Role, str | None], ...]


class User(Base):
    """A person who works here; the id is what records carry."""

    __tablename__ = "user_account"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    closed_at: Mapped[datetime | None] = mapped_column(Instant)


class Identity(Base):
    """One way for a user to log in; the subject is unique within its provider."""

    __tablename__ = "identity"

    provider: Mapped[str] = mapped_column(String(200), primary_key=True)
    """`password`, or the address of an OpenID provider."""
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    secret: Mapped[str | None] = mapped_column(String(200))


class Grant(Base):
    """A role for a user, in one area or, with `area` null, in the whole organisation."""

    __tablename__ = "access_grant"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    role: Mapped[str] = mapped_column(String(16))
    area: Mapped[str | None] = mapped_column(String(36))
    source: Mapped[str] = mapped_column(String(12), default=BY_HAND)
    """Who gave it: somebody in the office, or the directory, which takes back its own alone."""


def add_user(session: Session, user: str, name: str, now: datetime) -> User:
    """Add a person; raises IntegrityError when the id is taken."""
    row = User(id=user, name=name, created_at=now)
    session.add(row)
    session.flush()
    return row


def grant(
    session: Session,
    grant_id: str,
    user: str,
    role: Role,
    area: str | None,
    source: str = BY_HAND,
) -> None:
    """Give a user a role in an area, or with null in the whole organisation."""
    session.merge(Grant(id=grant_id, user=user, role=role.value, area=area, source=source))
    session.flush()


def withdraw(
    session: Session, user: str, role: Role | None = None, area: str | None = None
) -> None:
    """Take grants away: all of a user's, or those of one role, or of one role in one area."""
    taken = delete(Grant).where(Grant.user == user)
    if role is not None:
        taken = taken.where(Grant.role == role.value)
    if area is not None:
        taken = taken.where(Grant.area == area)
    session.execute(taken)


_OPEN_GRANTS = Sql(
    'SELECT g."user", g.role, g.area FROM access_grant g JOIN user_account u ON u.id = g."user"'
    ' WHERE g."user" IN ? AND u.closed_at IS NULL'
)


def grants_of(session: Session, users: set[str]) -> dict[str, Grants]:
    """Give the grants of open users; a user who is closed or unknown has none."""
    found: dict[str, list[tuple[Role, str | None]]] = {user: [] for user in users}
    for user, role, area in rows(session, _OPEN_GRANTS, list(users)):
        found[user].append((Role(role), area))
    return {user: tuple(grants) for user, grants in found.items()}
