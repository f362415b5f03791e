"""The rules of the house, as tests over the files that git tracks; they know no feature."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FILE_LINES_MAX = 300
LONGER = {
    "pwa/src/programmes/words.ts": 313,
    "pwa/tests/phone/answers.test.ts": 400,
    "server/feed.py": 350,
    "server/intake/turn.py": 320,
    "sync/phone.ts": 600,
    "tests/server/test_doors.py": 450,
    "tests/server/test_intake.py": 500,
    "tests/office/test_decisions.py": 350,
    "tests/simulation/rules_out.py": 350,
}
"""What is longer for now, and how long it may be. Figures here go down and rows go away."""
FUNCTION_LINES_MAX = 70
CODE = (".py", ".ts", ".svelte", ".html", ".js")
GENERATED = ("pwa/src/contract.ts", "server/migrations/versions/")
FLASK_GLOBALS = {"request", "g", "current_app", "session"}
DOORS = ("server/api/", "server/office/", "server/__init__.py")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
SKIPS = re.compile(r"\b(pytest\.skip|mark\.skip|mark\.skipif|mark\.xfail|importorskip)\b")
JS_SKIPS = re.compile(r"\b(it|test|describe)\.(skip|skipIf|runIf|only|todo)\b")
FOREIGN = tuple(
    "".join(parts)
    for parts in (
        ("registry.npm", "js.org"),
        ("files.python", "hosted.org"),
        ("pypi.", "org"),
        ("deb.", "debian.org"),
        ("/opt/", "pypi"),
        ("/ro", "ot/"),
        ("/wo", "rk/"),
        ("/ho", "me/"),
    )
)


@cache
def tracked() -> tuple[str, ...]:
    """Every file that git tracks, or would, and that is still there."""
    words = [
        "git",
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout
    names = {name for name in listed.decode().split("\0") if name}
    return tuple(sorted(name for name in names if (ROOT / name).is_file()))


def text_of(name: str) -> str:
    """A tracked file's text, empty when it is not text."""
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def python_files(*folders: str) -> list[str]:
    """The tracked Python files in the folders, migrations left out."""
    within = tuple(f"{folder}/" for folder in folders)
    found = [name for name in tracked() if name.endswith(".py") and name.startswith(within)]
    return [name for name in found if not name.startswith(GENERATED)]


ALL_PYTHON = ("server", "sync", "tests", "bench")


@cache
def tree(name: str) -> ast.Module:
    """The syntax tree of a Python file."""
    return ast.parse(text_of(name))


def imports(name: str) -> Iterator[str]:
    """The full names of the modules that a file imports, wherever in it."""
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def none(found: list[str]) -> None:
    """Fail with a readable list."""
    assert not found, "\n" + "\n".join(found)


def test_every_module_opens_by_saying_what_it_is() -> None:
    none(
        [
            name
            for name in python_files(*ALL_PYTHON)
            if text_of(name).strip() and not ast.get_docstring(tree(name))
        ]
    )


def test_files_are_short_enough_to_read_at_once() -> None:
    long = []
    for name in tracked():
        if name.endswith(CODE) and not name.startswith(GENERATED):
            lines = text_of(name).count("\n")
            if lines > LONGER.get(name, FILE_LINES_MAX):
                long.append(f"{name}: {lines} lines, at most {FILE_LINES_MAX}")
            elif name in LONGER and lines <= FILE_LINES_MAX:
                long.append(f"{name}: short again, take it out of LONGER")
    none(long)


def test_functions_are_short_enough_to_hold_in_mind() -> None:
    long = []
    for name in python_files(*ALL_PYTHON):
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES_MAX:
                    long.append(f"{name}:{node.lineno} {node.name}: {lines} lines")
    none(long)


def test_nothing_is_left_for_later() -> None:
    none(
        [
            f"{name}:{number}"
            for name in tracked()
            if name.endswith((*CODE, ".css", ".md", ".toml", ".yaml")) or name == "run"
            for number, line in enumerate(text_of(name).splitlines(), 1)
            if UNFINISHED.search(line)
        ]
    )


def test_no_test_is_skipped_or_expected_to_fail() -> None:
    found = [name for name in python_files("tests") if SKIPS.search(text_of(name))]
    found += [
        name
        for name in tracked()
        if name.startswith("pwa/") and name.endswith(".ts") and JS_SKIPS.search(text_of(name))
    ]
    none([name for name in found if name != "tests/test_house.py"])


