"""Words that stand beside records and in none: why a home was opened, why something is kept.

They tell of who is there. Who may not know of what is behind a barrier (kode 6) is told none of
them, also where they were written before it was set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import not_, or_, select

from server import openings
from server.access import barred, barred_clause, visible, visible_clause
from server.office.desk import Desk
from server.openings import BY, Opened, Opening
from server.records import REGISTRY
from server.records.barrier import BARRIER
from server.records.record import Envelope

UNTOLD = "Grunnen vises ikke her."
CAN_BE_BARRED = frozenset(name for name, spec in REGISTRY.items() if BARRIER in spec.fields)


def hidden(desk: Desk, records: Collection[str]) -> set[str]:
    """Give those of some records that are behind a barrier where the reader is not named."""
    behind = barred(desk.session, records)
    return behind - visible(desk.session, desk.scopes, behind)


def untold(desk: Desk, ids: Collection[str]) -> set[str]:
    """Give those of some openings whose words may tell of who is hidden from the reader.

    One household of a home is enough: nobody can tell by the words whom they are about.
    """
    closed = (barred_clause(), not_(visible_clause(desk.scopes)))
    opened = select(Opened.record).where(Opened.opening == Opening.id).correlate(Opening)
    there = select(Envelope.id).where(
        or_(Envelope.id == Opening.home, Envelope.id.in_(opened)),
        Envelope.kind.in_(CAN_BE_BARRED),
        *closed,
    )
    query = select(Opening.id).where(Opening.id.in_(ids), there.correlate(Opening).exists())
    return set(desk.session.scalars(query)) if ids else set()


def reasons(desk: Desk, said: Iterable[str | None]) -> dict[str | None, str]:
    """Give the words behind each thing that the access log says of why, as the reader is told."""
    words = openings.reasons(desk.session, said)
    named = [one.removeprefix(BY) for one in words if one and one.startswith(BY)]
    return words | dict.fromkeys((BY + id for id in untold(desk, named)), UNTOLD)
