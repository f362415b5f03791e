"""The office's door: who is logged in, forms that only our own pages can send, and strict headers.

It shows no record. A form that arrives after the login ended is kept and offered again.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable, Collection, Iterator, Mapping
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

from server import access_log, by_password, openings, people
from server.access import Actor
from server.config import Settings
from server.database import Database
from server.imports import SIZE_MAX_BYTES
from server.office.dates import clock_words
from server.office.decisions import BadForm, Form, read_form, read_seal
from server.office.desk import Desk
from server.office.foreign import is_foreign
from server.office.kept import Fields, kept_fields, stopped_fields
from server.office.large import read_past
from server.problems import Problem, words_of

FORM_COOKIE = "oppgang_form"
PHONE = "/"  # where somebody goes who came from the phone app
LOCAL = ("wrong_password", "throttled", "code_needed", "passkey_refused", "passkey_late")
FORM_FIELDS_MAX = 2_000
FORM_SIZE_MAX_BYTES = 1_048_576
FILE_SIZE_MAX_BYTES = SIZE_MAX_BYTES + FORM_SIZE_MAX_BYTES
TAKES_FILES = frozenset({"office.show_import", "office.take_copy"})
OPEN = frozenset(
    {
        "office.login",
        "office.go_to_provider",
        "office.come_back",
        "office.ask_passkey",
        "office.enter_by_passkey",
        "office.static",
    }
)
WITHOUT_CODE = frozenset(
    {
        "office.my_login",
        "office.begin_code",
        "office.confirm_code",
        "office.ask_to_make_passkey",
        "office.make_passkey",
        "office.drop_passkey",
        "office.change_password",
        "office.end_logins",
        "office.logout",
    }
)
"""What somebody reaches who must make a code before anything else."""
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
    now: datetime = g.setdefault("now", datetime.now(UTC))
    return now


def cookie_name() -> str:
    """Name the session cookie, the same as the phone's."""
    return "__Host-oppgang" if settings().production else "oppgang"


def came() -> people.Came:
    """Say where a try to log in came from."""
    agent, old = request.headers.get("User-Agent", ""), request.cookies.get(cookie_name())
    return people.Came(request.remote_addr or "unknown", agent, old)


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
    if request.method == "POST" and is_foreign(settings().origin):
        raise Problem("forged")
    if g.login is None:
        return _ask_to_log_in()
    if request.method == "POST":
        check_form()
    if settings().code_required and request.endpoint not in WITHOUT_CODE:
        with database().reading() as session:
            if by_password.must_enrol(session, settings(), g.login.user, g.login.way):
                raise by_password.MustEnrol
    stale = moment() - g.login.began_at > people.STEP_UP
    if request.method == "POST" and request.endpoint in _ASK_ANEW and stale:
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
        know_reader()
        if g.login is not None:
            read_past(size)
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
    if request.endpoint == "office.change_password":  # no password waits in a page
        kept, mine = kept_fields(), url_for("office.my_login")
        return login_page(code, kept, own_page(request.form.get("next", "")) if kept else mine), 401
    with database().reading() as session:
        whose = people.user_of(session, request.cookies.get(cookie_name(), ""))
    return login_page(code, stopped_fields(whose), request.path), 401


def login_page(code: str | None, kept: Fields, target: str, retry_after_s: int = 0) -> str:
    """Draw the login form, with what was typed before the login ended."""
    again = clock_words(moment() + timedelta(seconds=retry_after_s)).removeprefix("kl. ")
    return render_template(
        "office/login.html",
        text=words_of(code, klokkeslett=again) if code else None,
        kept=kept,
        next=target,
        provider=settings().provider,
        origin=settings().origin,
        by_password=code in LOCAL,
    )


def own_page(target: str) -> str:
    """Give a page of ours to go to; anything else becomes the overview."""
    plain = target.isprintable() and "\\" not in target
    ours = target == PHONE or target.startswith("/office/")
    return target if plain and ours else url_for("office.overview")


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
    """Open the reader's snapshot for a block; the menu's counts are read in the same one.

    What was read stands in the access log before the page leaves: what cannot be logged is not
    shown.
    """
    login: people.Login = g.login
    with database().reading() as session:
        desk = g.desk = Desk(session, Actor(login.user, login.grants), login.name, moment())
        try:
            yield desk
        finally:
            g.pop("desk")
        noted = access_log.noted(session)
        opened = openings.only_opened(session, noted, desk.scopes)
        read = access_log.by_purpose(session, noted - opened.keys(), desk.scopes)
    keep_readings(read, opened)


def keep_readings(read: Mapping[str, Collection[str]], opened: Mapping[str, str]) -> None:
    """Write into the access log what this request gives out, by why it was read."""
    login: people.Login = g.login
    said = (login.user, access_log.roles_of(login.grants), request.endpoint or "")
    readings = [access_log.Reading(*said, why, ids) for why, ids in read.items() if ids]
    readings += openings.readings(*said, opened)
    if readings:
        with database().writing() as session:
            access_log.append(session, readings, moment())


def seated(view: View) -> View:
    """Give the view a desk: one reader, one snapshot, one moment."""

    @wraps(view)
    def sit(*args: object, **words: object) -> ResponseReturnValue:
        with at_desk() as desk:
            return make_response(view(desk, *args, **words))

    return sit
