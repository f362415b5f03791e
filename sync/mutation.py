"""What a mutation is, byte for byte: reads, checks and names it; knows no records and no rights."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, NoReturn, TypeAlias, cast, get_args
from uuid import NAMESPACE_URL, uuid5

Json: TypeAlias = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
Op: TypeAlias = Literal["create", "patch", "delete", "restore"]

INTEGER_MAX: Final = 2**53 - 1
"""The largest integer that JavaScript keeps exactly; beyond it two ends read different numbers."""
DEPTH_MAX: Final = 16
"""How deep lists and objects may nest; the value itself is depth 1 when it is one of them."""
SIZE_MAX_BYTES: Final = 4 * 2**20
"""A last wall for the parser; the doors in front of it have smaller ones."""
WHOLE: Final = "*"
"""Stands for the record itself where a path is expected: the flag that delete and restore move."""
OPS: Final = frozenset(get_args(Op))

PATH_PART: Final = re.compile(r"[A-Za-z0-9_.-]{1,64}", re.ASCII)
_FORBIDDEN: Final = frozenset({"__proto__", "constructor", "prototype"})
_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)
# Possessive, so that a hostile text is walked once: an unclosed string runs to the end.
_NESTING: Final = re.compile(r'"(?:[^"\\]++|\\.?)*+"?|[\[{]|[\]}]', re.DOTALL)


class Unreadable(ValueError):
    """These bytes are not JSON as we speak it; `rule` names what they broke."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule


class Malformed(ValueError):
    """Readable, but not a mutation: `rule` names what it broke, `where` the place in it.

    `contract` is the contract it claims to follow, if that much could be read, so that a row from
    a newer phone is held as `schema` and not as `invalid`.
    """

    def __init__(self, rule: str, where: str) -> None:
        super().__init__(f"{rule}: {where}")
        self.rule = rule
        self.where = where
        self.contract: int | None = None


# Paths


def is_path(text: str) -> bool:
    """`field` or `field/key`, each part plain and none of the words that JavaScript acts upon."""
    parts = text.split("/")
    return len(parts) <= 2 and all(
        PATH_PART.fullmatch(part) is not None and part not in _FORBIDDEN for part in parts
    )


def field_of(path: str) -> str:
    """The declared field that a path belongs to: the part before the slash."""
    return path.partition("/")[0]


# Bytes


def _check(value: object, where: str, depth: int) -> None:
    """Raise `Malformed` unless `value` is JSON that every end reads alike, at most `depth` deep."""
    if value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        _check_text(value, where)
    elif isinstance(value, int):
        if not -INTEGER_MAX <= value <= INTEGER_MAX:
            raise Malformed("integer", where)
    elif isinstance(value, (list, tuple, Mapping)):
        if depth < 1:
            raise Malformed("depth", where)
        if isinstance(value, Mapping):
            for key, item in value.items():
                if not isinstance(key, str):
                    raise Malformed("key", where)
                _check_text(key, where)
                _check(item, where, depth - 1)
        else:
            for item in value:
                _check(item, where, depth - 1)
    else:
        raise Malformed("type", where)


def _check_text(text: str, where: str) -> None:
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
    _check(value, "", 64)
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
            _check(value, "", depth)
    except json.JSONDecodeError:
        raise Unreadable("syntax") from None
    except Malformed as broken:
        raise Unreadable(broken.rule) from None
    return value


# Mutations


@dataclass(frozen=True, slots=True)
class Seen:
    """What the author saw at one path: its value, and the record's seq when the form was opened."""

    value: Json
    seq: int


UNSEEN: Final = Seen(None, 0)
"""What a create saw, everywhere: nothing, at position 0."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One small edit as its author made it: what they touched, what they saw, what they wrote."""

    mid: str
    replica: str
    n: int | None
    author: str
    contract: int
    kind: str
    id: str
    op: Op
    set: Mapping[str, Json]
    seen: Mapping[str, Seen]
    happened_at: str
    captured_at: str
    offset_ms: int
    why: str | None = None

    def saw(self, path: str) -> Seen:
        """What the author saw at `path`; nothing, unless the mutation says otherwise."""
        return self.seen.get(path, UNSEEN)


_NAMES: Final = frozenset(Mutation.__slots__)
_NEEDED: Final = _NAMES - {"why"}


def mutation_from(value: Json) -> Mutation:
    """The mutation in a JSON value, or `Malformed` with the rule and the place it broke."""
    if not isinstance(value, dict):
        raise Malformed("object", "")
    try:
        return _mutation(value)
    except Malformed as broken:
        contract = value.get("contract")
        if isinstance(contract, int) and not isinstance(contract, bool):
            broken.contract = contract
        raise


