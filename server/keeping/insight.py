"""Innsyn under way: who asked, which passages are left out and why, and what was read and approved.

It keeps places and digests, and no word of a record: what was read is known again by its digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, ForeignKey, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column
from uuid_utils import uuid7

from server import acts
from server.database import Base, Instant
from server.planning.calendar import add_months
from sync.mutation import is_id

PATH_MAX = 200
WORDS_MAX = 1000
GIVEN = "insight_given"
WHOLE = ""
"""The path of a redaction that takes a whole record."""


@dataclass(frozen=True)
class Reason:
    """Why something may be left out: in a few words, to whoever asked, and by which law."""

    short: str
    words: str
    law: str


_LAW = "personopplysningsloven § 16 første ledd bokstav"
REASONS: Mapping[str, Reason] = {
    "others": Reason(
        "gjelder andre",
        "Teksten forteller om andre, og de har krav på vern.",
        "personvernforordningen artikkel 15 nr. 4",
    ),
    "not_theirs": Reason(
        "gjelder ikke deg",
        "Teksten handler ikke om deg.",
        "personvernforordningen artikkel 15 nr. 1",
    ),
    "secrecy": Reason(
        "taushetsplikt", "Vi har taushetsplikt om dette etter loven.", f"{_LAW} d"
    ),
    "health": Reason(
        "helse og nære forhold",
        "Det er ikke tilrådelig at du får vite det, av hensyn til helsa di eller til noen som står"
        " deg nær.",
        f"{_LAW} c",
    ),
    "internal": Reason(
        "intern saksforberedelse",
        "Teksten er skrevet for vår egen saksforberedelse og er ikke gitt til andre.",
        f"{_LAW} e",
    ),
    "crime": Reason(
        "straffbare forhold", "Det må holdes hemmelig for å etterforske en straffbar handling.",
        f"{_LAW} b",
    ),
}  # fmt: skip
"""The closed list. Whoever asked is told the reason and the law (§ 16 third paragraph)."""


class Insight(Base):
    """One request for insight, and how far it has come."""

    __tablename__ = "insight"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tenancy: Mapped[str] = mapped_column(String(36), index=True)
    person: Mapped[str | None] = mapped_column(String(36))
    """The contact who asked; None when it is somebody who acts for the household."""
    asked_on: Mapped[date] = mapped_column(Date)
    prepared_by: Mapped[str] = mapped_column(String(36))
    opened_at: Mapped[datetime] = mapped_column(Instant)
    ready_at: Mapped[datetime | None] = mapped_column(Instant)
    """Since when it waits for a second reader; None while it is being prepared."""
    approved_by: Mapped[str | None] = mapped_column(String(36))
    approved_at: Mapped[datetime | None] = mapped_column(Instant)
    given_by: Mapped[str | None] = mapped_column(String(36))
    given_at: Mapped[datetime | None] = mapped_column(Instant)
    returned: Mapped[str | None] = mapped_column(Text)
    """What the second reader wanted otherwise."""

    @property
    def due_on(self) -> date:
        """Give the last day to answer: one month (GDPR article 12 nr. 3)."""
        return add_months(self.asked_on, 1)


class InsightRecord(Base):
    """One record of a package as it was when it was made ready, by its digest."""

    __tablename__ = "insight_record"
    __table_args__ = {"sqlite_with_rowid": False}

    insight: Mapped[str] = mapped_column(ForeignKey(Insight.id), primary_key=True)
    record: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


class Redaction(Base):
    """One passage that is left out: a whole record, a whole field, or some signs of it."""

    __tablename__ = "redaction"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    insight: Mapped[str] = mapped_column(ForeignKey(Insight.id), index=True)
    tenancy: Mapped[str] = mapped_column(String(36))
    """Whose request it is of, so that a row tells by itself what a file without it leaves out."""
    record: Mapped[str] = mapped_column(String(36), index=True)
    path: Mapped[str] = mapped_column(String(PATH_MAX))
    start: Mapped[int | None] = mapped_column()
    """The first sign that goes, counted in code points; None when all of it goes."""
    end: Mapped[int | None] = mapped_column()
    reason: Mapped[str] = mapped_column(String(20))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the text it was marked in, as it stood then."""
    at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Mark:
    """A passage to be left out, before it is kept."""

    record: str
    path: str
    start: int | None
    end: int | None
    digest: str


def digest(insight: str, *words: str) -> str:
    """Give the digest by which a text of one request is known again, in 64 signs."""
    said = hashlib.sha256(insight.encode())
    for each in words:
        said.update(hashlib.sha256(each.encode()).digest())
    return said.hexdigest()


def open_request(
    session: Session, tenancy: str, person: str | None, asked_on: date, by: str, now: datetime
) -> str:
    """Begin to prepare what a household asked for; gives the request's id."""
    made = Insight(
        id=str(uuid7()),
        tenancy=tenancy,
        person=person,
        asked_on=asked_on,
        prepared_by=by,
        opened_at=now,
    )
    session.add(made)
    acts.note(session, "insight_opened", by, now, tenancy, insight=made.id)
    return made.id


