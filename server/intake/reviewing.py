"""What the office looks at, and when a record closes: the policy that each kind declares.

What is sent in and has no day on which it closes, waits for the office: its inbox asks for that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import Enum, auto

from server.intake.papers import Paper
from server.records.record import KindSpec, Review
from server.shapes import Json, state_of
from sync.judge import STATUS

LOCKS_AFTER = timedelta(days=7)
"""How long an author corrects freely what nobody reviews."""
SAMPLE_ONE_IN = 20
"""Of what is not exceptional, every twentieth is looked at."""


def closes_at(
    paper: Paper, *, before: str, now: datetime, is_new: Callable[[], bool]
) -> datetime | None:
    """Say when a record closes: on approval, or a week after it was sent in unreviewed.

    `before` is the state it had. What the office took its approval back from waits for it again.
    """
    state = state_of(paper.body.get(STATUS))
    if state == "approved":
        return paper.locked_at if before == state and paper.locked_at else now
    if state != "submitted" or before == "approved":
        return None
    if before == state and (paper.locked_at is None or paper.locked_at <= now):
        return paper.locked_at
    if cause_of_review(paper.spec, paper.id, paper.body, is_new):
        return None
    return paper.locked_at or now + LOCKS_AFTER


class Cause(Enum):
    """Why the office must look at a record."""

    POLICY = auto()
    """The kind says so: of all such records, or of this one for what it tells."""
    SAMPLE = auto()
    NEW_AUTHOR = auto()


def cause_of_review(
    spec: KindSpec, id: str, body: Mapping[str, Json], is_new: Callable[[], bool]
) -> Cause | None:
    """Say why the office must look at a record that is sent in; None where it need not."""
    if spec.review is Review.NONE:
        return None
    if spec.review is Review.ALWAYS or (spec.exception is not None and spec.exception(body)):
        return Cause.POLICY
    if is_sampled(id):
        return Cause.SAMPLE
    return Cause.NEW_AUTHOR if is_new() else None


def is_sampled(id: str) -> bool:
    """Say whether a record is of the sample: by its id alone, so that nobody can choose."""
    return int.from_bytes(hashlib.sha256(id.encode()).digest()[:4]) % SAMPLE_ONE_IN == 0
