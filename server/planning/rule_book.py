"""The rule book: the rows that a municipality plans by, as they stand now, and who changed them.

The rows begin as the files in `data`; a change is a row of its own and takes nothing away.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from sqlalchemy import BigInteger, String, Text, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, Instant, take_turn
from server.planning.deadlines import NO, BadRule, Deadline, Effect, Row, read_deadlines, seed
from server.planning.laws import Law, read_laws
from server.planning.rounds import RoundRule, read_rounds

TABLES = ("deadlines", "rounds", "law")
IN_USE = "in_use"
CELL_MAX = 200
REASON_MAX = 500
SIGNS = 17
"""No change has a number of so many."""
YES = "ja"
CHANGEABLE = frozenset(
    {
        *("words", "count", "unit", "earliest", "second", "law"),
        *("text", "link"),
        *("frequency", "workday", "months", "each", IN_USE),
    }
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
    reason: Mapped[str] = mapped_column(Text, default="")

    @property
    def cells(self) -> dict[str, str]:
        """Give the columns that were changed, with what they said from then on."""
        cells: dict[str, str] = orjson.loads(self.columns)
        return cells


class RuleMoved(Exception):
    """Somebody else changed the rule meanwhile."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


@dataclass(frozen=True)
class RuleBook:
    """The rules that are in use, by code."""

    deadlines: Mapping[str, Deadline]
    rounds: Mapping[str, RoundRule]
    laws: Mapping[str, Law] = field(default_factory=dict)

    def laws_on(self, name: str) -> list[Law]:
        """Give the texts of law that a rule or a kind rests on."""
        return [law for law in self.laws.values() if name in law.rests]

    def about(self, table: str, effect: Effect) -> list[Deadline]:
        """Give the rules about one kind of thing that do this."""
        return [r for r in self.deadlines.values() if r.kind == table and r.effect is effect]

    def only(self, code: str) -> RuleBook:
        """Give the book with nothing but one rule, or nothing when it is not in use."""
        return RuleBook(
            {c: rule for c, rule in self.deadlines.items() if c == code},
            {c: rule for c, rule in self.rounds.items() if c == code},
        )


def rule_book(session: Session) -> RuleBook:
    """Give the rules as they stand now."""
    return _read(rule_rows(session))


def rules_watching(session: Session, table: str) -> list[Deadline]:
    """Give the rules that one kind of thing is watched by."""
    return rule_book(session).about(table, Effect.WATCH)


def number_in(text: str) -> int:
    """Give the number of a change as a form sent it; 0, which names none, for all else."""
    whole = text.isascii() and text.isdecimal() and len(text) < SIGNS
    return int(text) if whole else 0


def book_after(changed: Iterable[tuple[str, Row]]) -> RuleBook:
    """Give the rules as they stand after these changes, each a code and the columns it wrote."""
    return _read(_rows_after(changed))


def rule_rows(session: Session) -> dict[str, dict[str, Row]]:
    """Give the rows of each table by code, as they stand now; `in_use` is in every one."""
    return _rows_after((change.code, change.cells) for change in changes(session))


def _rows_after(changed: Iterable[tuple[str, Row]]) -> dict[str, dict[str, Row]]:
    tables: dict[str, dict[str, Row]] = {
        table: {code: {**row, IN_USE: YES} for code, row in seed(table).items()} for table in TABLES
    }
    for code, cells in changed:
        for rows in tables.values():
            if code in rows:
                rows[code] = {**rows[code], **cells}
    return tables


def changes(session: Session, code: str | None = None) -> list[RuleChange]:
    """Give the changes of all rules, or of one, oldest first."""
    query = select(RuleChange).order_by(RuleChange.id)
    return list(session.scalars(query if code is None else query.where(RuleChange.code == code)))


def changed_book(session: Session, code: str, columns: Row) -> RuleBook:
    """Give the book as it would be with some columns changed; raises BadRule."""
    tables = rule_rows(session)
    name = next((table for table, rows in tables.items() if code in rows), None)
    if name is None:
        raise BadRule(code, "code", "there is no such rule")
    rows = tables[name]
    for column, text in columns.items():
        if column not in CHANGEABLE or column not in rows[code]:
            raise BadRule(code, column, f"{column} cannot be changed")
        if len(text) > CELL_MAX:
            raise BadRule(code, column, f"at most {CELL_MAX} characters in {column}")
    if columns.get(IN_USE, YES) not in (YES, NO):
        raise BadRule(code, IN_USE, f"{IN_USE} is {YES} or {NO}")
    changed = {**rows[code], **columns}
    # A rule that is switched off must be one that can be switched on again.
    _read({name: {code: {**changed, IN_USE: YES}}})
    return _read({**tables, name: {**rows, code: changed}})


def change_rule(
    session: Session,
    code: str,
    columns: Row,
    by: str,
    now: datetime,
    *,
    reason: str = "",
    after: int | None = None,
) -> None:
    """Change some columns of a rule from now on; raises BadRule and then changes nothing.

    `after`: the last change that whoever changes it had seen, 0 for none; raises RuleMoved.
    """
    changed_book(session, code, columns)
    note_change(session, code, columns, by, now, reason=reason, after=after)


def note_change(
    session: Session,
    code: str,
    columns: Row,
    by: str,
    now: datetime,
    *,
    reason: str = "",
    after: int | None = None,
) -> None:
    """Write a change of a rule down, whatever table the rule stands in; raises RuleMoved."""
    take_turn(session)
    before = changes(session, code)
    if after is not None and before and before[-1].id != after:
        raise RuleMoved(before[-1].changed_by)
    last = session.execute(select(func.coalesce(func.max(RuleChange.id), 0))).scalar_one()
    session.add(
        RuleChange(
            id=last + 1,
            code=code,
            changed_at=now,
            changed_by=by,
            columns=orjson.dumps(dict(columns)).decode(),
            reason=reason[:REASON_MAX],
        )
    )
    session.flush()


def _read(tables: Mapping[str, Mapping[str, Row]]) -> RuleBook:
    return RuleBook(
        read_deadlines(tables.get("deadlines", {}).values()),
        read_rounds(tables.get("rounds", {}).values()),
        read_laws(tables.get("law", {}).values()),
    )
