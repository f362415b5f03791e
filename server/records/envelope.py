"""The tables that every record has a row in, whatever its kind; they know no kind and no rule."""

from datetime import datetime

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, Instant


class Envelope(Base):
    """One record of any kind: `body` (canonical bytes) is the truth, all tables of kinds follow."""

    __tablename__ = "record"
    __table_args__ = (
        Index(None, "kind", "changed_at"),
        Index(None, "area", "kind"),
        Index(
            "ix_record_open",
            "kind",
            sqlite_where=text("locked_at IS NULL"),
            postgresql_where=text("locked_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(BigInteger)
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    versions: Mapped[bytes] = mapped_column(LargeBinary)
    authors: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON list of the users who wrote into it."""
    area: Mapped[str | None] = mapped_column(String(36))
    words: Mapped[str] = mapped_column(Text, default="")
    """Folded words for search on both databases; never of special sensitivity."""
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    locked_at: Mapped[datetime | None] = mapped_column(Instant)


class ScopeMember(Base):
    """One record's place in one scope, with a feed position of its own."""

    __tablename__ = "scope_member"
    __table_args__ = (
        Index(None, "scope", "seq", "present"),
        Index(
            "ix_scope_member_withheld",
            "id",
            sqlite_where=text("withheld"),
            postgresql_where=text("withheld"),
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    present: Mapped[bool] = mapped_column(Boolean)
    withheld: Mapped[bool] = mapped_column(Boolean, default=False)
    """Was present when something above the record moved, and may be again: not placed anew yet."""


class Gone(Base):
    """The id of an erased record: kept for ever, without content, so that nothing resurrects it."""

    __tablename__ = "gone"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[datetime] = mapped_column(Instant)


class Entry(Base):
    """One key of a keyed field, projected."""

    __tablename__ = "entry"
    __table_args__ = {"sqlite_with_rowid": False}

    record: Mapped[str] = mapped_column(
        String(36), ForeignKey("record.id", ondelete="CASCADE"), primary_key=True
    )
    field: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
