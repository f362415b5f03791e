"""The servers we measure ourselves against, beside ours in one run on one machine.

Only ratios within a run compare; docs/decisions/beside-peers.md says what is alike
between them and what is not.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bench.peers import install, kinto, ours, pouchdb, rxdb
from bench.peers.peer import Peer
from bench.peers.report import Row, plain, tables
from bench.peers.workloads import NAMES, steps, warm
from bench.stage import ROOT

RESULTS = ROOT / "bench" / "results"
STORED = 100_000

PEERS: dict[str, Callable[[Path], AbstractContextManager[Peer]]] = {
    "sqlite": lambda folder: ours.started("sqlite"),
    "postgresql": lambda folder: ours.started("postgresql"),
    "kinto": lambda folder: kinto.started(install.python(), folder),
    "pouchdb": lambda folder: pouchdb.started(install.node(), folder),
    "rxdb": lambda folder: rxdb.started(install.node(), folder, NAMES),
}
"""Starts the peer in an empty folder."""
NEEDS = {"kinto": install.python, "pouchdb": install.node, "rxdb": install.node}


def main(words: list[str]) -> None:
    """Fetch all first, then measure each alone; SystemExit with words when that fails."""
    parser = argparse.ArgumentParser(prog="./run bench peers")
    parser.add_argument("--peer", choices=tuple(PEERS), action="append", help="only these")
    parser.add_argument("--only", default="", help="the beginning of a workload's name")
    parser.add_argument("--stored", type=int, default=STORED, help="records in W6")
    asked = parser.parse_args(words)
    chosen = asked.peer or list(PEERS)
    try:
        for name in chosen:
            NEEDS.get(name, lambda: None)()
    except install.CannotFetch as error:
        sys.exit(str(error))
    began, setups = datetime.now(UTC), dict[str, str]()
    rows: list[Row] = []
    for name in chosen:
        load = f"load of the machine at its start {os.getloadavg()[0]:.1f}"
        try:
            with started(name) as peer:
                durable = "" if peer.durable else "NOT DURABLE, "
                setups[peer.name] = f"{durable}{peer.about}; {load}"
                warm(peer)
                rows += measured(peer, asked.stored, asked.only)
        except (RuntimeError, OSError, subprocess.SubprocessError) as error:
            setups[name] = f"did not start: {error}"
        write(rows, setups, began)
    base = rows[0].peer if rows else ""
    print(*tables(rows, base), "", sep="\n")
    print(*(f"{name}: {about}" for name, about in setups.items()), sep="\n")
    print(f"× ours: beside {base}. {os.cpu_count()} cores. Written to {RESULTS.relative_to(ROOT)}.")


@contextmanager
def started(name: str) -> Iterator[Peer]:
    """The peer in a folder that is thrown away after."""
    with (
        tempfile.TemporaryDirectory(prefix="oppgang-peer-", ignore_cleanup_errors=True) as folder,
        PEERS[name](Path(folder)) as peer,
    ):
        yield peer


def measured(peer: Peer, stored: int, only: str) -> Iterator[Row]:
    """Every workload, one after the other; what a peer cannot do is said, and the next is tried."""
    for name, unit, work in steps(peer, stored):
        if not name.startswith((only, "W1")):
            continue
        print(f"· {peer.name}: {name}", file=sys.stderr, flush=True)
        try:
            yield Row(name, unit, peer.name, work())
        except (RuntimeError, OSError) as error:
            yield Row(name, unit, peer.name, None, f"{error}"[:200])


def write(rows: list[Row], setups: dict[str, str], began: datetime) -> None:
    """The run so far as a file beside the others, so that one that is broken off is not lost."""
    RESULTS.mkdir(exist_ok=True)
    machine = {"cores": os.cpu_count(), "python": platform.python_version()}
    run = {"at": began.isoformat(timespec="seconds"), "machine": machine, "peers": setups}
    said = json.dumps(run | {"rows": [plain(row) for row in rows]}, ensure_ascii=False, indent=1)
    (RESULTS / f"peers-{began:%Y%m%dT%H%M}.json").write_text(said + "\n")
