"""What a journey asks the database about custody; it never writes."""

from __future__ import annotations

from sqlalchemy import text

from server.database import Database
from server.ledger import CUSTODY
from tests.journeys.stage import wait_until

__all__ = ["all_judged", "mutations", "states", "wait_until"]


def mutations(database: Database, distinct: str = "") -> int:
    """How many mutations of phones are in custody, or how many different ones."""
    counted = f"DISTINCT {distinct}" if distinct else "*"
    with database.reading() as session:
        found = session.execute(text(f"SELECT count({counted}) FROM mutation WHERE n IS NOT NULL"))
        return int(found.scalar_one())


def all_judged(database: Database, count: int) -> bool:
    """Whether so many mutations have come and none waits for its judgement."""
    found = states(database)
    return len(found) >= count and all(state != CUSTODY for state, _ in found)


def states(database: Database) -> list[tuple[str, str | None]]:
    """State and reason of every mutation of phones, in order of arrival."""
    query = "SELECT state, reason FROM mutation WHERE n IS NOT NULL ORDER BY received_at, n"
    with database.reading() as session:
        return [(row[0], row[1]) for row in session.execute(text(query))]
