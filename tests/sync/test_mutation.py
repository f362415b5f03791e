"""A mutation is taken exactly as the protocol writes it, and in no other form."""

from __future__ import annotations

import tracemalloc
from typing import Any
from uuid import UUID

import pytest

from sync.mutation import (
    Malformed,
    Seen,
    Unreadable,
    canonical,
    digest,
    is_path,
    mutation_from,
    receipt_id,
    review_id,
    same,
    strict_loads,
)
from tests.sync.cases import COMMON, MINE

WHOLE: dict[str, Any] = {
    **COMMON["mutation"],
    "replica": MINE,
    "set": {"phone": "222", "answers/a1": None},
    "seen": {"phone": {"value": "111", "seq": 15}},
}
DELETE: dict[str, Any] = {"op": "delete", "set": {}, "seen": {"*": {"seq": 9}}}


def test_a_whole_mutation_is_read() -> None:
    mutation = mutation_from(WHOLE)
    assert mutation.saw("phone") == Seen("111", 15)
    assert mutation.saw("answers/a1") == Seen(None, 0), "what is not said was not seen"
    assert mutation.why is None
    assert mutation_from({**WHOLE, "why": "wrong number"}).why == "wrong number"
    assert mutation_from({**WHOLE, "n": None}).n is None
    assert mutation_from({**WHOLE, **DELETE}).saw("*") == Seen(None, 9)


@pytest.mark.parametrize("name", sorted(COMMON["mutation"]))
def test_a_mutation_without_one_of_its_parts_is_malformed(name: str) -> None:
    with pytest.raises(Malformed) as broken:
        mutation_from({key: value for key, value in WHOLE.items() if key != name})
    assert (broken.value.rule, broken.value.where) == ("missing", name)


@pytest.mark.parametrize("name", ["mid", "replica", "author", "id"])
@pytest.mark.parametrize(
    "form",
    [
        MINE.upper().replace("1", "A"),
        "{" + MINE + "}",
        "urn:uuid:" + MINE,
        MINE.replace("-", ""),
        MINE + "\n",
        " " + MINE,
        MINE.replace("1", "\u0661"),
        "",
        7,
        None,
    ],
)
def test_an_id_has_one_form(name: str, form: object) -> None:
    with pytest.raises(Malformed) as broken:
        mutation_from({**WHOLE, name: form})  # type: ignore[dict-item]
    assert (broken.value.rule, broken.value.where) == ("id", name)


@pytest.mark.parametrize("name", [review_id(MINE, "phone", MINE), receipt_id(MINE)])
def test_what_answers_somebody_is_made_by_the_server_alone(name: str) -> None:
    """Whoever makes a record there first would have the answer left out, or learn what is in it."""
    assert UUID(name).version == 8
    with pytest.raises(Malformed) as broken:
        mutation_from({**WHOLE, "id": name, "op": "create", "seen": {}})
    assert (broken.value.rule, broken.value.where) == ("servers", "id")
    assert mutation_from({**WHOLE, "id": name}).id == name, "a decision is written there"


