"""Logging in and out, who I am, and registering a vault; no password is kept or logged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server import by_password, password_resets, people
from server.access import HERE
from server.api import door
from server.api.lease_hours import lease_hours
from server.metrics import LOGINS
from server.problems import Problem
from server.sealing import from_base64url, point
from server.shapes import write_instant
from sync.mutation import is_id

SMALL_BODY_BYTES = 8_192
PASSWORD_MAX_CHARACTERS = 1_024
CONTRACT_MAX = 2**31 - 1

login_pages = Blueprint("login", __name__)


@login_pages.post("/login")
def log_in() -> ResponseReturnValue:
    """Check name and password behind the throttle, and begin a login of its own."""
    door.refuse_other_sites()
    given = door.read_object(SMALL_BODY_BYTES)
    shown = by_password.Shown(
        name=door.text_of(given, "name"),
        password=door.text_of(given, "password", PASSWORD_MAX_CHARACTERS),
        code=door.text_of(given, "code") if "code" in given else "",
        came=door.came(),
    )
    try:
        user, token = by_password.enter(
            door.database(), door.settings(), shown, door.moment(), enrols=False
        )
    except people.Throttled as refused:
        LOGINS.labels("throttled").inc()
        raise throttled_problem(refused) from refused
    except people.WrongPassword as wrong:
        LOGINS.labels("wrong").inc()
        raise Problem("wrong_password") from wrong
    except people.NeedsCode as needs:
        raise Problem("code_needed") from needs
    except by_password.MustEnrol as must:
        raise Problem("code_missing") from must
    with door.database().reading() as session:
        login = people.login_of(session, token, door.moment())
    assert login is not None
    LOGINS.labels("right").inc()
    answer = door.answer({"user": user, "name": login.name, "roles": _roles(login.grants)})
    answer.set_cookie(
        door.cookie_name(),
        token,
        max_age=int(people.SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=door.settings().production,
        path="/",
    )
    return answer


def throttled_problem(refused: people.Throttled) -> Problem:
    """Say when it may be tried again, by the clock on the wall."""
    again = (door.moment() + timedelta(seconds=refused.retry_after_s)).astimezone(HERE)
    return Problem("throttled", retry_after_s=refused.retry_after_s, klokkeslett=f"{again:%H.%M}")


@login_pages.post("/logout")
def log_out() -> ResponseReturnValue:
    """End this login on the server, and say so: the phone takes nobody else's word for it.

    Unsent work stays where it is.
    """
    door.refuse_other_sites()
    mine = request.cookies.get(door.cookie_name())
    if mine:
        with door.database().writing() as session:
            people.close_session(session, mine, door.moment())
    answer = door.answer({"ended": True})
    answer.delete_cookie(
        door.cookie_name(),
        path="/",
        secure=door.settings().production,
        httponly=True,
        samesite="Strict",
    )
    return answer


@login_pages.get("/me")
def me() -> ResponseReturnValue:
    """Say who is logged in, to which key a phone shall seal, and how long it may then be read."""
    login = door.login()
    settings, now = door.settings(), door.moment()
    with door.database().reading() as session:
        network_only = people.is_network_only(session, login.user)
        reset = _reset(session, login.user, now)
    return door.answer(
        {
            "user": login.user,
            "name": login.name,
            "roles": _roles(login.grants),
            "demo": settings.demo,
            "sealing_key": door.told_key(),
            "lease": lease_hours(settings.lease_days, now, network_only),
            "began_at": write_instant(login.began_at),
            "server_now": write_instant(now),
            **reset,
        }
    )


def _reset(session: Session, user: str, now: datetime) -> dict[str, Any]:
    """Say who set somebody's password last, when that was another; empty when it was not."""
    reset = password_resets.of(session, user, now)
    if reset is None:
        return {}
    by = session.get(people.User, reset.by)
    told = {
        "by": by.name if by else "driften",
        "at": write_instant(reset.at),
        "tell": list(password_resets.to_tell(session, reset)),
    }
    return {"password_set": told}


@login_pages.put("/replicas/<replica>")
def register(replica: str) -> ResponseReturnValue:
    """Register a vault of the person who is logged in; the same call again changes nothing."""
    door.refuse_other_sites()
    login = door.login()
    given = door.read_object(SMALL_BODY_BYTES)
    installation = door.text_of(given, "installation")
    if given.get("user") not in (None, login.user):  # an older app does not say whose vault it is
        raise Problem("wrong_user")
    if not is_id(replica) or not is_id(installation):
        raise Problem("unreadable")
    try:
        public_key = from_base64url(given.get("public_key"))
        point(public_key)
    except ValueError as bad:
        raise Problem("unreadable") from bad
    said = {
        "replica": replica,
        "installation": installation,
        "user": login.user,
        "public_key": public_key,
        "app": door.text_of(given, "app", 40),
        "contract": min(door.whole_of(given, "contract", 1), CONTRACT_MAX),
        "now": door.moment(),
    }
    _refuse_without_code(replica, login)
    try:
        row = _registered(said)
    except people.ForeignReplica as foreign:
        raise Problem("wrong_user") from foreign
    if row.revoked_at is not None:
        raise Problem("device_revoked")
    return door.answer({"replica": replica})


def _refuse_without_code(replica: str, login: people.Login) -> None:
    """Let nobody begin a vault who must make a code first, also by the login that the office gave
    to make it with: all that the office keeps from that login would come by the phone's door.

    A vault that is there is let be: it may have work on it from before a code was asked for.
    """
    with door.database().reading() as session:
        if session.get(people.Replica, replica) is None and by_password.must_enrol(
            session, door.settings(), login.user, login.way
        ):
            raise Problem("code_missing")


def _registered(said: dict[str, Any]) -> people.Replica:
    try:
        with door.database().writing() as session:
            return people.register_replica(session, **said)
    except IntegrityError:  # the same call came twice at once, and the other was first
        with door.database().writing() as session:
            return people.register_replica(session, **said)


def _roles(grants: people.Grants) -> list[str]:
    return sorted({role.value for role, _ in grants})
