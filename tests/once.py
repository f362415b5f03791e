"""What all apps of a run work out alike is worked out once: code of templates, addresses, and SQL.

In production an app is made once and lives for weeks. Here some thousand are made, and most of
their time would go into compiling the same again. Nothing that an app *holds* is shared.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

STATEMENTS_MAX = 2_000
"""Enough for what one test after another asks, and not so many that they fill the memory."""


class CodeInMemory(BytecodeCache):
    """Keeps the compiled code of each template, by its name and the sum of its source."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Bring the code, when these very words were compiled before."""
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        assert bucket.code is not None
        self.codes[bucket.key, bucket.checksum] = bucket.code


def work_out_once() -> None:
    """Let every app that this process makes from now on use what the ones before worked out."""
    _compile_templates_once()
    _build_addresses_once()
    _compile_statements_once()


def _compile_templates_once() -> None:
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CodeInMemory()}


def _build_addresses_once() -> None:
    build, built = Rule._compile_builder, {}

    def builder(self: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if self.defaults:
            return build(self, append_unknown)
        parts: tuple[Any, ...] = (append_unknown, *self._trace)
        if parts not in built:
            built[parts] = build(self, append_unknown)
        return built[parts]

    Rule._compile_builder = builder  # type: ignore[method-assign]


def _compile_statements_once() -> None:
    """An engine keeps its compiled statements by their structure, and by its very dialect.

    Two dialects of one class are made with the same settings here, and say the same SQL.
    """
    statements: LRUCache[Any, Any] = LRUCache(STATEMENTS_MAX)
    Engine._compiled_cache = property(lambda _: statements, lambda *_: None)  # type: ignore[assignment]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
