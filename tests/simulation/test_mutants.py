"""Each rule earns its place: taken out, it breaks the invariant it stands for within 200 seeds."""

from __future__ import annotations

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.simulator import Simulator

SEEDS_MAX = 200


@pytest.mark.parametrize("rule", MUTANTS)
def test_without_its_rule_a_run_breaks(rule: str) -> None:
    with Simulator(without=rule) as simulator:
        seeds = ((MUTANTS[rule].first + step) % SEEDS_MAX for step in range(SEEDS_MAX))
        violations = (simulator.play(seed).violation for seed in seeds)
        broken = next((one for one in violations if one is not None), None)
    assert broken is not None, f"nothing breaks without: {rule}"
    assert any(name in broken for name in MUTANTS[rule].breaks), broken
