"""Where the ledger's chain stands, and whether its bytes are those that were chained; read only."""

from __future__ import annotations

import hashlib

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger import START, MutationRow
from sync.mutation import Malformed, mutation_from

_TABLE = MutationRow.__table__


def first_altered(session: Session) -> int | None:
    """Give the position of the first row that is not what was sent, or None; reads every row.

    Its bytes must be those that its digest was made of, and author and record those that the bytes
    name: neither is in the chain by itself. Bytes that were erased say nothing.
    """
    names = ("position", "sha256", "author", "record", "raw", "reason")
    found = session.execute(
        select(*(_TABLE.c[name] for name in names))
        .where(_TABLE.c.raw.is_not(None))
        .order_by(_TABLE.c.position)
    ).yield_per(500)
    for row in found:
        shut = row.reason == "unreadable"
        if not is_what_was_sent(row.sha256, row.author, row.record, bytes(row.raw), shut=shut):
            return int(row.position)
    return None


def is_what_was_sent(
    sha256: str, author: str, record: str | None, raw: bytes, *, shut: bool = False
) -> bool:
    """Say whether a row's bytes fit its digest, and its author and record fit the bytes.

    `shut`: nobody could open what was sent, so the bytes are not a mutation that names them.
    """
    if hashlib.sha256(raw).hexdigest() != sha256:
        return False
    if shut:
        return record is None
    try:
        sent = mutation_from(orjson.loads(raw))
    except (ValueError, Malformed):
        return True
    return (sent.author, sent.id) == (author, record)


def head(session: Session) -> tuple[int, str]:
    """Give the last position and the link there; (0, zeros) when nothing was taken in yet."""
    last = session.execute(
        select(_TABLE.c.position, _TABLE.c.chain).order_by(_TABLE.c.position.desc()).limit(1)
    ).first()
    return (last.position, last.chain) if last else (0, START)


def link_at(session: Session, position: int) -> str | None:
    """Give the link at a position; None when there is no such row."""
    if position == 0:
        return START
    return session.scalar(select(_TABLE.c.chain).where(_TABLE.c.position == position))
