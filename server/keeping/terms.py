"""How long each kind is kept here: what its declaration says, and what was changed since.

A change is a row beside the rules of planning, with who, when and why; it ends nothing by itself.
What the law sets the least and the most of stands in `data/retention.csv`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from server.planning.rule_book import RuleChange, changes, note_change
from server.records import REGISTRY
from server.records.kind import KindSpec, Retention

BOUNDS = Path(__file__).parent.parent / "data" / "retention.csv"
CODE = "keep_"
YEARS, ACTION = "years", "action"
DELETE, ANONYMISE, ARCHIVE = "delete", "anonymise", "archive"
ACTIONS = (ARCHIVE, DELETE, ANONYMISE)
LEAST_YEARS, MOST_YEARS = 1, 100


class BadTerm(Exception):
    """The change cannot be made; `column` says where, and the bound what would do."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True)
class Bound:
    """The fewest and the most years that a kind may be kept, and by which law."""

    least: int = LEAST_YEARS
    most: int = MOST_YEARS
    law: str = ""


@cache
def bounds() -> Mapping[str, Bound]:
    """Read what the law says; a kind that is not there is bound by none."""
    with BOUNDS.open(encoding="utf-8", newline="") as file:
        return {
            row["kind"]: Bound(
                int(row["least"] or LEAST_YEARS), int(row["most"] or MOST_YEARS), row["law"]
            )
            for row in csv.DictReader(file)
        }


def bound_of(kind: str) -> Bound:
    """Give the bound of one kind."""
    return bounds().get(kind, Bound())


def actions_of(kind: str) -> tuple[str, ...]:
    """Give what may become of a kind: what is to be preserved is never changed to be thrown out."""
    declared = REGISTRY[kind].retention.action
    return (ARCHIVE,) if declared == ARCHIVE else (declared, ARCHIVE)


def standing(session: Session) -> dict[str, KindSpec]:
    """Give every kind with the retention that counts now."""
    specs = dict(REGISTRY)
    for change in changes(session):
        name = change.code.removeprefix(CODE)
        if change.code.startswith(CODE) and name in specs:
            specs[name] = with_term(specs[name], _term(specs[name].retention, change.cells))
    return specs


def with_term(spec: KindSpec, term: Retention) -> KindSpec:
    """Give a kind as it would be with another retention."""
    return replace(spec, retention=term)


def changed(session: Session, kind: str, cells: Mapping[str, str]) -> KindSpec:
    """Give a kind as it would be with a change; raises BadTerm."""
    spec, bound = standing(session)[kind], bound_of(kind)
    years, action = cells.get(YEARS, str(spec.retention.years)), cells.get(ACTION)
    known = years.isascii() and years.isdecimal() and len(years) < 4
    if not known or not bound.least <= int(years) <= bound.most:
        raise BadTerm(YEARS)
    if action is not None and action not in actions_of(kind):
        raise BadTerm(ACTION)
    return with_term(spec, _term(spec.retention, cells))


def change(
    session: Session,
    kind: str,
    cells: Mapping[str, str],
    by: str,
    now: datetime,
    *,
    reason: str,
    after: int,
) -> None:
    """Change how long a kind is kept from now on; raises BadTerm or RuleMoved and changes nothing.

    The rules as a whole must then be confirmed anew before anything ends.
    """
    changed(session, kind, cells)
    note_change(session, CODE + kind, cells, by, now, reason=reason, after=after)


def history(session: Session, kind: str) -> list[RuleChange]:
    """Give the changes of one kind, oldest first."""
    return changes(session, CODE + kind)


def last_change(session: Session) -> int:
    """Give the number of the last change of any kind's retention, 0 when none was changed."""
    return max((one.id for one in changes(session) if one.code.startswith(CODE)), default=0)


def rules(specs: Iterable[KindSpec]) -> list[list[object]]:
    """Give the rules as data, for a fingerprint."""
    return [
        [one.name, one.retention.years, one.retention.after, one.retention.action]
        for one in sorted(specs, key=lambda spec: spec.name)
    ]


def _term(term: Retention, cells: Mapping[str, str]) -> Retention:
    return replace(
        term, years=int(cells.get(YEARS, term.years)), action=cells.get(ACTION, term.action)
    )
