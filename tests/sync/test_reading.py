"""No bytes and no values break the reading: it gives a value, or names the rule that was broken."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sync.mutation import Json, Malformed, Unreadable, canonical, mutation_from, strict_loads
from tests.sync.cases import mutation_of

QUICK = settings(max_examples=100, deadline=None, derandomize=True, database=None)

JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["a", "b", "å", "\U0001f600", "\uffff"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(value=JSON_VALUES)
@QUICK
def test_what_has_a_canonical_form_is_read_back_from_it(value: Json) -> None:
    data = canonical(value)
    assert strict_loads(data) == value
    assert canonical(strict_loads(json.dumps(value, indent=1).encode())) == data


@given(data=st.binary(max_size=60))
@QUICK
def test_no_bytes_break_the_parser(data: bytes) -> None:
    with suppress(Unreadable):
        canonical(strict_loads(data))


TOKENS = st.sampled_from(
    [
        '"a"',
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "1",
        "1e9",
        "-",
        "NaN",
        "null",
        '"\\',
        "\\ud800",
        '"',
        "\0",
    ]
)


@given(parts=st.lists(TOKENS, max_size=30))
@QUICK
def test_no_pieces_of_json_break_the_parser(parts: list[str]) -> None:
    with suppress(Unreadable):
        canonical(strict_loads("".join(parts).encode()))


@given(
    name=st.sampled_from([*sorted(mutation_of({}).__slots__), "extra"]),
    value=JSON_VALUES | st.dictionaries(st.sampled_from(["phone", "*", "a/b"]), JSON_VALUES),
)
@QUICK
def test_no_value_in_any_place_breaks_the_reading_of_a_mutation(name: str, value: Any) -> None:
    whole = {part: getattr(mutation_of({}), part) for part in mutation_of({}).__slots__}
    with suppress(Malformed):
        mutation_from({**whole, name: value})
