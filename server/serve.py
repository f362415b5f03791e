"""Starts the web server and the scheduler as processes, and stops both when one ends."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

WORKERS = 2
THREADS = 8
STARTS_SECONDS_MAX = 60.0
STOPS_SECONDS_MAX = 25.0
DIES_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of linux/prctl.h."""


class CannotStart(Exception):
    """The server cannot start here; the text says why and what to do."""


@dataclass(frozen=True)
class Place:
    """Where the web server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """What a person types, or a health check asks."""
        anywhere = self.host in ("0.0.0.0", "::", "127.0.0.1", "localhost")
        return f"http://{'localhost' if anywhere else self.host}:{self.port}"


def refuse_taken_port(place: Place) -> None:
    """Raise CannotStart, in words, when the port is not ours to take."""
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except PermissionError as error:
            raise CannotStart(
                f"This user may not use port {place.port}. Choose one above 1023: --port 8000"
            ) from error
        except OSError as error:
            raise CannotStart(
                f"Port {place.port} is taken by another program, or by an Oppgang that already "
                f"runs. Stop that one, or choose another port: ./run --port {place.port + 1}"
            ) from error


def web_command(place: Place) -> list[str]:
    """The web server's command line; `gthread` for calm, and no control socket in anyone's HOME."""
    workers = os.environ.get("OPPGANG_WORKERS", str(WORKERS))
    host = f"[{place.host}]" if ":" in place.host else place.host
    return [
        *(sys.executable, "-m", "gunicorn", "server:create_app()"),
        *("--bind", f"{host}:{place.port}", "--worker-class", "gthread"),
        *("--workers", workers, "--threads", os.environ.get("OPPGANG_THREADS", str(THREADS))),
        *("--timeout", "120", "--graceful-timeout", "20", "--keep-alive", "15"),
        *("--max-requests", "20000", "--max-requests-jitter", "2000"),
        *("--no-control-socket", "--log-level", "warning"),
    ]


def scheduler_command() -> list[str]:
    """The scheduler's command line."""
    return [sys.executable, "-m", "server", "scheduler"]


def run_together(commands: Sequence[list[str]], place: Place, greeting: str) -> int:
    """Run the commands until one ends or a signal comes, and leave no process behind.

    Prints the greeting once the web server answers. Returns 0 after a signal.
    """
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    children = [
        subprocess.Popen(command, preexec_fn=_die_with_parent, start_new_session=True)
        for command in commands
    ]
    try:
        if not _wait_until_up(place, children, stop):
            return 0
        print(greeting, flush=True)
        while not stop.wait(0.5):
            for command, child in zip(commands, children, strict=True):
                if child.poll() is not None:
                    raise CannotStart(f"A part of Oppgang ended by itself: {' '.join(command)}")
        return 0
    finally:
        _end(children)


def _wait_until_up(
    place: Place, children: list[subprocess.Popen[bytes]], stop: threading.Event
) -> bool:
    deadline = time.monotonic() + STARTS_SECONDS_MAX
    while time.monotonic() < deadline:
        if any(child.poll() is not None for child in children):
            raise CannotStart("Oppgang could not start; the lines above say why.")
        try:
            with urllib.request.urlopen(f"{place.url}/api/v1/health", timeout=5):
                return True
        except OSError:
            if stop.wait(0.1):
                return False
    raise CannotStart(f"The web server did not answer within {STARTS_SECONDS_MAX:.0f} seconds.")


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOPS_SECONDS_MAX
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _die_with_parent() -> None:
    """Run in the child: killing the parent, however hard, ends the child too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGTERM)
