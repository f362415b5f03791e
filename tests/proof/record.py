"""What is proven of one state of the code: counts in docs/proof.json, words in docs/proof.md."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace

import orjson

from tests.proof.checked_by import checked_by
from tests.proof.phone_rules import LANE_RULES
from tests.simulation.mutants import SEEDS_MAX
from tests.simulation.phones import ROOT
from tests.simulation.rules_out import MUTANTS

COUNTS, PAGE = ROOT / "docs" / "proof.json", ROOT / "docs" / "proof.md"
PROVEN = (
    *("sync", "server/intake", "server/feed.py", "server/parity.py", "server/access.py"),
    "tests/simulation",
)
NUMBERS = (*(f"I-{number}" for number in range(1, 26)), "L-1", "L-2")
AIMS: Mapping[str, int] = {"runs": 100_000, "sqlite": 2_000, "postgresql": 200}
"""What a release is to stand on: runs of the simulator, and kills on each database."""


@dataclass(frozen=True)
class Proof:
    """How many runs held, how many kills lost nothing, and what noticed each missing rule."""

    tree: str
    runs: int = 0
    at_once: int = 0
    """Runs on PostgreSQL, where phones that come together are answered at the same time."""
    kills: Mapping[str, int] = field(default_factory=dict)
    answers: Mapping[str, int] = field(default_factory=dict)
    """How many answers phones had seen before a kill, and were found again; by database."""
    deaths: Mapping[str, tuple[str, str] | None] = field(default_factory=dict)
    """For each rule, by its words: the seed or test that died without it, and what it broke."""

    @property
    def survivors(self) -> list[str]:
        """Give the rules that nothing missed."""
        return [rule for rule in rules() if not self.deaths.get(rule)]

    def played(self, database: str) -> int:
        """Give how many runs held on a database."""
        return self.runs if database == "sqlite" else self.at_once

    def longer(self, runs: int, database: str) -> Proof:
        """Count runs that held."""
        if database == "sqlite":
            return replace(self, runs=self.runs + runs)
        return replace(self, at_once=self.at_once + runs)

    def killed(self, database: str, kills: int, answers: int) -> Proof:
        """Count kills that lost nothing."""
        return replace(
            self,
            kills={**self.kills, database: self.kills.get(database, 0) + kills},
            answers={**self.answers, database: self.answers.get(database, 0) + answers},
        )

    def with_death(self, rule: str, death: tuple[str, str] | None) -> Proof:
        """Note what became of a rule that was taken out."""
        return replace(self, deaths={**self.deaths, rule: death})


def rules() -> list[str]:
    """Give every rule that is taken out, in words."""
    return [one.rule for one in (*MUTANTS, *LANE_RULES)]


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


def stated() -> Proof:
    """Give the proof that is written down, of whichever code it is."""
    known = orjson.loads(COUNTS.read_bytes())
    deaths = {rule: died and (str(died[0]), str(died[1])) for rule, died in known["deaths"].items()}
    return Proof(**{**known, "deaths": deaths})


def read() -> Proof:
    """Give the proof of this very code so far; another code's proof counts for nothing."""
    tree = tree_hash()
    known = stated() if COUNTS.exists() else Proof(tree)
    return known if known.tree == tree else Proof(tree)


def write(proof: Proof) -> None:
    """Write the counts and the page."""
    COUNTS.write_bytes(orjson.dumps(asdict(proof), option=orjson.OPT_INDENT_2) + b"\n")
    PAGE.write_text(page(proof), "utf-8")


def seeds_from(died: tuple[str, str] | None) -> Iterator[int]:
    """Give the seeds to play without a rule: all of them, from the one that it was missed by."""
    first = int(died[0].removeprefix("seed ")) if died else 0
    for step in range(SEEDS_MAX):
        yield (first + step) % SEEDS_MAX


def page(proof: Proof) -> str:
    """Give docs/proof.md."""
    watched = checked_by()
    lines = [
        "# What is proven, and how often",
        "",
        "Written by `./run prove`, never by hand. Phones (the real `phone.ts`), the real intake,",
        "feed, access and erasure, people and a bad network act under one seed; after every run",
        "every invariant of `sync/README.md` is checked. Each rule that an invariant rests on is",
        f"also taken out, to see that a run breaks without it within {SEEDS_MAX} seeds. A run is",
        "replayed by `./run prove --seed N`. And the real server, or the whole database cluster,",
        "is killed under load: every answer that a phone had seen must be there afterwards, the",
        "database sound. A kill loses no page cache: that a disk keeps its word is not shown here.",
        "",
        f"This page stands on code and simulator `{proof.tree}`. Counters belong to that hash:",
        "what was played on other code counts for nothing here.",
        "",
        "| what | so far | lost, doubled or broken | aim for a release |",
        "|---|---|---|---|",
        f"| runs of the simulator | {proof.runs:,} | 0 | {AIMS['runs']:,} |",
        f"| of others on PostgreSQL, several phones at a time | {proof.at_once:,} | 0 | |",
        *(
            f"| kills on {words} | {proof.kills.get(name, 0):,}, after"
            f" {proof.answers.get(name, 0):,} answers | 0 | {AIMS[name]:,} |"
            for name, words in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL"))
        ),
        f"| rules taken out | {len(rules())} | {len(proof.survivors)} survive | 0 survive |",
        "",
        "| invariant | checked by | rule taken out | dies at | by breaking |",
        "|---|---|---|---|---|",
    ]
    for number in NUMBERS:
        by = ", ".join(f"`{name}`" for name in watched.get(number, ()))
        for one in (*MUTANTS, *LANE_RULES):
            if one.holds == number:
                where, broke = proof.deaths.get(one.rule) or ("nothing: it survives", "")
                cells = (number, by or "tests of the app", one.rule, where, broke)
                lines.append(f"| {' | '.join(cells)} |")
                by = by and "as above"
    return "\n".join(lines) + "\n"
