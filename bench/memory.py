"""How much memory a tree of processes has, over time; a shared page counts once.

A file that is in memory alone counts too, as long as one of them has it open.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stage import tree

EVERY_SECONDS = 2.0
PARTS = 4


class Memory:
    """Looks every other second until it is told to stop."""

    def __init__(self, roots: tuple[int, ...], every_s: float = EVERY_SECONDS) -> None:
        self.roots, self._every_s = roots, every_s
        self.all_mb: list[float] = []
        self.largest_mb = 0.0
        self._stop = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[Memory]:
        """Look while the block runs."""
        looking = threading.Thread(target=self._watch)
        looking.start()
        try:
            yield self
        finally:
            self._stop.set()
            looking.join()

    def look(self) -> None:
        """One look at all of them."""
        pids = tree(self.roots)
        each = [memory_mb(pid) for pid in pids]
        self.all_mb.append(sum(each) + nameless_mb(pids))
        self.largest_mb = max(self.largest_mb, *each)

    def show(self) -> None:
        """How it went, quarter by quarter: what is bounded does not grow from the second on."""
        size = max(1, len(self.all_mb) // PARTS)
        quarters = [self.all_mb[at * size : (at + 1) * size] or [0.0] for at in range(PARTS)]
        highest = " ".join(f"{max(some):.0f}" for some in quarters)
        print(
            f"{'memory, MB':<14}at first {self.all_mb[0]:.0f}, highest by quarter {highest}, "
            f"in the end {self.all_mb[-1]:.0f}; largest process {self.largest_mb:.0f}"
        )

    def _watch(self) -> None:
        self.look()
        while not self._stop.wait(self._every_s):
            self.look()
        self.look()


def memory_mb(pid: int) -> float:
    """A process's share of the memory; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def nameless_mb(pids: Iterable[int]) -> float:
    """What files have that are in memory and have no name, each once."""
    found: dict[int, int] = {}
    for pid in pids:
        try:
            for each in Path(f"/proc/{pid}/fd").iterdir():
                if os.readlink(each).startswith("/memfd:"):
                    told = each.stat()
                    found[told.st_ino] = told.st_blocks * 512
        except OSError:
            continue
    return sum(found.values()) / (1 << 20)
