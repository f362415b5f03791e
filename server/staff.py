"""Who works here: adding people, giving and taking roles, new passwords, closing; and areas.

Users live in tables of their own; the colleague that every phone knows is a record like others,
and is written through intake in the same transaction. At least one administrator always remains.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from marshmallow import ValidationError
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from uuid_utils import uuid7

from server import acts, hand, intake, password_resets, passwords, people
from server.access import AREA_KIND, Actor, all_areas, today_of
from server.acts import EMERGENCY, ROLE_GIVEN, Act
from server.database import Database
from server.people import PASSWORD_PROVIDER, Grant, Grants, Identity, User
from server.records import REGISTRY
from server.records.area import Area
from server.records.colleague import Colleague
from server.roles import ROLE_LABELS, Role
from sync.mutation import office_replica

EVERYWHERE = frozenset({Role.ADMIN, Role.PRIVACY})
"""The roles that are of no use, and no harm, in one area alone."""
KIND = Colleague.spec.name
LOGIN_NAME = re.compile(r"[\w.@+-]{2,100}")


class Refused(Exception):
    """It cannot be done so; the text is a sentence in bokmål that says what to do."""


@dataclass(frozen=True)
class Member:
    """One person who works here, or did."""

    id: str
    name: str
    team: str
    login: str
    closed_at: datetime | None
    grants: tuple[tuple[str, Role, str | None], ...]
    """Id, role and area; None is the whole organisation."""


def everyone(session: Session) -> list[Member]:
    """Give all users by name, those who are closed last."""
    logins: dict[str, str] = dict(
        session.execute(
            select(Identity.user, Identity.subject).where(Identity.provider == PASSWORD_PROVIDER)
        ).all()
    )
    teams: dict[str, str | None] = dict(session.execute(select(Colleague.id, Colleague.team)).all())
    grants: dict[str, list[tuple[str, Role, str | None]]] = {}
    for given in session.scalars(select(Grant).order_by(Grant.role, Grant.area, Grant.id)):
        grants.setdefault(given.user, []).append((given.id, Role(given.role), given.area))
    members = [
        Member(
            id=user.id,
            name=user.name,
            team=teams.get(user.id) or "",
            login=logins.get(user.id, ""),
            closed_at=user.closed_at,
            grants=tuple(grants.get(user.id, ())),
        )
        for user in session.scalars(select(User))
    ]
    return sorted(members, key=lambda m: (m.closed_at is not None, m.name.casefold(), m.id))


def area_names(session: Session) -> dict[str, str]:
    """Give the areas that are in use, by id."""
    query = select(Area.id, Area.name).where(Area.id.in_(all_areas(session)))
    found = {id: name or "" for id, name in session.execute(query)}
    return dict(sorted(found.items(), key=lambda each: each[1].casefold()))


def has_admin(session: Session) -> bool:
    """Say whether anybody can let others in."""
    return bool(_admins(session))


def add(
    database: Database,
    by: str,
    values: Mapping[str, str],
    password: str,
    grants: Grants,
    now: datetime,
    first: Callable[[Session], None] = lambda session: None,
    own: Sequence[str] = (),
) -> str:
    """Add a person with `name`, `team` and `login`, and give their id; raises Refused.

    `by` is the id of a user, or the name of an account on the machine: then they add themselves.
    """
    user = str(uuid7())
    name, team = _checked("name", values.get("name")), _checked("team", values.get("team"))
    if not name:
        raise Refused("Skriv et navn.")
    login = people.fold_login_name(values.get("login", ""))
    if not LOGIN_NAME.fullmatch(login):
        raise Refused("Skriv et brukernavn på minst to tegn, uten mellomrom.")
    if not passwords.is_strong(password, (name, login, *own)):
        raise Refused(passwords.TOO_WEAK)

    def enter(session: Session) -> None:
        first(session)
        _refuse_taken(session, login)
        people.add_user(session, user, name, now)
        people.set_password(session, user, login, password)
        acts.note(session, password_resets.ADDED, by, now, user)
        for role, area in grants:
            _give(session, by, user, role, area, now)

    with database.reading() as session:
        first(session)
        _refuse_taken(session, login)
        known = all_areas(session)
        if any(area is not None and area not in known for _, area in grants):
            raise Refused("Området finnes ikke lenger. Last siden på nytt.")
    said = {"name": name, "team": team}
    hand.write(database, KIND, user, "create", said, user, now, enter)
    return user


def new_password(database: Database, by: str, user: str, now: datetime) -> tuple[str, str]:
    """Give a user a new password, which ends their logins; returns login name and password."""
    password = passwords.new_password()
    with database.writing() as session:
        login = session.scalar(
            select(Identity.subject).where(
                Identity.user == user, Identity.provider == PASSWORD_PROVIDER
            )
        )
        if login is None:
            raise Refused("Denne brukeren logger ikke inn med passord.")
        people.set_password(session, user, login, password)
        had_code, keys = people.drop_factor(session, user), people.drop_passkeys(session, user)
        said = {"code_dropped": had_code, "passkeys": keys}
        acts.note(session, password_resets.RESET, by, now, user, **said)
        if by != user:
            password_resets.give_notice(session, user, now)
    return login, password


def give(
    database: Database, by: str, user: str, role: Role, area: str | None, now: datetime
) -> None:
    """Give a role, and judge again what waited for it; raises Refused."""
    if by == user:
        raise Refused("Du kan ikke gi deg selv tilgang. Be en annen administrator.")
    with database.writing() as session:
        _open_user(session, user)
        if role in EVERYWHERE and area is not None:
            name = ROLE_LABELS[role].lower()
            raise Refused(f"Rollen {name} gjelder hele organisasjonen. Velg det.")
        if area is not None and area not in all_areas(session):
            raise Refused("Området finnes ikke lenger. Last siden på nytt.")
        _give(session, by, user, role, area, now)
    intake.judge_again(database, now, "access", author=user)


def take_away(database: Database, by: str, user: str, grant: str, now: datetime) -> None:
    """Take one role away; one that is gone already is no error; raises Refused."""
    with database.writing() as session:
        _lock_admins(session)
        found = session.get(Grant, grant)
        if found is None or found.user != user:
            return
        session.delete(found)
        session.flush()
        _keep_an_admin(session)
        said = {"role": found.role, "area": found.area}
        acts.note(session, "role_taken", by, now, user, **said)


def close(database: Database, by: str, user: str, now: datetime) -> None:
    """Let somebody in no more; what they wrote, and what their phone still sends, is kept."""

    def end(session: Session) -> None:
        _lock_admins(session)
        found = _open_user(session, user)
        found.closed_at = now
        session.flush()
        _keep_an_admin(session)
        people.close_sessions(session, user, now)
        people.drop_passkeys(session, user)
        acts.note(session, "user_closed", by, now, user)

    with database.reading() as session:
        _open_user(session, user)
        if set(_admins(session)) == {user}:
            _refuse_last()
    left = {"left_on": today_of(now).isoformat()}
    hand.write(database, KIND, user, "patch", left, user, now, end)


def end_logins(database: Database, by: str, user: str, now: datetime) -> None:
    """End every login of a user."""
    with database.writing() as session:
        if ended := people.close_sessions(session, user, now):
            acts.note(session, "logins_ended", by, now, user, count=ended)


def reopen(database: Database, by: str, user: str, now: datetime) -> None:
    """Let somebody in again, with the roles they had."""

    def begin(session: Session) -> None:
        found = session.get(User, user)
        if found is not None and found.closed_at is not None:
            found.closed_at = None
            acts.note(session, "user_reopened", by, now, user)

    hand.write(database, KIND, user, "patch", {"left_on": None}, user, now, begin)


def add_area(database: Database, by: Actor, name: str, now: datetime) -> str:
    """Make an area, as its author may; gives its id; raises Refused."""
    words = _checked("name", name, AREA_KIND)
    if not words:
        raise Refused("Skriv hva området heter.")
    with database.reading() as session:
        if words.casefold() in {known.casefold() for known in area_names(session).values()}:
            raise Refused(f"Det finnes allerede et område som heter {words}.")
    area = str(uuid7())
    push = hand.mutation(AREA_KIND, area, "create", {"name": words}, by.user, now)
    (result,) = intake.take(database, by, office_replica(by.user), [push], now)
    if result.state != "applied":
        raise Refused("Du har ikke tilgang til å lage områder.")
    return area


def _refuse_taken(session: Session, login: str) -> None:
    if session.get(Identity, (PASSWORD_PROVIDER, login)) is not None:
        raise Refused(f"Brukernavnet {login} er tatt. Velg et annet.")


def _checked(field: str, value: str | None, kind: str = KIND) -> str | None:
    """Give a value as the kind's own field takes it."""
    if not value or not value.strip():
        return None
    try:
        return str(REGISTRY[kind].deserialize(field, value.strip()))
    except ValidationError as bad:
        raise Refused(" ".join(map(str, bad.messages))) from bad


