"""Fetches the peers into an environment of the bench's own; the app's own packages stay untouched.

Both locks hold a hash for everything and no address, so that a mirror works.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.stage import ROOT

HERE = Path(__file__).resolve().parent
HOME = ROOT / "var" / "bench" / "peers"
PYTHON_LOCK = HERE / "requirements.lock"
NODE_FILES = [HERE / name for name in ("package.json", "package-lock.json")]
NODE_SERVERS = sorted(HERE.glob("*.mjs"))
TIMEOUT_S = 900
WORDS_MAX = 600


class CannotFetch(Exception):
    """A peer could not be fetched; the text says which registry, and what to do."""


def python() -> Path:
    """The interpreter of a venv that holds Kinto; CannotFetch when PyPI does not give it."""
    venv = HOME / "venv"
    interpreter = venv / "bin" / "python"
    if not fresh(venv, [PYTHON_LOCK]):
        print("· fetching Kinto from PyPI", file=sys.stderr)
        shutil.rmtree(venv, ignore_errors=True)
        fetch("PyPI", [sys.executable, "-m", "venv", str(venv)], ROOT)
        pip = [str(interpreter), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        fetch("PyPI", [*pip, "--require-hashes", "--no-deps", "-r", str(PYTHON_LOCK)], ROOT)
        stamp(venv, [PYTHON_LOCK])
    return interpreter


def node() -> Path:
    """A folder with the two servers and their packages; CannotFetch when npm does not give them."""
    folder = HOME / "node"
    if not fresh(folder, NODE_FILES):
        print("· fetching PouchDB server and RxDB server from npm", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for file in NODE_FILES:
            shutil.copy(file, folder)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        fetch("npm", ["npm", "ci", *quiet], folder)
        stamp(folder, NODE_FILES)
    for file in NODE_SERVERS:
        shutil.copy(file, folder)
    return folder


def fetch(registry: str, command: Sequence[str], folder: Path) -> None:
    """Run one step; raise CannotFetch in words when it fails or takes too long."""
    try:
        done = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=TIMEOUT_S
        )
    except subprocess.TimeoutExpired:
        raise CannotFetch(words(registry, f"nothing came within {TIMEOUT_S} s")) from None
    if done.returncode:
        raise CannotFetch(words(registry, shortened((done.stderr or done.stdout).strip())))


def shortened(said: str) -> str:
    """The beginning and the end: npm says first what is wrong, pip last."""
    if len(said) <= WORDS_MAX:
        return said
    return f"{said[: WORDS_MAX // 2]} … {said[-WORDS_MAX // 2 :]}"


def words(registry: str, said: str) -> str:
    """What happened, what is safe, what to do."""
    return (
        f"{registry} did not give what the lock names, so its peers cannot be measured.\n"
        f"Nothing outside {HOME.relative_to(ROOT)} was touched. Is {registry} reachable?\n"
        "Name the others with --peer to measure without them.\n"
        f"It said: {said or 'nothing'}"
    )


def fresh(folder: Path, files: Sequence[Path]) -> bool:
    """Say whether the folder was made from these very files."""
    mark = folder / ".stamp"
    return mark.exists() and mark.read_text() == total(files)


def stamp(folder: Path, files: Sequence[Path]) -> None:
    """Say what the folder was made from."""
    (folder / ".stamp").write_text(total(files))


def total(files: Sequence[Path]) -> str:
    """One sum of them all."""
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
