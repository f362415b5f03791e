"""`./run prove`: plays seeds for some minutes, and says in docs/proof.md what held."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.proof.record import Proof, read, write
from tests.proof.shrink import numbers, shrunk, spans
from tests.simulation.mutants import SEEDS_MAX, Mutant
from tests.simulation.rules_out import MUTANTS
from tests.simulation.simulator import Outcome, Simulator

AT_ONCE = 50
WORKERS = 2


def main() -> int:
    """Prove for some minutes, or play one seed again; 1 when anything broke."""
    parser = argparse.ArgumentParser(prog="./run prove")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to play seeds")
    parser.add_argument("--seed", type=int, help="play this one seed and nothing else")
    parser.add_argument("--steps", help="only these steps of it, such as 3,7-9")
    parser.add_argument("--trace", action="store_true", help="print every question and answer")
    asked = parser.parse_args()
    if asked.seed is not None:
        return again(asked.seed, asked.steps, asked.trace)
    return prove(asked.minutes)


def again(seed: int, steps: str | None, trace: bool) -> int:
    """Play one seed, whole or in part."""
    with Simulator() as simulator:
        outcome = simulator.play(seed, numbers(steps) if steps else None)
    if trace:
        print("\n".join(f"{at:3} {text.decode()}" for at, text in outcome.log))
    print(outcome.report())
    return outcome.violation is not None


def prove(minutes: float) -> int:
    """Go on where the last proof of this very tree ended, until the time is over."""
    proof, until = read(), time.monotonic() + 60 * minutes
    proof = take_rules_out(proof)
    write(proof)
    with ProcessPoolExecutor(WORKERS) as pool:
        while time.monotonic() < until:
            firsts = [proof.runs + AT_ONCE * worker for worker in range(WORKERS)]
            for broken in pool.map(play, firsts):
                if broken is not None:
                    return tell(broken)
                proof = proof.longer(AT_ONCE)
                write(proof)
    print(f"{proof.runs} runs of tree {proof.tree}, no violation; see docs/proof.md")
    return 0 if proof.is_whole else 1


def play(first: int) -> Outcome | None:
    """Play some seeds; give the first that broke."""
    with Simulator() as simulator:
        for seed in range(first, first + AT_ONCE):
            outcome = simulator.play(seed)
            if outcome.violation is not None:
                return outcome
    return None


def tell(broken: Outcome) -> int:
    """Print what broke, with the fewest steps that break it, and how to see it again."""
    with Simulator() as simulator:
        steps = shrunk(simulator, broken)
    print(broken.report())
    print(f"shrunk: ./run prove --seed {broken.seed} --steps {spans(steps)} --trace")
    return 1


def take_rules_out(proof: Proof) -> Proof:
    """See each rule's absence break a run, unless this tree has seen that already."""
    if proof.deaths:
        return proof
    with Simulator() as simulator:
        deaths = [death(simulator, mutant) for mutant in MUTANTS]
    return proof.with_deaths(deaths)


def death(simulator: Simulator, mutant: Mutant) -> tuple[int, str] | None:
    """Give the first seed that breaks without the rule, and what it breaks; None: it survives."""
    with mutant.taken_out(simulator.phones):
        for seed in range(SEEDS_MAX):
            outcome = simulator.play(seed)
            if outcome.breaks & set(mutant.breaks):
                return seed, min(outcome.breaks & set(mutant.breaks))
    return None


if __name__ == "__main__":
    sys.exit(main())