def _mutation(value: Mapping[str, Json]) -> Mutation:
    for name in sorted(_NEEDED - value.keys()):
        raise Malformed("missing", name)
    for name in sorted(value.keys() - _NAMES):
        raise Malformed("unknown", name)
    op = value["op"]
    if not isinstance(op, str) or op not in OPS:
        raise Malformed("op", "op")
    kind = value["kind"]
    if not isinstance(kind, str) or _KIND.fullmatch(kind) is None:
        raise Malformed("kind", "kind")
    written = _written(value["set"], op)
    return Mutation(
        mid=_id(value, "mid"),
        replica=_id(value, "replica"),
        n=None if value["n"] is None else _whole(value, "n", least=1),
        author=_id(value, "author"),
        contract=_whole(value, "contract", least=1),
        kind=kind,
        id=_id(value, "id"),
        op=cast(Op, op),
        set=written,
        seen=_saw(value["seen"], op, written),
        happened_at=_instant(value, "happened_at"),
        captured_at=_instant(value, "captured_at"),
        offset_ms=_whole(value, "offset_ms", least=-INTEGER_MAX),
        why=_why(value.get("why")),
    )


def is_id(text: object) -> bool:
    """A UUID in the one form we write it: lower case, with hyphens, nothing around it."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def _id(value: Mapping[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not is_id(text):
        raise Malformed("id", name)
    return text


def _whole(value: Mapping[str, Json], name: str, *, least: int) -> int:
    number = value[name]
    if isinstance(number, bool) or not isinstance(number, int):
        raise Malformed("integer", name)
    if not least <= number <= INTEGER_MAX:
        raise Malformed("range", name)
    return number


def _instant(value: Mapping[str, Json], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or _INSTANT.fullmatch(text) is None:
        raise Malformed("instant", name)
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise Malformed("instant", name) from None
    return text


def _why(value: Json) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise Malformed("type", "why")
    _check_text(value, "why")
    return value


def _written(value: Json, op: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise Malformed("object", "set")
    if value and op in ("delete", "restore"):
        raise Malformed("not_empty", "set")
    for path, item in value.items():
        if not is_path(path):
            raise Malformed("path", f"set.{path}"[:200])
        _check_value(item, f"set.{path}")
    return value


def _saw(value: Json, op: str, written: Mapping[str, Json]) -> Mapping[str, Seen]:
    if not isinstance(value, dict):
        raise Malformed("object", "seen")
    if op == "create":
        if value:
            raise Malformed("not_empty", "seen")
        return {}
    expected = written.keys() if op == "patch" else {WHOLE}
    if not value.keys() <= expected or (op != "patch" and not value):
        raise Malformed("path", "seen")
    return {path: _one_seen(item, path) for path, item in value.items()}


def _one_seen(value: Json, path: str) -> Seen:
    where = f"seen.{path}"
    if not isinstance(value, dict):
        raise Malformed("object", where)
    if value.keys() != ({"seq"} if path == WHOLE else {"value", "seq"}):
        raise Malformed("shape", where)
    _check_value(value.get("value"), where)
    seq = value["seq"]
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= INTEGER_MAX:
        raise Malformed("integer", f"{where}.seq")
    return Seen(value.get("value"), seq)


def _check_value(value: Json, where: str) -> None:
    """A value may hold what JSON holds; its keys obey the rule for paths.

    So every key is ASCII and sorts alike in Python and JavaScript, and none can reach a prototype.
    """
    _check(value, where, DEPTH_MAX - 2)
    _check_keys(value, where)


def _check_keys(value: Json, where: str) -> None:
    if isinstance(value, dict):
        for key in value:
            if not is_path(key):
                raise Malformed("key", where)
        for item in value.values():
            _check_keys(item, where)
    elif isinstance(value, list):
        for item in value:
            _check_keys(item, where)


# Names that both ends work out alone


NS: Final = uuid5(NAMESPACE_URL, "https://oppgang.no/ns")


def _named(*parts: str) -> str:
    return str(uuid5(NS, "|".join(parts)))


def one_per_id(kind: str, values: Iterable[str]) -> str:
    """The id of the one record of `kind` for these values: two phones make the same record."""
    return _named(kind, *values)


def review_id(record: str, path: str, replica: str) -> str:
    """The id of the one review of what `replica` wrote at `path` of `record`."""
    return _named("review", record, path, replica)


def receipt_id(mid: str) -> str:
    """The id of the record that tells an author what became of the mutation `mid`."""
    return _named("receipt", mid)


def office_replica(user: str) -> str:
    """The replica that a user's office pages write as; it has no chain."""
    return _named("office", user)
