"""What was ticked off in a list: which heads, and what each was shown as; it decides nothing."""

from __future__ import annotations

from flask import request

from server.office.decisions import BadForm, read_seal
from server.problems import Problem
from sync.mutation import is_id

BULK_MAX = 100


def chosen_heads() -> list[tuple[str, str]]:
    """Read the heads that were chosen, each with its seal; what is no id is left out."""
    pairs = [value.partition("@") for value in request.form.getlist("head")[:BULK_MAX]]
    return [(id, seal) for id, _, seal in pairs if is_id(id)]


def seal_of(text: str) -> dict[str, int]:
    """Read a seal that stands beside a choice; raises `forged` for one that is not ours."""
    try:
        return read_seal(text)
    except BadForm as bad:
        raise Problem("forged") from bad