def _give(
    session: Session, by: str, user: str, role: Role, area: str | None, now: datetime
) -> None:
    there = Grant.area == area if area else Grant.area.is_(None)
    same = select(func.count()).where(Grant.user == user, Grant.role == role.value, there)
    if not session.scalar(same):
        people.grant(session, str(uuid7()), user, role, area)
        acts.note(session, ROLE_GIVEN, by, now, user, role=role.value, area=area)


def _open_user(session: Session, user: str) -> User:
    found = session.get(User, user)
    if found is None or found.closed_at is not None:
        raise Refused("Brukeren er stengt. Åpne den først.")
    return found


def _admins(session: Session) -> Sequence[str]:
    """Give those who administer; the account in the envelope is nobody's daily work."""
    sealed = select(Act.about).where(Act.what == EMERGENCY, Act.about.is_not(None))
    query = (
        select(User.id)
        .join(Grant, Grant.user == User.id)
        .where(Grant.role == Role.ADMIN.value, Grant.area.is_(None), User.closed_at.is_(None))
        .where(User.id.not_in(sealed))
    )
    return session.scalars(query).all()


def _lock_admins(session: Session) -> None:
    """Make those who take administrators away wait for each other, so that the last one stays."""
    query = select(Grant.id).where(Grant.role == Role.ADMIN.value).order_by(Grant.id)
    session.execute(query.with_for_update()).all()


def _keep_an_admin(session: Session) -> None:
    if not _admins(session):
        _refuse_last()


def _refuse_last() -> None:
    raise Refused("Minst én administrator må være igjen. Gi rollen til en annen først.")
