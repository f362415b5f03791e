"""Each rule earns its place: taken out, it breaks the invariant it stands for within 200 seeds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.proof.record import COUNTS, seeds_from, stated
from tests.simulation.mutants import Mutant
from tests.simulation.rules_out import MUTANTS
from tests.simulation.simulator import Simulator


@pytest.fixture(scope="module")
def simulator(cluster: object) -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.holds}: {one.rule}")
def test_without_its_rule_a_run_breaks(simulator: Simulator, mutant: Mutant) -> None:
    known = stated().deaths.get(mutant.rule) if COUNTS.exists() else None
    with mutant.taken_out(simulator.phones):
        for seed in seeds_from(known):
            if simulator.play(seed).breaks & set(mutant.breaks):
                return
    raise AssertionError(f"nothing breaks without: {mutant.rule}")
