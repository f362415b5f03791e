"""Simulated runs where phones that come together are answered together: by threads."""

from __future__ import annotations

import pytest

from server.database import Database
from tests.fresh import Fresh, on_postgresql
from tests.simulation.simulator import Simulator

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
