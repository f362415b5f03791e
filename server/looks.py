"""What was opened on a phone, where the office sees nothing: told by it, sealed, by the hour.

The phone seals it as it is opened and sends it before all else. It is a reading like others: it
stands in the access log under the phone's user, with the hour that the phone says it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import access_log, strict_json
from server.access import actor_of, on_phones, scopes_of
from server.access_log import OPENED_ON_PHONE, Reading
from server.database import Base, Database, Instant, whole_ms
from server.driver import Sql, kept, rows
from server.people import Replica
from server.records.envelope import Envelope
from server.sealing import BadSeal, Parcel, SealingKey
from server.shapes import read_instant
from sync.mutation import Unreadable, is_id

HOURS_MAX, LOOKS_MAX = 400, 2_000
_NEW = Sql(
    "INSERT INTO look_sheet (mid, replica, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING 1"
)
Looks = Mapping[datetime, list[str]]
"""The records that were opened, by the hour in which they were."""


class LookSheet(Base):
    """One sheet that came, so that one that is sent twice is written down once."""

    __tablename__ = "look_sheet"

    mid: Mapped[str] = mapped_column(String(36), primary_key=True)
    replica: Mapped[str] = mapped_column(String(36))
    at: Mapped[datetime] = mapped_column(Instant)


def take_looks(database: Database, key: SealingKey, sheet: Parcel, now: datetime) -> None:
    """Write one sheet into the access log; raises BadSeal when it is none, or not its phone's."""
    with database.reading() as session:
        phone = session.get(Replica, sheet.replica)
    if phone is None:
        raise BadSeal("no such replica")
    looks = _read(key.open(sheet, phone.public_key), now)
    with database.writing() as session:
        if rows(session, _NEW, sheet.mid, sheet.replica, kept(session, whole_ms(now))):
            access_log.append(session, _readings(session, phone, looks, now), now)


def _readings(session: Session, phone: Replica, looks: Looks, now: datetime) -> list[Reading]:
    actor = actor_of(session, phone.user)
    said = (phone.user, access_log.roles_of(actor.grants), OPENED_ON_PHONE)
    mine = on_phones(scopes_of(session, actor, now))
    found: list[Reading] = []
    for hour, ids in sorted(looks.items()):
        by_purpose = access_log.by_purpose(session, _about_people(session, ids), mine)
        found += [
            Reading(*said, purpose, records, phone.id, looked_at=hour)
            for purpose, records in by_purpose.items()
            if records
        ]
    return found


def _about_people(session: Session, ids: list[str]) -> list[str]:
    """Give those that are here and tell of somebody: the log of the office names no others."""
    query = select(Envelope.id, Envelope.kind).where(Envelope.id.in_(ids))
    return [row.id for row in session.execute(query) if row.kind in access_log.about_people()]


def _read(plain: bytes, now: datetime) -> Looks:
    """Read a sheet; an hour that is not over here is now's, for a phone's clock may be ahead."""
    try:
        value: Any = strict_json.loads(plain)
    except Unreadable as bad:
        raise BadSeal("no sheet") from bad
    looks = value.get("looks") if isinstance(value, dict) else None
    if not isinstance(looks, dict) or not 0 < len(looks) <= HOURS_MAX:
        raise BadSeal("no sheet")
    read: dict[datetime, list[str]] = {}
    this_hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    for said, ids in looks.items():
        try:
            hour = read_instant(said).replace(minute=0, second=0, microsecond=0)
        except ValueError as bad:
            raise BadSeal("no hour") from bad
        if not isinstance(ids, list) or len(ids) > LOOKS_MAX or not all(map(is_id, ids)):
            raise BadSeal("no records")
        read.setdefault(min(hour, this_hour), []).extend(ids)
    return {hour: sorted(set(ids)) for hour, ids in read.items()}
