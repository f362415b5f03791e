"""JSON as strictly as it is written, and its one byte form; knows no mutations."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NoReturn, TypeAlias, cast

Json: TypeAlias = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer that JavaScript keeps exactly; beyond it two ends read different numbers."""
DEPTH_MAX: Final = 16
"""How deep lists and objects may nest; a value that is one of them is itself depth 1."""
SIZE_MAX_BYTES: Final = 4 * 2**20
"""A last wall for the parser; the doors in front of it have smaller ones."""

PATH_MAX_CHARACTERS: Final = 64 + 1 + 64
"""Two parts and the slash between them."""
PATH_PART: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_FORBIDDEN: Final = frozenset({"__proto__", "constructor", "prototype"})
# Possessive, so that a hostile text is walked once: an unclosed string runs to the end.
_NESTING: Final = re.compile(r'"(?:[^"\\]+|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)


class Unreadable(ValueError):
    """These bytes are not JSON as we speak it; `rule` names what they broke."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Malformed(ValueError):
    """Readable, but not what it should be: `rule` names what it broke, `where` the place in it.

    `contract` is the contract that a mutation claims to follow, if that much could be read, so
    that a row from a newer phone is held as `schema` and not as `invalid`. `where` is short and
    plain ASCII whatever came in: it goes into logs and answers.
    """

    def __init__(self, rule: str, where: str) -> None:
        self.rule = rule
        self.where = ascii(where[:100])[1:-1]
        self.contract: int | None = None
        super().__init__(f"{rule}: {self.where}")


def is_path(text: str) -> bool:
    """`field` or `field/key`, each part plain and none of the words that JavaScript acts upon."""
    return len(text) <= PATH_MAX_CHARACTERS and _is_path(text)


@lru_cache(maxsize=4096)
def _is_path(text: str) -> bool:
    """The few paths of a contract come again and again; those that were read last are known."""
    parts = text.split("/")
    return len(parts) <= 2 and all(
        PATH_PART.fullmatch(part) is not None and part not in _FORBIDDEN for part in parts
    )


def field_of(path: str) -> str:
    """The declared field that a path belongs to: the part before the slash."""
    return path.partition("/")[0]


def check(value: object, where: str, depth: int, *, keys_are_paths: bool = False) -> None:
    """Raise `Malformed` unless `value` is JSON that every end reads alike, at most `depth` deep.

    With `keys_are_paths` every key obeys the rule for paths: then it is ASCII, sorts alike in
    Python and JavaScript, and reaches no prototype.
    """
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        check_text(value, where)
    elif isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise Malformed("integer", where)
    elif not isinstance(value, list | tuple | Mapping):
        raise Malformed("type", where)
    elif depth < 1:
        raise Malformed("depth", where)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str) or (keys_are_paths and not is_path(key)):
                raise Malformed("key", where)
            check_text(key, where)
            check(item, where, depth - 1, keys_are_paths=keys_are_paths)
    else:
        for item in value:
            check(item, where, depth - 1, keys_are_paths=keys_are_paths)


def check_text(text: str, where: str) -> None:
    """Raise `Malformed` for NUL and for half a character, which databases and UTF-8 refuse."""
    if "\0" in text:
        raise Malformed("nul", where)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Malformed("surrogate", where) from None


def canonical(value: Json) -> bytes:
    """The one byte form of a value: UTF-8, sorted keys, no white space; what sha256 is taken over.

    Raises `Malformed` for what has no such form (a float, a huge integer, a lone surrogate).
    """
    check(value, "", 64)
    return _encode(value).encode()


_encode = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"), default=dict
).encode


def digest(data: bytes) -> str:
    """sha256 of canonical bytes, as hex: how custody names what it holds."""
    return hashlib.sha256(data).hexdigest()


def same(one: Json, other: Json) -> bool:
    """Whether two values are the same value on the wire; true and 1 are not."""
    return one is other or canonical(one) == canonical(other)


def _pairs(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Unreadable("duplicate_key")
    return found


def _integer(text: str) -> int:
    if len(text) > 17 or text == "-0" or abs(int(text)) > INTEGER_MAX:
        raise Unreadable("integer")
    return int(text)


def _float(_: str) -> NoReturn:
    raise Unreadable("float")


def _constant(_: str) -> NoReturn:
    raise Unreadable("constant")


def _nests_deeper(text: str, depth: int) -> bool:
    level = 0
    for match in _NESTING.finditer(text):
        first = text[match.start()]
        if first in "[{":
            level += 1
            if level > depth:
                return True
        elif first in "]}":
            level -= 1
    return False


def strict_loads(data: bytes, *, depth: int = DEPTH_MAX) -> Json:
    """Read JSON as strictly as it is written, or raise `Unreadable`; never anything else.

    Refused are duplicate keys, floats, NaN and Infinity, integers beyond 2^53-1, lone surrogates,
    NUL, nesting beyond `depth`, bytes that are not UTF-8, and anything after the value. The depth
    is measured before a parser that recurses sees the text.
    """
    if len(data) > SIZE_MAX_BYTES:
        raise Unreadable("size")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unreadable("utf8") from None
    if _nests_deeper(text, depth):
        raise Unreadable("depth")
    try:
        value = cast(
            Json,
            json.loads(
                text,
                object_pairs_hook=_pairs,
                parse_int=_integer,
                parse_float=_float,
                parse_constant=_constant,
            ),
        )
        if "\\u" in text:  # only an escape can smuggle in NUL or half a character
            check(value, "", depth)
    except json.JSONDecodeError:
        raise Unreadable("syntax") from None
    except Malformed as broken:
        raise Unreadable(broken.rule) from None
    return value
