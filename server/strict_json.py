"""Strict JSON at the door: the fast parser where its answer is proven, the strict one elsewhere.

It reads bytes and gives values; it may not store, log or forgive anything.
"""

from __future__ import annotations

from typing import Any

import orjson

from sync.mutation import Unreadable, strict_loads

DEPTH_MAX = 16
_LEAVES = frozenset({str, int, bool, type(None)})


def loads(raw: bytes) -> Any:
    """Give the value of strict JSON; raises `Unreadable` with the rule that was broken.

    orjson alone lets the second of two equal keys win. Where writing the value again, in the order
    it came, gives the very same bytes, there was no second key, no odd number and no stray space,
    so its answer stands; everything else goes through the strict parser, which decides.
    """
    if b"\\u0000" not in raw:
        try:
            value = orjson.loads(raw)
            if orjson.dumps(value, option=orjson.OPT_STRICT_INTEGER) == raw and _is_plain(value):
                return value
        except (orjson.JSONDecodeError, orjson.JSONEncodeError, RecursionError):
            pass
    return strict_loads(raw, depth=DEPTH_MAX)


def canonical(value: Any) -> bytes:
    """Write a value that was read strictly in the canonical form (sorted keys, no white space)."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _is_plain(value: Any) -> bool:
    """Say whether a value has no floats and is not nested deeper than `DEPTH_MAX`."""
    level = [value]
    for _ in range(DEPTH_MAX + 1):
        deeper: list[Any] = []
        for item in level:
            if type(item) is dict:
                deeper.extend([v for v in item.values() if type(v) not in _LEAVES])
            elif type(item) is list:
                deeper.extend([v for v in item if type(v) not in _LEAVES])
            elif type(item) not in _LEAVES:
                return False
        if not deeper:
            return True
        level = deeper
    return False


__all__ = ["Unreadable", "canonical", "loads"]
