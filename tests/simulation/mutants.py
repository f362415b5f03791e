"""Rules taken out, one at a time, to see that a run breaks without them; used by tests alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from server.intake import placing, turn
from server.intake.arrivals import Arrival
from sync import judge, rules
from tests.simulation.phones import Cut


@dataclass(frozen=True)
class Mutant:
    """A rule that is missing: cut out of phone.ts, or patched away at the server."""

    breaks: tuple[str, ...]
    """The invariants that may name it."""
    cuts: tuple[Cut, ...] = ()
    patches: tuple[tuple[Any, str, Callable[..., Any]], ...] = ()
    first: int = 0
    """The seed to begin with, where it is known to break late."""

    @contextmanager
    def patched(self) -> Iterator[None]:
        """Keep the server's part of it in force."""
        running = [patch.object(*one) for one in self.patches]
        for one in running:
            one.start()
        try:
            yield
        finally:
            for one in running:
                one.stop()


def _judged_anew(self: turn.Turn, first: Arrival) -> Arrival:
    """Answer a repeat by judging it a second time."""
    again = turn._again(first.entry)
    self._again.append(again)
    return again


def _always_written(*_: Any, **__: Any) -> rules.Outcome:
    return rules.Outcome.WRITTEN


def _never(*_: Any) -> bool:
    return False


def _nothing(*_: Any) -> None:
    return None


MUTANTS: dict[str, Mutant] = {
    "ask": Mutant(("I-4",), patches=((rules, "ask", _always_written),)),
    "delete was seen": Mutant(("I-4",), patches=((judge, "_is_foreign", _never),), first=60),
    "own edits out of order": Mutant(("I-6",), patches=((rules, "is_later", _never),), first=50),
    "once per mid": Mutant(("I-2",), patches=((turn.Turn, "_repeat", _judged_anew),)),
    "children move along": Mutant(("I-23",), patches=((turn, "replace_children", _nothing),)),
    "many move along in pieces": Mutant(("I-23",), patches=((placing, "write", _nothing),)),
    "seen is frozen at open": Mutant(
        ("I-4",),
        (
            (
                "const mine = seenAt(snapshot, path)",
                "const mine = seenAt(open(state, snapshot.id, snapshot.kind), path)",
            ),
        ),
        first=50,
    ),
    "seen is inherited": Mutant(("I-4",), (("return snapshot.inherited[path] ?? {", "return {"),)),
    "custody before letting go": Mutant(
        ("I-1",),
        (
            (
                "  for (const result of reply.results) takeResult(",
                "  for (const { mid, state: at } of state.rows) {"
                "    if (at === 'frozen') dropRow(edit, mid)\n  }\n"
                "  for (const result of reply.results) takeResult(",
            ),
        ),
    ),
    "covered before letting go": Mutant(
        ("I-9",), (("seq: written ? (result.seq ?? null) : null", "seq: null"),)
    ),
    "no late feed, and no step back": Mutant(
        ("I-7",),
        (
            ("old !== undefined && old.gen >= meta.restored && old.seq > seq", "false"),
            (
                "unchanged && !restored && sent.replica === state.replica && "
                "sent.cursor === state.cursor",
                "!restored",
            ),
        ),
    ),
    "access names this user": Mutant(
        ("I-11",),
        (
            (
                "return access.user === state.user && Array.isArray(access.scopes) && "
                "access.scopes.includes(`me:${state.user}`)",
                "return true",
            ),
        ),
    ),
    "purge": Mutant(("I-11",), (("narrow(edit, (scope) => mine.has(scope))", "mine.clear()"),)),
    "sweep": Mutant(
        ("I-11", "I-12"),
        (
            (
                "narrow(edit, (scope, record) => record.gen >=",
                "void ((record: BaseRecord, scope: string) => record.gen >=",
            ),
        ),
        first=80,
    ),
    "sent again after a restore": Mutant(
        ("I-1",),
        (("if (row.state === 'covered') putRow(edit, { ...row, again: true })", "if (false) 0"),),
        first=35,
    ),
}
