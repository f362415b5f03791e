"""Imports as rows: who brought in which file, what came of it, and which mutations were its own.

A row of `import_line` names a mutation and its record and holds no value: those are the ledger's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import orjson
from sqlalchemy import Index, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from sync.mutation import Json

SHOWN, RUNNING, DONE, UNDONE = "shown", "running", "done", "undone"
"""Previewed and waiting for a yes; begun and perhaps broken off; whole; taken back."""
RUNS_TO_UNDO = frozenset({RUNNING, DONE})
NAME_MAX = 200
DWELLINGS, TENANCIES = "dwellings", "tenancies"
WORDS: Mapping[str, str] = {DWELLINGS: "Boliger", TENANCIES: "Leieforhold"}


class ImportRun(Base):
    """One file that was brought in, or is about to be."""

    __tablename__ = "import_run"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    what: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(60))
    """The id of a user, or `cli:` or `folder` for what nobody logged in for."""
    at: Mapped[datetime] = mapped_column(Instant, index=True)
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    sha256: Mapped[str] = mapped_column(String(64))
    options: Mapped[str] = mapped_column(Text)
    """JSON: the area that was chosen, whether it is the whole list."""
    state: Mapped[str] = mapped_column(String(10))
    counts: Mapped[str] = mapped_column(Text, default="{}")
    """JSON: kind → new, changed and equal; and what was asked about, held and left alone."""
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_by: Mapped[str | None] = mapped_column(String(60))
    undone_at: Mapped[datetime | None] = mapped_column(Instant)

    @property
    def said(self) -> dict[str, Json]:
        """Give the counts."""
        said: dict[str, Json] = orjson.loads(self.counts)
        return said


class ImportLine(Base):
    """One mutation of an import."""

    __tablename__ = "import_line"

    mid: Mapped[str] = mapped_column(String(36), primary_key=True)
    run: Mapped[str] = mapped_column(String(36))
    record: Mapped[str] = mapped_column(String(36))

    __table_args__ = (
        Index("ix_import_line_run", "run"),
        Index("ix_import_line_record", "record"),
    )


def latest_runs(session: Session, most: int, by: str | None = None) -> list[ImportRun]:
    """Give the imports that wrote something or began to, newest first; `by`: one's own."""
    query = select(ImportRun).where(ImportRun.state != SHOWN)
    if by is not None:
        query = query.where(ImportRun.by == by)
    return list(session.scalars(query.order_by(ImportRun.at.desc(), ImportRun.id).limit(most)))