@pytest.mark.parametrize(
    ("change", "rule", "where"),
    [
        ({"n": 0}, "range", "n"),
        ({"n": True}, "integer", "n"),
        ({"n": "1"}, "integer", "n"),
        ({"n": 2**53}, "range", "n"),
        ({"contract": 0}, "range", "contract"),
        ({"contract": None}, "integer", "contract"),
        ({"offset_ms": None}, "integer", "offset_ms"),
        ({"op": "upsert"}, "op", "op"),
        ({"op": ["patch"]}, "op", "op"),
        ({"kind": "Visit"}, "kind", "kind"),
        ({"kind": "__proto__"}, "kind", "kind"),
        ({"captured_at": "2026-03-02T09:00:00Z"}, "instant", "captured_at"),
        ({"captured_at": "2026-03-02T09:00:00.000+00:00"}, "instant", "captured_at"),
        ({"captured_at": "2026-02-30T09:00:00.000Z"}, "instant", "captured_at"),
        ({"happened_at": 1772442000000}, "instant", "happened_at"),
        ({"why": 7}, "type", "why"),
        ({"why": "\0"}, "nul", "why"),
        ({"mood": "good"}, "unknown", "mood"),
        ({"set": []}, "object", "set"),
        ({"set": {"a/b/c": 1}, "seen": {}}, "path", "set.a/b/c"),
        ({"set": {"__proto__": 1}, "seen": {}}, "path", "set.__proto__"),
        ({"set": {"answers/constructor": 1}, "seen": {}}, "path", "set.answers/constructor"),
        ({"set": {"": 1}, "seen": {}}, "path", "set."),
        ({"set": {"a/": 1}, "seen": {}}, "path", "set.a/"),
        ({"set": {"a" * 65: 1}, "seen": {}}, "path", "set." + "a" * 65),
        ({"set": {"tel\u00e9": 1}, "seen": {}}, "path", "set.tel\\xe9"),
        ({"set": {"phone\n": 1}, "seen": {}}, "path", "set.phone\\n"),
        ({"set": {"phone": 1.5}, "seen": {}}, "type", "set.phone"),
        ({"set": {"phone": float("nan")}, "seen": {}}, "type", "set.phone"),
        ({"set": {"phone": -(2**53)}, "seen": {}}, "integer", "set.phone"),
        ({"set": {"phone": ["\ud800"]}, "seen": {}}, "surrogate", "set.phone"),
        ({"set": {"phone": {"__proto__": 1}}, "seen": {}}, "key", "set.phone"),
        ({"set": {"phone": {"\u00e5": 1}}, "seen": {}}, "key", "set.phone"),
        ({"set": {"phone": {1: 1}}, "seen": {}}, "key", "set.phone"),
        ({"seen": None}, "object", "seen"),
        ({"seen": {"colour": {"value": 1, "seq": 1}}}, "path", "seen"),
        ({"seen": {"*": {"value": None, "seq": 1}}}, "shape", "seen.*"),
        ({"seen": {"phone": 15}}, "object", "seen.phone"),
        ({"seen": {"phone": {"seq": 15}}}, "shape", "seen.phone"),
        ({"seen": {"phone": {"value": "111", "seq": 15, "at": 1}}}, "shape", "seen.phone"),
        ({"seen": {"phone": {"value": "111", "seq": -1}}}, "integer", "seen.phone.seq"),
        ({"seen": {"phone": {"value": "111", "seq": True}}}, "integer", "seen.phone.seq"),
        ({"seen": {"phone": {"value": 0.5, "seq": 1}}}, "type", "seen.phone"),
        ({"op": "create"}, "not_empty", "seen"),
        ({**DELETE, "set": {"phone": "1"}}, "not_empty", "set"),
        ({**DELETE, "op": "restore", "seen": {}}, "path", "seen"),
        ({**DELETE, "seen": {"phone": {"seq": 1}}}, "path", "seen"),
        ({**DELETE, "seen": {"*": {"value": None, "seq": 1}}}, "shape", "seen.*"),
    ],
)
def test_a_broken_mutation_says_what_and_where(
    change: dict[str, Any], rule: str, where: str
) -> None:
    with pytest.raises(Malformed) as broken:
        mutation_from({**WHOLE, **change})
    assert (broken.value.rule, broken.value.where) == (rule, where)


def test_a_mutation_from_a_newer_phone_is_known_as_such_though_it_cannot_be_read() -> None:
    with pytest.raises(Malformed) as broken:
        mutation_from({**WHOLE, "contract": 9, "mood": "good"})
    assert broken.value.contract == 9


@pytest.mark.parametrize("value", [None, [], "mutation", 7, [WHOLE]])
def test_only_an_object_is_a_mutation(value: Any) -> None:
    with pytest.raises(Malformed, match="object"):
        mutation_from(value)


def test_a_value_nests_no_deeper_than_the_door_lets_a_whole_mutation() -> None:
    def nested(depth: int) -> Any:
        return [nested(depth - 1)] if depth > 1 else []

    taken = {**WHOLE, "set": {"phone": nested(14)}, "seen": {}}
    assert mutation_from(strict_loads(canonical(taken))).set == taken["set"]
    with pytest.raises(Malformed, match="depth"):
        mutation_from({**WHOLE, "set": {"phone": nested(15)}, "seen": {}})


@pytest.mark.parametrize("path", ["phone", "answers/NYVRI1-08", "counts/" + MINE, "a.b/c_d-e"])
def test_paths_are_a_field_and_perhaps_a_key(path: str) -> None:
    assert is_path(path)


def test_custody_names_bytes_by_their_canonical_form() -> None:
    one = canonical({"b": 1, "a": [True, None, "å"]})
    assert one == '{"a":[true,null,"å"],"b":1}'.encode()
    assert digest(one) == digest(canonical(strict_loads(b' {"a":[true,null,"\\u00e5"],"b":1}')))


def test_values_are_the_same_only_when_they_are_the_same_on_the_wire() -> None:
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert not same(True, 1)
    assert not same([False], [0])
    assert not same("1", 1)
    assert not same(None, False)


@pytest.mark.parametrize("value", [1.0, float("nan"), "\ud800", 2**53, {1: 2}, {"a": object()}])
def test_what_both_ends_would_read_differently_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(Malformed):
        canonical(value)


HOSTILE = {
    "depth": [b"[" * 10_000, b'{"a":' * 10_000, b"[" * 1_000_000],
    "syntax": [b'"' + b'\\"' * 500_000, b'"' + b"\\" * 999_999, b"]" * 10_000, b'"' * 99_999],
    "integer": [b"9" * 1_000_000, b"[-" + b"1" * 5_000 + b"]"],
    "size": [b" " * (4 * 2**20 + 1)],
}


@pytest.mark.parametrize(
    ("rule", "data"),
    [
        pytest.param(rule, data, id=f"{rule} {data[:6]!r}")
        for rule in HOSTILE
        for data in HOSTILE[rule]
    ],
)
def test_hostile_bytes_are_refused_in_bounded_memory(rule: str, data: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable) as broken:
            strict_loads(data)
        assert broken.value.rule == rule
        assert tracemalloc.get_traced_memory()[1] < 12 * 2**20
    finally:
        tracemalloc.stop()
