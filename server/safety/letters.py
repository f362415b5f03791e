"""The letters that go out with a warning: whose they are, which were sent, and which were not.

A letter says which list must be looked at, and nothing of whom it is about.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid5

import structlog
from sqlalchemy import ColumnElement, Integer, Row, String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server import people
from server.config import Settings
from server.database import Base, Database, Instant
from server.safety.alone import outing_of
from server.smtp import NotTaken, Smtp, hand_over
from sync.mutation import NS

ALONE, OPENING = "alone", "opening"
"""What letters are about: somebody who is out alone, or a home that was opened (Nødtilgang)."""


@dataclass(frozen=True)
class Wording:
    """What one sort of letter says."""

    subject: str
    words: str
    list: str


WORDINGS = {
    ALONE: Wording(
        "Oppgang: Trygt besøk",
        "Se på lista nå: {address}\n\nDette er sendt fordi du har vakt for Trygt besøk.\n",
        "/office/safety",
    ),
    OPENING: Wording(
        "Oppgang: Nødtilgang",
        "Noen har brukt nødtilgang. Se på lista: {address}\n\nDette er sendt fordi du er leder.\n",
        "/office/openings",
    ),
}
CLAIM_LASTS = timedelta(minutes=1)
"""After this a sending that never ended counts as dead, and the letter is sent again."""
TRIES_MAX = 40
"""About an hour; after that the list alone shows it."""
AT_ONCE = 20
log = structlog.get_logger("oppgang.safety")


class LetterRow(Base):
    """One letter to one person about one warning or one opening of a home, or one browser woken."""

    __tablename__ = "safety_letter"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    check_in: Mapped[str] = mapped_column(String(36), index=True)
    """The id of what it is about: a check-in, or an opening."""
    sort: Mapped[str] = mapped_column(String(12), default=ALONE, server_default=ALONE)
    user: Mapped[str] = mapped_column(String(36))
    browser: Mapped[str | None] = mapped_column(String(64))
    """The name of the browser that is woken; none for a letter by mail."""
    made_at: Mapped[datetime] = mapped_column(Instant)
    claimed_at: Mapped[datetime | None] = mapped_column(Instant)
    tries: Mapped[int] = mapped_column(Integer, default=0)
    ended_at: Mapped[datetime | None] = mapped_column(Instant, index=True)
    """When it was taken by the mail server or the push service, or given up."""
    trouble: Mapped[str | None] = mapped_column(String(60))


Where = Callable[[Session, LetterRow, datetime], str | None]
"""Finds where a letter goes now, None for nowhere any more."""


@dataclass(frozen=True)
class Letter:
    """What became of one letter, or of waking one browser."""

    check_in: str
    user: str
    by_mail: bool
    sent_at: datetime | None
    trouble: str | None
    given_up: bool


def address_letters(
    session: Session,
    check_in: str,
    trigger: str,
    users: Iterable[str],
    now: datetime,
    sort: str = ALONE,
) -> None:
    """Put down the letters of a warning, one for each who said where they read mail."""
    wanted = set(users)
    for user in sorted(wanted & people.addressed(session, wanted)):
        id = str(uuid5(NS, f"letter|{check_in}|{trigger}|{user}"))
        row = LetterRow(id=id, check_in=check_in, sort=sort, user=user, made_at=now, tries=0)
        session.add(row)
    session.flush()


def send_letters(database: Database, settings: Settings, now: datetime) -> None:
    """Hand what waits to the mail server; where there is none, nothing is claimed and none lost."""
    if settings.smtp is None:
        return
    for id, sort in waiting(database, LetterRow.browser.is_(None), now):
        address, said = claim(database, id, _address, now), WORDINGS[sort]
        if address is not None:
            words = said.words.format(address=settings.origin + said.list)
            _send(database, settings.smtp, id, address, said.subject, words, now)


def letters_about(session: Session, check_ins: Collection[str]) -> list[Letter]:
    """Give what became of the letters about some check-ins, oldest first."""
    rows = session.scalars(
        select(LetterRow)
        .where(LetterRow.check_in.in_(check_ins))
        .order_by(LetterRow.made_at, LetterRow.id)
    )
    return [
        Letter(
            row.check_in,
            row.user,
            row.browser is None,
            None if row.trouble else row.ended_at,
            row.trouble,
            row.trouble is not None and row.ended_at is not None,
        )
        for row in rows
    ]


def waiting(
    database: Database, which: ColumnElement[bool], now: datetime
) -> Sequence[Row[str, str]]:
    """Give the id and the sort of the oldest that wait to be sent one way."""
    with database.reading() as session:
        free = select(LetterRow.id, LetterRow.sort).where(which, *_free(now))
        oldest = free.order_by(LetterRow.made_at, LetterRow.id).limit(AT_ONCE)
        return session.execute(oldest).all()


def claim(database: Database, id: str, where: Where, now: datetime) -> str | None:
    """Make a letter ours to send; gives where to, None when another has it or it need not go."""
    with database.writing() as session:
        mine = update(LetterRow).where(LetterRow.id == id, *_free(now)).returning(LetterRow.id)
        tries = LetterRow.tries + 1
        if session.scalar(mine.values(claimed_at=now, tries=tries)) is None:
            return None
        row = session.get_one(LetterRow, id)
        outing = outing_of(session, row.check_in)
        address = where(session, row, now)
        over = row.sort == ALONE and (outing is None or outing.ended)
        if over or address is None:
            row.ended_at, row.trouble = now, "Over" if over else "NoAddress"
            return None
        return address


def _send(
    database: Database,
    smtp: Smtp,
    id: str,
    address: str,
    subject: str,
    words: str,
    now: datetime,
) -> None:
    trouble = None
    try:
        hand_over(smtp, address, subject, words)
    except NotTaken as refused:
        trouble = str(refused)[:60]
        log.error("a letter was not taken", letter=id, trouble=trouble)
    with database.writing() as session:
        settle(session, id, trouble, now)


def settle(
    session: Session, id: str, trouble: str | None, now: datetime, last: bool = False
) -> None:
    """Write what became of a try; one that had no trouble, or is the last, ends it."""
    row = session.get_one(LetterRow, id)
    row.trouble = trouble
    if trouble is None or last or row.tries >= TRIES_MAX:
        row.ended_at = now


def _address(session: Session, row: LetterRow, _: datetime) -> str | None:
    return people.address_of(session, row.user)


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    claimed = LetterRow.claimed_at
    return (LetterRow.ended_at.is_(None), or_(claimed.is_(None), claimed <= now - CLAIM_LASTS))
