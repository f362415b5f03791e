"""Plays seeds: phones, a town and the checks put together; one process for many runs."""

from __future__ import annotations

import re
import traceback
from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

from structlog.testing import capture_logs

from tests.simulation.checks import check
from tests.simulation.memory import Violation
from tests.simulation.phones import PhoneBroke, Phones
from tests.simulation.run import Run, settle
from tests.simulation.town import Town


@dataclass(frozen=True)
class Outcome:
    """What became of one seed."""

    seed: int
    trace: str
    """Digest of everything that was asked and answered."""
    violation: str | None
    log: list[tuple[int, bytes]] = field(repr=False)
    steps: int

    @property
    def breaks(self) -> frozenset[str]:
        """Give the numbers of the invariants that it breaks."""
        return frozenset(re.findall(r"^([IL]-\d+)", self.violation or "", re.MULTILINE))

    def report(self) -> str:
        """Give the seed, what broke, and the one command that plays it again."""
        head = f"seed {self.seed}: {self.violation or 'all invariants hold'} ({self.trace})"
        return f"{head}\nagain: ./run prove --seed {self.seed} --trace"


CLOCKS_EVERY = 20
"""Of so many seeds one is played again with all clocks right, and must end the same (I-13)."""


class Simulator:
    """The phones' process and the database that many runs share."""

    def __init__(self, database_url: str = "sqlite://") -> None:
        self._url = database_url
        self._stack = ExitStack()

    def __enter__(self) -> Simulator:
        self._stack.enter_context(capture_logs())
        self.phones = self._stack.enter_context(Phones())
        self.town = Town(self._url)
        self._stack.callback(self.town.close)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, problem, trace)

    def play(self, seed: int, only: Collection[int] | None = None) -> Outcome:
        """Play one seed to its end and check it; `only` names the steps that are taken."""
        run = Run(seed, self.town, self.phones, only)
        violation: str | None = None
        try:
            finish(run)
            if seed % CLOCKS_EVERY == 0:
                stands = what_stands(run)
                twin = Run(seed, self.town, self.phones, only, right_clocks=True)
                finish(twin)
                if what_stands(twin) != stands:
                    raise Violation("I-13: with the clocks right it would have ended otherwise")
        except (Violation, PhoneBroke) as broken:
            violation = str(broken)
        except Exception as broken:  # nothing that a phone does may break the server's own code
            violation = f"L-1: {type(broken).__name__}: {broken}"
            run.log.append((run.at, traceback.format_exc().encode()))
        return Outcome(seed, run.trace.hexdigest()[:16], violation, run.log, run.steps)


def finish(run: Run) -> None:
    """Play a run, let its weather clear, and check it."""
    run.play()
    settle(run)
    check(run)


def what_stands(run: Run) -> list[Any]:
    """Give all that stands at the server in the end, and what became of every mutation.

    Other bytes under a known mid are named after themselves, and they say what the clock was.
    """
    rows = run.town.ledger()
    ledger = [(row.clash_of or row.mid, row.state, row.reason, row.effect) for row in rows]
    clashes = {row.mid for row in rows if row.clash_of}
    records = run.town.records()
    return [[one for one in records if one.body.get("mid") not in clashes], ledger]
