"""The steps of `./run test`, shown one after another with their time; it judges nothing itself.

Steps that only read the files, each on one processor, run beside each other.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from tests import browser, postgres, shares

ROOT = Path(__file__).resolve().parent.parent
LOGS = ROOT / "var" / "test"
SHOWN_LINES_MAX = 150
BESIDE_MAX = 2
"""As many as the smallest machine that this is run on has processors."""
BUILD_MAX_S = 4_700
"""The build server ends a build after 90 minutes, of which some go before and after the steps."""
JOURNEYS_TAKE = 2.2
"""How much longer the journeys take than all other tests on SQLite, on whichever machine."""
COMPILED_ONCE = {"PYTHONDONTWRITEBYTECODE": ""}
"""Where this is set, as in many containers, each of some dozen processes compiles every file anew,
which takes as long as to run what is in them."""


def nothing_missing() -> str | None:
    """The default need: none."""
    return None


@dataclass(frozen=True)
class Step:
    """One command; `missing` says how to get what it lacks, None when all is here.

    `beside`: it changes nothing that another such step reads, and may run while that does.
    """

    name: str
    command: tuple[str, ...]
    folder: str = "."
    settings: dict[str, str] = field(default_factory=dict)
    missing: Callable[[], str | None] = nothing_missing
    counts: bool = False
    beside: bool = False
    in_parts: float = 0.0
    """How much of the time that is left in a build it may take; it plays the part that fits."""

    @property
    def report(self) -> Path:
        """Where a counting step writes its results as JUnit XML."""
        return LOGS / f"{self.name}.xml"


@dataclass
class Result:
    """How a step ended: `ok`, `failed` or `missing`, and what it counted."""

    step: Step
    state: str
    seconds: float
    line: str = ""
    passed: int = 0
    skipped: int = 0
    cells: int = 0
    """How many answers of the access matrix were asked for (tests/matrix)."""


def python(*words: str) -> tuple[str, ...]:
    """A command of this very Python."""
    return (sys.executable, "-m", *words)


def pytest_step(
    name: str, *words: str, database: str, browsers: bool = False, in_parts: float = 0.0
) -> Step:
    """A pytest run on one database; it counts, and says when a database or browser is missing."""

    def missing() -> str | None:
        lacks = [postgres.missing() if database == "postgresql" else None]
        lacks.append(browser.missing() if browsers else None)
        return "; ".join(lack for lack in lacks if lack) or None

    command = python("pytest", *words, f"--junitxml={LOGS / name}.xml")
    settings = {"OPPGANG_TEST_DATABASE": database}
    return Step(name, command, settings=settings, missing=missing, counts=True, in_parts=in_parts)


def steps() -> Iterator[Step]:
    """All steps in the order they run: the quick and telling ones first.

    What asks for no database, and how screens look, is proven once, with those that run on SQLite.
    """
    lint_imports = str(Path(sys.executable).parent / "lint-imports")
    for name, command in (
        ("ruff-check", python("ruff", "check", "--output-format=concise", ".")),
        ("ruff-format", python("ruff", "format", "--check", ".")),
        ("mypy", python("mypy")),
        ("import-rules", (lint_imports,)),
        ("contract-is-current", python("server", "contract", "--check")),
    ):
        yield Step(name, command, beside=True)
    for name, word in (("eslint", "lint"), ("svelte-check", "check")):
        yield Step(name, ("npm", "run", "--silent", word), folder="pwa", beside=True)
    vitest = ("npm", "run", "--silent", "test", "--", "--reporter=default", "--reporter=junit")
    yield Step(
        "vitest", (*vitest, f"--outputFile.junit={LOGS / 'vitest.xml'}"), folder="pwa", counts=True
    )
    yield Step("phone-build", ("./run", "install"))
    apart = ("--ignore=tests/journeys", "--ignore=tests/simulation")
    for database in ("sqlite", "postgresql"):
        asked = () if database == "sqlite" else ("-m", "database")
        words = ("tests", "-n2", "--dist=worksteal", *apart, *asked)
        yield pytest_step(f"pytest-{database}", *words, database=database)
    yield pytest_step("simulator", "tests/simulation", "-n2", database="sqlite")
    for database in ("sqlite", "postgresql"):
        asked = () if database == "sqlite" else ("-m", "not drawn")
        yield pytest_step(
            f"journeys-{database}",
            *("tests/journeys", "-n4", "--dist=worksteal", *asked),
            database=database,
            browsers=True,
            in_parts=0.75 if database == "sqlite" else 1.0,
        )


def part_of(step: Step, before: list[Result], spent_s: float) -> Step:
    """Give a step that plays no more than a build has time for; it says so when that is not all."""
    expected_s = sum(JOURNEYS_TAKE * r.seconds for r in before if r.step.name == "pytest-sqlite")
    left_s = (BUILD_MAX_S - spent_s) * step.in_parts
    share = shares.share(expected_s, left_s, datetime.now(UTC).toordinal())
    if share != shares.ALL:
        print(f"· {step.name}: no time for all of them; part {share} is played", flush=True)
    return replace(step, settings={**step.settings, shares.SETTING: share})


def counted(report: Path) -> tuple[int, int]:
    """(passed, skipped) of a JUnit report, (0, 0) when there is none."""
    if not report.exists():
        return 0, 0
    sums = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        for key in sums:
            sums[key] += int(suite.get(key, 0))
    bad = sums["failures"] + sums["errors"] + sums["skipped"]
    return sums["tests"] - bad, sums["skipped"]


def cells_of(report: Path) -> int:
    """Give how many cells of the access matrix the tests of a JUnit report went through."""
    if not report.exists():
        return 0
    said = ElementTree.parse(report).getroot().iter("property")
    return sum(int(each.get("value", 0)) for each in said if each.get("name") == "cells")


def run(step: Step, extra: list[str], strict: bool) -> Result:
    """Run one step with its output in a log; in CI (`strict`) nothing may be missing or skipped."""
    lack = step.missing()
    if lack:
        return Result(step, "failed" if strict else "missing", 0.0, lack)
    step.report.unlink(missing_ok=True)
    log, started = LOGS / f"{step.name}.log", time.monotonic()
    with log.open("wb") as out:
        command = [*step.command, *(extra if step.counts else [])]
        code = subprocess.run(
            command,
            cwd=ROOT / step.folder,
            env={**os.environ, **COMPILED_ONCE, **step.settings},
            stdout=out,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    seconds = time.monotonic() - started
    passed, skipped = counted(step.report)
    state, cells = "ok" if code == 0 else "failed", cells_of(step.report)
    result = Result(step, state, seconds, "", passed, skipped, cells)
    if step.counts:
        result.line = f"{passed} passed" + (f", {skipped} skipped" if skipped else "")
    if cells and code == 0:
        result.line += f", {cells} cells of access, 0 wrong"
    if result.state == "ok" and strict and (skipped or (step.counts and not passed)):
        result.state, result.line = "failed", result.line + ": in CI every test must run"
    return result


def show(result: Result) -> None:
    """One line for the step, and the end of its log when it failed."""
    mark = {"ok": "✓", "failed": "✗", "missing": "–"}[result.state]
    print(f"{mark} {result.step.name:<22}{result.seconds:7.1f} s  {result.line}", flush=True)
    log = LOGS / f"{result.step.name}.log"
    if result.state == "failed" and log.exists():
        lines = log.read_text(errors="replace").splitlines()
        print("\n".join(f"    {line}" for line in lines[-SHOWN_LINES_MAX:]), flush=True)


def close(results: list[Result], seconds: float) -> int:
    """The closing lines: what failed, what was left out, how many passed; returns the exit code."""
    failed = [r.step.name for r in results if r.state == "failed"]
    left_out = [f"{r.step.name} ({r.line})" for r in results if r.state == "missing"]
    skipped = sum(r.skipped for r in results)
    print()
    if left_out:
        print("Left out: " + "; ".join(left_out))
    if failed:
        print("Failed steps: " + ", ".join(failed))
    counts = [f"{len(failed)} steps failed"] if failed else []
    counts.append(f"{sum(r.passed for r in results)} passed")
    counts += [f"{skipped} skipped"] if skipped else []
    cells = max((r.cells for r in results if r.state == "ok"), default=0)
    counts += [f"{cells} cells of access, 0 wrong"] if cells else []
    print(f"===== {', '.join(counts)} in {seconds:.2f}s, {len(results)} steps =====")
    return 1 if failed else 0


def main() -> int:
    """Run the steps that were asked for; 0 only when none failed."""
    parser = argparse.ArgumentParser(prog="./run test")
    parser.add_argument("--only", metavar="X", default="", help="steps whose name contains X")
    parser.add_argument("extra", nargs="*", help="after --: words for pytest and vitest")
    asked = parser.parse_args()
    chosen = [step for step in steps() if asked.only in step.name]
    if not chosen:
        names = ", ".join(step.name for step in steps())
        print(f"No step is called {asked.only}. The steps: {names}")
        return 2
    LOGS.mkdir(parents=True, exist_ok=True)
    strict, started = os.environ.get("CI") == "true", time.monotonic()
    results: list[Result] = []
    with ThreadPoolExecutor(BESIDE_MAX) as pool:
        begun = {s.name: pool.submit(run, s, asked.extra, strict) for s in chosen if s.beside}
        for step in chosen:
            waits = begun.get(step.name)
            if strict and step.in_parts:
                step = part_of(step, results, time.monotonic() - started)
            results.append(waits.result() if waits else run(step, asked.extra, strict))
            show(results[-1])
    return close(results, time.monotonic() - started)


if __name__ == "__main__":
    sys.exit(main())