def test_no_registry_host_and_no_path_of_one_machine_is_in_the_repository() -> None:
    none(
        [
            f"{name}: {host}"
            for name in tracked()
            if name != "tests/test_house.py"
            for host in FOREIGN
            if re.search(rf"(?<![\w.]){re.escape(host)}", text_of(name))
        ]
    )


def test_sync_stands_on_the_standard_library_alone() -> None:
    allowed = {*sys.stdlib_module_names, "sync"}
    none(
        [
            f"{name} imports {module}"
            for name in python_files("sync")
            for module in imports(name)
            if module.split(".")[0] not in allowed
        ]
    )


def test_the_phones_half_of_the_protocol_imports_nothing() -> None:
    assert not re.search(r"^\s*import\b|\bimport\(|\brequire\(", text_of("sync/phone.ts"), re.M)


def test_flasks_globals_stay_at_the_doors() -> None:
    found = []
    for name in python_files("server"):
        if name.startswith(DOORS):
            continue
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.ImportFrom) and node.module == "flask":
                found += [f"{name}: {a.name}" for a in node.names if a.name in FLASK_GLOBALS]
    none(found)


def test_only_one_file_names_flask_sqlalchemy_or_a_driver() -> None:
    drivers = {"flask_sqlalchemy", "sqlcipher3", "psycopg", "sqlite3"}
    none(
        [
            f"{name} imports {module}"
            for name in python_files("server")
            if name != "server/database.py"
            for module in imports(name)
            if module.split(".")[0] in drivers
        ]
    )


def test_a_kind_knows_no_other_kind() -> None:
    shared = (f"server.records.{name}" for name in ("record", "purposes", "standing", "disclosure"))
    allowed = ("server.field", "server.shapes", "server.roles", "sync", *shared)
    found = []
    for name in python_files("server/records"):
        declared = [
            k.arg for n in ast.walk(tree(name)) if isinstance(n, ast.ClassDef) for k in n.keywords
        ]
        if "kind" not in declared:
            continue
        for module in imports(name):
            if module.startswith("server") and not module.startswith(allowed):
                found.append(f"{name} imports {module}")
    none(found)


def test_nothing_outside_the_records_asks_which_kind_it_is() -> None:
    found = []
    for name in python_files("server", "sync"):
        if name.startswith("server/records/"):
            continue
        for node in ast.walk(tree(name)):
            if isinstance(node, ast.Compare) and _compares_a_kind(node):
                found.append(f"{name}:{node.lineno}")
    none(found)


def _compares_a_kind(node: ast.Compare) -> bool:
    names = {getattr(node.left, "id", None), getattr(node.left, "attr", None)}
    constants = [side.value for side in node.comparators if isinstance(side, ast.Constant)]
    return "kind" in names and any(isinstance(value, str) and value for value in constants)


SEAMS = ("indexedDB", "fetch(", "crypto.subtle")
"""Only the store opens the database, only the courier fetches, only the vault holds keys."""


@pytest.mark.parametrize("word", SEAMS)
def test_screens_never_reach_past_the_apps_seam(word: str) -> None:
    none(
        [
            name
            for name in tracked()
            if name.startswith(("pwa/src/screens/", "pwa/src/ui/")) and word in text_of(name)
        ]
    )


def test_every_command_of_run_is_told_of_and_in_the_operations_page() -> None:
    script = text_of("run")
    branches = re.search(r"\ncase \"\$command\" in\n  start\)(.*?)\nesac", script, re.S)
    assert branches, "the commands' table in ./run has moved"
    found = re.findall(r"^  ([a-z |-]+)\)", branches.group(0).replace("  start)", "", 1), re.M)
    commands = {word.strip() for row in found for word in row.split("|")}
    assert {"test", "backup", "restore", "check"} <= commands
    told, docs = script.partition("TEXT\n}")[0], text_of("docs/operations.md")
    none([f"./run {c} is not in ./run help" for c in sorted(commands) if f"./run {c}" not in told])
    none([f"./run {c} is not in docs" for c in sorted(commands) if f"./run {c}" not in docs])


def test_locks_hold_a_hash_for_everything_and_no_address() -> None:
    for name in (name for name in tracked() if re.match(r"requirements.*\.lock$", Path(name).name)):
        pins = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text_of(name), re.M | re.S)
        assert pins
        none([f"{name}: {pin.split()[0]}" for pin in pins if "--hash=sha256:" not in pin])
    for name in (name for name in tracked() if name.endswith("package-lock.json")):
        assert '"resolved"' not in text_of(name), name
        assert '"integrity"' in text_of(name), name
