"""`./run prove`: plays seeds for some minutes, and says in docs/proof.md what held."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, contextmanager

from tests import postgres
from tests.proof.crash import house, kills, settle
from tests.proof.phone_rules import LANE_RULES, missed
from tests.proof.record import COUNTS, Proof, read, seeds_from, stated, write
from tests.proof.shrink import numbers, shrunk, spans
from tests.simulation.mutants import Mutant
from tests.simulation.rules_out import MUTANTS
from tests.simulation.simulator import CLOCKS_EVERY, Outcome, Simulator

BATCH = {"sqlite": 50, "postgresql": 5}
"""So many seeds go by between two looks at the clock; PostgreSQL takes longer over each."""
WORKERS = 2


def main() -> int:
    """Prove for some minutes, or play one seed again; 1 when anything broke."""
    parser = argparse.ArgumentParser(prog="./run prove")
    parser.add_argument("--minutes", type=float, default=1.0, help="how long to play seeds")
    parser.add_argument("--kills", type=int, default=0, help="kill the server so many times")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seed", type=int, help="play this one seed and nothing else")
    parser.add_argument("--steps", help="only these steps of it, such as 3,7-9")
    parser.add_argument("--trace", action="store_true", help="print every question and answer")
    asked = parser.parse_args()
    if asked.seed is not None:
        return again(asked.seed, asked.steps, asked.trace, asked.database)
    if asked.kills:
        return kill(asked.database, asked.kills)
    return prove(asked.minutes, asked.database)


@contextmanager
def towns(database: str) -> Iterator[list[str]]:
    """Give each worker the address of an empty database of its own; SQLite's are in memory."""
    if database == "sqlite":
        yield ["sqlite://"] * WORKERS
        return
    with postgres.cluster() as cluster:
        yield [cluster.url(cluster.create()) for _ in range(WORKERS)]


def again(seed: int, steps: str | None, trace: bool, database: str) -> int:
    """Play one seed, whole or in part."""
    with towns(database) as urls, Simulator(urls[0]) as simulator:
        outcome = simulator.play(seed, numbers(steps) if steps else None)
    if trace:
        print("\n".join(f"{at:3} {text.decode()}" for at, text in outcome.log))
    print(outcome.report())
    return outcome.violation is not None


def prove(minutes: float, database: str) -> int:
    """Go on where the last proof of this very tree ended, until the time is over."""
    proof = take_rules_out(read())
    until = time.monotonic() + 60 * minutes
    size = BATCH[database]
    with towns(database) as urls, ExitStack() as stack:
        pools = [
            stack.enter_context(ProcessPoolExecutor(1, initializer=begin, initargs=(url,)))
            for url in urls
        ]
        while time.monotonic() < until:
            first = proof.played(database)
            playing = [
                pool.submit(play, seeds(first + size * at, size, database))
                for at, pool in enumerate(pools)
            ]
            for one in playing:
                broken = one.result()
                if broken is not None:
                    return tell(broken, database)
                proof = read().longer(size, database)  # kills may be counted meanwhile
                write(proof)
    print(
        f"{proof.played(database)} runs on {database} of tree {proof.tree}, no violation;", end=" "
    )
    print("see docs/proof.md")
    for rule in proof.survivors:
        print(f"nothing breaks without: {rule}")
    return 1 if proof.survivors else 0


def kill(database: str, many: int) -> int:
    """Kill the real server so many times under load; 1 when an answer was lost."""
    proof = read()
    seed = proof.kills.get(database, 0)
    with house(database == "postgresql", seed) as home:
        for number, amiss in enumerate(kills(home, 0, many, seed)):
            if amiss:
                print(f"kill {number} of seed {seed}: " + "\n".join(amiss))
                return 1
        if amiss := settle(home):
            print("after the last kill: " + "\n".join(amiss))
            return 1
        answers = sum(len(phone.told) for phone in home.phones)
    write(read().killed(database, many, answers))
    print(f"{many} kills on {database}, {answers} answers, none lost; see docs/proof.md")
    return 0


_here: list[Simulator] = []
"""The simulator of a worker's own process."""


def begin(url: str) -> None:
    """Start a worker's simulator, once for all that it plays."""
    _here.append(Simulator(url).__enter__())


def seeds(first: int, count: int, database: str) -> list[int]:
    """Give the next seeds to play.

    Where phones are answered at the same time, one seed may end in two ways, both of them right:
    those that must end as they would with the clocks right are left to where order is given.
    """
    numbered = range(first, first + count)
    if database == "sqlite":
        return list(numbered)
    return [number + number // (CLOCKS_EVERY - 1) + 1 for number in numbered]


def play(chosen: Sequence[int]) -> Outcome | None:
    """Play some seeds; give the first that broke."""
    for seed in chosen:
        outcome = _here[0].play(seed)
        if outcome.violation is not None:
            return outcome
    return None


def tell(broken: Outcome, database: str) -> int:
    """Print what broke and how to see it again: in memory also with the fewest steps that do it.

    Where phones are answered at the same time, a seed says what is asked and not in which order.
    """
    print(broken.report())
    if database != "sqlite":
        print(f"there: ./run prove --seed {broken.seed} --database {database} --trace")
        return 1
    with Simulator() as simulator:
        steps = shrunk(simulator, broken)
    print(f"shrunk: ./run prove --seed {broken.seed} --steps {spans(steps)} --trace")
    return 1


def take_rules_out(proof: Proof) -> Proof:
    """See each rule's absence break a run, unless this tree has seen that already."""
    before = stated().deaths if COUNTS.exists() else {}
    with Simulator() as simulator:
        for mutant in MUTANTS:
            if mutant.rule not in proof.deaths:
                died = death(simulator, mutant, before.get(mutant.rule))
                proof = read().with_death(mutant.rule, died)
                write(proof)
    for rule in LANE_RULES:
        if rule.rule not in proof.deaths:
            by = missed(rule)
            proof = read().with_death(rule.rule, (f"`{rule.tests}`", by) if by else None)
            write(proof)
    return proof


def death(
    simulator: Simulator, mutant: Mutant, before: tuple[str, str] | None
) -> tuple[str, str] | None:
    """Give a seed that breaks without the rule, and what it breaks; None: it survives."""
    with mutant.taken_out(simulator.phones):
        for seed in seeds_from(before):
            outcome = simulator.play(seed)
            if outcome.breaks & set(mutant.breaks):
                return f"seed {seed}", min(outcome.breaks & set(mutant.breaks))
    return None


if __name__ == "__main__":
    sys.exit(main())
