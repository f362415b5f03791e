"""Nødtilgang: for some hours somebody reads what need-to-know denies them about one home.

It opens reading alone, in the office alone, of what hung on the home when it was opened. It never
opens a draft, what a team alone knows, or what is barred; that last is asked again at each reading.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ForeignKey, Select, String, Text, insert, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server import acts
from server.access_log import ASKED, Reading
from server.database import Base, Instant
from server.records import REGISTRY
from server.records.envelope import Envelope, ScopeMember
from server.records.kind import KindSpec
from server.records.places import ALONE, TEAM_STAFF
from server.records.tenancy import Tenancy
from server.roles import Role

LASTS = timedelta(hours=4)
WHY_MIN, WHY_MAX = 10, 500
MAY_OPEN = TEAM_STAFF
"""Who may, where they have a role: those who follow households up, their office and leader."""
OPENED = "opened:"
"""How the scopes begin that an opening gives; they never leave the server."""
BY = "opening:"
"""How the access log begins when it says by which opening something was read: it keeps no words."""
FORGOTTEN = "Grunnen er slettet med husstanden."


class Opening(Base):
    """One opening of one home by one person, and what a leader said of it."""

    __tablename__ = "opening"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user: Mapped[str] = mapped_column(String(36), index=True)
    home: Mapped[str] = mapped_column(String(36))
    area: Mapped[str] = mapped_column(String(36), index=True)
    why: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Instant)
    until: Mapped[datetime] = mapped_column(Instant)
    reviewed_by: Mapped[str | None] = mapped_column(String(36))
    reviewed_at: Mapped[datetime | None] = mapped_column(Instant)
    fit: Mapped[bool | None] = mapped_column()
    """Whether the leader found that it was needed; None until one has looked."""
    words: Mapped[str | None] = mapped_column(Text)


class Opened(Base):
    """One record that an opening opened."""

    __tablename__ = "opened_record"
    __table_args__ = {"sqlite_with_rowid": False}

    opening: Mapped[str] = mapped_column(ForeignKey(Opening.id), primary_key=True)
    record: Mapped[str] = mapped_column(String(36), primary_key=True)


def open_home(
    session: Session, user: str, home: str, area: str, why: str, now: datetime
) -> Opening:
    """Open a home for its hours; gives the opening. That it was opened stands among the acts."""
    row = Opening(
        id=str(uuid7()), user=user, home=home, area=area, why=why, at=now, until=now + LASTS
    )
    session.add(row)
    session.flush()
    if ids := _beneath(session, home):
        session.execute(insert(Opened), [{"opening": row.id, "record": id} for id in sorted(ids)])
    acts.note(session, "home_opened", user, now, home, opening=row.id, records=len(ids))
    return row


def close(session: Session, row: Opening, by: str, now: datetime) -> None:
    """End an opening before its time."""
    if row.until > now:
        row.until = now
        acts.note(session, "home_closed", by, now, row.home, opening=row.id)


def review(session: Session, row: Opening, fit: bool, words: str, by: str, now: datetime) -> None:
    """Write down what a leader found; what was found unneeded ends at once."""
    row.reviewed_by, row.reviewed_at, row.fit, row.words = by, now, fit, words or None
    if not fit:
        close(session, row, by, now)
    acts.note(session, "opening_reviewed", by, now, row.home, opening=row.id, fit=fit)


def live(
    session: Session, user: str, grants: Iterable[tuple[Role, str | None]], now: datetime
) -> list[Opening]:
    """Give what is open for somebody now, as far as they still have a role that may, there."""
    where = {area for role, area in grants if role in MAY_OPEN}
    rows = session.scalars(select(Opening).where(Opening.user == user, Opening.until > now))
    return [row for row in rows if None in where or row.area in where]


def scopes_of(rows: Iterable[Opening]) -> tuple[str, ...]:
    """Give the scopes of openings."""
    return tuple(OPENED + row.id for row in rows)


def opened_by(mine: Collection[str]) -> Select[Any] | None:
    """Give the ids that the openings among some scopes opened; None when there is none."""
    ids = [scope.removeprefix(OPENED) for scope in mine if scope.startswith(OPENED)]
    return select(Opened.record).where(Opened.opening.in_(ids)) if ids else None


def only_opened(
    session: Session, records: Collection[str], mine: Collection[str]
) -> Mapping[str, str]:
    """Give what of some records is read by an opening alone, with what the log says of it."""
    opened = opened_by(mine)
    if opened is None or not records:
        return {}
    known = select(ScopeMember.id).where(
        ScopeMember.id.in_(records), ScopeMember.scope.in_(mine), ScopeMember.present
    )
    by = (
        select(Opened.record, Opened.opening)
        .where(Opened.record.in_(records), Opened.record.in_(opened), Opened.record.not_in(known))
        .where(Opened.opening.in_([s.removeprefix(OPENED) for s in mine if s.startswith(OPENED)]))
    )
    return {record: BY + opening for record, opening in session.execute(by)}


def readings(who: str, roles: str, way: str, opened: Mapping[str, str]) -> list[Reading]:
    """Give what the access log says of what was read by openings alone, a line for each."""
    by_opening: dict[str, list[str]] = {}
    for record, opening in opened.items():
        by_opening.setdefault(opening, []).append(record)
    return [Reading(who, roles, way, ASKED, ids, why=each) for each, ids in by_opening.items()]


def reasons(session: Session, said: Iterable[str | None]) -> dict[str | None, str]:
    """Give the words behind each thing that the access log says of why; nothing where it is silent.

    Its rows from before it named openings have the words themselves.
    """
    asked = set(said)
    ids = [one.removeprefix(BY) for one in asked if one and one.startswith(BY)]
    query = select(Opening.id, Opening.why).where(Opening.id.in_(ids), Opening.why != "")
    found: dict[str, str] = dict(session.execute(query).all()) if ids else {}
    words = {one: one or "" for one in asked}
    return words | {BY + id: found.get(id, FORGOTTEN) for id in ids}


def forget(session: Session, erased: Collection[str]) -> None:
    """Let go of why a home was opened, and what was found, where they may tell of who is erased.

    That is each opening of an erased home, or that opened an erased household. That it was opened,
    by whom and when, stays.
    """
    households = select(Tenancy.id).where(Tenancy.id.in_(erased))
    told = select(Opened.opening).where(Opened.record.in_(households))
    session.execute(
        update(Opening)
        .where(or_(Opening.home.in_(erased), Opening.id.in_(told)))
        .values(why="", words=None)
        .execution_options(synchronize_session=False)
    )


def waiting(session: Session, areas: Collection[str] | None, reader: str) -> list[Opening]:
    """Give the openings that no leader has looked at, oldest first; nobody reviews their own."""
    query = select(Opening).where(Opening.reviewed_at.is_(None), Opening.user != reader)
    if areas is not None:
        query = query.where(Opening.area.in_(areas))
    return list(session.scalars(query.order_by(Opening.at, Opening.id)))


def latest(session: Session, areas: Collection[str] | None, most: int) -> list[Opening]:
    """Give the openings of some areas, or with None of all, the latest first."""
    query = select(Opening)
    if areas is not None:
        query = query.where(Opening.area.in_(areas))
    return list(session.scalars(query.order_by(Opening.at.desc(), Opening.id).limit(most)))


def _beneath(session: Session, home: str) -> set[str]:
    """Give what takes its place from a home, in any generation, and may be opened."""
    found: set[str] = set()
    level = {home}
    while level:
        below: set[str] = set()
        for spec in REGISTRY.values():
            if spec.server_only or spec.server_made or ALONE in spec.readers:
                continue
            for name in spec.parents:
                below |= set(session.scalars(_below(spec, name, level)))
        level = below - found
        found |= below
    return found


def _below(spec: KindSpec, name: str, level: Collection[str]) -> Select[Any]:
    table = spec.model.__table__
    query = select(table.c.id).join(Envelope, Envelope.id == table.c.id)
    query = query.where(table.c[name].in_(level), Envelope.deleted.is_(False))
    if "status" in spec.fields:
        query = query.where(table.c.status.is_not(None), table.c.status != "draft")
    return query
