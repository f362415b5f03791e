"""What was typed in a form that the door stopped: each page carries it on until it can be sent.

It stands in the pages alone, never in the database.
"""

from __future__ import annotations

from flask import request

KEPT = "kept:"  # marks what was typed in a form that was stopped; once more for each time it was
MARK = "csrf"  # kept without its value, so that a mere button is offered again too
Fields = list[tuple[str, str]]


def stopped_fields() -> Fields:
    """Give all of the form that was sent now, as the next page carries it."""
    sent = request.form.items(multi=True)
    return [(KEPT + name, "" if name.split(":")[-1] == MARK else text) for name, text in sent]


def kept_fields() -> Fields:
    """Give what the page before carried."""
    return [pair for pair in request.form.items(multi=True) if pair[0].startswith(KEPT)]


def typed_fields(kept: Fields) -> Fields:
    """Give what was carried as it was typed, but for its mark."""
    pairs = [(name.removeprefix(KEPT), text) for name, text in kept]
    return [(name, text) for name, text in pairs if name != MARK]
