"""The API of phones and integrations: one blueprint per door, under /api/v1.

`register` hangs them on the app; nothing here decides anything about a record.
"""

from __future__ import annotations

from flask import Flask, Response

from server.api.attachments import attachment_pages
from server.api.integration import integration_pages
from server.api.leases import lease_pages
from server.api.locked_notes import locked_note_pages
from server.api.login import login_pages
from server.api.looks import look_pages
from server.api.open import SECURITY_TXT, metrics, open_pages, security_txt
from server.api.parcels import parcel_pages
from server.api.phone_app import phone_app
from server.api.sync import sync_pages

PREFIX = "/api/v1"
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


DOORS = (
    login_pages,
    open_pages,
    sync_pages,
    parcel_pages,
    locked_note_pages,
    look_pages,
    lease_pages,
    attachment_pages,
    integration_pages,
)


def register(app: Flask) -> None:
    """Hang every door of the API, and the phone app, on the app."""
    for pages in DOORS:
        app.register_blueprint(pages, url_prefix=PREFIX)
    app.register_blueprint(phone_app)
    app.add_url_rule("/metrics", view_func=metrics)
    app.add_url_rule(SECURITY_TXT, view_func=security_txt)


def guard(response: Response) -> Response:
    """Keep answers with content out of every cache and every frame."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = API_POLICY
    return response


for _door in DOORS:
    _door.after_request(guard)
