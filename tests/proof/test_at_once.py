"""Simulated runs where phones that come together are answered together: by threads."""

from __future__ import annotations

import pytest

from server.database import Database
from tests.fresh import Fresh, on_postgresql
from tests.proof.__main__ import seeds
from tests.simulation.simulator import CLOCKS_EVERY, Simulator

SEEDS = range(10, 14)


@pytest.fixture
def town(fresh: Fresh) -> str:
    """An empty database: on PostgreSQL, or in memory where one comes after the other."""
    if not on_postgresql():
        return "sqlite://"
    database: Database = fresh()[0]
    database.close()
    return database.url.render_as_string(hide_password=False)


def test_every_invariant_holds_where_several_are_answered_at_a_time(town: str) -> None:
    with Simulator(town) as simulator:
        for seed in SEEDS:
            outcome = simulator.play(seed)
            assert outcome.violation is None, outcome.report()


def test_no_seed_is_played_twice_or_held_against_another_order() -> None:
    together = [*seeds(0, 30, "postgresql"), *seeds(30, 30, "postgresql")]
    assert together == [seed for seed in range(1, 64) if seed % CLOCKS_EVERY]
    assert seeds(30, 3, "sqlite") == [30, 31, 32]
