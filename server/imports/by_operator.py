"""An import by the operator, at the machine or by the drop folder, told in sentences.

The server writes in its own name; who asked for it stands in the import's row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from server.access import Actor
from server.database import Database
from server.imports.plans import Plan
from server.imports.preview import NoSuchArea, Options, make_plan, must_ask, own_areas
from server.imports.runs import DWELLINGS, RUNS_TO_UNDO, ImportRun
from server.imports.tables import SIZE_MAX_BYTES, too_large
from server.imports.undoing import undo
from server.imports.words import counts_in_words, different_in_words, stops
from server.imports.writing import MustAsk, Writer, apply, counts, note_shown
from server.records.folding import fold

DIFFERENT_SHOWN_MAX = 20


class NoSuchRun(Exception):
    """There is no import of this id that can be taken back."""


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    what: str
    area: str | None
    """The name of an area."""
    whole: bool
    write: bool
    yes_to: int | None


@dataclass(frozen=True)
class Told:
    """What came of it: whether all went as wished, and the sentences that say so."""

    fit: bool
    sentences: list[str]


def bring_in(database: Database, writer: Writer, path: Path, wish: Wish, now: datetime) -> Told:
    """Bring in a file; raises BadFile, NoSuchArea and OSError."""
    size = path.stat().st_size
    if size > SIZE_MAX_BYTES:
        raise too_large(size)
    return bring_in_bytes(database, writer, path.read_bytes(), path.name, wish, now)


def bring_in_bytes(
    database: Database,
    writer: Writer,
    raw: bytes,
    name: str,
    wish: Wish,
    now: datetime,
    reader: Actor | None = None,
) -> Told:
    """Bring in a file that was read; raises BadFile and NoSuchArea.

    `reader`: whose areas and whose view of what is here bound it, where that is not the writer's.
    """
    with database.reading() as session:
        bound = reader or writer.actor
        areas = own_areas(session, bound)
        options = Options(_area(areas, wish), wish.whole)
        plan = make_plan(session, bound, wish.what, raw, options, now)
    said = list(_told(plan))
    if plan.faults or not wish.write or must_ask(plan):
        with database.writing() as session:
            note_shown(session, plan, writer.by, now)
    if plan.faults:
        return Told(False, said)
    if not wish.write:
        return Told(True, [*said, "Ingenting er skrevet ennå."])
    try:
        outcome = apply(
            database, writer, plan, now, raw=raw, name=name, options=options, yes_to=wish.yes_to
        )
    except MustAsk:
        told = "Er det riktig, last opp fila på Import i kontoret og bekreft tallet der."
        return Told(False, [*said, stops(plan), told])
    said.append(f"Skrevet: {outcome.applied}. Ikke skrevet: {outcome.asked + outcome.held}.")
    said.append(f"Kan angres: {outcome.run}")
    return Told(True, said)


def take_back_in_words(database: Database, writer: Writer, run: str, now: datetime) -> str:
    """Take an import back and say what came of it; raises NoSuchRun."""
    with database.reading() as session:
        row = session.get(ImportRun, run)
    if row is None or row.state not in RUNS_TO_UNDO:
        raise NoSuchRun(f"Det er ingen import {run} å angre.")
    undone = undo(database, writer, run, now)
    return f"Angret: {undone.outcome.applied}. Beholdt: {len(undone.left)}."


def _area(areas: dict[str, str], wish: Wish) -> str | None:
    if wish.area is not None:
        found = {fold(name): id for name, id in areas.items()}.get(fold(wish.area))
        if found is None:
            raise NoSuchArea(f"Det er ikke noe område som heter {wish.area}.")
        return found
    only = next(iter(areas.values())) if len(areas) == 1 else None
    return only if wish.what == DWELLINGS else None


def _told(plan: Plan) -> Iterator[str]:
    """Say what a file would do, its faults first."""
    for fault in plan.faults.first:
        yield fault.sentence
    if plan.faults.count > len(plan.faults.first):
        yield f"Og {plan.faults.count - len(plan.faults.first)} feil til."
    if plan.unknown:
        yield f"Kolonner som ikke ble brukt: {', '.join(plan.unknown)}."
    if not plan.faults:
        yield from counts_in_words(counts(plan))
    for one in plan.different[:DIFFERENT_SHOWN_MAX]:
        yield different_in_words(one)
    if len(plan.different) > DIFFERENT_SHOWN_MAX:
        yield f"Og {len(plan.different) - DIFFERENT_SHOWN_MAX} til er endret her og beholdt."
