"""Passkeys: logging in by one, making one for oneself, and taking one away.

The page asks the browser and sends its answer as an ordinary form; without JavaScript the password
is there. A phone goes the same way as a desk.
"""

from __future__ import annotations

from typing import Any

from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from server import by_passkey, people
from server.metrics import LOGINS
from server.office.blueprint import office
from server.office.door import resume
from server.office.gate import (
    PHONE,
    asks_anew,
    at_desk,
    came,
    check_form,
    database,
    keep_login,
    login_page,
    moment,
    own_page,
    settings,
    typed,
)
from server.office.kept import kept_fields
from server.office.my_login import again, refused
from server.people import PASSWORD_PROVIDER, Identity
from server.problems import Problem

ID_MAX = 36


@office.route("/login/passkey", methods=("GET", "POST"))
def ask_passkey() -> ResponseReturnValue:
    """Ask the browser for a passkey; a desk posts what it keeps, a phone only comes."""
    desk = request.method == "POST"
    if desk:
        check_form()
    target = own_page(request.form.get("next", "")) if desk else PHONE
    try:
        options = by_passkey.ask(database(), settings(), came().address, moment())
    except people.Throttled as refused:
        return _not_in("throttled", target, refused.retry_after_s)
    where = url_for("office.enter_by_passkey")
    return _ceremony("get", options, where, PHONE if target == PHONE else None, target)


@office.post("/login/passkey/answer")
def enter_by_passkey() -> ResponseReturnValue:
    """Take the browser's answer, and begin a login if all of it is right.

    Whoever would rather use the password goes by here too, so that what was typed comes along.
    """
    check_form()
    target, raw = own_page(request.form.get("next", "")), request.form.get("answer", "")
    if "back" in request.form:
        return login_page("confirm_again" if g.login else None, kept_fields(), target)
    try:
        _, token = by_passkey.enter(database(), settings(), raw, came(), moment())
    except people.Throttled as throttled:
        LOGINS.labels("throttled").inc()
        return _not_in("throttled", target, throttled.retry_after_s)
    except by_passkey.Refused as refused:
        LOGINS.labels("wrong").inc()
        return _not_in(refused.code, target)
    LOGINS.labels("right").inc()
    kept = kept_fields()
    answer = resume(token, kept, target) if kept else make_response(redirect(target))
    return keep_login(answer, token)


@office.post("/me/passkey")
@asks_anew
def ask_to_make_passkey() -> ResponseReturnValue:
    """Ask the browser to make a passkey for the reader."""
    user = g.login.user
    with database().reading() as session:
        rule = (Identity.user == user, Identity.provider == PASSWORD_PROVIDER)
        login = session.scalar(select(Identity.subject).where(*rule).limit(1)) or ""
    try:
        options = by_passkey.ask_to_make(database(), settings(), user, login, moment())
    except by_passkey.Refused as why:
        return refused(why.code)
    target = own_page(request.form.get("next", ""))
    return _ceremony("create", options, url_for("office.make_passkey"), None, target)


@office.post("/me/passkey/answer")
@asks_anew
def make_passkey() -> ResponseReturnValue:
    """Keep the key that the browser made, or go back without one."""
    if "back" in request.form:
        return again()
    try:
        by_passkey.make(
            database(), settings(), g.login.user, request.form.get("answer", ""), moment()
        )
    except by_passkey.Refused as why:
        return refused(why.code)
    return again()


@office.post("/me/passkey/drop")
@asks_anew
def drop_passkey() -> ResponseReturnValue:
    """Take one of the reader's own passkeys away."""
    user, id = g.login.user, typed(request.form.get("passkey", ""), ID_MAX)
    by_passkey.drop(database(), user, user, moment(), id)
    return again()


def _ceremony(
    kind: str, options: dict[str, Any], where: str, back: str | None, target: str
) -> ResponseReturnValue:
    words: dict[str, Any] = {
        "kind": kind,
        "options": options,
        "where": where,
        "back": back,
        "next": target,
    }
    words |= {"kept": kept_fields(), "origin": settings().origin}
    if g.login is None:
        return make_response(render_template("office/passkey.html", **words))
    with at_desk():
        return make_response(render_template("office/passkey.html", **words))


def _not_in(code: str, target: str, wait_s: int | None = None) -> ResponseReturnValue:
    problem = Problem(code, retry_after_s=wait_s)
    if target == PHONE:
        page = render_template("office/problem.html", text=problem.text, home=PHONE)
    else:
        page = login_page(code, kept_fields(), target, wait_s or 0)
    return make_response(page, problem.status, problem.headers)
