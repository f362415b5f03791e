"""Ten thousand ways to change what was written, in both logs: each is located at its first row.

In memory, on the rows as a database gives them; that verification reads a real database, and that
its triggers refuse, is tried in test_access_log and test_audit.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from typing import Any

from server import access_log, ledger, ledger_chain
from sync.mutation import canonical
from tests.makers import NOW, USERS, mutation, new_id, visit

TRIES = 10_000
fits = cache(ledger_chain.is_what_was_sent)
"""The same rows come ten thousand times, all but one of them as they were."""
ROWS = 40
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Read:
    """One row of the access log."""

    position: int
    at: Any
    who: str
    roles: str
    way: str
    purpose: str
    why: str | None
    replica: str | None
    records: bytes
    size: int
    chain: str
    looked_at: Any


@dataclass(frozen=True)
class Sent:
    """One row of the ledger, as far as a verification reads it."""

    position: int
    mid: str
    sha256: str
    replica: str
    n: int | None
    received_at: Any
    chain: str
    author: str
    record: str
    raw: bytes

    @property
    def chained(self) -> Row:
        """Give what the chain is followed by."""
        return tuple(getattr(self, name) for name in ledger.CHAINED)


def readings(dice: random.Random) -> tuple[list[Read], tuple[int, str]]:
    """Give a sound access log and its head."""
    rows: list[Read] = []
    chain = access_log.START
    for position in range(1, ROWS + 1):
        at = NOW + timedelta(minutes=position)
        records = access_log.packed_id("".join(new_id() for _ in range(dice.randint(1, 4))))
        why = "Ba om det" if position % 5 == 0 else None
        replica = new_id() if position % 3 else None
        said = (USERS["lise"], "leader", "office.record", "duty", why, replica)
        at_ms = (at - access_log.EPOCH) // timedelta(milliseconds=1)
        looked = at - timedelta(hours=3) if position % 4 == 0 else None
        told = (looked - access_log.EPOCH) // timedelta(milliseconds=1) if looked else None
        chain = access_log.link(chain, position, at_ms, *said, records, told)
        rows.append(Read(position, at, *said, records, len(records) // 16, chain, looked))
    return rows, (ROWS, chain)


def sendings() -> tuple[list[Sent], str]:
    """Give a sound ledger and its head; positions have gaps, as numbers of the clock do."""
    rows: list[Sent] = []
    chain = ledger.START
    for number in range(1, ROWS + 1):
        id, body = visit()
        sent = mutation("visit", id, body, n=number)
        raw = canonical(sent)
        sha256, at = hashlib.sha256(raw).hexdigest(), NOW + timedelta(seconds=number)
        named = (sent["mid"], sha256, sent["replica"], number, at)
        chain = ledger.link(chain, *named)
        rows.append(Sent(number * 3, *named, chain, sent["author"], id, raw))
    return rows, chain


ALTERED: dict[type, Callable[[Any, random.Random], dict[str, Any]]] = {
    Read: lambda row, dice: dice.choice(
        [
            {"at": row.at - timedelta(milliseconds=dice.randint(1, 10**9))},
            {"who": USERS["eva"]},
            {"roles": "admin"},
            {"way": "office.inbox"},
            {"purpose": "named"},
            {"why": None if row.why else "en grunn"},
            {"why": f"{row.why or ''}."},
            {"replica": new_id()},
            {"records": row.records[:-16] + dice.randbytes(16)},
            {"records": row.records + dice.randbytes(16), "size": row.size + 1},
            {"size": row.size + 1},
            {"chain": dice.randbytes(32).hex()},
        ]
    ),
    Sent: lambda row, dice: dice.choice(
        [
            {"mid": new_id()},
            {"sha256": dice.randbytes(32).hex()},
            {"replica": new_id()},
            {"n": None},
            {"n": row.n + 1},
            {"received_at": row.received_at + timedelta(milliseconds=1)},
            {"chain": dice.randbytes(32).hex()},
            {"author": USERS["eva"]},
            {"record": new_id()},
            {"raw": row.raw.replace(b'"create"', b'"patch" ')},
        ]
    ),
}


def tamper(rows: list[Any], dice: random.Random) -> tuple[list[Any], int]:
    """Do one thing to a log that nobody may; give its place, counted from nought."""
    at = dice.randrange(len(rows))
    changed = list(rows)
    match dice.choice(("alter", "alter", "delete", "swap", "twice", "cut")):
        case "alter":
            changed[at] = replace(rows[at], **ALTERED[type(rows[at])](rows[at], dice))
        case "delete":
            del changed[at]
        case "swap" if at + 1 < len(rows):
            first, second = rows[at], rows[at + 1]
            changed[at] = replace(second, position=first.position)
            changed[at + 1] = replace(first, position=second.position)
        case "twice":
            changed.append(replace(rows[at], position=rows[-1].position + 1))
            return changed, len(rows)
        case _:
            del changed[at:]
    return changed, at


def test_ten_thousand_changes_of_the_access_log_are_all_located() -> None:
    dice = random.Random(20261129)
    rows, head = readings(dice)
    assert access_log.first_unfit(rows, head) is None
    for _ in range(TRIES):
        changed, at = tamper(rows, dice)
        assert access_log.first_unfit(changed, head) == at + 1


def test_ten_thousand_changes_of_the_ledger_are_all_located() -> None:
    """A row that is gone is located at the first that does not fit without it."""
    dice = random.Random(20261129)
    rows, head = sendings()
    assert located(rows, head) is None
    for _ in range(TRIES):
        changed, at = tamper(rows, dice)
        expected = changed[at].position if at < len(changed) else last(changed) + 1
        assert located(changed, head) == expected


def last(rows: list[Sent]) -> int:
    """Give the last position, nought when nothing is left."""
    return rows[-1].position if rows else 0


def located(rows: list[Sent], head: str) -> int | None:
    """Give the first position that either half of the verification names."""
    unfit = ledger.first_unfit((row.chained for row in rows), head)
    for row in rows:
        if not fits(row.sha256, row.author, row.record, row.raw):
            return row.position if unfit is None else min(row.position, unfit)
    return unfit
