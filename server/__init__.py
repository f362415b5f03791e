"""The server: `create_app` puts its parts together; the only file that knows every one of them."""

from __future__ import annotations

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from server import api, office, oidc
from server.config import Settings, read_settings
from server.database import BadDatabase, Clock, Database, configure
from server.logs import configure_logs, trace
from server.problems import MEDIA_TYPE, Problem, problem_for_status, problem_json, problem_page
from server.sealing import sealing_key
from server.security_log import tell_problem

STAYS_ON_HTTPS = "max-age=63072000; includeSubDomains"
_log = structlog.get_logger("server")


def create_app(settings: Settings | None = None, database: Database | None = None) -> Flask:
    """Put the server together: settings, database, API, office, and what happens when it fails."""
    configure_logs()
    settings = settings or read_settings()
    app = Flask("server", static_folder=None)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["oppgang_settings"] = settings
    sealing = sealing_key(settings.sealing_key, settings.sealing_keys_before)
    app.extensions["oppgang_sealing"] = sealing
    app.extensions["oppgang_oidc"] = oidc.wire_of(settings)
    database = configure(app, settings, database)
    refuse_demo_in_production(database, settings)
    api.register(app)
    app.register_blueprint(office.office)
    app.register_error_handler(Problem, _show)
    app.register_error_handler(HTTPException, _show_http)
    app.register_error_handler(Exception, _show_fault)
    app.before_request(_refuse_what_no_id_has)
    app.after_request(_guard)
    if hops := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
    return app


def refuse_demo_in_production(database: Database, settings: Settings) -> None:
    """Raise BadDatabase when production is pointed at demonstration data."""
    if not settings.production:
        return
    with database.reading() as session:
        if session.execute(select(Clock.demo_since).where(Clock.id == 1)).scalar_one():
            raise BadDatabase("This database holds demonstration data. Use an empty one.")


def _refuse_what_no_id_has() -> None:
    """Answer an address with a NUL as one that is not there: PostgreSQL takes no such text."""
    if "\0" in request.path:
        raise Problem("no_access")


def _show(problem: Problem) -> Response:
    """Write a problem as the asker reads: JSON for programs, a page for people."""
    if request.path.startswith("/office"):
        return _page(problem)
    tell_problem(problem.code, **office.asked_for(), user=g.get("asker"))
    response = Response(problem_json(problem), status=problem.status, content_type=MEDIA_TYPE)
    response.headers.update(problem.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _page(problem: Problem) -> Response:
    try:
        return office.problem_page(problem)
    except Exception as fault:
        _log.error("a problem could not be drawn", code=problem.code, **trace(fault))
    page = problem_page(problem, "/office/")
    return Response(page, status=problem.status, mimetype="text/html", headers=problem.headers)


def _show_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return Response(error.get_body(), status=error.code, headers=error.get_headers())
    return _show(problem_for_status(error.code or 500))


def _show_fault(error: Exception) -> Response:
    """Log what broke, without content, and answer in words; a busy database may be asked again."""
    if isinstance(error, OperationalError):
        _log.warning("the database is busy or away", **trace(error))
        return _show(Problem("busy", retry_after_s=5))
    _log.error("a request failed", route=request.endpoint, **trace(error))
    return _show(Problem("fault"))


def _guard(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'")
    if request.is_secure:
        response.headers.setdefault(
            "Strict-Transport-Security", "max-age=63072000; includeSubDomains"
        )
    return response
