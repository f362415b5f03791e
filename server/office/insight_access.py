"""Who may have to do with a request for insight; what they may not see of it is missing to them.

A leader of the area prepares and gives out. A second reader is another leader there, or its office,
who sees every record that was made ready. Every leader there knows that it is asked for. What is
barred is in no area: a leader or a privacy officer who is named there prepares, and whoever else
is named reads second.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sqlalchemy import Select, select

from server.access import visible_clause
from server.keeping.insight import Insight, InsightRecord
from server.office.desk import Desk, Item
from server.problems import Problem
from server.records.record import Envelope
from server.records.tenancy import Tenancy
from server.roles import Role
from sync.mutation import is_id

READERS = frozenset({Role.LEADER, Role.OFFICE})
NAMED_KEEPERS = frozenset({Role.LEADER, Role.PRIVACY})


@dataclass(frozen=True)
class Case:
    """A request as one person meets it."""

    row: Insight
    household: Item
    prepares: bool
    leads: bool
    """Whether the reader answers for what is held about the household, and may give it out."""


@dataclass(frozen=True)
class Known:
    """A request that the reader knows of."""

    row: Insight
    opens: bool
    """Else the reader knows only by when it must be answered, and who prepares it."""


def keeps_subject(desk: Desk, item: Item) -> bool:
    """Say whether the reader answers for what is held about a household that they see."""
    return item.spec is Tenancy.spec and _keeps(desk, item.area)


def sees_insights(desk: Desk) -> bool:
    """Say whether the reader has a use for the list."""
    return bool(desk.actor.roles & READERS or known(desk))


def find(desk: Desk, insight: str) -> Case:
    """Give a request that the reader may see; raises `no_access`.

    It is one question, of what was never asked for too: more for what is forbidden would tell.
    """
    hidden = _unseen(desk).where(InsightRecord.insight == insight).exists()
    query = _asked_for(desk).where(Insight.id == insight, ~hidden)
    found = desk.session.execute(query).first() if is_id(insight) else None
    if found is None or not _sees(desk, *found):
        raise Problem("no_access")
    row, household = found[0], desk.item(found[0].tenancy)
    if household is None:
        raise Problem("no_access")
    prepares = row.prepared_by == desk.actor.user
    return Case(row, household, prepares, _keeps(desk, household.area))


def known(desk: Desk, tenancy: str | None = None) -> list[Known]:
    """Give the requests that the reader knows of, of one household or all, the latest first."""
    query = _asked_for(desk).order_by(Insight.opened_at.desc(), Insight.id)
    if tenancy is not None:
        query = query.where(Insight.tenancy == tenancy)
    rows = [(row, area) for row, area in desk.session.execute(query)]
    hidden = _hidden(desk, [row.id for row, _ in rows])
    return [
        Known(row, opens)
        for row, area in rows
        if (opens := _sees(desk, row, area) and row.id not in hidden) or _keeps(desk, area)
    ]


def waits_for(desk: Desk, one: Known) -> bool:
    """Say whether the next step is the reader's."""
    row = one.row
    if not one.opens:
        return False
    if row.prepared_by == desk.actor.user:
        return row.returned is not None or (row.approved_at is not None and row.given_at is None)
    return row.ready_at is not None and row.approved_at is None


def insights_waiting(desk: Desk) -> int:
    """Count the requests whose next step is the reader's."""
    return sum(waits_for(desk, one) for one in known(desk))


def _sees(desk: Desk, row: Insight, area: str | None) -> bool:
    if row.prepared_by == desk.actor.user:
        return _keeps(desk, area)
    reads = area is None or desk.actor.roles_in(area) & READERS
    return row.ready_at is not None and bool(reads)


def _keeps(desk: Desk, area: str | None) -> bool:
    """Say who answers for a household that the reader sees: who leads there, or is named there."""
    if area is None:
        return bool(desk.actor.roles & NAMED_KEEPERS)
    return Role.LEADER in desk.actor.roles_in(area)


def _hidden(desk: Desk, insights: Collection[str]) -> Iterable[str]:
    """Give those requests in which a record stands that the reader may not see.

    It is asked without reading any of them: a list is no look at what the records say.
    """
    if not insights:
        return ()
    query = _unseen(desk).where(InsightRecord.insight.in_(insights)).distinct()
    return set(desk.session.scalars(query))


def _asked_for(desk: Desk) -> Select[Insight, str | None]:
    """Ask for the requests of households that the reader sees, each with its area."""
    return (
        select(Insight, Envelope.area)
        .join(Envelope, Envelope.id == Insight.tenancy)
        .where(visible_clause(desk.scopes))
    )


def _unseen(desk: Desk) -> Select[str]:
    """Ask for the records in requests that the reader may not see."""
    return (
        select(InsightRecord.insight)
        .join(Envelope, Envelope.id == InsightRecord.record)
        .where(Envelope.deleted.is_(False), ~visible_clause(desk.scopes))
    )
