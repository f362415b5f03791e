"""What it takes to bring in a municipality's stock: 20,000 dwellings, then their tenancies.

Each file is read, shown and written as the office does it, on a fresh database; then it is shown
once more, which must find nothing to do.
"""

from __future__ import annotations

import argparse
import resource
import time
from datetime import UTC, datetime

from bench.stage import name_id, stages
from server import people
from server.access import actor_of
from server.database import Database
from server.imports import DWELLINGS, TENANCIES, Options, Plan, Writer, apply, make_plan
from server.intake import take
from server.roles import Role
from sync.mutation import office_replica
from tests.makers import mutation
from tests.stock_files import dwellings_file, tenancies_file

AREAS = ("Nord", "Sør", "Øst", "Vest")
LEADER = name_id("leader")
BAR_S = 20.0
COLUMNS = ("show", "write", "both", "CPU", "again", "records")


def main(words: list[str]) -> None:
    """Bring in both files on each database."""
    parser = argparse.ArgumentParser(prog="./run bench imports")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    asked = parser.parse_args(words)
    files = (
        (DWELLINGS, dwellings_file(asked.rows, AREAS)),
        (TENANCIES, tenancies_file(asked.rows)),
    )
    with stages(tuple(asked.database or ("sqlite", "postgresql"))) as each:
        for stage in each:
            lay_ground(stage.database)
            print(f"\n{stage.name}: {asked.rows} rows a file; bar {BAR_S:.0f} s to show and write")
            print("".join(f"{word:>10}" for word in ("seconds", *COLUMNS)))
            for what, raw in files:
                bring_in(stage.database, what, raw)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"this process had {peak:.0f} MB at most")


def lay_ground(database: Database) -> None:
    """A leader of everything, and the areas that the files name."""
    now = datetime.now(UTC)
    with database.writing() as session:
        people.add_user(session, LEADER, "Leder", now)
        people.grant(session, name_id("grant"), LEADER, Role.LEADER, None)
    with database.reading() as session:
        actor = actor_of(session, LEADER)
    made = [
        mutation("area", name_id("area", name), {"name": name}, author=LEADER, now=now)
        for name in AREAS
    ]
    for result in take(database, actor, office_replica(LEADER), made, now):
        if result.state != "applied":
            raise RuntimeError(f"an area was not made: {result}")


def bring_in(database: Database, what: str, raw: bytes) -> None:
    """Show and write one file, and show it again."""
    began, cpu = time.perf_counter(), time.process_time()
    plan, writer = planned(database, what, raw)
    shown = time.perf_counter()
    outcome = apply(database, writer, plan, datetime.now(UTC), raw=raw)
    written, cpu = time.perf_counter(), time.process_time() - cpu
    again, _ = planned(database, what, raw)
    ended = time.perf_counter()
    if plan.faults or again.steps or outcome.asked or outcome.held:
        raise RuntimeError(f"not brought in whole: {plan.faults.first[:3]} {outcome}")
    both = written - began
    spent = shown - began, written - shown, both, cpu, ended - written
    row = "".join(f"{seconds:>10.1f}" for seconds in spent)
    print(f"{what:>10}{row}{outcome.applied:>10}{'  over' if both > BAR_S else ''}", flush=True)


def planned(database: Database, what: str, raw: bytes) -> tuple[Plan, Writer]:
    """The dry run, as a leader."""
    with database.reading() as session:
        actor = actor_of(session, LEADER)
        plan = make_plan(session, actor, what, raw, Options(), datetime.now(UTC))
    return plan, Writer.person(actor)
