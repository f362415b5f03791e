"""The browsers that are woken with a warning: as letters are sent, beside them and without content.

A service that is slow or away holds up no letter: browsers have a job and a queue of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import uuid5

import structlog
from sqlalchemy.orm import Session

from server import people
from server.config import Settings
from server.database import Database
from server.push import Gone, NotTaken, Push, wake
from server.safety.letters import LetterRow, claim, settle, waiting
from sync.mutation import NS

log = structlog.get_logger("oppgang.safety")


def address_pushes(
    session: Session, check_in: str, trigger: str, users: Collection[str], now: datetime
) -> None:
    """Put down each browser that is woken by a warning."""
    for user, browser in sorted(people.woken(session, users, now)):
        id = str(uuid5(NS, f"push|{check_in}|{trigger}|{browser}"))
        session.add(
            LetterRow(id=id, check_in=check_in, user=user, browser=browser, made_at=now, tries=0)
        )
    session.flush()


def send_pushes(database: Database, settings: Settings, now: datetime) -> None:
    """Ask the push services to wake the browsers that wait; where none is set up, none is asked."""
    if settings.push is None:
        return
    for id, _ in waiting(database, LetterRow.browser.is_not(None), now):
        endpoint = claim(database, id, _endpoint, now)
        if endpoint is not None:
            _send(database, settings.push, id, endpoint, now)


def _endpoint(session: Session, row: LetterRow, now: datetime) -> str | None:
    return people.endpoint_of(session, row.user, row.browser or "", now)


def _send(database: Database, push: Push, id: str, endpoint: str, now: datetime) -> None:
    trouble, gone = None, False
    try:
        wake(push, endpoint, now)
    except NotTaken as refused:
        trouble, gone = str(refused)[:60], isinstance(refused, Gone)
        log.error("a browser was not woken", letter=id, trouble=trouble)
    with database.writing() as session:
        if gone:
            people.forget_browser(session, endpoint)
        settle(session, id, trouble, now, last=gone)
