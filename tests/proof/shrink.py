"""A broken run with fewer steps: whatever can be left out while it breaks the same is left out."""

from __future__ import annotations

from collections.abc import Collection

from tests.simulation.simulator import Outcome, Simulator


def shrunk(simulator: Simulator, broken: Outcome) -> list[int]:
    """Give the steps that are left when no part of them can go."""
    kept = list(range(1, broken.steps + 1))
    size = len(kept) // 2
    while size:
        at = 0
        while at < len(kept):
            fewer = kept[:at] + kept[at + size :]
            if simulator.play(broken.seed, fewer).breaks & broken.breaks:
                kept = fewer
            else:
                at += size
        size //= 2
    return kept


def spans(steps: Collection[int]) -> str:
    """Write steps as 3,7-9."""
    words: list[list[int]] = []
    for step in sorted(steps):
        if words and words[-1][-1] == step - 1:
            words[-1][1:] = [step]
        else:
            words.append([step])
    return ",".join("-".join(map(str, word)) for word in words) or "0"


def numbers(text: str) -> frozenset[int]:
    """Read what `spans` wrote."""
    found: set[int] = set()
    for word in text.split(","):
        first, _, last = word.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)
