"""What phones are told of the rules, for them to reckon by where there is no network.

It gives numbers of the municipality's own table and nothing of anybody; a rule that is not in use
is not told, and the phone says nothing of it.
"""

from __future__ import annotations

from functools import lru_cache

import orjson
from sqlalchemy.orm import Session

from server.driver import Sql, rows
from server.planning.deadlines import Effect, Unit
from server.planning.rule_book import RuleBook, book_after
from server.planning.tries import proposed_after
from server.records.access_notice import AccessNotice
from server.records.visit import Visit
from server.shapes import Json

BASIS = "basis"
_CHANGES = Sql("SELECT code, columns FROM rule_change ORDER BY id")


def told_to_phones(session: Session) -> dict[str, Json]:
    """Give the rules as they stand now: one question, worked out anew when one has changed."""
    return _told(tuple(rows(session, _CHANGES)))


@lru_cache(maxsize=8)
def _told(changed: tuple[tuple[str, str], ...]) -> dict[str, Json]:
    return _told_of(book_after((code, orjson.loads(columns)) for code, columns in changed))


def _told_of(book: RuleBook) -> dict[str, Json]:
    told: dict[str, Json] = {"tell_before": _tell_before(book)}
    for rule in book.about(Visit.spec.name, Effect.WATCH):
        if rule.unit is Unit.HOURS:
            told["note_hours"] = rule.count
    for rule in book.about(Visit.spec.name, Effect.AGAIN):
        told |= {"tries_max": int(rule.target), "try_again_after": proposed_after(rule)}
    return told


def _tell_before(book: RuleBook) -> dict[str, Json]:
    """Give, by the ground that somebody goes in on, how long before they must have been told."""
    return {
        basis: {"count": rule.count, "unit": rule.unit.value}
        for rule in book.about(AccessNotice.spec.name, Effect.BEFORE)
        for condition in rule.where
        if condition.field == BASIS
        for basis in condition.values
    }
