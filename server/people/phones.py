"""Phones: the vaults that were registered, what each said of itself, and closing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import BigInteger, ForeignKey, Integer, LargeBinary, String, Text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.people.members import User

SEEN_EVERY = timedelta(minutes=5)
"""How stale `last_seen_at` of a session or a replica may be before it costs a write."""
OPEN_FORMS_MAX = 500
"""More open forms than these are not announced by any phone."""


class Replica(Base):
    """One vault on one phone for one user, and what the server has seen of its numbers."""

    __tablename__ = "replica"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    installation: Mapped[str] = mapped_column(String(36))
    user: Mapped[str] = mapped_column(ForeignKey(User.id), index=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65))
    highest_n: Mapped[int] = mapped_column(BigInteger, default=0)
    announced_n: Mapped[int] = mapped_column(BigInteger, default=0)
    open_n: Mapped[str] = mapped_column(Text, default="[]")
    """JSON list of the numbers announced as open forms."""
    gaps: Mapped[str] = mapped_column(Text, default="[]")
    """JSON list of ranges [from, to] below `highest_n` that never arrived."""
    forks: Mapped[int] = mapped_column(Integer, default=0)
    app: Mapped[str] = mapped_column(String(40))
    contract: Mapped[int] = mapped_column(Integer)
    registered_at: Mapped[datetime] = mapped_column(Instant)
    last_seen_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)
    released_at: Mapped[datetime | None] = mapped_column(Instant)
    """What had come from it by then may be used, though it is closed: a leader vouched for it."""
    unsent: Mapped[int] = mapped_column(Integer, default=0)
    oldest_unsent_s: Mapped[int] = mapped_column(Integer, default=0)
    free_mb: Mapped[int | None] = mapped_column(Integer)
    last_error: Mapped[str | None] = mapped_column(String(64))
    readable_until: Mapped[datetime | None] = mapped_column(Instant)
    """After this its app lets nobody read what tells of somebody; None when it knows no lease."""
    emptied_at: Mapped[datetime | None] = mapped_column(Instant)
    """When it told, under its own signature, that all that could be read is deleted from it."""


@dataclass(frozen=True, slots=True)
class Phone:
    """What the door of a round trip must know of the replica that calls."""

    user: str
    owners: bool
    """Whether the token that came opens or once opened a login of its owner's."""
    revoked: bool
    unsent: int
    announced_n: int
    open_n: str
    app: str
    last_error: str | None
    last_seen_at: datetime | None
    readable_until: datetime | None


class ForeignReplica(Exception):
    """The replica belongs to another user or carries another key; nothing was changed."""


def register_replica(
    session: Session,
    *,
    replica: str,
    installation: str,
    user: str,
    public_key: bytes,
    app: str,
    contract: int,
    now: datetime,
) -> Replica:
    """Register a vault, or find it again; raises ForeignReplica for another's id or another key."""
    row = session.get(Replica, replica, with_for_update=True)
    if row is None:
        row = Replica(
            id=replica,
            installation=installation,
            user=user,
            public_key=public_key,
            app=app,
            contract=contract,
            registered_at=now,
        )
        session.add(row)
    elif row.user != user or row.public_key != public_key or row.installation != installation:
        raise ForeignReplica
    row.app, row.contract = app, contract
    session.flush()
    return row


def revoke_replica(session: Session, replica: str, now: datetime) -> None:
    """Close a phone: its next contact is answered 410, and what it sends is held."""
    session.execute(update(Replica).where(Replica.id == replica).values(revoked_at=now))


def release_replica(session: Session, replica: str, now: datetime) -> None:
    """Let what has come from a closed phone until now be used; what comes later is held."""
    session.execute(update(Replica).where(Replica.id == replica).values(released_at=now))


def health_news(row: Phone, health: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Give what a phone says of itself that is worth a write; empty when nothing is.

    Sizes and ages alone are not: they change with every round trip, and wait for the next write.
    """
    opened = health.get("open")
    forms = [n for n in opened if _is_count(n)] if isinstance(opened, list) else []
    app, error = health.get("app"), health.get("last_error")
    said: dict[str, Any] = {
        "unsent": _count_of(health, "outbox", row.unsent),
        "announced_n": max(row.announced_n, _count_of(health, "last_n", row.announced_n)),
        "open_n": orjson.dumps(sorted(forms)[:OPEN_FORMS_MAX]).decode(),
        "app": app[:40] if isinstance(app, str) else row.app,
        "last_error": error[:64] if isinstance(error, str) else None,
    }
    news = {name: value for name, value in said.items() if getattr(row, name) != value}
    seen = row.last_seen_at
    if news or seen is None or now - seen > SEEN_EVERY:
        news["last_seen_at"] = now
        news["free_mb"] = _count_of(health, "free_mb", 0) or None
        news["oldest_unsent_s"] = _age_of(health.get("oldest_at"), now)
    return news


def lease_news(
    row: Phone, hours: int, now: datetime, *, obeys: bool, told: bool = False
) -> dict[str, Any]:
    """Give until when a phone may be read, when that is worth a write; empty when it is not.

    `hours`: what this answer grants. `obeys`: it names the policy that it goes by, as no app did
    before there were leases. `told`: it names the very policy of this answer, so that no longer
    lease of before stands there; else the later of the two is kept, for an answer may be lost.
    """
    before, least = row.readable_until, now + timedelta(hours=hours)
    if not obeys and before is None:
        return {}
    until = least + SEEN_EVERY  # contacts within that time are not written down
    if before is not None and least <= before and (before <= until or not told):
        return {}
    return {"readable_until": until}


def note_emptied(session: Session, replica: str, now: datetime) -> None:
    """Keep when a phone first told that what could be read is deleted from it."""
    first = update(Replica).where(Replica.id == replica, Replica.emptied_at.is_(None))
    session.execute(first.values(emptied_at=now))


def note_health(session: Session, replica: str, news: Mapping[str, Any]) -> None:
    """Keep what a phone said of itself."""
    if news:
        session.execute(
            update(Replica)
            .where(Replica.id == replica)
            .values(**news)
            .execution_options(synchronize_session=False)
        )


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**53


def _count_of(health: Mapping[str, Any], name: str, otherwise: int) -> int:
    value = health.get(name)
    return min(int(value), 2**31 - 1) if type(value) is int and value >= 0 else otherwise


def _age_of(said: object, now: datetime) -> int:
    try:
        then = datetime.fromisoformat(said) if isinstance(said, str) else now
        age = (now - (then if then.tzinfo else then.replace(tzinfo=UTC))).total_seconds()
    except (ValueError, OverflowError):
        return 0
    return int(min(max(age, 0), 2**31 - 1))
