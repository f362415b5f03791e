"""The demo municipality: laid in once, marked on every page, and refused in production.

Every record is written through intake; days to come are filled up each time the app starts.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update

from server import people
from server.clock import Clock, mark_demo
from server.config import Settings
from server.database import Database
from server.demo.coming import fill, give_out
from server.demo.confided import tell_in_confidence
from server.demo.drawn import bring_pictures
from server.demo.figures import tell_the_figures
from server.demo.given import prepare_insight
from server.demo.ground import lately, lay_ground
from server.demo.municipality import PEOPLE, Person, homes, made_up_id
from server.demo.neighbours import tell_of_neighbours
from server.demo.newest import pictures, tell_the_newest
from server.demo.pen import Pen, phone_of
from server.demo.story import INGRID, last_heard, tell
from server.demo.three_minutes import begin_the_story
from server.demo.watched import go_out_alone, keep_watch
from server.demo.year import live
from server.planning import generation
from server.roles import ROLE_LABELS, Role

__all__ = ["fill", "hang", "lay_in", "logins"]

NEVER_SENT = 3
"""How many of Amir's registrations the office knows of and has not received."""


def lay_in(database: Database, now: datetime, *, whole: bool = True) -> None:
    """Lay the demo municipality in, once; each time see to it that the coming days have work.

    `whole`: with the year that lies behind it; without, its last ten days alone.
    """
    with database.reading() as session:
        laid = session.execute(select(Clock.demo_since)).scalar_one() is not None
    if not laid:
        _lay_in(database, now, whole)
    fill(database, now)
    if whole:
        generation.generate(database, now)
        give_out(database, now)
        generation.set_deadlines(database, now)
        go_out_alone(database, now)


def hang(database: Database, settings: Settings, now: datetime) -> None:
    """Bring in the bytes of the pictures that the whole story shows, once."""
    bring_pictures(database, settings, now, *pictures())


def logins() -> list[str]:
    """Give the demo logins, one line each."""
    return [
        f"{person.login:<7} {person.passphrase:<26} {ROLE_LABELS[person.role]}" for person in PEOPLE
    ]


def _lay_in(database: Database, now: datetime, whole: bool) -> None:
    begun = now - timedelta(days=400 if whole else 60)
    with database.writing() as session:
        mark_demo(session, now)
        for person in PEOPLE:
            people.add_user(session, person.id, person.name, begun)
            people.set_password(session, person.id, person.login, person.passphrase)
            for area in person.areas:
                grant = made_up_id("grant", person.login, area or "all")
                people.grant(session, grant, person.id, person.role, area)
        for person in _with_phones():
            people.register_replica(
                session,
                replica=phone_of(person),
                installation=made_up_id("installation", person.login),
                user=person.id,
                public_key=_new_public_key(),
                app="0.1.0",
                contract=1,
                now=begun,
            )
    pen = Pen(database)
    lay_ground(pen, begun, now, whole=whole)
    if whole:
        tell_of_neighbours(pen, now)
        tell_in_confidence(pen, now)
        tell_the_figures(pen, now)
        live(database, pen, now)
        pen.office(INGRID, now - timedelta(days=20), *lately(now))
    tell(pen, homes(), now)
    if whole:
        tell_the_newest(pen, now)
        begin_the_story(pen, now)
        keep_watch(database, now)
        prepare_insight(database, now)
    _tell_of_phones(database, now)


def _tell_of_phones(database: Database, now: datetime) -> None:
    """Say when each phone was heard from, as its own contact would have."""
    heard = {"kari": now - timedelta(minutes=12), "amir": last_heard(now)}
    with database.writing() as session:
        for person in _with_phones():
            silent = NEVER_SENT if person.login == "amir" else 0
            session.execute(
                update(people.Replica)
                .where(people.Replica.id == phone_of(person))
                .values(
                    last_seen_at=heard.get(person.login, now - timedelta(hours=3)),
                    announced_n=people.Replica.highest_n + silent,
                    unsent=silent,
                )
            )


def _with_phones() -> list[Person]:
    return [person for person in PEOPLE if person.role in (Role.BOMILJO, Role.CARETAKER)]


def _new_public_key() -> bytes:
    """Give the public half of a key that nobody keeps: the demo phones sign nothing."""
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
