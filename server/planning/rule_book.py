"""The rule book: the rows that a municipality plans by, as they stand now, and who changed them.

The rows begin as the files in `data`; a change is a row of its own and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant
from server.planning.deadlines import BadRule, Deadline, Row, read_deadlines, seed
from server.planning.rounds import RoundRule, read_rounds

TABLES = ("deadlines", "rounds")
IN_USE = "in_use"
CELL_MAX = 200
CHANGEABLE = frozenset(
    {"words", "count", "unit", "earliest", "law", "frequency", "workday", "months", "each", IN_USE}
)
"""What a municipality decides; what a rule is about and what it does stand in the files."""


class RuleChange(Base):
    """One change of one rule: some of its columns have other values from then on."""

    __tablename__ = "rule_change"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by: Mapped[str] = mapped_column(String(36))
    columns: Mapped[str] = mapped_column(Text)
    """JSON object, column → text; `in_use` is «ja» or «nei»."""


@dataclass(frozen=True)
class RuleBook:
    """The rules that are in use, by code."""

    deadlines: Mapping[str, Deadline]
    rounds: Mapping[str, RoundRule]


def rule_book(session: Session) -> RuleBook:
    """Give the rules as they stand now."""
    tables = _tables(session)
    return RuleBook(
        read_deadlines(tables["deadlines"].values()), read_rounds(tables["rounds"].values())
    )


def change_rule(session: Session, code: str, columns: Row, by: str, now: datetime) -> None:
    """Change some columns of a rule from now on; raises BadRule and then changes nothing."""
    tables = _tables(session)
    table = next((rows for rows in tables.values() if code in rows), None)
    if table is None:
        raise BadRule(f"{code}: there is no such rule")
    fixed = sorted(set(columns) - (CHANGEABLE & {*table[code], IN_USE}))
    if fixed:
        raise BadRule(f"{code}: {fixed[0]} cannot be changed")
    if any(len(text) > CELL_MAX for text in columns.values()):
        raise BadRule(f"{code}: at most {CELL_MAX} characters in each column")
    read = read_deadlines if table is tables["deadlines"] else read_rounds
    read([{**table[code], **columns, IN_USE: ""}])
    last = session.execute(select(func.coalesce(func.max(RuleChange.id), 0))).scalar_one()
    words = orjson.dumps(dict(columns)).decode()
    session.add(RuleChange(id=last + 1, code=code, changed_at=now, changed_by=by, columns=words))
    session.flush()


def _tables(session: Session) -> dict[str, dict[str, Row]]:
    tables = {table: seed(table) for table in TABLES}
    found = session.execute(select(RuleChange.code, RuleChange.columns).order_by(RuleChange.id))
    for code, columns in found:
        for rows in tables.values():
            if code in rows:
                rows[code] = {**rows[code], **orjson.loads(columns)}
    return tables
