"""P6: whether a steady day and a sync with nothing to do cost more when much is stored.

All that is stored lies in the one area whose team is measured, so that the phones' own scopes are
as large as the database.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from bench.load import Figures, Phone
from bench.memory import Memory
from bench.stage import Device, Stage, name_id, stages
from bench.sync import idle_rounds, lay_ground, steady_rounds
from server.access import Actor
from server.intake import take

SIZES, LARGE = (10_000, 100_000), 1_000_000
TEAM, ROUNDS, IDLERS, IDLE_ROUNDS, REPEATS = 10, 20, 4, 500, 3
BATCH = 500
BAR = 1.1
WORKER_BAR_MB = 200


def main(words: list[str]) -> None:
    """Measure at each size, on a database that grows."""
    parser = argparse.ArgumentParser(prog="./run bench growth")
    parser.add_argument("--large", action="store_true", help=f"{LARGE:,} records too")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    sizes = (*SIZES, LARGE) if asked.large else SIZES
    with stages(tuple(asked.database or ("sqlite", "postgresql"))) as each:
        for stage in each:
            grow(stage, sizes)


def grow(stage: Stage, sizes: tuple[int, ...]) -> None:
    """All sizes on one database, each beside the first."""
    [device] = stage.devices(1, 1)
    lay_ground(stage, [device])
    print(f"\n{stage.name}: CPU ms a sync, of server and database; ratio to the first, bar {BAR}")
    print(f"{'stored':>10}{'W3 steady':>12}{'ratio':>8}{'W4 nothing':>12}{'ratio':>8}")
    first: tuple[float, float] | None = None
    stored, memory = 0, Memory(stage.roots)
    for size in sizes:
        store(stage, device, stored, size)
        stored = size
        w3, w4 = measure(stage, settled(stage, device, size))
        first = first or (w3, w4)
        ratios = w3 / first[0], w4 / first[1]
        print(f"{size:>10}{w3:>12.2f}{ratios[0]:>8.2f}{w4:>12.3f}{ratios[1]:>8.2f}", flush=True)
        memory.look()
    print(f"largest process {memory.largest_mb:.0f} MB, bar for a worker {WORKER_BAR_MB}")


def measure(stage: Stage, phones: Sequence[Phone]) -> tuple[float, float]:
    """CPU ms a sync with work and without, the middle of a few."""
    w3 = [steady_rounds(stage, phones, ROUNDS) for _ in range(REPEATS)]
    w4 = [idle_rounds(stage, phones[:IDLERS], IDLE_ROUNDS, IDLERS) for _ in range(REPEATS)]
    return median(w3), median(w4)


def median(taken: Sequence[Figures]) -> float:
    """CPU ms a unit, the middle one."""
    return statistics.median(1e3 * figures.cpu_s / figures.units for figures in taken)


def store(stage: Stage, device: Device, stored: int, size: int) -> None:
    """Agreed visits in the team's area, written in this process as the server's own work."""
    hand = Phone(replace(device, replica=name_id("hand", size)), stage)
    actor = Actor(device.user, ())
    for _ in range(stored, size, BATCH):
        some = [hand.new() for _ in range(BATCH)]
        take(stage.database, actor, hand.device.replica, some, datetime.now(UTC), server=True)


def settled(stage: Stage, device: Device, size: int) -> list[Phone]:
    """The team's phones at the head of the feed: one pulls, the others begin where it ended."""
    names = (name_id("phone", size, number) for number in range(TEAM))
    phones = [Phone(replace(device, replica=name), stage, packed=True) for name in names]
    for phone in phones:
        phone.register()
    first = phones[0]
    while first.sync([], limit=1000)["more"]:
        pass
    first.hang_up()
    for phone in phones[1:]:
        phone.cursor, phone.incarnation = first.cursor, first.incarnation
    return phones
