"""What every page of the office leaves with: strict headers, no cache, and the form's cookie."""

from __future__ import annotations

from flask import Response, g, request

from server.office.gate import FORM_COOKIE, settings
from sync.mutation import is_id

POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "worker-src {workers}; require-trusted-types-for 'script'"
)


def close_gate(response: Response) -> Response:
    """Put the strict headers on every answer, and keep pages out of every cache."""
    allowed = {"nonce": g.get("nonce", ""), "workers": g.get("workers", "'none'")}
    asks = "; connect-src 'self'" if "asks" in g else ""
    response.headers["Content-Security-Policy"] = POLICY.format(**allowed) + asks
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


def asked_for() -> dict[str, str | None]:
    """Say for the security log what a request was about; its path is not ours to repeat."""
    ids = [id for id in (request.view_args or {}).values() if is_id(id)]
    return {
        "route": request.endpoint,
        "record": ids[-1] if ids else None,
        "address": request.remote_addr,
    }
