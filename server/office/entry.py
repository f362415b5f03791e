"""Logging in by the municipality's provider: the way there, and the way back.

It sees no token and no name; what is checked is `oidc`'s. A phone goes the same way as a desk.
"""

from __future__ import annotations

import secrets

from flask import Response, current_app, g, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import oidc, people
from server.metrics import LOGINS
from server.office.blueprint import office
from server.office.door import resume
from server.office.gate import (
    PHONE,
    came,
    check_form,
    cookie_name,
    database,
    keep_login,
    login_page,
    moment,
    own_page,
    settings,
)
from server.office.kept import kept_fields
from server.problems import Problem
from server.security_log import Seen, tell

SAID_MAX = 4_096
BEGIN_LIMIT = people.Limit(300, oidc.ATTEMPT_LASTS)
"""For each address; a town hall has one for all who work there."""


@office.route("/login/provider", methods=("GET", "POST"))
def go_to_provider() -> ResponseReturnValue:
    """Send the browser to the provider; a desk posts what it keeps, a phone only comes."""
    wire = _wire()
    desk = request.method == "POST"
    if desk:
        check_form()
    target = own_page(request.form.get("next", "")) if desk else PHONE
    kept = kept_fields()
    if not oidc.can_carry(kept):  # it stands in the page still, and goes with any other login
        return login_page("login_too_long", kept, target), 413
    purpose = oidc.Purpose.AGAIN if desk and g.login else oidc.Purpose.ENTER
    browser = request.cookies.get(_browser_cookie()) or secrets.token_urlsafe(32)
    _count()
    try:
        address = oidc.begin(
            database(),
            wire,
            browser,
            target,
            moment(),
            purpose=purpose,
            user=g.login.user if g.login else None,
            login=request.cookies.get(cookie_name()),
            kept=kept,
        )
    except oidc.Away as away:
        return _not_in(away, kept, target)
    answer = _onward(address)
    answer.set_cookie(
        _browser_cookie(),
        browser,
        max_age=int(oidc.ATTEMPT_LASTS.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings().production,
        path="/",
    )
    return answer


@office.get("/login/return")
def come_back() -> ResponseReturnValue:
    """Take what the provider sent by the browser, and begin a login if all of it is right."""
    wire = _wire()
    said = {name: text for name, text in request.args.items() if len(text) <= SAID_MAX}
    browser = request.cookies.get(_browser_cookie(), "")
    try:
        if len(request.args) != sum(1 for _ in request.args.items(multi=True)):
            raise oidc.Refused("said_twice")
        entered = oidc.finish(database(), settings(), wire, said, browser, came(), moment())
    except oidc.Stopped as stopped:
        return _not_in(stopped.trouble, stopped.kept, stopped.target)
    except oidc.Refused as refused:
        return _not_in(refused, [], url_for("office.overview"))
    LOGINS.labels("right").inc()
    if entered.kept:
        answer = resume(entered.token, entered.kept, entered.target)
    else:
        answer = _onward(entered.target)
    answer.delete_cookie(_browser_cookie(), path="/", secure=settings().production, httponly=True)
    return keep_login(answer, entered.token)


def _onward(address: str) -> Response:
    """Lead on by a page of our own: it keeps a strict cookie strict, and a form's policy whole."""
    return make_response(render_template("office/onward.html", address=address))


def _not_in(
    trouble: oidc.Refused | oidc.Away, kept: oidc.Pairs, target: str
) -> ResponseReturnValue:
    """Say what went wrong, and offer to try again with nothing lost."""
    away = isinstance(trouble, oidc.Away)
    code = "login_away" if isinstance(trouble, oidc.Away) else trouble.code
    LOGINS.labels("away" if away else "refused").inc()
    tell(Seen.LOGIN_FAILED, way=people.Way.DIRECTORY, why=trouble.why, address=came().address)
    problem = Problem(code, retry_after_s=30 if away else None)
    if target == PHONE:
        page = render_template("office/problem.html", text=problem.text, home=PHONE)
    else:
        page = login_page(code, kept, target)
    return make_response(page, problem.status, problem.headers)


def _count() -> None:
    """Count this beginning; raises throttled when one address begins too often."""
    address = request.remote_addr or "unknown"
    try:
        people.count_tries(database(), moment(), ("provider", address, BEGIN_LIMIT))
    except people.Throttled as refused:
        raise Problem("throttled", retry_after_s=refused.retry_after_s) from refused


def _wire() -> oidc.Wire:
    """Give the line to the provider; without one there is no such page."""
    found: oidc.Wire | None = current_app.extensions["oppgang_oidc"]
    if found is None:
        raise Problem("no_access")
    return found


def _browser_cookie() -> str:
    return "__Host-oppgang_way" if settings().production else "oppgang_way"
