"""One Node process full of phones: the real phone.ts, asked in JSON lines, one answer a line."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "sync" / "phone.ts"
DRIVER = Path(__file__).with_name("phone_driver.mjs")

Cut = tuple[str, str]
"""A piece of phone.ts, and what stands there instead in a mutant."""


class PhoneBroke(AssertionError):
    """phone.ts threw, or its process died."""


class Phones:
    """The process and its vaults by name; a context manager."""

    def __init__(self, cuts: Sequence[Cut] = ()) -> None:
        node = shutil.which("node")
        if node is None:
            raise RuntimeError("The simulator needs Node 20 or newer. ./run install fetches it.")
        self._process = subprocess.Popen(
            [node, str(DRIVER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        setup = {"source": str(SOURCE), "cuts": list(cuts), "vite": str(ROOT / "pwa")}
        self._write(setup)

    def __enter__(self) -> Phones:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(10)

    def ask(self, vault: str, do: str, **what: Any) -> Any:
        """Let one vault do one thing and give its answer."""
        self._write({"vault": vault, "do": do, **what})
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise PhoneBroke("the phones' process ended")
        answer = json.loads(line)
        if "problem" in answer:
            raise PhoneBroke(answer["problem"])
        return answer

    def _write(self, command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
