"""Replay seeds: `python -m tests.simulation 17`, a range as `0-99`, `--trace` to read all of it."""

from __future__ import annotations

import argparse
import sys

from tests.simulation.simulator import Simulator


def main() -> int:
    """Play the seeds that were asked for; 1 when any of them broke an invariant."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("seeds", nargs="+", help="a seed, or a range such as 0-99")
    parser.add_argument("--trace", action="store_true", help="print every question and answer")
    parser.add_argument("--without", default=None, metavar="RULE", help="take a rule out")
    asked = parser.parse_args()
    bad = 0
    with Simulator(asked.without) as simulator:
        for words in asked.seeds:
            first, _, last = words.partition("-")
            for seed in range(int(first), int(last or first) + 1):
                outcome = simulator.play(seed)
                bad += outcome.violation is not None
                if asked.trace:
                    print("\n".join(outcome.log))
                if outcome.violation is not None or first == words:
                    print(outcome.report())
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
