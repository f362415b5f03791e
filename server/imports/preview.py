"""The dry run: from a file's bytes to all that an import would do; it writes nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.access import Actor, all_areas, scopes_of, today_of
from server.imports import columns, dwellings, tenancies
from server.imports.cells import Cells, Values
from server.imports.columns import Column, Found, plain, recognise
from server.imports.faults import Faults
from server.imports.plans import SAMPLE_ROWS, Plan, Wanted, compare
from server.imports.runs import DWELLINGS, TENANCIES
from server.imports.stock import read_stock
from server.imports.tables import BadFile, Table, read_table
from server.records.area import Area
from server.records.folding import fold
from server.shapes import REVIEWERS

ENDS_MAX_PERCENT = 2
"""An import that would end more of the open tenancies stops and asks."""
COLUMNS: dict[str, tuple[Column, ...]] = {
    DWELLINGS: columns.DWELLINGS,
    TENANCIES: columns.TENANCIES,
}
NEEDED = {
    DWELLINGS: frozenset({"address", "street", "address_text", "kobo_id", "fdv_id", "own_number"}),
    TENANCIES: frozenset({"started_on", "contract_number"}),
}
"""Without one of these a file is of something else."""
LACKS = {
    DWELLINGS: "Adresse, Adressenavn, koboId eller Kommunens eget nummer",
    TENANCIES: "Fra eller Kontraktsnummer",
}


class NoSuchArea(Exception):
    """There is no area of that name in which the importer may write."""


@dataclass(frozen=True)
class Options:
    """What is chosen for a whole file."""

    area: str | None = None
    """The id of the area of what is new; for a whole list, the area that it is the list of."""
    whole: bool = False
    """It is the whole list: tenancies that are missing from it have ended."""


def own_areas(session: Session, actor: Actor) -> dict[str, str]:
    """Give the areas where somebody may import, name → id."""
    mine = [area for area in all_areas(session) if actor.roles_in(area) & REVIEWERS]
    query = select(Area.name, Area.id).where(Area.id.in_(mine))
    found = {name or "": id for name, id in session.execute(query)}
    return dict(sorted(found.items(), key=lambda each: fold(each[0])))


def make_plan(
    session: Session, actor: Actor, what: str, raw: bytes, options: Options, now: datetime
) -> Plan:
    """Work out what a file would do for this importer, now; raises BadFile and NoSuchArea."""
    known = COLUMNS[what]
    names = columns.is_known(known)
    table = read_table(raw, lambda word: plain(word) in names)
    found = recognise(table.heading, known)
    if not NEEDED[what] & found.at.keys():
        raise BadFile(
            "Overskriften har ingen av kolonnene vi trenger.",
            f"Gi fila en overskrift med {LACKS[what]}, og last opp på nytt.",
        )
    areas = own_areas(session, actor)
    if not areas or (options.area is not None and options.area not in areas.values()):
        raise NoSuchArea("Du kan ikke importere til dette området. Ingenting er endret.")
    plan = _empty(what, table, found, known)
    cells = Cells(known, found, plan.faults)
    scopes = scopes_of(session, actor, now)
    if what == DWELLINGS:
        stock = read_stock(session, scopes, dwellings.KINDS)
        homes = dwellings.Rows(stock, areas, options.area, cells, plan.faults)
        _read(table, found, cells, plan, homes.take)
        wanted: Sequence[Wanted] = homes.wanted()
    else:
        stock = read_stock(session, scopes, tenancies.KINDS)
        lets = tenancies.Rows(stock, cells, plan.faults, options.whole)
        _read(table, found, cells, plan, lets.take)
        if options.whole and not plan.faults:
            tenancies.end_the_missing(lets, today_of(now), options.area)
        wanted = lets.wanted()
    if not plan.faults:
        compare(stock, wanted, plan)
        if what == TENANCIES:
            tenancies.count_endings(stock, plan, today_of(now))
    return plan


def must_ask(plan: Plan) -> bool:
    """Say whether so many tenancies would end that a person must say yes to the number."""
    return plan.ends * 100 > plan.open * ENDS_MAX_PERCENT


def _empty(what: str, table: Table, found: Found, known: Sequence[Column]) -> Plan:
    labels = {column.key: column.label for column in known}
    return Plan(
        what=what,
        encoding=table.encoding,
        delimiter=table.delimiter,
        understood={found.headings[key]: labels[key] for key in found.at},
        unknown=found.unknown,
        faults=Faults(),
    )


def _read(
    table: Table,
    found: Found,
    cells: Cells,
    plan: Plan,
    take: Callable[[int, Values], bool],
) -> None:
    """Read every row, so that all faults are told at once."""
    sample: list[Values] = []
    width = len(table.heading)
    for line, row in table.rows:
        plan.rows += 1
        if any(cell.strip() for cell in islice(row, width, None)):
            plan.faults.add(
                line, f"{width + 1}", row[width], "raden med like mange kolonner som overskriften"
            )
            continue
        values = cells.read(line, row)
        if values is None:
            continue
        if len(sample) < SAMPLE_ROWS:
            sample.append({found.headings[key]: value for key, value in values.items()})
        if not take(line, values):
            plan.passed_over += 1
    plan.sample = sample
