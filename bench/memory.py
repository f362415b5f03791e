"""How much memory a tree of processes has, over time; a shared page counts once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.stage import tree

EVERY_SECONDS = 2.0
PARTS = 4


class Memory:
    """Looks every other second until it is told to stop."""

    def __init__(self, roots: tuple[int, ...]) -> None:
        self.roots = roots
        self.all_mb: list[float] = []
        self.largest_mb = 0.0
        self._stop = threading.Event()

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Look while the block runs."""
        looking = threading.Thread(target=self._watch)
        looking.start()
        try:
            yield
        finally:
            self._stop.set()
            looking.join()

    def look(self) -> None:
        """One look at all of them."""
        each = [memory_mb(pid) for pid in tree(self.roots)]
        self.all_mb.append(sum(each))
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
        while not self._stop.wait(EVERY_SECONDS):
            self.look()
        self.look()


def memory_mb(pid: int) -> float:
    """A process's share of the memory; 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