def of_tenancy(session: Session, tenancy: str) -> Sequence[Insight]:
    """Give the requests about a household, the latest first."""
    query = select(Insight).where(Insight.tenancy == tenancy)
    return session.scalars(query.order_by(Insight.opened_at.desc(), Insight.id)).all()


def redactions(session: Session, insight: str) -> Sequence[Redaction]:
    """Give what is left out of a package, in the order in which it was marked."""
    query = select(Redaction).where(Redaction.insight == insight)
    return session.scalars(query.order_by(Redaction.id)).all()


def read_before(session: Session, insight: str) -> dict[str, str]:
    """Give the digest of each record as it was when the package was made ready."""
    query = select(InsightRecord.record, InsightRecord.digest)
    return dict(session.execute(query.where(InsightRecord.insight == insight)).all())


def mark(
    session: Session, row: Insight, marks: Collection[Mark], reason: str, now: datetime
) -> None:
    """Leave passages out, each once. The request is being prepared."""
    assert row.ready_at is None and reason in REASONS
    known = {_place(one) for one in redactions(session, row.id)}
    new = {_place(one): one for one in marks if _place(one) not in known}
    for one in new.values():
        session.add(
            Redaction(
                id=str(uuid7()),
                insight=row.id,
                tenancy=row.tenancy,
                record=one.record,
                path=one.path,
                start=one.start,
                end=one.end,
                reason=reason,
                digest=one.digest,
                at=now,
            )
        )
    session.flush()


def unmark(session: Session, row: Insight, redaction: str) -> None:
    """Let a passage stand again; one that is no more, or never was, is let be.

    The request is being prepared.
    """
    assert row.ready_at is None
    if not is_id(redaction):  # PostgreSQL takes no NUL in a question
        return
    whose = (Redaction.insight == row.id, Redaction.id == redaction)
    session.execute(delete(Redaction).where(*whose))


def make_ready(session: Session, row: Insight, read: Mapping[str, str], now: datetime) -> None:
    """Let a second reader have it, as it was read by who prepared it."""
    _keep(session, row, read)
    row.ready_at, row.returned = now, None
    acts.note(session, "insight_ready", row.prepared_by, now, row.tenancy, insight=row.id)


def approve(
    session: Session, row: Insight, read: Mapping[str, str], by: str, now: datetime
) -> None:
    """Let it be given out, as the second reader read it; never by who prepared it."""
    assert row.ready_at is not None and by != row.prepared_by
    _keep(session, row, read)
    row.approved_by, row.approved_at = by, now
    acts.note(session, "insight_approved", by, now, row.tenancy, insight=row.id)


def take_back(session: Session, row: Insight, words: str, by: str, now: datetime) -> None:
    """Let it be prepared further; what was approved or given out is so no longer.

    The acts tell what was given out before.
    """
    row.ready_at = row.approved_by = row.approved_at = row.given_by = row.given_at = None
    row.returned = words or None
    acts.note(session, "insight_returned", by, now, row.tenancy, insight=row.id)


def give_out(
    session: Session, row: Insight, form: str, records: int, by: str, now: datetime
) -> None:
    """Write down that the package left, in which form and by whose approval."""
    row.given_by, row.given_at = by, now
    said = {"insight": row.id, "approved_by": row.approved_by}
    acts.note(session, GIVEN, by, now, row.tenancy, form=form, records=records, **said)


def forget(session: Session, erased: Collection[str]) -> None:
    """Let go of what was kept about records that are erased, and of erased households' requests."""
    forget_words(session, erased)
    gone = select(Insight.id).where(Insight.tenancy.in_(erased))
    for table in (Redaction, InsightRecord):
        _delete(session, table, table.insight.in_(gone))
    session.execute(delete(Insight).where(Insight.tenancy.in_(erased)))
    session.execute(update(Insight).where(Insight.person.in_(erased)).values(person=None))


def forget_words(session: Session, records: Collection[str]) -> None:
    """Let go of all that was kept about the words of some records: places, and digests.

    A package that a record still stands in counts as changed then.
    """
    for table in (Redaction, InsightRecord):
        _delete(session, table, table.record.in_(records))


def _delete(
    session: Session, table: type[Redaction | InsightRecord], whose: ColumnElement[bool]
) -> None:
    session.execute(delete(table).where(whose).execution_options(synchronize_session=False))


def _keep(session: Session, row: Insight, read: Mapping[str, str]) -> None:
    session.execute(delete(InsightRecord).where(InsightRecord.insight == row.id))
    session.add_all(
        InsightRecord(insight=row.id, record=record, digest=each) for record, each in read.items()
    )
    session.flush()


def _place(one: Mark | Redaction) -> tuple[str, str, int | None, int | None]:
    return one.record, one.path, one.start, one.end
