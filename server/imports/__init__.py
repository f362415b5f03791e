"""Imports: the municipality's dwellings and tenancies from a file; first shown, then written.

A file with a fault writes nothing. What is written goes through intake like all else, so that
history, places and feed are right, and can be taken back as a whole.
"""

from __future__ import annotations

from server.imports import waiting
from server.imports.by_operator import (
    NoSuchRun,
    Told,
    Wish,
    bring_in,
    bring_in_bytes,
    take_back_in_words,
)
from server.imports.dropped import take_dropped
from server.imports.faults import Different, Fault, Faults
from server.imports.plans import Plan
from server.imports.preview import NoSuchArea, Options, make_plan, must_ask, own_areas
from server.imports.runs import (
    DONE,
    DWELLINGS,
    RUNNING,
    SHOWN,
    TENANCIES,
    UNDONE,
    WORDS,
    ImportRun,
    latest_runs,
)
from server.imports.tables import SIZE_MAX_BYTES, BadFile, too_large
from server.imports.undoing import Undone, undo
from server.imports.writing import MustAsk, Outcome, Writer, apply, counts, enter, note_shown

__all__ = [
    "DONE",
    "DWELLINGS",
    "RUNNING",
    "SHOWN",
    "SIZE_MAX_BYTES",
    "TENANCIES",
    "UNDONE",
    "WORDS",
    "BadFile",
    "Different",
    "Fault",
    "Faults",
    "ImportRun",
    "MustAsk",
    "NoSuchRun",
    "Told",
    "Wish",
    "bring_in",
    "bring_in_bytes",
    "take_back_in_words",
    "NoSuchArea",
    "Options",
    "Outcome",
    "Plan",
    "Undone",
    "Writer",
    "apply",
    "counts",
    "enter",
    "latest_runs",
    "make_plan",
    "must_ask",
    "note_shown",
    "own_areas",
    "take_dropped",
    "too_large",
    "undo",
    "waiting",
]
