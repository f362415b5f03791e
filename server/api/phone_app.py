"""Serves the built phone app: its page, its hashed files, its service worker and its manifest.

It builds nothing and knows no person; a missing build is said plainly.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory
from flask.typing import ResponseReturnValue

from server.problems import Problem

DIST = Path(__file__).resolve().parents[2] / "pwa" / "dist"
FOR_EVER = "public, max-age=31536000, immutable"
FRESH = "no-cache"
POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types oppgang-worker svelte-trusted-html"
)
"""`wasm-unsafe-eval` lets Argon2id run, and nothing else; no inline script or style may."""
phone_app = Blueprint("phone_app", __name__)


@phone_app.get("/")
def index() -> ResponseReturnValue:
    """Give the app's one page."""
    return _file("index.html", FRESH)


@phone_app.get("/sw.js")
def service_worker() -> ResponseReturnValue:
    """Give the service worker, which must never be served stale."""
    return _file("sw.js", FRESH)


@phone_app.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Give the manifest that makes the app installable."""
    answer = _file("manifest.webmanifest", FRESH)
    answer.mimetype = "application/manifest+json"
    return answer


@phone_app.get("/assets/<path:name>")
def asset(name: str) -> ResponseReturnValue:
    """Give a file whose name changes with its bytes."""
    return _file(f"assets/{name}", FOR_EVER)


@phone_app.get("/icons/<path:name>")
def icon(name: str) -> ResponseReturnValue:
    """Give an icon."""
    return _file(f"icons/{name}", FRESH)


def _file(name: str, keep: str) -> Response:
    try:
        there = (DIST / name).is_file()
    except (OSError, ValueError):  # a name that no file can have
        there = False
    if not there:
        raise Problem("no_access")
    answer = send_from_directory(DIST, name, etag=True)
    answer.headers["Cache-Control"] = keep
    return answer


@phone_app.after_request
def guard(response: Response) -> Response:
    """Put the policy of the app's page on everything that is served of it."""
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    return response
