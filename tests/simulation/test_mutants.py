"""Each rule earns its place: taken out, it breaks the invariant it stands for within 200 seeds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.proof.record import read
from tests.simulation.mutants import SEEDS_MAX, Mutant
from tests.simulation.rules_out import MUTANTS
from tests.simulation.simulator import Simulator


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.holds}: {one.rule}")
def test_without_its_rule_a_run_breaks(simulator: Simulator, mutant: Mutant) -> None:
    known = dict(zip(MUTANTS, read().deaths, strict=False)).get(mutant)
    first = known[0] if known else 0
    with mutant.taken_out(simulator.phones):
        for step in range(SEEDS_MAX):
            if simulator.play((first + step) % SEEDS_MAX).breaks & set(mutant.breaks):
                return
    raise AssertionError(f"nothing breaks without: {mutant.rule}")
