"""Who has left: each night the directory is asked whether it still vouches for those it sent.

A provider that does not answer closes nobody; somebody it no longer knows is closed at once, and
whom it cannot be asked about is closed when they have not logged in for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from server import people, staff
from server.config import Settings
from server.database import Database
from server.oidc import arriving, roles, seats
from server.oidc.claims import person
from server.oidc.refusals import Away, Refused
from server.oidc.roles import BY
from server.oidc.seats import Seat
from server.oidc.wire import Gone, Wire, wire_of
from server.people import User

log = structlog.get_logger("oppgang.oidc")


@dataclass
class Round:
    """How many were asked about, and how many had left."""

    asked: int = 0
    left: int = 0


def close_leavers(database: Database, settings: Settings, now: datetime) -> None:
    """Let in no more those whom the municipality's directory no longer vouches for."""
    wire = wire_of(settings)
    if wire is not None:
        done = look_for_leavers(database, settings, wire, now)
        log.info("directory_asked", asked=done.asked, left=done.left)


def look_for_leavers(database: Database, settings: Settings, wire: Wire, now: datetime) -> Round:
    """Ask about everybody who came in from the directory, and close those who have left it."""
    done = Round()
    with database.reading() as session:
        here = list(
            session.scalars(
                select(Seat)
                .join(User, User.id == Seat.user)
                .where(Seat.provider == wire.provider.issuer)
                .where(Seat.left_at.is_(None), User.closed_at.is_(None))
                .order_by(Seat.subject)
            )
        )
        session.expunge_all()
    for seat in here:
        token = seats.token_of(settings, seat)
        try:
            if token is None:
                stays = now - seat.vouched_at <= wire.provider.back_within
            else:
                done.asked += 1
                stays = _is_vouched_for(database, settings, wire, seat, token, now)
        except Away as away:
            log.warning("directory_away", why=away.why)
            break
        except Refused as refused:
            log.warning("directory_unclear", why=refused.why)
            continue
        if not stays:
            _close(database, seat, now)
            done.left += 1
    return done


def _is_vouched_for(
    database: Database, settings: Settings, wire: Wire, seat: Seat, token: str, now: datetime
) -> bool:
    try:
        claims, again = wire.ask_again(token, now)
    except Gone:
        return False
    with database.writing() as session:
        mine = session.get_one(Seat, (seat.provider, seat.subject))
        seats.keep_token(settings, mine, again)
        mine.vouched_at = now
    if claims is None:
        return True
    if claims["sub"] != seat.subject:
        raise Refused("another_subject")
    arriving.freshen(database, wire.provider, person(claims, wire.provider), seat.user, now)
    with database.reading() as session:
        return roles.has_any(session, seat.user)


def _close(database: Database, seat: Seat, now: datetime) -> None:
    """Close somebody as an administrator would; the last administrator is only logged out."""
    try:
        staff.close(database, BY, seat.user, now)
    except staff.Refused:
        log.warning("directory_left_by_last_admin")
        with database.writing() as session:
            people.close_sessions(session, seat.user, now)
        return
    with database.writing() as session:
        mine = session.get_one(Seat, (seat.provider, seat.subject))
        mine.left_at, mine.token = now, None
