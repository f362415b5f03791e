"""docs/proof.md says what docs/proof.json counted, and the code what is checked and taken out."""

from __future__ import annotations

import pytest

from tests.proof.checked_by import checked_by
from tests.proof.phone_rules import LANE_RULES, LaneRule, missed
from tests.proof.record import COUNTS, NUMBERS, PAGE, page, rules, stated
from tests.simulation.rules_out import MUTANTS


def test_the_page_is_what_the_counts_and_the_code_make() -> None:
    assert PAGE.read_text("utf-8") == page(stated()), "write it anew: ./run prove --minutes 0"


def test_every_invariant_is_checked_after_a_run_and_rests_on_rules_that_were_taken_out() -> None:
    by_lanes = {one.holds for one in LANE_RULES}
    assert set(NUMBERS) == checked_by().keys() | by_lanes
    assert set(NUMBERS) == {one.holds for one in MUTANTS} | by_lanes
    assert len(set(rules())) == len(rules()), "each rule is named by its own words"


def test_what_is_written_down_names_no_survivor_and_no_unknown_rule() -> None:
    proof = stated()
    assert COUNTS.exists() and proof.runs > 0
    assert proof.survivors == []
    assert set(proof.deaths) == set(rules())


@pytest.mark.parametrize("rule", LANE_RULES, ids=lambda one: one.holds)
def test_without_its_rule_a_test_of_the_app_dies(rule: LaneRule) -> None:
    assert missed(rule) is not None
