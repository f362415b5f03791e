"""Placing anew, in pieces, what hangs on a record that moved: withheld until each one's turn.

It judges nothing and changes no body; a record's membership is what its place says, and no more.
Any number of workers may do it at once, and one that dies leaves the rest to the next.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from server.database import Database
from server.driver import Sql, rows
from server.intake.papers import Desk, Locks, ParentsMoved
from server.intake.writing import write
from server.logs import trace
from server.records.record import Envelope

PIECE = 500
PIECES_AT_ONCE = 20
"""So many follow at once upon the turn that moved something; the scheduler does what is left."""
TRIES = 4
_NEXT = Sql("SELECT DISTINCT id FROM scope_member WHERE withheld AND id > ? ORDER BY id LIMIT ?")
_AREAS = Sql("SELECT id, area FROM record WHERE id IN ?")
_log = structlog.get_logger("intake.placing")


def place_withheld(database: Database, now: datetime, pieces_max: int | None = None) -> int:
    """Place anew what is withheld, each piece in a transaction of its own; give how many records.

    It goes through them once, in the order of their ids, and `pieces_max` ends it earlier.
    """
    placed, pieces, after = 0, 0, ""
    while pieces_max is None or pieces < pieces_max:
        with database.reading() as session:
            piece = [row[0] for row in rows(session, _NEXT, after, PIECE)]
        if not piece:
            break
        placed += _place(database, piece, now)
        pieces, after = pieces + 1, piece[-1]
    return placed


def go_on(database: Database, now: datetime) -> None:
    """Go on at once after the turn that withheld; whatever goes wrong is left to the scheduler."""
    try:
        place_withheld(database, now, PIECES_AT_ONCE)
    except Exception as fault:
        _log.error("what was withheld waits for the scheduler", **trace(fault))


def mend_places(database: Database, now: datetime) -> int:
    """Place anew every record that is not where it belongs; give how many."""
    with database.reading() as session:
        wrong = misplaced(session)
    for start in range(0, len(wrong), PIECE):
        _place(database, wrong[start : start + PIECE], now, mends=True)
    return len(wrong)


def _place(database: Database, ids: Collection[str], now: datetime, *, mends: bool = False) -> int:
    """Give some records the membership that their places say, in one transaction; give how many.

    Another worker may have been first: what is not withheld any more is left alone, but to mend.
    """
    for attempt in range(TRIES):
        try:
            with database.writing() as session:
                desk = Desk(session, Locks.ALL)
                desk.fetch(ids)
                papers = [paper for id in ids if (paper := desk.papers.get(id))]
                for paper in papers:
                    paper.replaced = paper.withheld or mends
                write(desk, [], [], now)
                return sum(paper.replaced for paper in papers)
        except (IntegrityError, OperationalError, ParentsMoved):
            if attempt == TRIES - 1:
                raise
    raise AssertionError("unreachable")


def misplaced(session: Session) -> list[str]:
    """Give the ids of the records whose membership, or area, is not what their place says (I-23).

    What is withheld is not at rest: it is neither right nor wrong before it has been placed anew.
    """
    wrong: list[str] = []
    for ids in _batches(session):
        desk = Desk(session, Locks.NONE)
        desk.fetch(ids)
        areas: dict[str, str | None] = dict(rows(session, _AREAS, ids))
        for id in ids:
            paper = desk.papers[id]
            right = desk.scopes(paper) == paper.before and desk.place(paper).area == areas[id]
            if not right and not paper.withheld:
                wrong.append(id)
    return wrong


def _batches(session: Session) -> Iterator[list[str]]:
    after = ""
    while True:
        asked = select(Envelope.id).where(Envelope.id > after).order_by(Envelope.id).limit(PIECE)
        ids = list(session.scalars(asked))
        if not ids:
            return
        yield ids
        after = ids[-1]


__all__ = ["go_on", "mend_places", "misplaced", "place_withheld"]
