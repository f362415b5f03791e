"""A build plays as many journeys as it has time for, and in some days all of them."""

from __future__ import annotations

from tests import shares, steps
from tests.steps import BUILD_MAX_S, Result, Step, part_of

NAMES = [f"tests/journeys/test_{n}.py::test_it" for n in range(400)]


def test_each_is_of_one_part_and_the_days_go_through_all() -> None:
    parts = {shares.share(900, 301, day) for day in range(3)}
    assert len(parts) == 3
    for name in NAMES:
        assert sum(shares.is_of(part, name) for part in parts) == 1
    for part in parts:
        assert 90 < sum(shares.is_of(part, name) for name in NAMES) < 180


def test_where_there_is_time_all_are_played_and_where_there_is_none_some_are() -> None:
    assert shares.share(900, 900, 5) == shares.ALL
    assert all(shares.is_of(shares.ALL, name) for name in NAMES)
    for left_s in (-100, 0, 1):
        part = shares.share(900, left_s, 5)
        assert any(shares.is_of(part, name) for name in NAMES)


def test_a_step_is_told_its_part_from_how_long_the_tests_took() -> None:
    journeys = next(step for step in steps.steps() if step.name == "journeys-postgresql")
    tests = Step("pytest-sqlite", ())
    quick, slow = ([Result(tests, "ok", seconds)] for seconds in (350.0, 1_100.0))
    assert part_of(journeys, quick, 2_000).settings[shares.SETTING] == shares.ALL
    told = part_of(journeys, slow, BUILD_MAX_S - 1_000).settings
    assert told[shares.SETTING].startswith("3:") and told["OPPGANG_TEST_DATABASE"] == "postgresql"
