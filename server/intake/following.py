"""What followed from decisions, as entries of the ledger: mutations that nobody sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from server import ledger, strict_json
from server.intake.arrivals import next_name
from server.ledger import Entry
from sync.judge import Verdict
from sync.mutation import Json, Mutation, digest


def followed(
    session: Session,
    made: Sequence[tuple[Mutation, Verdict]],
    arriving: Iterable[str],
    now: datetime,
) -> list[Entry]:
    """Give the entries of what was written because of decisions; `arriving` are this turn's mids.

    Their names can be worked out beforehand. Whoever sent something under one keeps it, and what
    followed takes the next that is free: it must not stand in its own decision's way.
    """
    entries: list[Entry] = []
    if not made:
        return entries
    taken = {*arriving, *ledger.find(session, [mutation.mid for mutation, _ in made])}
    for mutation, verdict in made:
        free = mutation.mid
        while free in taken:
            free = next_name(free)
            taken |= ledger.find(session, [free]).keys()
        taken.add(free)
        entries.append(_entry(replace(mutation, mid=free), verdict, now))
    return entries


def _entry(mutation: Mutation, verdict: Verdict, now: datetime) -> Entry:
    raw = strict_json.canonical(_wire(mutation))
    return Entry(
        mid=mutation.mid,
        sha256=digest(raw),
        replica=mutation.replica,
        n=None,
        author=mutation.author,
        record=mutation.id,
        received_at=now,
        raw=raw,
        state=verdict.state,
        reason=verdict.reason,
        effect=tuple(
            {"path": line.path, "outcome": str(line.outcome), "was": line.was}
            for line in verdict.effect
        ),
    )


def _wire(mutation: Mutation) -> dict[str, Json]:
    """Give a mutation as it travels."""
    value: dict[str, Json] = {
        name: getattr(mutation, name) for name in Mutation.__slots__ if name not in ("seen", "why")
    }
    value["set"] = dict(mutation.set)
    value["seen"] = {
        path: {"seq": seen.seq} if path == "*" else {"seq": seen.seq, "value": seen.value}
        for path, seen in mutation.seen.items()
    }
    return value | ({"why": mutation.why} if mutation.why is not None else {})
