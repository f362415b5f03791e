"""Starting and stopping: a taken port is said in words, and no process outlives its parent."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.cli import main
from server.serve import CannotStart, Place, refuse_taken_port, web_command

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 120.0
PARENT = """
import sys
from server.serve import CannotStart, Place, run_together

port = int(sys.argv[1])
answers = (
    "import http.server as h\\n"
    "class Ok(h.BaseHTTPRequestHandler):\\n"
    "    def do_GET(self):\\n"
    "        self.send_response(200); self.end_headers()\\n"
    "    def log_message(self, *_): pass\\n"
    f"h.HTTPServer(('127.0.0.1', {port}), Ok).serve_forever()"
)
waits = "import os, time; print('second', os.getpid(), flush=True); time.sleep(600)"
commands = [[sys.executable, "-c", answers], [sys.executable, "-c", waits]]
try:
    sys.exit(run_together(commands, Place("127.0.0.1", port), "greeting"))
except CannotStart as error:
    sys.exit(str(error))
"""


def until(true: Callable[[], bool]) -> None:
    """Wait for something to become true, and fail when it does not."""
    end = time.monotonic() + SECONDS_MAX
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def lives(pid: int) -> bool:
    """Whether a process still runs (one that waits to be buried does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def running(free_port: int) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A parent with a web server and a second part, both up; and the second part's number."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(free_port)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    said = [parent.stdout.readline().split(), parent.stdout.readline().split()]
    assert ["greeting"] in said
    second = next(int(words[1]) for words in said if words[0] == "second")
    yield parent, second
    parent.kill()
    parent.communicate()


def test_a_taken_port_is_said_in_words() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotStart, match=f"Port {port} is taken .*--port {port + 1}"):
            refuse_taken_port(Place("127.0.0.1", port))


def test_a_stop_ends_every_part(running: tuple[subprocess.Popen[str], int]) -> None:
    parent, second = running
    parent.send_signal(signal.SIGINT)
    assert parent.wait(SECONDS_MAX) == 0
    assert not lives(second)


def test_when_the_parent_is_killed_the_parts_end_too(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    parent, second = running
    parent.kill()
    parent.wait()
    until(lambda: not lives(second))


def test_when_one_part_ends_the_whole_ends_and_says_so(
    running: tuple[subprocess.Popen[str], int],
) -> None:
    parent, second = running
    os.kill(second, signal.SIGKILL)
    _, said = parent.communicate(timeout=SECONDS_MAX)
    assert parent.returncode == 1
    assert "ended by itself" in said


def test_the_web_server_opens_no_control_socket() -> None:
    assert "--no-control-socket" in web_command(Place("127.0.0.1", 8000))


def test_trouble_with_a_remedy_is_a_sentence_and_not_a_trace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OPPGANG_MODE", "test")
    monkeypatch.setenv("OPPGANG_DATA", str(tmp_path))
    assert main(["restore", str(tmp_path / "nothing.backup")]) == 1
    assert capsys.readouterr().err == f"There is no file {tmp_path / 'nothing.backup'}.\n"


def test_production_refuses_to_start_without_escrow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {
        "OPPGANG_MODE": "production",
        "OPPGANG_DATA": str(tmp_path),
        "OPPGANG_KEYS": str(tmp_path / "keys"),
        "OPPGANG_ORIGIN": "https://oppgang.example",
        "OPPGANG_TRUSTED_PROXIES": "1",
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["keys"]) == 0
    assert main(["migrate"]) == 1
    assert "A lost key is total loss" in capsys.readouterr().err


@pytest.mark.parametrize(("word", "code"), [("help", 0), ("--help", 0), ("nonsense", 2)])
def test_run_tells_what_it_can_do(word: str, code: int) -> None:
    done = subprocess.run(["./run", word], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert "./run restore FILE" in done.stdout + done.stderr
