"""Acts: what somebody did to the whole, with who and when: an export, a role given, an erasure.

Rows are only added. They name records and users by id and never hold what a record says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from getpass import getuser

import orjson
from sqlalchemy import String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server import security_log
from server.database import Base, Instant
from sync.mutation import Json

BY_MAX = 60
EMERGENCY, ROLE_GIVEN = "emergency_made", "role_given"
"""The act that makes a user the emergency account."""


class Act(Base):
    """One thing that was done."""

    __tablename__ = "act"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    what: Mapped[str] = mapped_column(String(40), index=True)
    by: Mapped[str] = mapped_column(String(BY_MAX))
    """The id of a user, or `cli:` and the name of an account on the machine."""
    about: Mapped[str | None] = mapped_column(String(36))
    note: Mapped[str] = mapped_column(Text, default="{}")
    """JSON: counts, codes and fingerprints."""


def note(
    session: Session,
    what: str,
    by: str,
    now: datetime,
    about: str | None = None,
    **said: Json,
) -> None:
    """Write down that something was done."""
    text = orjson.dumps(said, option=orjson.OPT_SORT_KEYS).decode()
    session.add(Act(id=str(uuid7()), at=now, what=what, by=by[:BY_MAX], about=about, note=text))
    session.flush()
    security_log.tell(security_log.Seen.ACT, what=what, user=by, about=about)


def latest(session: Session, what: str) -> tuple[Act, Mapping[str, Json]] | None:
    """Give the last act of one sort and what was said of it; None when there is none."""
    query = select(Act).where(Act.what == what).order_by(Act.at.desc(), Act.id.desc()).limit(1)
    found = session.scalars(query).first()
    return (found, orjson.loads(found.note)) if found else None


def at_the_machine() -> str:
    """Name who works at the machine itself, for acts that nobody logged in for."""
    try:
        return f"cli:{getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"
