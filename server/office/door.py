"""Logging in and out of the office; the same login as the phone's, by name and password."""

from __future__ import annotations

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from server import by_password, people
from server.office.blueprint import office
from server.office.gate import (
    came,
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
from server.office.kept import Fields, is_of, kept_fields, typed_fields

NAME_MAX = 200


@office.route("/login", methods=("GET", "POST"))
def login() -> ResponseReturnValue:
    """Ask for name and password; afterwards go where the person was going."""
    target = own_page(request.values.get("next", ""))
    if request.method == "GET":
        return redirect(target) if g.login else login_page(None, [], target)
    check_form()
    kept = kept_fields()
    shown = by_password.Shown(
        name=typed(request.form.get("name", ""), NAME_MAX),
        password=request.form.get("password", ""),
        code=typed(request.form.get("code", ""), NAME_MAX),
        came=came(),
    )
    try:
        _, token = by_password.enter(database(), settings(), shown, moment(), enrols=True)
    except people.Throttled as throttled:
        wait_s = throttled.retry_after_s
        page = login_page("throttled", kept, target, wait_s)
        return page, 429, {"Retry-After": str(wait_s)}
    except people.WrongPassword:
        return login_page("wrong_password", kept, target), 401
    except people.NeedsCode:
        return login_page("code_needed", kept, target), 403
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


def resume(token: str, kept: Fields, target: str) -> Response:
    """Offer the form that was sent after the login had ended, ready to be sent again; to somebody
    else than who wrote it nothing of it is shown."""
    with database().reading() as session:
        mine = is_of(kept, people.user_of(session, token) or "")
    words = {"fields": typed_fields(kept) if mine else [], "mine": mine}
    words |= {"target": target, "mark": csrf_for(token)}
    return make_response(render_template("office/resume.html", **words))
