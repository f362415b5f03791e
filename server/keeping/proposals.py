"""Proposed terms of retention: one role proposes, those who decide for the whole accept or refuse.

A proposal changes nothing. One for each kind waits at a time, and none is ever taken away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server import acts
from server.database import Base, Instant, take_turn
from server.keeping import terms
from server.planning.rule_book import REASON_MAX, RuleMoved


class TermProposal(Base):
    """One proposed change of one kind's retention, and what was answered."""

    __tablename__ = "term_proposal"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    columns: Mapped[str] = mapped_column(Text)
    """JSON object, column → text, as in a change."""
    reason: Mapped[str] = mapped_column(Text)
    after: Mapped[int] = mapped_column(BigInteger)
    """The last change of the kind that whoever proposed had seen, 0 for none."""
    proposed_by: Mapped[str] = mapped_column(String(36))
    proposed_at: Mapped[datetime] = mapped_column(Instant)
    decided_by: Mapped[str | None] = mapped_column(String(36))
    decided_at: Mapped[datetime | None] = mapped_column(Instant)
    answer: Mapped[str] = mapped_column(Text, default="")
    """Why it was refused."""
    change: Mapped[int | None] = mapped_column(BigInteger)
    """The change that it became; none when it was refused."""

    @property
    def cells(self) -> dict[str, str]:
        """Give the columns that would be changed, with what they would say."""
        cells: dict[str, str] = orjson.loads(self.columns)
        return cells


class Answered(Exception):
    """The proposal has its answer, or there is another one that waits."""


def waiting(session: Session) -> dict[str, TermProposal]:
    """Give the proposals that wait for an answer, by kind."""
    query = select(TermProposal).where(TermProposal.decided_at.is_(None))
    return {one.kind: one for one in session.scalars(query)}


def answered(session: Session, kind: str) -> list[TermProposal]:
    """Give what was proposed for a kind and answered."""
    rule = (TermProposal.kind == kind, TermProposal.decided_at.is_not(None))
    return list(session.scalars(select(TermProposal).where(*rule)))


def propose(
    session: Session,
    kind: str,
    cells: Mapping[str, str],
    by: str,
    now: datetime,
    *,
    reason: str,
    after: int,
) -> None:
    """Propose how long a kind is to be kept; raises BadTerm, RuleMoved or Answered."""
    terms.changed(session, kind, cells)
    take_turn(session)
    before = terms.history(session, kind)
    last = before[-1].id if before else 0
    if before and last != after:
        raise RuleMoved(before[-1].changed_by)
    if kind in waiting(session):
        raise Answered
    made = TermProposal(
        id=str(uuid7()),
        kind=kind,
        columns=orjson.dumps(dict(cells)).decode(),
        reason=reason[:REASON_MAX],
        after=last,
        proposed_by=by,
        proposed_at=now,
    )
    session.add(made)
    acts.note(session, "term_proposed", by, now, made.id, kind=kind, **cells)


def accept(session: Session, proposal: TermProposal, by: str, now: datetime) -> None:
    """Let a proposal count from now on.

    Raises Answered, BadTerm, and RuleMoved when the term was changed since it was proposed.
    """
    take_turn(session)
    _open(session, proposal)
    terms.change(
        session,
        proposal.kind,
        proposal.cells,
        by,
        now,
        reason=proposal.reason,
        after=proposal.after,
    )
    proposal.change = terms.history(session, proposal.kind)[-1].id
    _decide(session, proposal, by, now, "term_accepted")


def refuse(session: Session, proposal: TermProposal, by: str, now: datetime, answer: str) -> None:
    """Answer no, and why; raises Answered."""
    take_turn(session)
    _open(session, proposal)
    proposal.answer = answer[:REASON_MAX]
    _decide(session, proposal, by, now, "term_refused")


def _decide(session: Session, proposal: TermProposal, by: str, now: datetime, what: str) -> None:
    proposal.decided_by, proposal.decided_at = by, now
    acts.note(session, what, by, now, proposal.id, kind=proposal.kind, **proposal.cells)


def _open(session: Session, proposal: TermProposal) -> None:
    session.refresh(proposal)
    if proposal.decided_at is not None:
        raise Answered
