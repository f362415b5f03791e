"""The office's door: who is logged in, forms that only our own pages can send, and strict headers.

It shows no record. A form that arrives after the login ended is kept and offered again.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import wraps
from io import BytesIO
from unicodedata import category

from flask import (
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from server import people
from server.access import Actor
from server.config import Settings
from server.database import Database
from server.imports import SIZE_MAX_BYTES
from server.office.dates import clock_words
from server.office.decisions import BadForm, Form, read_form, read_seal
from server.office.desk import Desk
from server.problems import Problem, words_of

FORM_COOKIE = "oppgang_form"
KEPT = "kept:"
"""Marks what somebody had typed when their login ended."""
FORM_FIELDS_MAX = 2_000
FORM_SIZE_MAX_BYTES = 1_048_576
FILE_SIZE_MAX_BYTES = SIZE_MAX_BYTES + FORM_SIZE_MAX_BYTES
TAKES_FILES = frozenset({"office.show_import"})
OPEN = frozenset({"office.login", "office.go_to_provider", "office.come_back", "office.static"})
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)

View = Callable[..., ResponseReturnValue]
_ASK_ANEW: set[str] = set()


def database() -> Database:
    """Give the app's database."""
    found: Database = current_app.extensions["oppgang"]
    return found


def settings() -> Settings:
    """Give the app's settings."""
    found: Settings = current_app.extensions["oppgang_settings"]
    return found


def moment() -> datetime:
    """Give the moment that this whole request happens at."""
    if "now" not in g:
        g.now = datetime.now(UTC)
    now: datetime = g.now
    return now


def cookie_name() -> str:
    """Name the session cookie, the same as the phone's."""
    return "__Host-oppgang" if settings().production else "oppgang"


def csrf_token() -> str:
    """Give the mark that our own forms carry: tied to the login, or before it to a cookie."""
    logged_in = g.get("login") is not None
    return csrf_for(request.cookies[cookie_name()] if logged_in else g.get("form_cookie", ""))


def csrf_for(key: str) -> str:
    """Give the mark that belongs to a session token or to the cookie of the login form."""
    return hmac.new(settings().secret("office form"), key.encode(), "sha256").hexdigest()


def open_gate() -> ResponseReturnValue | None:
    """Find the login, refuse foreign forms, and send everybody else to the login page."""
    request.max_form_parts = FORM_FIELDS_MAX
    request.max_content_length = FORM_SIZE_MAX_BYTES
    if request.endpoint in TAKES_FILES:
        _take_file()
    request.max_form_memory_size = FORM_SIZE_MAX_BYTES
    know_reader()
    if request.endpoint in OPEN:
        return None
    if g.login is None:
        return _ask_to_log_in()
    if request.method == "POST":
        check_form()
        if request.endpoint in _ASK_ANEW and moment() - g.login.began_at > people.STEP_UP:
            return _ask_to_log_in("confirm_again")
    return None


def asks_anew(view: View) -> View:
    """Let a view be reached only by somebody who has just shown who they are.

    What was sent waits behind a login of its own, and is offered to be sent again.
    """
    _ASK_ANEW.add(f"office.{view.__name__}")
    return view


def _take_file() -> None:
    """Let a larger form in, and keep its file in memory: it never lies unencrypted on disk."""
    request.max_content_length = FILE_SIZE_MAX_BYTES
    size = request.content_length or 0
    if size > FILE_SIZE_MAX_BYTES:
        mb, most = (str(bytes // 1_048_576) for bytes in (size, SIZE_MAX_BYTES))
        raise Problem("file_too_large", mb=mb, grense=most)
    request.__dict__["_get_file_stream"] = lambda *_, **__: BytesIO()


def know_reader() -> None:
    """Find out who reads and give this page its nonce; once for each request."""
    if "nonce" in g:
        return
    g.nonce = secrets.token_urlsafe(16)
    g.login = _login()
    g.form_cookie = request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)


def check_form() -> None:
    """Raise the problem `forged` unless the form carries this login's mark."""
    mark = request.form.get("csrf", "").encode(errors="replace")
    if not hmac.compare_digest(mark, csrf_token().encode()):
        raise Problem("forged")


def _login() -> people.Login | None:
    token = request.cookies.get(cookie_name())
    if not token or request.endpoint == "office.static":
        return None
    with database().reading() as session:
        login = people.login_of(session, token, moment())
    if login is not None and login.stale:
        with database().writing() as session:
            people.touch_session(session, token, moment())
    return login


def _ask_to_log_in(code: str = "session_over") -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("office.login", next=request.full_path.rstrip("?")))
    kept = [(KEPT + name, value) for name, value in request.form.items(multi=True)]
    return login_page(code, kept, request.path), 401


def login_page(
    code: str | None, kept: list[tuple[str, str]], target: str, retry_after_s: int = 0
) -> str:
    """Draw the login form, with what was typed before the login ended."""
    again = clock_words(moment() + timedelta(seconds=retry_after_s)).removeprefix("kl. ")
    return render_template(
        "office/login.html",
        text=words_of(code, klokkeslett=again) if code else None,
        kept=[pair for pair in kept if pair[0] != f"{KEPT}csrf"],
        next=target,
        provider=settings().provider,
        by_password=code in ("wrong_password", "throttled"),
    )


def own_page(target: str) -> str:
    """Give a page of this office to go to; anything else becomes the overview."""
    plain = target.isprintable() and "\\" not in target
    return target if plain and target.startswith("/office/") else url_for("office.overview")


def keep_login(answer: Response, token: str) -> Response:
    """Give the browser the token of its login, where no script and no other site can reach it."""
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=int(people.SESSION_LASTS.total_seconds()),
        httponly=True,
        samesite="Strict",
        secure=settings().production,
        path="/",
    )
    return answer


def close_gate(response: Response) -> Response:
    """Put the strict headers on every answer, and keep pages out of every cache."""
    nonce = g.get("nonce", "")
    response.headers["Content-Security-Policy"] = POLICY.format(nonce=nonce)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
    if request.endpoint != "office.static":
        response.headers["Cache-Control"] = "no-store"
    if "form_cookie" in g and g.get("login") is None and response.mimetype == "text/html":
        response.set_cookie(
            FORM_COOKIE,
            g.form_cookie,
            httponly=True,
            samesite="Strict",
            secure=settings().production,
            path="/office",
        )
    return response


def sent_form(desk: Desk) -> tuple[Form, dict[str, int]]:
    """Read which form was sent and what it had shown; raises `forged` when it is not ours."""
    try:
        form = read_form(request.form.get("form", ""), desk.actor.user, desk.now)
        return form, read_seal(request.form.get("seal", ""))
    except BadForm as bad:
        raise Problem("forged") from bad


def typed(text: str, most: int) -> str:
    """Give what was typed in a box: line ends as \\n, no signs that cannot be stored."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    signs = (sign for sign in lines if sign in "\n\t" or category(sign) not in ("Cc", "Cs"))
    return "".join(signs).strip()[:most]


@contextmanager
def at_desk() -> Iterator[Desk]:
    """Open the reader's snapshot for a block; the menu's counts are read in the same one."""
    login: people.Login = g.login
    with database().reading() as session:
        g.desk = Desk(session, Actor(login.user, login.grants), login.name, moment())
        try:
            yield g.desk
        finally:
            g.pop("desk")


def seated(view: View) -> View:
    """Give the view a desk: one reader, one snapshot, one moment."""

    @wraps(view)
    def sit(*args: object, **words: object) -> ResponseReturnValue:
        with at_desk() as desk:
            return make_response(view(desk, *args, **words))

    return sit
