"""Logging in and out of the office; the same login as the phone's, by name and password."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import people
from server.office.blueprint import office
from server.office.gate import (
    KEPT,
    check_form,
    cookie_name,
    csrf_for,
    database,
    keep_login,
    login_page,
    moment,
    own_page,
    settings,
    typed,
)

NAME_MAX = 200


@office.route("/login", methods=("GET", "POST"))
def login() -> ResponseReturnValue:
    """Ask for name and password; afterwards go where the person was going."""
    target = own_page(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(target) if g.login else login_page(None, [], target)
    check_form()
    kept = [pair for pair in request.form.items(multi=True) if pair[0].startswith(KEPT)]
    name = people.fold_login_name(typed(request.form.get("name", ""), NAME_MAX))
    wait_s = _count(name, request.remote_addr or "")
    if wait_s is not None:
        page = login_page("throttled", kept, target, wait_s)
        return page, 429, {"Retry-After": str(wait_s)}
    try:
        token = _enter(name, request.form.get("password", ""))
    except people.WrongPassword:
        return login_page("wrong_password", kept, target), 401
    answer = resume(token, kept, target) if kept else make_response(redirect(target))
    return keep_login(answer, token)


@office.post("/logout")
def logout() -> ResponseReturnValue:
    """End this login on the server, not only in the browser."""
    with database().writing() as session:
        people.close_session(session, request.cookies[cookie_name()], moment())
    answer = redirect(url_for("office.login"))
    answer.delete_cookie(
        cookie_name(), path="/", secure=settings().production, httponly=True, samesite="Strict"
    )
    return answer


def _count(name: str, address: str) -> int | None:
    """Count the try before the work; give the seconds to wait when there were too many."""
    with database().writing() as session:
        try:
            people.count_try(session, "address", address, people.ADDRESS_LIMIT, moment())
            people.count_try(session, "name", name, people.NAME_LIMIT, moment())
        except people.Throttled as throttled:
            return throttled.retry_after_s
    return None


def _enter(name: str, password: str) -> str:
    """Check the password and give a fresh token; the login that was here before ends."""
    with database().reading() as session:
        user = people.check_password(session, name, password).id
    with database().writing() as session:
        people.forget_tries(session, "name", name)
        if old := request.cookies.get(cookie_name()):
            people.close_session(session, old, moment())
        return people.open_session(session, user, moment())


def resume(token: str, kept: list[tuple[str, str]], target: str) -> Response:
    """Offer the form that was sent after the login had ended, ready to be sent again."""
    fields = [(name.removeprefix(KEPT), text) for name, text in kept]
    return make_response(
        render_template("office/resume.html", fields=fields, target=target, mark=csrf_for(token))
    )
