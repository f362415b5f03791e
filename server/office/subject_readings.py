"""Who looked at what is known of somebody, as they are told: by role, door and purpose.

It reads the access log and names nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from server.access_log import ID_SIZE_BYTES, AccessRow, packed_id
from server.office.dates import moment_words
from server.office.desk import LONG_AGO
from server.office.log import PURPOSES, way_words
from server.roles import ROLE_LABELS
from server.shapes import write_instant

WORDS_OF = {role.value: words for role, words in ROLE_LABELS.items()}


def reasons(session: Session, ids: Collection[str]) -> dict[str, int]:
    """Give each reason that somebody wrote for reading some records, with its first position."""
    rows = _rows(session, ids, select(AccessRow).where(AccessRow.why.is_not(None)))
    found: dict[str, int] = {}
    for row, _ in rows:
        if row.why:
            found.setdefault(row.why, row.position)
    return found


def readings(session: Session, ids: Collection[str]) -> list[dict[str, Any]]:
    """Tell who looked, latest first: when, in which role, by which door and why, and how many."""
    return [_told(row, many) for row, many in _rows(session, ids, select(AccessRow))][::-1]


def _told(row: AccessRow, many: int) -> dict[str, Any]:
    roles = [WORDS_OF[role] for role in row.roles.split("+") if role in WORDS_OF]
    return {
        "at": write_instant(row.at),
        "when": moment_words(row.at, LONG_AGO),
        "roles": roles or ["Drift"],
        "way": row.way,
        "way_words": way_words(row.way),
        "purpose": row.purpose,
        "purpose_words": PURPOSES.get(row.purpose, row.purpose),
        "why": row.why or "",
        "records": many,
    }


def _rows(
    session: Session, ids: Collection[str], query: Select[Any]
) -> Iterator[tuple[AccessRow, int]]:
    """Give the rows that are about some records, and how many of them each is about."""
    wanted = {packed_id(id) for id in ids}
    ordered = query.order_by(AccessRow.position).execution_options(yield_per=500)
    for row in session.scalars(ordered):
        packed = bytes(row.records)
        cut = range(0, len(packed), ID_SIZE_BYTES)
        if many := sum(packed[at : at + ID_SIZE_BYTES] in wanted for at in cut):
            yield row, many
