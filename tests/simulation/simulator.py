"""Plays seeds: phones, a town and the checks put together; one process for many runs."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from types import TracebackType

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
    log: list[str] = field(repr=False)

    def report(self) -> str:
        """Give the seed, what broke, and the one command that plays it again."""
        head = f"seed {self.seed}: {self.violation or 'all invariants hold'} ({self.trace})"
        return f"{head}\nagain: .venv/bin/python -m tests.simulation {self.seed} --trace"


class Simulator:
    """The processes and the database that many runs share; `without` names a rule to take out."""

    def __init__(self, without: str | None = None) -> None:
        self._without = without
        self._stack = ExitStack()

    def __enter__(self) -> Simulator:
        from tests.simulation.mutants import MUTANTS

        cuts = []
        if self._without is not None:
            mutant = MUTANTS[self._without]
            cuts = list(mutant.cuts)
            self._stack.enter_context(mutant.patched())
        self._stack.enter_context(capture_logs())
        self.phones = self._stack.enter_context(Phones(cuts))
        self.town = Town()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.__exit__(kind, problem, trace)

    def play(self, seed: int) -> Outcome:
        """Play one seed to its end and check it."""
        run = Run(seed, self.town, self.phones)
        violation: str | None = None
        try:
            run.play()
            settle(run)
            check(run)
        except (Violation, PhoneBroke) as broken:
            violation = str(broken)
        return Outcome(seed, run.trace.hexdigest()[:16], violation, run.log)
