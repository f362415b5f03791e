"""Brukere: who works here, with which roles in which areas; an administrator lets people in.

A leader and the privacy officer may look. It shows no record; a new password is shown once, to the
one who made it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import by_passkey, passwords, people, staff
from server.access import Actor
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import asks_anew, at_desk, database, moment, seated, typed
from server.office.network_only import decides
from server.people import Grants
from server.problems import Problem
from server.roles import ROLE_LABELS, Role

WHOLE = "all"
"""Stands in the form for the whole organisation."""
VALUE_MAX = 200
LOOKERS = frozenset({Role.LEADER, Role.PRIVACY})
"""Who may look at who has which access."""


@dataclass
class Line:
    """One person in the list."""

    id: str
    name: str
    team: str
    login: str
    closed: str
    passkeys: bool
    network_only: str
    """Since when the phone keeps nothing readable once locked; nothing when that is not so."""
    decides: bool
    """Whether the reader sets and lifts that."""
    grants: list[dict[str, str]]
    me: bool


def lets_in(desk: Desk) -> bool:
    """Say whether the reader adds people and gives roles."""
    return Role.ADMIN in desk.actor.roles_in(None)


def sees_users(desk: Desk) -> bool:
    """Say whether the reader sees who works here."""
    return lets_in(desk) or bool(desk.actor.roles & LOOKERS)


@office.get("/people")
@seated
def users(desk: Desk) -> ResponseReturnValue:
    """List the people, and offer an administrator to change who they are and what they see."""
    return _page(desk)


@office.post("/people")
@asks_anew
def add_user() -> ResponseReturnValue:
    """Add a person, with a first role and a new password that is shown once."""
    values = {name: _typed(name) for name in ("name", "team", "login")}
    password = passwords.new_password()

    def add(actor: Actor) -> ResponseReturnValue:
        grants = _grants()
        user = staff.add(database(), actor.user, values, password, grants, moment())
        told = people.fold_login_name(values["login"])
        return _shown_once(user, values["name"], told, password)

    return _do(add, values)


@office.post("/people/<user>/password")
@asks_anew
def reset_password(user: str) -> ResponseReturnValue:
    """Give somebody a new password and show it once; their logins end."""

    def reset(actor: Actor) -> ResponseReturnValue:
        login, password = staff.new_password(database(), actor.user, user, moment())
        with database().reading() as session:
            name = session.get_one(people.User, user).name
        return _shown_once(user, name, login, password)

    return _do(reset)


@office.post("/people/<user>/roles")
@asks_anew
def give_role(user: str) -> ResponseReturnValue:
    """Give somebody a role."""

    def give(actor: Actor) -> ResponseReturnValue:
        for role, area in _grants():
            staff.give(database(), actor.user, user, role, area, moment())
        return _back(user)

    return _do(give)


@office.post("/people/<user>/roles/<grant>/withdraw")
@asks_anew
def withdraw_role(user: str, grant: str) -> ResponseReturnValue:
    """Take a role away; what the person has on the phone leaves it at the next contact."""

    def take(actor: Actor) -> ResponseReturnValue:
        staff.take_away(database(), actor.user, user, grant, moment())
        return _back(user)

    return _do(take)


@office.post("/people/<user>/close")
@asks_anew
def close_user(user: str) -> ResponseReturnValue:
    """Let somebody in no more."""

    def close(actor: Actor) -> ResponseReturnValue:
        staff.close(database(), actor.user, user, moment())
        return _back(user)

    return _do(close)


@office.post("/people/<user>/passkeys/drop")
@asks_anew
def drop_passkeys(user: str) -> ResponseReturnValue:
    """Take all of somebody's passkeys away."""

    def drop(actor: Actor) -> ResponseReturnValue:
        by_passkey.drop(database(), actor.user, user, moment())
        return _back(user)

    return _do(drop)


