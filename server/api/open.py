"""What anybody may ask: is the server well, its counts, and the description of the API."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from server.api import door
from server.api.description import description
from server.contract import CONTRACT
from server.database import head, incarnation
from server.problems import Problem
from server.shapes import write_instant

SECURITY_TXT = "/.well-known/security.txt"
SECURITY_TXT_LASTS = timedelta(days=90)
open_pages = Blueprint("open", __name__)


@open_pages.get("/health")
def health() -> ResponseReturnValue:
    """Answer 200 when the database answers, else 503 by the problem table."""
    with door.database().reading() as session:
        state = {"status": "ok", "seq": head(session), "incarnation": incarnation(session)}
    provider = door.settings().provider
    more = {"demo": door.settings().demo, "provider": provider.name if provider else None}
    return door.answer({**state, "contract": CONTRACT, **more})


@open_pages.get("/openapi.json")
def openapi() -> ResponseReturnValue:
    """Describe the API as OpenAPI 3.1, worked out from the declarations of the kinds."""
    return door.answer(description())


def metrics() -> ResponseReturnValue:
    """Give the counts for Prometheus; no name, no id and no content is among them."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)


def security_txt() -> ResponseReturnValue:
    """Say whom to tell of a weakness (RFC 9116); missing until the organisation has said whom."""
    settings = door.settings()
    if settings.security_contact is None:
        raise Problem("no_access")
    until = write_instant(door.moment() + SECURITY_TXT_LASTS)
    lines = (
        f"Contact: {settings.security_contact}",
        f"Expires: {until}",
        "Preferred-Languages: nb, en",
        f"Canonical: {settings.origin}{SECURITY_TXT}",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
