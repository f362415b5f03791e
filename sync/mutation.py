"""What a mutation is: reads, checks and names it; knows no records and no rights."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, TypeAlias, cast, get_args
from uuid import NAMESPACE_URL, uuid5

from sync.strict import (
    DEPTH_MAX,
    INTEGER_MAX,
    PATH_PART,
    Json,
    Malformed,
    Unreadable,
    canonical,
    check,
    check_text,
    digest,
    field_of,
    is_path,
    same,
    strict_loads,
)

__all__ = [
    "DEPTH_MAX",
    "INTEGER_MAX",
    "NS",
    "PATH_PART",
    "UNSEEN",
    "WHOLE",
    "Json",
    "Malformed",
    "Mutation",
    "Op",
    "Seen",
    "Unreadable",
    "canonical",
    "digest",
    "field_of",
    "is_id",
    "is_path",
    "mutation_from",
    "office_replica",
    "one_per_id",
    "receipt_id",
    "review_id",
    "server_named",
    "same",
    "strict_loads",
]

Op: TypeAlias = Literal["create", "patch", "delete", "restore"]

WHOLE: Final = "*"
"""Stands for the record itself where a path is expected: the flag that delete and restore move."""
PATHS_MAX: Final = 1_000
"""More than one mutation touches, by far; each path may become a question to a person."""
OFFICE_REPLICAS_MAX: Final = 4_096
"""How many names of office replicas are remembered; an office has fewer people by far."""
OPS: Final = frozenset(get_args(Op))

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)
_VERSION_AT: Final = 14
_SERVERS: Final = "8"
_KIND: Final = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


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
    if not value.keys() >= _NEEDED:
        raise Malformed("missing", min(_NEEDED - value.keys()))
    if not value.keys() <= _NAMES:
        raise Malformed("unknown", min(value.keys() - _NAMES))
    op = value["op"]
    if not isinstance(op, str) or op not in OPS:
        raise Malformed("op", "op")
    kind = value["kind"]
    if not isinstance(kind, str) or _KIND.fullmatch(kind) is None:
        raise Malformed("kind", "kind")
    id = _id(value, "id")
    if op == "create" and id[_VERSION_AT] == _SERVERS:
        raise Malformed("servers", "id")
    written = _written(value["set"], op)
    return Mutation(
        mid=_id(value, "mid"),
        replica=_id(value, "replica"),
        n=None if value["n"] is None else _whole(value, "n", least=1),
        author=_id(value, "author"),
        contract=_whole(value, "contract", least=1),
        kind=kind,
        id=id,
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
    check_text(value, "why")
    return value


def _written(value: Json, op: str) -> Mapping[str, Json]:
    if not isinstance(value, dict):
        raise Malformed("object", "set")
    if value and op in ("delete", "restore"):
        raise Malformed("not_empty", "set")
    if len(value) > PATHS_MAX:
        raise Malformed("size", "set")
    for path, item in value.items():
        if not is_path(path):
            raise Malformed("path", f"set.{path}")
        check(item, f"set.{path}", DEPTH_MAX - 2, keys_are_paths=True)
    return value


def _saw(value: Json, op: str, written: Mapping[str, Json]) -> Mapping[str, Seen]:
    if not isinstance(value, dict):
        raise Malformed("object", "seen")
    if op == "create":
        if value:
            raise Malformed("not_empty", "seen")
        return {}
    expected = {*written, WHOLE} if op == "patch" else {WHOLE}
    if not value.keys() <= expected or (op != "patch" and not value):
        raise Malformed("path", "seen")
    return {path: _one_seen(item, path) for path, item in value.items()}


def _one_seen(value: Json, path: str) -> Seen:
    where = f"seen.{path}"
    if not isinstance(value, dict):
        raise Malformed("object", where)
    if value.keys() != ({"seq"} if path == WHOLE else {"value", "seq"}):
        raise Malformed("shape", where)
    check(value.get("value"), where, DEPTH_MAX - 2, keys_are_paths=True)
    seq = value["seq"]
    if isinstance(seq, bool) or not isinstance(seq, int) or not 0 <= seq <= INTEGER_MAX:
        raise Malformed("integer", f"{where}.seq")
    return Seen(value.get("value"), seq)


# Names that both ends work out alone


NS: Final = uuid5(NAMESPACE_URL, "https://oppgang.no/ns")


def _named(*parts: str) -> str:
    return str(uuid5(NS, "|".join(parts)))


def one_per_id(kind: str, values: Iterable[str]) -> str:
    """The id of the one record of `kind` for these values: two phones make the same record."""
    return _named(kind, *values)


def server_named(*parts: str) -> str:
    """The id of a record that the server alone makes: a UUID of version 8, borne by no create.

    Whoever knows the parts can work it out, and nobody can stand there first.
    """
    name = _named(*parts)
    return f"{name[:_VERSION_AT]}{_SERVERS}{name[_VERSION_AT + 1 :]}"


def review_id(record: str, path: str, replica: str) -> str:
    """The id of the one review of what `replica` wrote at `path` of `record`."""
    return server_named("review", record, path, replica)


def receipt_id(mid: str) -> str:
    """The id of the record that tells an author what became of the mutation `mid`."""
    return server_named("receipt", mid)


@lru_cache(maxsize=OFFICE_REPLICAS_MAX)
def office_replica(user: str) -> str:
    """The replica that a user's office pages write as; it has no chain."""
    return _named("office", user)
