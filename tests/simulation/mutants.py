"""How a rule is taken out to see that a run breaks without it; used by tests alone."""

from __future__ import annotations

import inspect
import sys
import textwrap
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from tests.simulation.phones import Cut, Phones

SEEDS_MAX = 200


@dataclass(frozen=True)
class ServerCut:
    """A piece of a function's source, and what stands there instead; `owner` is who looks it up."""

    owner: Any
    name: str
    old: str
    new: str

    def cut(self) -> Any:
        """Give the function without its rule; raises AssertionError when the piece is not there."""
        whole = inspect.unwrap(getattr(self.owner, self.name))
        source = textwrap.dedent(inspect.getsource(whole))
        assert source.count(self.old) == 1, f"a mutant no longer fits {self.name}: {self.old}"
        names: dict[str, Any] = {}
        code = "from __future__ import annotations\n" + source.replace(self.old, self.new)
        exec(code, sys.modules[whole.__module__].__dict__ | {"__name__": "mutant"}, names)
        return names[whole.__name__]


@dataclass(frozen=True)
class Mutant:
    """A rule that is missing: cut out of phone.ts or of the server, or broken by a phone's disk."""

    holds: str
    """The invariant that the rule is there for."""
    rule: str
    """The rule, as a sentence."""
    breaks: tuple[str, ...]
    """The invariants by whose breaking it may be noticed."""
    phone: tuple[Cut, ...] = ()
    server: tuple[ServerCut, ...] = ()
    disk: str = "whole"

    @contextmanager
    def taken_out(self, phones: Phones) -> Iterator[None]:
        """Keep the rule out of phones and server."""
        with ExitStack() as stack:
            for one in self.server:
                stack.enter_context(patch.object(one.owner, one.name, one.cut()))
            phones.load(self.phone, self.disk)
            try:
                yield
            finally:
                phones.load()
