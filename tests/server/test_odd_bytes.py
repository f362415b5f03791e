"""What reads bytes from outside is given bytes that nobody meant: it refuses in its own words."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from server import one_time, sealing, strict_json
from server.feed import Cursor, read_cursor
from server.imports.tables import BadFile, read_table
from server.keeping.open_table import cell
from server.photos import pictures
from server.sealing import BadSeal, Parcel
from sync.mutation import Unreadable
from tests.photos import photo, scene

MANY = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
ODD_TEXT = st.text(st.characters(codec=None), max_size=40)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | ODD_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ODD_TEXT, inner, max_size=4),
    max_leaves=20,
)


def _is_strict(value: Any) -> bool:
    """Say whether a value is one that may stand in the store: whole numbers, sound texts."""
    if isinstance(value, dict):
        return all(map(_is_strict, value)) and all(map(_is_strict, value.values()))
    if isinstance(value, list):
        return all(map(_is_strict, value))
    if isinstance(value, str):
        return "\0" not in value and value.encode("utf-8", "ignore").decode() == value
    return not isinstance(value, float) or not (math.isnan(value) or math.isinf(value))


@MANY
@given(raw=st.binary(max_size=200) | JSON.map(lambda v: json.dumps(v).encode()))
@example(raw=b'{"a":1,"a":2}')
@example(raw=b'{"a":NaN}')
@example(raw=b'"\\ud800"')
@example(raw=b'"\\u0000"')
@example(raw=b"[" * 200_000)
@example(raw=b"1" * 5_000)
@example(raw=b"\xff\xfe{}")
def test_the_json_door_gives_a_sound_value_or_says_no(raw: bytes) -> None:
    try:
        value = strict_json.loads(raw)
    except Unreadable:
        return
    assert _is_strict(value)
    assert strict_json.loads(strict_json.canonical(value)) == value


@MANY
@given(
    enc=st.binary(max_size=80),
    ciphertext=st.binary(max_size=80),
    signature=st.binary(max_size=70) | st.binary(min_size=64, max_size=64),
    words=st.tuples(ODD_TEXT, ODD_TEXT, ODD_TEXT),
    number=st.integers(),
    public=st.binary(max_size=70) | st.binary(min_size=64, max_size=64).map(b"\x04".__add__),
)
def test_the_sealed_opener_opens_or_says_no(
    template_key: sealing.SealingKey,
    enc: bytes,
    ciphertext: bytes,
    signature: bytes,
    words: tuple[str, str, str],
    number: int,
    public: bytes,
) -> None:
    mid, replica, _ = (word.encode(errors="replace").decode() for word in words)
    parcel = Parcel(mid, replica, number, template_key.id, enc, ciphertext, signature)
    with pytest.raises(BadSeal):
        sealing.opened(template_key.private, enc, ciphertext, parcel.info)
    with pytest.raises(BadSeal):
        template_key.open(parcel, public)


@pytest.fixture(scope="module")
def template_key() -> sealing.SealingKey:
    """A sealing key of this module's own."""
    from server.key_files import _new_p256_key

    return sealing.sealing_key(_new_p256_key().encode())


@MANY
@given(text=ODD_TEXT)
def test_base64url_is_read_strictly_or_refused(text: str) -> None:
    try:
        raw = sealing.from_base64url(text)
    except ValueError:
        return
    assert sealing.to_base64url(raw) == text


WHOLE = photo(scene(64, 48))


@settings(MANY, max_examples=150)
@given(
    cuts=st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6)), max_size=8),
    short=st.integers(0, len(WHOLE)),
    head=st.sampled_from([b"", *(b"\0" * at + sign for at, sign in pictures.BEGINNINGS)]),
)
def test_a_broken_picture_is_redrawn_or_refused(
    cuts: Sequence[tuple[int, bytes]], short: int, head: bytes
) -> None:
    """Without the process around it, which the tests of pictures try: each refusal is its own."""
    changed = bytearray(WHOLE)
    for at, new in cuts:
        changed[at : at + len(new)] = new
    given_bytes = head + bytes(changed[:short]) if head else bytes(changed[:short])
    try:
        drawn = pictures.draw(given_bytes)
    except pictures.Refused as refused:
        assert str(refused) in ("format", "pixels", "unreadable")
        return
    assert drawn.jpeg.startswith(b"\xff\xd8\xff") and len(drawn.small) <= pictures.SMALL_MAX_BYTES


TABLES = st.lists(
    st.lists(ODD_TEXT | st.sampled_from(["Adresse", "Bolignr", '"', "sep=;"]), max_size=5),
    max_size=6,
)


@MANY
@given(raw=st.binary(max_size=300) | TABLES.map(lambda rows: _written(rows)))
def test_a_table_is_read_or_refused_in_words(raw: bytes) -> None:
    try:
        table = read_table(raw, lambda word: word == "Adresse")
        rows = list(table.rows)
    except BadFile as bad:
        assert "Ingenting er endret." in str(bad)
        return
    assert rows and all(line >= 1 for line, _ in rows)


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    text = "\n".join(";".join(row) for row in rows)
    return text.encode("utf-8", "surrogatepass")


FORMULA, CONTROLS = (*"=+-@|%",), (*"\t\r\n",)


@MANY
@given(
    values=st.lists(ODD_TEXT | st.integers() | st.none() | st.booleans(), min_size=1, max_size=4)
)
@example(values=["=1+1"])
@example(values=[" \u200b\ufeff=1+1"])
@example(values=["\u2060=1+1"])
@example(values=["\t\r\n=1"])
@example(values=["−1", "–1", "﹦1", "\x00=1", "\x1f=1", "\u00ad=1"])
def test_no_cell_that_is_written_begins_a_formula(values: list[Any]) -> None:
    out = io.StringIO(newline="")
    row = [cell(value) for value in values]
    csv.writer(out, delimiter=";").writerow(row)
    (read,) = csv.reader(io.StringIO(out.getvalue(), newline=""), delimiter=";")
    for value, written in zip(values, read, strict=True):
        if isinstance(value, str):
            seen = [sign for sign in unicodedata.normalize("NFKC", written) if sign.isprintable()]
            assert "".join(seen).strip()[:1] not in FORMULA, (value, written)
            assert written[:1] not in CONTROLS and written in (value, f"'{value}"), (value, written)


WRITTEN = Cursor("i", 7, "v", {"org": 3}, start=5, began={"org": 6}).write("key", "kari")


@MANY
@given(
    text=ODD_TEXT
    | JSON.map(lambda value: json.dumps(value) + WRITTEN[-44:])
    | ODD_TEXT.map(lambda text: text + WRITTEN[-44:])
    | st.tuples(st.integers(0, len(WRITTEN) - 2), st.characters()).map(
        lambda at: WRITTEN[: at[0]] + at[1] + WRITTEN[at[0] + 1 :]
    )
)
@example(text="\ud800." + WRITTEN)
def test_a_cursor_is_ours_or_none(text: str) -> None:
    read = read_cursor("key", "kari", text)
    assert (read is None) == (text != WRITTEN)


@MANY
@given(
    code=ODD_TEXT | st.from_regex(r"[0-9]{6}", fullmatch=True),
    secret=st.binary(min_size=20, max_size=20),
    now=st.floats(0, 4e9),
    used=st.integers(-1, 2**40),
)
def test_a_code_is_of_now_or_of_nothing(code: str, secret: bytes, now: float, used: int) -> None:
    step = one_time.step_of(code, secret, now, used)
    assert step is None or (step > used and one_time.code_at(secret, step) == "".join(code.split()))
    one_time.fold_recovery(code).encode(errors="replace")
