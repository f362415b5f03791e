"""The watch: promises to warn, warnings, and what is written of them; however many schedulers.

What is to be said is claimed by a unique row first, and written from that row: so every scheduler
writes the same bytes under the same name, and a warning is given once.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid5

import orjson
import structlog
from sqlalchemy import String, Text, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import people
from server.access import Actor
from server.config import Settings
from server.database import Base, Database, Instant
from server.intake import CONTRACT, SERVER, take
from server.records.check_in import CheckIn
from server.safety.alone import Outing, outing_of, outings
from server.safety.letters import address_letters
from server.safety.pushes import address_pushes
from server.shapes import Json, write_instant
from sync.mutation import NS

PROMISE = "promise"
"""The phone came while nobody watched; now somebody does."""
log = structlog.get_logger("oppgang.safety")


class Said(Base):
    """One thing that the server said of a check-in; its key lets it be said once."""

    __tablename__ = "safety_said"

    check_in: Mapped[str] = mapped_column(String(36), primary_key=True)
    trigger: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)
    body: Mapped[str] = mapped_column(Text)
    """JSON: the paths that are written, and what stands there then."""
    written_at: Mapped[datetime | None] = mapped_column(Instant, index=True)


def watch(database: Database, settings: Settings, now: datetime) -> None:
    """Give a sign that somebody watches, and warn about everybody whose time is over."""
    with database.reading() as session:
        sign = people.needs_sign(session, now)
        due = [each for each in outings(session) if _wanted(each, now)]
        left = session.scalar(select(Said.check_in).where(Said.written_at.is_(None)).limit(1))
    if sign:
        with database.writing() as session:
            people.give_sign(session, now)
    for each in due:
        _claim(database, settings, each.id, now)
    if due or left is not None:
        _write(database, now)


def _wanted(outing: Outing, now: datetime) -> str | None:
    """Name what ought to be said of a check-in now, None for nothing new."""
    trigger = outing.trigger(now)
    if trigger is not None:
        return trigger
    return None if outing.ended or outing.promised else PROMISE


def _claim(database: Database, settings: Settings, id: str, now: datetime) -> None:
    """Claim what is to be said, if it still is, with the letters that go out about it."""
    try:
        with database.writing() as session:
            outing = outing_of(session, id)
            trigger = _wanted(outing, now) if outing else None
            if outing is None or trigger is None:
                return
            if session.get(Said, (id, trigger)) is not None:
                return
            warned = people.on_duty(session, outing.area, outing.barred - {outing.who})
            if trigger == PROMISE and not warned:
                return
            said = orjson.dumps(_words(outing, trigger, warned, now)).decode()
            row = {"check_in": id, "trigger": trigger, "at": now, "body": said}
            session.execute(insert(Said).values(**row))
            if trigger != PROMISE:
                told = {*warned, *outing.promised}
                address_letters(session, id, trigger, told, now)
                if settings.push is not None:
                    address_pushes(session, id, trigger, told, now)
                log.warning("somebody_is_warned", check_in=id, why=trigger.partition("|")[0])
    except IntegrityError:
        return  # another scheduler has claimed it


def _words(outing: Outing, trigger: str, warned: tuple[str, ...], now: datetime) -> dict[str, Json]:
    fresh = [user for user in warned if user not in outing.promised]
    said: dict[str, Json] = {f"warns/{user}": True for user in fresh}
    return said if trigger == PROMISE else {**said, "escalated_at": write_instant(now)}


def _write(database: Database, now: datetime) -> None:
    """Write what was claimed, by whomever; a second time has no effect."""
    with database.reading() as session:
        waiting = list(session.scalars(select(Said).where(Said.written_at.is_(None))))
    for said in waiting:
        (result,) = take(database, Actor(SERVER, ()), SERVER, [_mutation(said)], now, server=True)
        if result.state != "applied":
            log.error("a warning was not written", mid=result.mid, reason=result.reason)
        with database.writing() as session:
            _settle(session, said, now)


def _settle(session: Session, said: Said, now: datetime) -> None:
    row = session.get(Said, (said.check_in, said.trigger))
    if row is not None and row.written_at is None:
        row.written_at = now


def _mutation(said: Said) -> dict[str, Json]:
    at = write_instant(said.at)
    return {
        "mid": str(uuid5(NS, f"safety|{said.check_in}|{said.trigger}")),
        "replica": SERVER,
        "n": None,
        "author": SERVER,
        "contract": CONTRACT,
        "kind": CheckIn.spec.name,
        "id": said.check_in,
        "op": "patch",
        "set": orjson.loads(said.body),
        "seen": {},
        "happened_at": at,
        "captured_at": at,
        "offset_ms": 0,
    }
