"""When a record first came so far: read from the ledger, where later steps hide no earlier ones."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.ledger import MutationRow
from server.shapes import read_instant

AT_A_TIME = 500


def first_steps(
    session: Session, ids: Iterable[str], path: str, states: Collection[str]
) -> dict[str, datetime]:
    """Give the earliest moment at which each record was said to be in one of these states.

    What was erased, and what never took effect, tells nothing.
    """
    found: dict[str, datetime] = {}
    every = sorted(set(ids))
    for start in range(0, len(every), AT_A_TIME):
        rows = session.execute(
            select(MutationRow.record, MutationRow.raw)
            .where(
                MutationRow.record.in_(every[start : start + AT_A_TIME]),
                MutationRow.state == "applied",
                MutationRow.raw.is_not(None),
            )
            .order_by(MutationRow.position)
        )
        for record, raw in rows:
            at = _said(raw, path, states)
            if at is not None and record is not None:
                found[record] = min(at, found.get(record, at))
    return found


def _said(raw: bytes | None, path: str, states: Collection[str]) -> datetime | None:
    read: Any = orjson.loads(raw) if raw else {}
    step = (read.get("set") or {}).get(path)
    if not isinstance(step, Mapping) or step.get("state") not in states:
        return None
    return read_instant(str(step["at"]))
