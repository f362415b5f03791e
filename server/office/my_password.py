"""A new password of one's own: the old one first, and all other logins end."""

from __future__ import annotations

from flask import g, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from server import by_password, passwords, people
from server.office.blueprint import office
from server.office.door import resume
from server.office.gate import (
    at_desk,
    came,
    database,
    keep_login,
    moment,
    own_page,
    settings,
)
from server.office.kept import kept_fields
from server.office.my_login import my_page
from server.problems import Problem, ProblemText

SAFE = "Det gamle passordet gjelder fortsatt."


@office.post("/me/password")
def change_password() -> ResponseReturnValue:
    """Set the reader's own new password."""
    old, new = (request.form.get(name, "")[: passwords.MAX + 1] for name in ("old", "new"))
    if new != request.form.get("again", ""):
        return _said("De to nye er ikke like.", "Skriv det samme to ganger.")
    try:
        token = by_password.change(database(), settings(), g.login, old, new, came(), moment())
    except people.Throttled as throttled:
        raise Problem("throttled", retry_after_s=throttled.retry_after_s) from throttled
    except people.WrongPassword:
        return _said("Det gamle passordet stemmer ikke.", "Prøv igjen.")
    except by_password.TooWeak:
        return _said("Passordet er ikke byttet.", passwords.TOO_WEAK)
    if kept := kept_fields():  # the next page's mark is the new login's
        answer = resume(token, kept, own_page(request.form.get("next", "")))
    else:
        answer = make_response(redirect(url_for("office.my_login")))
    return keep_login(answer, token)


def _said(happened: str, do: str) -> ResponseReturnValue:
    with at_desk() as desk:
        return my_page(desk, ProblemText(422, happened, SAFE, do)), 422
