"""Writes what was pushed in a journey as a story of tests/golden: recorded once, replayed for ever.

`OPPGANG_RECORD_STORY=working_day_visit` with one journey makes `working_day_visit.push.json`; run
`OPPGANG_RECORD=1` of tests/server/test_golden.py afterwards for its answers. It plays nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any
from uuid import uuid5

import orjson
from sqlalchemy import select

from server.database import Database
from server.intake import SERVER
from server.ledger import MutationRow
from server.shapes import write_instant
from sync.mutation import NS, WHOLE
from tests.journeys.stage import ROOT
from tests.makers import USERS, world_records

GOLDEN = ROOT / "tests" / "golden"
STORY = "OPPGANG_RECORD_STORY"


def record(database: Database, story: str) -> None:
    """Write the mutations of people, in the order they came, as one story."""
    people = {id: name for name, id in USERS.items()}
    there = {one["id"] for one in world_records()}
    """The replay's own ground: what every story begins with."""
    with database.reading() as session:
        rows = session.scalars(select(MutationRow).order_by(MutationRow.position)).all()
    told = [r for r in rows if r.raw and r.replica != SERVER and r.author in people]
    told = [row for row in told if row.n is not None or row.record not in there]
    mids = [row.mid for row in told]
    told = [row for row in told if row.n is not None or not _followed(row, mids)]
    begins = next(row.position for row in told if row.n is not None)
    told_by = groupby(told, key=_hand_before(begins))
    steps = [
        {
            "who": people[author],
            "replica": replica,
            "phone": phone,
            "now": write_instant(received_at),
            "server": ground,
            "push": [_pushed(row, story) for row in some],
        }
        for (author, replica, phone, ground, received_at), some in told_by
    ]
    raw = orjson.dumps(steps, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
    with (GOLDEN / f"{story}.push.json").open("xb") as file:
        file.write(raw + b"\n")


def _hand_before(begins: int) -> Callable[[MutationRow], tuple[Any, ...]]:
    """Tell who wrote with which phone or page and when, and what was laid out beforehand."""
    return lambda row: (
        row.author,
        row.replica,
        row.n is not None,
        row.position < begins,
        row.received_at,
    )


def _followed(row: MutationRow, mids: Sequence[str]) -> bool:
    """Say whether the server wrote a row as what follows from another; it will do so again."""
    paths = [*orjson.loads(row.raw or b"")["set"], WHOLE]
    said = (f"decided|{mid}|{row.record}|{path}" for mid in mids for path in paths)
    return any(str(uuid5(NS, each)) == row.mid for each in said)


def _pushed(row: MutationRow, story: str) -> dict[str, Any]:
    """Give a mutation as it came; ids that tests count anew each time are made the story's own."""
    mutation: dict[str, Any] = orjson.loads(row.raw or b"")
    if row.n is None:
        mutation["mid"] = str(uuid5(NS, f"{story}|{row.mid}"))
    return mutation
