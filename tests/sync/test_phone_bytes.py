"""Both ends of the wire name and write things alike: the phone's bytes are the server's bytes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mutation import canonical, mutation_from, one_per_id
from tests.simulation.phones import Phones

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
keys = st.from_regex(r"[A-Za-z0-9_.-]{1,8}", fullmatch=True)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def phones() -> Iterator[Phones]:
    with Phones() as running:
        yield running


@settings(max_examples=20, deadline=None)
@given(st.lists(values, min_size=20, max_size=40))
def test_canonical_json_is_the_same_on_both_sides(phones: Phones, many: list[Any]) -> None:
    texts = phones.ask("", "canonical", values=many)["texts"]
    assert texts == [canonical(one).decode() for one in many]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(keys, words, words), min_size=10, max_size=30))
def test_the_one_record_for_some_values_has_the_same_id_on_both_sides(
    phones: Phones, many: list[tuple[str, str, str]]
) -> None:
    names = phones.ask("", "names", values=many)["names"]
    assert names == [one_per_id(kind, parts) for kind, *parts in many]


def test_what_a_phone_sends_is_a_mutation_by_the_servers_own_reading(phones: Phones) -> None:
    user, replica, record = (f"{name:0>8}-0000-4000-8000-000000000001" for name in "123")
    stamp = {"now": "2026-03-02T08:00:00.000Z", "offset_ms": -5}
    mid = "cccccccc-0000-7000-8000-00000000000"
    phones.ask("p", "start", user=user, replica=replica, contract=1)
    for number, path in enumerate(("planned_on", "phone"), 1):
        phones.ask("p", "open", form="f", id=record, kind="planned_visit")
        phones.ask("p", "touch", form="f", path=path, value="1", mid=f"{mid}{number}", **stamp)
        phones.ask("p", "freeze", id=None)
    phones.ask("p", "open", form="f", id=record, kind="planned_visit")
    phones.ask("p", "mark", form="f", op="delete", mid=f"{mid}3", **stamp)
    sent = phones.ask("p", "pack")["push"]
    assert [mutation_from(one).op for one in sent] == ["create", "patch", "delete"]
    assert [one["n"] for one in sent] == [1, 2, 3]
