"""What was typed in a form that the door stopped: each page carries it on until it can be sent.

It stands in the pages alone; only on the way over the provider it waits in the database for some
minutes (`oidc.attempts`). A mark says whose it is, where that is known: a browser may be shared.
"""

from __future__ import annotations

import hmac

from flask import current_app, request

from server.config import Settings

KEPT = "kept:"  # marks what was typed in a form that was stopped; once more for each time it was
MARK = "csrf"  # kept without its value, so that a mere button is offered again too
WHOSE = "whose"  # a keyed digest of who typed it
Fields = list[tuple[str, str]]


def stopped_fields(user: str | None) -> Fields:
    """Give all of the form that was sent now, as the next page carries it; `user` sent it."""
    sent = request.form.items(multi=True)
    kept = [(KEPT + name, "" if name.split(":")[-1] == MARK else text) for name, text in sent]
    return kept + ([(KEPT + WHOSE, _mark_of(user))] if user else [])


def is_of(kept: Fields, user: str) -> bool:
    """Say whether somebody may be offered what was kept: it is theirs, or nobody knows whose."""
    marks = [text for name, text in kept if name == KEPT + WHOSE]
    return all(
        hmac.compare_digest(each.encode(errors="replace"), _mark_of(user).encode())
        for each in marks
    )


def _mark_of(user: str) -> str:
    found: Settings = current_app.extensions["oppgang_settings"]
    return hmac.new(found.secret("kept form"), user.encode(), "sha256").hexdigest()


def kept_fields() -> Fields:
    """Give what the page before carried."""
    return [pair for pair in request.form.items(multi=True) if pair[0].startswith(KEPT)]


def typed_fields(kept: Fields) -> Fields:
    """Give what was carried as it was typed, but for its marks."""
    pairs = [(name.removeprefix(KEPT), text) for name, text in kept]
    return [(name, text) for name, text in pairs if name not in (MARK, WHOSE)]
