"""What a decision on two answers brings with it: the first stands, an undo puts back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from server.records import REGISTRY
from server.records.record import Around, FollowUp
from tests.makers import new_id

REVIEW, OFFICE = new_id(), new_id()
OPEN: dict[str, Any] = {
    path: value for path, value in REGISTRY["review"].example.items() if path != "decision"
}
SIGNED = {"record_seq": 57, "by": OFFICE, "at": "2026-11-23T12:00:00.000Z"}


@dataclass(frozen=True)
class Decided:
    """The part of a mutation that a consequence sees."""

    mid: str = field(default_factory=new_id)
    id: str = REVIEW
    author: str = OFFICE


ALONE = Around(reviews=True, is_here=lambda _: False)


def consequence(before: Any, after: Any) -> list[FollowUp]:
    """What follows when a review goes from one decision to another."""
    declared = REGISTRY["review"].consequence
    assert declared is not None
    return declared({**OPEN, "decision": before}, {**OPEN, "decision": after}, Decided(), ALONE)


def on_the_record(steps: list[FollowUp]) -> list[FollowUp]:
    return [step for step in steps if step.record != REVIEW]


def on_the_review(steps: list[FollowUp]) -> dict[str, Any]:
    return {s.path.split("/")[0]: s.value for s in steps if s.record == REVIEW}


def test_the_authors_answer_is_written_only_over_what_was_shown() -> None:
    steps = consequence(None, {"choice": "author", **SIGNED})
    (step,) = on_the_record(steps)
    assert (step.record, step.path, step.value) == (OPEN["about"], OPEN["path"], OPEN["value"])
    assert (step.shown_seq, step.author, step.keep) == (57, OFFICE, False)
    assert step.reopen == {"decision": None}
    assert on_the_review(steps)["history"]["choice"] == "author"


def test_another_answer_is_written_as_it_was_given() -> None:
    (step,) = on_the_record(consequence(None, {"choice": "other", "value": "2027-03-01", **SIGNED}))
    assert step.value == "2027-03-01"


def test_the_standing_answer_is_kept_but_still_checked_against_what_was_shown() -> None:
    (step,) = on_the_record(consequence(None, {"choice": "standing", **SIGNED}))
    assert step.keep and step.shown_seq == 57


def test_a_withdrawn_question_writes_nothing() -> None:
    assert on_the_record(consequence(None, {"choice": "withdrawn", **SIGNED})) == []


def test_the_first_decision_stands_and_the_same_again_changes_nothing() -> None:
    first, again = {"choice": "author", **SIGNED}, {"choice": "author", **SIGNED, "record_seq": 60}
    steps = consequence(first, again)
    assert on_the_record(steps) == []
    assert on_the_review(steps)["decision"] == first


def test_a_different_second_decision_reopens_without_touching_the_record() -> None:
    steps = consequence({"choice": "author", **SIGNED}, {"choice": "standing", **SIGNED})
    assert on_the_record(steps) == []
    assert on_the_review(steps)["decision"] is None


def test_an_undo_puts_back_what_stood_unless_it_moved_since() -> None:
    was = {"choice": "author", "was": "2027-02-22", **SIGNED}
    (step,) = on_the_record(consequence(was, None))
    assert (step.value, step.shown_seq, step.expects) == ("2027-02-22", None, OPEN["value"])


def test_the_undo_of_a_kept_answer_writes_nothing() -> None:
    assert on_the_record(consequence({"choice": "standing", **SIGNED}, None)) == []


def test_a_write_that_is_no_decision_brings_nothing() -> None:
    assert consequence(None, None) == []
