"""What is proven of one state of the code: counts in docs/proof.json, words in docs/proof.md."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import orjson

from tests.simulation.mutants import SEEDS_MAX
from tests.simulation.phones import ROOT
from tests.simulation.rules_out import MUTANTS

COUNTS, PAGE = ROOT / "docs" / "proof.json", ROOT / "docs" / "proof.md"
PROVEN = ("sync", "server/intake", "server/feed.py", "server/access.py", "tests/simulation")
ELSEWHERE = {
    "I-14": "`tests/server/test_attachment_lane.py`, `tests/journeys`",
    "I-19": "`pwa/tests`, `tests/server/test_attachments.py`",
}
"""What no run of the simulator can see, and the tests that hold it."""
NUMBERS = (*(f"I-{number}" for number in range(1, 26)), "L-1", "L-2")


@dataclass(frozen=True)
class Proof:
    """How many runs held, and by which seed each missing rule was noticed."""

    tree: str
    runs: int = 0
    deaths: tuple[tuple[int, str] | None, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Say whether every rule that was taken out was missed."""
        return bool(self.deaths) and all(self.deaths)

    def longer(self, runs: int) -> Proof:
        """Count runs that held."""
        return replace(self, runs=self.runs + runs)

    def with_deaths(self, deaths: Sequence[tuple[int, str] | None]) -> Proof:
        """Note what became of the rules that were taken out."""
        return replace(self, deaths=tuple(deaths))


def tree_hash() -> str:
    """Name the code that is proven, and the simulator that proves it, by their bytes."""
    found = hashlib.sha256()
    for name in PROVEN:
        where = ROOT / name
        files = sorted(where.rglob("*")) if where.is_dir() else [where]
        for path in files:
            if path.suffix in (".py", ".ts", ".mjs"):
                found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()[:16]


def read() -> Proof:
    """Give the proof of this very code so far; another code's proof counts for nothing."""
    tree = tree_hash()
    if COUNTS.exists():
        known = orjson.loads(COUNTS.read_bytes())
        if known["tree"] == tree:
            deaths = tuple(one and (int(one[0]), str(one[1])) for one in known["deaths"])
            return Proof(tree, int(known["runs"]), deaths)
    return Proof(tree)


def write(proof: Proof) -> None:
    """Write the counts and the page."""
    COUNTS.write_bytes(orjson.dumps(asdict(proof), option=orjson.OPT_INDENT_2) + b"\n")
    PAGE.write_text(page(proof), "utf-8")


def page(proof: Proof) -> str:
    """Give docs/proof.md."""
    lines = [
        "# What is proven, and how often",
        "",
        "Written by `./run prove`, never by hand. Phones (the real `phone.ts`), the real intake,",
        "feed, access and erasure, people and a bad network act under one seed; then every",
        "invariant of `sync/README.md` is checked. Each rule is also taken out, to see that a run",
        f"breaks without it within {SEEDS_MAX} seeds. A run is replayed by `./run prove --seed N`.",
        "",
        f"Code and simulator `{proof.tree}`: **{proof.runs} runs, 0 violations.**",
        "",
        "| invariant | rule taken out | dies at seed | by breaking |",
        "|---|---|---|---|",
    ]
    deaths = proof.deaths or (None,) * len(MUTANTS)
    for number in NUMBERS:
        for mutant, died in zip(MUTANTS, deaths, strict=True):
            if mutant.holds == number:
                seed, broke = died or ("survives", "")
                lines.append(f"| {number} | {mutant.rule} | {seed} | {broke} |")
        if number in ELSEWHERE:
            lines.append(f"| {number} | held elsewhere: {ELSEWHERE[number]} | | |")
    return "\n".join(lines) + "\n"
