"""Min innlogging: the code beside the password, passkeys, and where one is logged in.

The secret and the recovery codes are shown once, to the one they are for.
"""

from __future__ import annotations

import segno
from flask import g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy import select

from server import acts, by_passkey, by_password, one_time, people
from server.office.blueprint import office
from server.office.dates import moment_words
from server.office.desk import Desk
from server.office.gate import (
    asks_anew,
    at_desk,
    cookie_name,
    database,
    moment,
    own_page,
    seated,
    settings,
    typed,
)
from server.office.kept import Fields, kept_fields, stopped_fields, typed_fields
from server.office.new_passwords import my_password_words
from server.people import PASSWORD_PROVIDER, Identity, LoginSession, Passkey, Way
from server.problems import Problem, ProblemText

MODULE_SIZE = 5
CODE_MAX = 40
DIGEST_MAX = 64
WAYS = {Way.PASSWORD: "Passord", Way.PASSKEY: "Passnøkkel", Way.DIRECTORY: "Kommunens innlogging"}
WRONG_CODE = ProblemText(
    422, "Koden stemmer ikke.", "Ingenting er endret.", "Se på koden som vises nå, og prøv igjen."
)


@office.get("/me")
@seated
def my_login(desk: Desk) -> ResponseReturnValue:
    """Show whether a code is asked of the reader, and offer to make one."""
    return my_page(desk)


@office.post("/me/code")
@asks_anew
def begin_code() -> ResponseReturnValue:
    """Make a secret that waits for its first code."""
    user = g.login.user
    with database().writing() as session:
        if not people.has_factor(session, user):
            people.begin_factor(session, user, by_password.key_of(settings()), moment())
    return again()


@office.post("/me/code/confirm")
def confirm_code() -> ResponseReturnValue:
    """Let the code count from now on, and show the recovery codes once."""
    user, code = g.login.user, typed(request.form.get("code", ""), CODE_MAX)
    with database().writing() as session:
        key = by_password.key_of(settings())
        codes = people.confirm_factor(session, user, code, key, moment())
        if codes is not None:
            acts.note(session, "code_made", user, moment(), user)
    with at_desk() as desk:
        if codes is None:
            return make_response(my_page(desk, WRONG_CODE), WRONG_CODE.status)
        words = {"fields": typed_fields(kept_fields()), "target": _target(), "codes": codes}
        return make_response(render_template("office/recovery.html", **words))


@office.post("/me/code/drop")
@asks_anew
def drop_code() -> ResponseReturnValue:
    """Take the reader's own code away."""
    user = g.login.user
    with database().writing() as session:
        if people.drop_factor(session, user):
            acts.note(session, "code_dropped", user, moment(), user)
    return again()


@office.post("/me/logins/end")
@asks_anew
def end_logins() -> ResponseReturnValue:
    """End one other login of the reader's, or all but this."""
    user, mine = g.login.user, request.cookies[cookie_name()]
    chosen = typed(request.form.get("login", ""), DIGEST_MAX)
    only = _digest(chosen) if chosen else None
    if chosen and only is None:
        return again()
    with database().writing() as session:
        ended = people.close_sessions(session, user, moment(), but=mine, only=only)
        if ended:
            acts.note(session, "logins_ended", user, moment(), user, count=ended)
    return again()


@office.errorhandler(by_password.MustEnrol)
def stop(_: by_password.MustEnrol) -> ResponseReturnValue:
    """Lead whoever must make a code to where it is made, with what they had typed."""
    if request.method != "POST":
        return redirect(url_for("office.my_login"))
    with at_desk() as desk:
        page = my_page(desk, kept=stopped_fields(desk.actor.user), target=request.path)
    return make_response(page, 403)


def again() -> ResponseReturnValue:
    """Show the page after an act; what a form that was stopped had typed, comes along."""
    if not kept_fields():
        return redirect(url_for("office.my_login"))
    with at_desk() as desk:
        return make_response(my_page(desk))


def refused(code: str) -> ResponseReturnValue:
    """Say on the page why an act was refused; nothing that waits is lost by it."""
    problem = Problem(code)
    with at_desk() as desk:
        return make_response(my_page(desk, problem.text), problem.status)


def _target() -> str:
    return own_page(request.form.get("next", ""))


def _digest(text: str) -> bytes | None:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return None


def _key(desk: Desk, key: Passkey) -> dict[str, str]:
    words = f"Laget {moment_words(key.made_at, desk.now)}"
    if key.used_at is not None:
        words += f", brukt {moment_words(key.used_at, desk.now)}"
    return {"id": key.id, "words": words + (". Følger kontoen din" if key.synced else "")}


def _login(desk: Desk, row: LoginSession) -> dict[str, str | bool]:
    words = [WAYS[Way(row.way)], row.device, f"fra {moment_words(row.created_at, desk.now)}"]
    words.append(f"sist i bruk {moment_words(row.seen_at, desk.now)}")
    mine = row.token_sha256 == people.token_digest(request.cookies[cookie_name()])
    return {"id": row.token_sha256.hex(), "words": ", ".join(filter(None, words)), "mine": mine}


def my_page(
    desk: Desk,
    problem: ProblemText | None = None,
    kept: Fields | None = None,
    target: str | None = None,
) -> str:
    """Draw the page, with what went wrong, and what waits to be sent to where."""
    session, user, key = desk.session, desk.actor.user, by_password.key_of(settings())
    login = session.scalar(
        select(Identity.subject).where(
            Identity.user == user, Identity.provider == PASSWORD_PROVIDER
        )
    )
    secret = people.waiting_factor(session, user, key)
    return render_template(
        "office/my_login.html",
        by_password=login is not None,
        on=people.has_factor(session, user),
        left=people.recovery_left(session, user),
        must=by_password.must_enrol(session, settings(), user, g.login.way),
        secret=one_time.written(secret) if secret else None,
        picture=_drawn(one_time.address(secret, login)) if secret and login else None,
        my_password=my_password_words(desk),
        problem=problem,
        kept=kept_fields() if kept is None else kept,
        next=target or _target(),
        origin=settings().origin,
        may_have_passkey=by_passkey.may_have(session, user),
        passkeys=[_key(desk, key) for key in people.passkeys_of(session, user)],
        logins=[_login(desk, row) for row in people.lasting_sessions(session, user, desk.now)],
    )


def _drawn(address: str) -> Markup:
    code = segno.make_qr(address, error="m")
    return Markup(code.svg_inline(scale=MODULE_SIZE, border=4, omitsize=True))
