"""One Node process full of phones: the real phone.ts, asked in lines of JSON, one answer a line."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "sync" / "phone.ts"
DRIVER = Path(__file__).with_name("phone_driver.mjs")

Cut = tuple[str, str]
"""A piece of a source, and what stands there instead in a mutant."""


class PhoneBroke(AssertionError):
    """phone.ts threw, or its process died."""


class Phones:
    """The process and its vaults by name; a context manager."""

    def __init__(self) -> None:
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("The simulator needs Node 20 or newer. ./run install fetches it.")
        self._process = subprocess.Popen(
            [node, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._waiting: list[dict[str, Any]] = []
        self.load()

    def __enter__(self) -> Phones:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def load(self, cuts: Sequence[Cut] = (), disk: str = "whole") -> None:
        """Compile phone.ts, with rules cut out; `disk` says how a vault's store behaves."""
        source = {"source": str(SOURCE), "cuts": list(cuts), "vite": str(ROOT / "pwa")}
        self.ask("", "load", disk=disk, **source)

    def tell(self, vault: str, do: str, **what: Any) -> None:
        """Let one vault do something before the next question; what it says is not wanted."""
        self._waiting.append({"vault": vault, "do": do, **what})

    def ask(self, vault: str, do: str, **what: Any) -> Any:
        """Let one vault do one thing and give its answer."""
        self.tell(vault, do, **what)
        pipe, self._waiting = self._waiting, []
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(orjson.dumps(pipe) + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise PhoneBroke("the phones' process ended")
        answer = orjson.loads(line)
        if "problem" in answer:
            raise PhoneBroke(answer["problem"])
        return answer
