"""Logging in where there is no directory: name, password and a code, one way for desk and phone.

Tries are counted before the work, and the counts are kept also when one was too many.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from server import acts, emergency, password_resets, passwords, people
from server.config import Settings
from server.database import Database
from server.people import PASSWORD_PROVIDER, Came, Identity, Way
from server.security_log import Seen, tell


class MustEnrol(Exception):
    """The municipality asks for a code of everybody, and this person has none yet."""


class TooWeak(Exception):
    """The new password is too easily guessed."""


@dataclass(frozen=True)
class Shown:
    """What somebody shows at the door."""

    name: str
    password: str
    code: str
    came: Came


def key_of(settings: Settings) -> bytes:
    """Give the key that second factors are sealed under."""
    return settings.secret("second factor")


def enter(
    database: Database, settings: Settings, shown: Shown, now: datetime, *, enrols: bool
) -> tuple[str, str]:
    """Begin a login; give the user's id and a fresh token.

    Raises Throttled, WrongPassword, NeedsCode, and MustEnrol where a code is required, the person
    has none, and this door is not the one where it is made (`enrols`).
    """
    name, address = people.fold_login_name(shown.name), shown.came.address
    user: str | None = None
    try:
        _count(database, name, address, now)
        with database.reading() as session:
            user = people.check_password(session, name, shown.password).id
        with database.writing() as session:
            people.check_code(session, user, shown.code, key_of(settings), now)
    except people.Throttled:
        tell(Seen.LOGIN_THROTTLED, way=Way.PASSWORD, address=address)
        raise
    except people.WrongPassword:
        with database.reading() as session:
            whose = user or people.user_named(session, name)
        why = "password" if user is None else "code"
        tell(Seen.LOGIN_FAILED, way=Way.PASSWORD, why=why, user=whose, address=address)
        raise
    with database.writing() as session:
        if not enrols and must_enrol(session, settings, user):
            raise MustEnrol
        people.forget_tries(session, "name", name)
        emergency.note_use(session, user, now)
        came = shown.came
        token = people.open_session(session, user, now, Way.PASSWORD, came.agent, old=came.old)
    tell(Seen.LOGIN, way=Way.PASSWORD, user=user, address=address)
    return user, token


def change(
    database: Database,
    settings: Settings,
    login: people.Login,
    old: str,
    new: str,
    came: Came,
    now: datetime,
) -> str:
    """Set somebody's own new password and end their logins; give a new token for the one in use.

    That one is no fresher than it was, and came the same way: the old password alone does not show
    who somebody is where a code or a passkey did.
    Raises Throttled, WrongPassword when the old one is not right, and TooWeak.
    """
    user = login.user
    with database.reading() as session:
        rule = (Identity.user == user, Identity.provider == PASSWORD_PROVIDER)
        name = session.scalar(select(Identity.subject).where(*rule).limit(1))
        who = session.get_one(people.User, user).name
    if name is None:
        raise people.WrongPassword
    _count(database, name, came.address, now)
    with database.reading() as session:
        people.check_password(session, name, old)
    if not passwords.is_strong(new, (name, who, *settings.own_words)):
        raise TooWeak
    with database.writing() as session:
        people.forget_tries(session, "name", name)
        endpoint = people.browser_of(session, came.old_token or "")
        people.set_password(session, user, name, new)
        acts.note(session, password_resets.CHANGED, user, now, user)
        password_resets.settle(session, user, now)
        way, since = Way(login.way), login.began_at
        token = people.open_session(session, user, now, way, came.agent, began_at=since)
        people.keep_browser(session, token, endpoint)
        return token


def must_enrol(session: Session, settings: Settings, user: str, way: str = Way.PASSWORD) -> bool:
    """Say whether somebody must make a code before anything else.

    Whoever comes in from the directory shows there what the municipality asks for; a passkey is two
    things at once; the emergency account lies in an envelope, and has no telephone.
    """
    with_password = way == Way.PASSWORD
    if not (settings.code_required and with_password) or people.has_factor(session, user):
        return False
    ways = set(session.scalars(select(Identity.provider).where(Identity.user == user)))
    return ways == {PASSWORD_PROVIDER} and not emergency.is_account(session, user)


def _count(database: Database, name: str, address: str, now: datetime) -> None:
    by_address = ("address", address, people.ADDRESS_LIMIT)
    people.count_tries(database, now, by_address, ("name", name, people.NAME_LIMIT))
