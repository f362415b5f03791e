"""Who looked at what is known of somebody, as they are told: by role, door and purpose.

It reads the access log and names nobody.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, select

from server import access_seen
from server.access_log import AccessRow, packed_id
from server.access_seen import ROWS_AT_ONCE
from server.office import beside
from server.office.beside import UNTOLD
from server.office.dates import moment_words
from server.office.desk import LONG_AGO, Desk
from server.office.log import PURPOSES, way_words
from server.openings import FORGOTTEN
from server.roles import ROLE_LABELS
from server.shapes import write_instant

WORDS_OF = {role.value: words for role, words in ROLE_LABELS.items()}


def reasons(desk: Desk, ids: Collection[str]) -> dict[str, int]:
    """Give each reason that somebody wrote for reading some records, with its first position."""
    wanted, found = frozenset(map(packed_id, ids)), dict[str, int]()
    given = select(AccessRow.position, AccessRow.why, AccessRow.records)
    given = given.where(AccessRow.why.is_not(None)).order_by(AccessRow.position)
    for row in desk.session.execute(given).yield_per(ROWS_AT_ONCE):
        if row.why and access_seen.names(row.records, wanted):
            found.setdefault(row.why, row.position)
    words, told = beside.reasons(desk, found), dict[str, int]()
    for said, at in found.items():
        if words[said] not in (FORGOTTEN, UNTOLD):
            told.setdefault(words[said], at)
    return told


def readings(desk: Desk, ids: Collection[str]) -> list[dict[str, Any]]:
    """Tell who looked, latest first: when, in which role, by which door and why, and how many."""
    found = access_seen.readings_of_many(desk.session, ids)
    words = beside.reasons(desk, (row.why for row, _ in found))
    return [_told(row, many, words[row.why]) for row, many in found]


def _told(row: Row[Any], many: int, why: str) -> dict[str, Any]:
    roles = [WORDS_OF[role] for role in row.roles.split("+") if role in WORDS_OF]
    return {
        "at": write_instant(row.looked_at or row.at),
        "when": moment_words(row.looked_at or row.at, LONG_AGO),
        "roles": roles or ["Drift"],
        "way": row.way,
        "way_words": way_words(row.way),
        "purpose": row.purpose,
        "purpose_words": PURPOSES.get(row.purpose, row.purpose),
        "why": why,
        "records": many,
    }
