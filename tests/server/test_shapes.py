"""What a value may be, shape by shape: the edges, and the canonical form they come out in."""

from __future__ import annotations

import pytest
from marshmallow import ValidationError

from server.composites import Status, may_step, signer
from server.patterns import Day, Moment, Person, Reference, TimeOfDay, read_instant, write_instant
from server.roles import Role
from server.values import Anything, Choice, Flag, Number, Shape, Words
from tests.makers import USERS

USER = USERS["kari"]


@pytest.mark.parametrize(
    ("shape", "value", "canonical"),
    [
        (Words(10), "", None),
        (Words(10), "to\r\nlinjer", "to\nlinjer"),
        (Words(10), "A\u030asgard", "Åsgard"),
        (Words(3), "😀😀😀", "😀😀😀"),
        (Words(20), "Čáhcesuolu", "Čáhcesuolu"),
        (Words(5, "[HUKL][0-9]{4}"), "H0203", "H0203"),
        (Day(), "2028-02-29", "2028-02-29"),
        (TimeOfDay(), "23:59", "23:59"),
        (Moment(), "2026-11-23T08:00:00.123Z", "2026-11-23T08:00:00.123Z"),
        (Number(-5, 60), -5, -5),
        (Flag(), False, False),
        (Choice({"a": "A"}), "a", "a"),
        (Anything(), {"a": [1, None]}, {"a": [1, None]}),
    ],
)
def test_a_value_comes_out_canonical_and_stays_so(
    shape: Shape, value: object, canonical: object
) -> None:
    assert shape.deserialize(value) == canonical
    assert shape.deserialize(canonical) == canonical


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (Words(3), "fire"),
        (Words(30), "nul\0"),
        (Words(30), "bell\a"),
        (Words(30), "half \ud800"),
        (Words(30), 5),
        (Words(30), True),
        (Words(5, "[HUKL][0-9]{4}"), "H0203\n"),
        (Words(5, "[HUKL][0-9]{4}"), "h0203"),
        (Day(), "2026-02-30"),
        (Day(), "23.11.2026"),
        (Day(), "0026-11-23"),
        (Day(), "2026-11-23\n"),
        (Day(), "٢٠٢٦-11-23"),
        (TimeOfDay(), "24:00"),
        (Moment(), "2026-11-23T08:00:00Z"),
        (Moment(), "2026-11-23T25:00:00.000Z"),
        (Moment(), "2026-11-23T08:00:00.000+01:00"),
        (Number(-5, 60), 61),
        (Number(-5, 60), True),
        (Number(-5, 60), "3"),
        (Flag(), 1),
        (Flag(), "ja"),
        (Choice({"a": "A"}), "b"),
        (Choice({"a": "A"}), ["a"]),
        (Reference("visit"), USER.upper()),
        (Person(), f"{{{USER}}}"),
        (Anything(), "x" * 65_537),
    ],
)
def test_what_does_not_fit_is_refused(shape: Shape, value: object) -> None:
    with pytest.raises(ValidationError):
        shape.deserialize(value)


AT = {"by": USER, "at": "2026-11-23T08:00:00.000Z"}


def test_a_status_is_taken_whole_or_not_at_all() -> None:
    comments = {"visited_on": "Feil dag?", "answers/A-1": ""}
    read = Status().deserialize({"state": "returned", **AT, "comments": comments})
    assert read == {"state": "returned", **AT, "comments": {"visited_on": "Feil dag?"}}
    assert signer(read) == USER
    for wrong in (
        "draft",
        {"state": "draft"},
        {"state": "lost", **AT},
        {"state": "draft", **AT, "more": 1},
        {"state": "returned", **AT, "comments": {"a/b/c": "x"}},
        {"state": "returned", **AT, "comments": {f"a{n}": "x" for n in range(201)}},
    ):
        with pytest.raises(ValidationError):
            Status().deserialize(wrong)


def test_only_the_office_returns_approves_and_takes_back() -> None:
    field, office = frozenset({Role.BOMILJO}), frozenset({Role.OFFICE})
    sent, approved = {"state": "submitted", **AT}, {"state": "approved", **AT}
    assert may_step(field, None, sent)
    assert may_step(field, {"state": "returned", **AT}, sent)
    assert not may_step(field, sent, approved)
    assert not may_step(field, approved, sent)
    assert may_step(office, sent, approved)
    assert may_step(office, approved, sent)


def test_a_moment_is_read_and_written_the_same() -> None:
    for text in ("2026-11-23T08:00:00.123Z", "1999-12-31T23:59:59.999Z"):
        assert write_instant(read_instant(text)) == text
