"""Which part of the simulator watches which invariant: read from its sources, never typed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tests.simulation.phones import ROOT

WATCHERS = ROOT / "tests" / "simulation"
NUMBER = re.compile(r"\b([IL]-\d+)\b")
NOT_WATCHING = ("rules_out.py", "mutants.py")


def checked_by() -> dict[str, list[str]]:
    """Give, for each invariant, the functions that raise or yield its number."""
    found: dict[str, list[str]] = {}
    for file in sorted(WATCHERS.glob("*.py")):
        if file.name in NOT_WATCHING or file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                for number in sorted(set(_numbers(node))):
                    found.setdefault(number, []).append(f"{file.stem}.{node.name}")
    return found


def _numbers(function: ast.FunctionDef) -> Iterator[str]:
    """Give the numbers in what a function says is broken; what only explains says nothing."""
    explains = {id(node.value) for node in ast.walk(function) if isinstance(node, ast.Expr)}
    for node in ast.walk(function):
        said = node.value if isinstance(node, ast.Constant) else None
        if isinstance(said, str) and id(node) not in explains:
            yield from NUMBER.findall(said)