@office.post("/people/<user>/logins/end")
@asks_anew
def end_user_logins(user: str) -> ResponseReturnValue:
    """End all of somebody's logins; what they have not sent stays where it is."""

    def end(actor: Actor) -> ResponseReturnValue:
        staff.end_logins(database(), actor.user, user, moment())
        return _back(user)

    return _do(end)


@office.post("/people/<user>/reopen")
@asks_anew
def reopen_user(user: str) -> ResponseReturnValue:
    """Let somebody in again."""

    def reopen(actor: Actor) -> ResponseReturnValue:
        staff.reopen(database(), actor.user, user, moment())
        return _back(user)

    return _do(reopen)


@office.post("/people/areas")
def add_area() -> ResponseReturnValue:
    """Make an area."""
    name = _typed("area_name")

    def add(actor: Actor) -> ResponseReturnValue:
        staff.add_area(database(), actor, name, moment())
        return redirect(url_for("office.users", _anchor="areas"))

    return _do(add, {"area_name": name})


def _do(
    work: Callable[[Actor], ResponseReturnValue], given: dict[str, str] | None = None
) -> ResponseReturnValue:
    """Do what an administrator asked for; what is refused comes back in words, nothing typed lost.

    The roles that count are those of this moment, read from the login, not from the form's time.
    """
    login: people.Login = g.login
    actor = Actor(login.user, login.grants)
    if Role.ADMIN not in actor.roles_in(None):
        raise Problem("no_access")
    try:
        return work(actor)
    except staff.Refused as refused:
        with at_desk() as desk:
            return make_response(_page(desk, str(refused), given or {}), 422)


def _page(desk: Desk, refused: str = "", given: dict[str, str] | None = None) -> str:
    if not sees_users(desk):
        raise Problem("no_access")
    areas = staff.area_names(desk.session)
    members = staff.everyone(desk.session)
    keyed, alone = people.with_passkey(desk.session), people.network_only_users(desk.session)
    since = {user: moment_words(row.at, desk.now) for user, row in alone.items()}
    return render_template(
        "office/users.html",
        lines=[_line(desk, member, areas, keyed, since) for member in members],
        areas=areas,
        roles={role.value: label for role, label in ROLE_LABELS.items()},
        whole=WHOLE,
        may_change=lets_in(desk),
        may_hand_over=Role.LEADER in desk.actor.roles,
        refused=refused,
        given=given or {},
    )


def _line(
    desk: Desk,
    member: staff.Member,
    areas: dict[str, str],
    keyed: frozenset[str],
    network_only: dict[str, str],
) -> Line:
    def place(area: str | None) -> str:
        return (
            "hele organisasjonen" if area is None else areas.get(area, "et område som er slettet")
        )

    return Line(
        id=member.id,
        name=member.name,
        team=member.team,
        login=member.login,
        passkeys=member.id in keyed,
        network_only=network_only.get(member.id, ""),
        decides=member.closed_at is None
        and decides(desk, member.id, [area for _, _, area in member.grants]),
        closed=moment_words(member.closed_at, desk.now) if member.closed_at else "",
        grants=[
            {"id": grant, "words": f"{ROLE_LABELS[role]}, {place(area)}"}
            for grant, role, area in member.grants
        ],
        me=member.id == desk.actor.user,
    )


def _shown_once(user: str, name: str, login: str, password: str) -> ResponseReturnValue:
    with at_desk():
        page = render_template(
            "office/password.html", user=user, name=name, login=login, password=password
        )
    return make_response(page)


def _grants() -> Grants:
    """Read the role and the area of a form; no role gives none."""
    role, area = request.form.get("role", ""), request.form.get("area", "")
    if not role:
        return ()
    try:
        return ((Role(role), None if area in ("", WHOLE) else area),)
    except ValueError as bad:
        raise staff.Refused("Velg en rolle.") from bad


def _typed(name: str) -> str:
    return typed(request.form.get(name, ""), VALUE_MAX)


def _back(user: str) -> ResponseReturnValue:
    return redirect(url_for("office.users", _anchor=f"u-{user}"))
