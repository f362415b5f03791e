"""Rules of the lanes, which no run of the simulator can see: taken out of a copy of the app.

What must die then are tests of the app itself.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.simulation.phones import ROOT


@dataclass(frozen=True)
class LaneRule:
    """A rule in a file of the app, what stands there without it, and the tests that miss it."""

    holds: str
    rule: str
    file: str
    old: str
    new: str
    tests: str


LANE_RULES = (
    LaneRule(
        "I-14",
        "A photo under way makes room for data that wants to go",
        "photos.svelte.ts",
        "this.#lane.standAside()",
        "void 0",
        "tests/photos.test.ts",
    ),
    LaneRule(
        "I-19",
        "A photo leaves the phone only when the feed has said that it is stored",
        "photos.svelte.ts",
        "state === 'stored' && base === undefined",
        "base === undefined",
        "tests/photos.test.ts",
    ),
)


def missed(rule: LaneRule) -> str | None:
    """Run the app's tests without a rule: give the first that dies, None when all pass.

    Raises AssertionError when the rule is not where it was.
    """
    with tempfile.TemporaryDirectory(prefix="oppgang-lane-") as folder:
        here = Path(folder)
        left_out = shutil.ignore_patterns("node_modules", "dist")
        for name in ("pwa", "sync"):
            shutil.copytree(ROOT / name, here / name, ignore=left_out)
        (here / "pwa" / "node_modules").symlink_to((ROOT / "pwa" / "node_modules").resolve())
        file = here / "pwa" / "src" / rule.file
        text = file.read_text()
        assert text.count(rule.old) == 1, f"a mutant no longer fits {rule.file}: {rule.old}"
        file.write_text(text.replace(rule.old, rule.new))
        command = ["node_modules/.bin/vitest", "run", rule.tests, "--reporter=dot", "--no-color"]
        done = subprocess.run(
            command, cwd=here / "pwa", capture_output=True, text=True, check=False
        )
    failed = [
        line for line in done.stdout.splitlines() + done.stderr.splitlines() if "FAIL" in line
    ]
    return failed[0].split(">")[-1].strip() if done.returncode and failed else None
