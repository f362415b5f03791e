"""The record after a verdict: what a later mutation is judged against."""

from __future__ import annotations

import pytest

from sync.judge import Effect, Facts, Stored, Verdict, applied, judge
from sync.mutation import WHOLE
from sync.rules import FieldRule, Outcome, Rule
from tests.sync.cases import FIELDS, MINE, OTHER, mutation_of

FACTS = Facts(FIELDS)
STANDING = Stored("thing", 20, False, {"phone": "111"}, {"phone": (15, OTHER, 3)})


def test_a_removed_key_leaves_the_body_and_keeps_its_version() -> None:
    seen = {"phone": {"value": "111", "seq": 20}}
    removal = mutation_of({"set": {"phone": None}, "seen": seen})
    after = applied(removal, STANDING, judge(removal, STANDING, FACTS), FACTS, 21)
    assert after is not None
    assert after.body == {}
    assert after.versions == {"phone": (21, MINE, 5)}
    assert STANDING.body == {"phone": "111"}, "what was given is not changed"


def test_an_empty_create_makes_a_record_that_can_be_edited() -> None:
    create = mutation_of({"op": "create"})
    after = applied(create, None, judge(create, None, FACTS), FACTS, 7)
    assert after == Stored("thing", 7, False, {}, {})


def test_a_verdict_that_writes_nothing_leaves_record_and_seq() -> None:
    unseen = mutation_of({"set": {"phone": "222"}})
    assert applied(unseen, STANDING, judge(unseen, STANDING, FACTS), FACTS, 21) is STANDING
    assert applied(unseen, None, judge(unseen, None, FACTS), FACTS, 21) is None


def test_deletion_is_remembered_with_who_and_keeps_the_body() -> None:
    delete = mutation_of({"op": "delete", "seen": {WHOLE: {"seq": 20}}})
    after = applied(delete, STANDING, judge(delete, STANDING, FACTS), FACTS, 21)
    assert after is not None
    assert (after.deleted, after.body) == (True, STANDING.body)
    assert after.versions[WHOLE] == (21, MINE, 5)


def test_nothing_chains_onto_what_a_fork_wrote() -> None:
    fork = Facts(FIELDS, fork=True)
    forked = mutation_of({"set": {"colour": "red"}})
    after = applied(forked, STANDING, judge(forked, STANDING, fork), fork, 21)
    assert after is not None
    assert after.versions["colour"] == (21, MINE, None)
    ask = Facts({"colour": FieldRule()})
    later = mutation_of({"n": 9, "set": {"colour": "blue"}})
    assert judge(later, after, ask).state == "review", "a person must say which self was right"


def test_a_history_line_says_what_stood_there_before() -> None:
    seen = {"phone": {"value": "111", "seq": 20}}
    edit = mutation_of({"set": {"phone": "222", "colour": "red"}, "seen": seen})
    assert judge(edit, STANDING, FACTS).effect == [
        Effect("phone", Outcome.WRITTEN, "111"),
        Effect("colour", Outcome.WRITTEN, None),
    ]


def test_a_verdict_is_a_fresh_one_each_time() -> None:
    assert Verdict("applied").writes is not Verdict("applied").writes


@pytest.mark.parametrize(
    "wrong",
    [
        {"rule": Rule.STRICTEST},
        {"rule": Rule.FORWARD},
        {"rule": Rule.ASK, "order": ("a", "b")},
        {"rule": Rule.ASK, "transitions": {}},
    ],
)
def test_a_rule_is_declared_with_what_it_needs_and_nothing_else(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="needs"):
        FieldRule(**wrong)  # type: ignore[arg-type]
