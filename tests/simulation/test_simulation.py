"""Two thousand runs of a town with a bad network; every one must leave every invariant standing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.simulation.phones import ROOT
from tests.simulation.simulator import Simulator

RUNS = 2000
SHARE = 50
"""Seeds a test: enough that starting Node once for them costs nothing."""


@pytest.fixture(scope="module")
def simulator(cluster: object) -> Iterator[Simulator]:
    with Simulator() as running:
        yield running


@pytest.mark.parametrize("first", range(0, RUNS, SHARE))
def test_every_invariant_holds_when_the_dust_has_settled(simulator: Simulator, first: int) -> None:
    for seed in range(first, first + SHARE):
        outcome = simulator.play(seed)
        assert outcome.violation is None, outcome.report()


def test_a_seed_is_the_same_run_every_time_and_in_every_process(simulator: Simulator) -> None:
    for seed in (3, 7):
        here = simulator.play(seed).trace
        assert simulator.play(seed).trace == here
        for hashes in ("1", "2"):
            told = subprocess.run(
                [sys.executable, "-m", "tests.proof", "--seed", str(seed)],
                cwd=ROOT,
                env={**os.environ, "PYTHONHASHSEED": hashes},
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            assert f"({here})" in told


def test_another_seed_is_another_run(simulator: Simulator) -> None:
    assert len({simulator.play(seed).trace for seed in range(5)}) == 5
