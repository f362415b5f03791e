"""What an import would do: the records that a file describes, held against those that are here.

Nothing is written. A value is written where nothing stands, or where what stands is what the last
import said; what a person has written since is kept, and listed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from server.imports.faults import Count, Different, Faults
from server.imports.stock import Standing, Stock
from sync.mutation import WHOLE, Json

SAMPLE_ROWS = 5


@dataclass(slots=True)
class Wanted:
    """One record as the file describes it; what it says nothing of is not among the values."""

    kind: str
    id: str
    line: int
    values: dict[str, Json]
    clears: frozenset[str] = frozenset()
    """Paths where the last import's value goes, if nobody has changed it."""
    barred: bool = False
    """It is barred to the importer, or would hang on what is: no id of it is asked about."""


@dataclass(frozen=True, slots=True)
class Step:
    """One mutation to be: create, patch or restore."""

    kind: str
    record: str
    op: str
    set: Mapping[str, Json]
    seen: Mapping[str, Json]
    seq: int


@dataclass
class Plan:
    """All that an import would do, with what cannot be used and what is left alone."""

    what: str
    encoding: str
    delimiter: str
    understood: Mapping[str, str]
    """The words in the file's heading → ours."""
    unknown: tuple[str, ...]
    sample: Sequence[Mapping[str, Json]] = ()
    rows: int = 0
    passed_over: int = 0
    """Rows that say nothing of the kind that is brought in, such as homes without a tenant."""
    faults: Faults = field(default_factory=Faults)
    steps: list[Step] = field(default_factory=list)
    counts: dict[str, Count] = field(default_factory=dict)
    different: list[Different] = field(default_factory=list)
    ends: int = 0
    """How many tenancies that are open today it would end."""
    open: int = 0
    """How many are open today."""


def compare(stock: Stock, wanted: Sequence[Wanted], plan: Plan) -> None:
    """Put into the plan what each wanted record takes, in the order given.

    What is barred, and what would hang on it, is left alone and counted as what is as it was. So is
    what stands where the importer sees nothing and what was erased, so that none of these is told
    from another; and what would hang there, for the server would write below it, whoever's file
    it is.
    """
    missing = [one.id for one in wanted if not (one.barred or stock.find(one.kind, one.id))]
    deleted = stock.deleted(missing) if missing else {}
    back = stock.taken_back(deleted)
    unlike = [
        one.id
        for one in wanted
        if (standing := stock.find(one.kind, one.id)) and (_unlike(one, standing) or one.clears)
    ]
    told = stock.told(unlike) if unlike else {}
    alone = {id for kind in stock.hidden.values() for id in kind}
    alone |= {id for id, gone in deleted.items() if _hangs_on(alone, gone.body)}
    alone |= stock.elsewhere(missing) if missing else set()
    for one in wanted:
        count = plan.counts.setdefault(one.kind, Count())
        standing = stock.find(one.kind, one.id)
        if one.barred:
            count.equal += 1
        elif alone and (one.id in alone or _hangs_on(alone, one.values)):
            alone.add(one.id)
            count.equal += 1
        elif standing is not None:
            _patch(one, standing, told.get(one.id, {}), plan, count)
        elif one.id not in deleted:
            count.new += 1
            plan.steps.append(Step(one.kind, one.id, "create", one.values, {}, 0))
        elif one.id in back:
            count.new += 1
            _bring_back(one, deleted[one.id], plan)
        else:
            count.equal += 1
            plan.different.append(Different(one.kind, one.id, WHOLE, None, None, one.line))


def _hangs_on(others: set[str], values: Mapping[str, Json]) -> bool:
    return not others.isdisjoint(map(str, values.values()))


def _unlike(one: Wanted, standing: Standing) -> dict[str, Json]:
    return {p: v for p, v in one.values.items() if standing.body.get(p) != v}


def _patch(
    one: Wanted, standing: Standing, told: Mapping[str, Json], plan: Plan, count: Count
) -> None:
    write: dict[str, Json] = {}
    for path, value in _unlike(one, standing).items():
        here = standing.body.get(path)
        if told.get(path) == here:
            write[path] = value
        else:
            plan.different.append(Different(one.kind, one.id, path, here, value, one.line))
    for path in one.clears:
        here = standing.body.get(path)
        if here is not None and told.get(path) == here:
            write[path] = None
    if not write:
        count.equal += 1
        return
    count.changed += 1
    seen = {path: standing.body.get(path) for path in write}
    plan.steps.append(Step(one.kind, one.id, "patch", write, seen, standing.seq))


def _bring_back(one: Wanted, gone: Standing, plan: Plan) -> None:
    """Bring back what an import made and somebody took back with it, as the file says it now."""
    plan.steps.append(Step(one.kind, one.id, "restore", {}, {}, gone.seq))
    write = _unlike(one, gone)
    if write:
        seen = {path: gone.body.get(path) for path in write}
        plan.steps.append(Step(one.kind, one.id, "patch", write, seen, gone.seq))
