"""The stage of a journey: a server and a phone that can be killed, and a wire that can fail.

It plays no journey itself. Offline means that the server process is gone or that the wire refuses;
nothing here sets an "offline" flag.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

from tests.browser import Chromium
from tests.postgres import free_port

ROOT = Path(__file__).resolve().parents[2]
UP_SECONDS_MAX = 60.0
GONE_SECONDS_MAX = 15.0
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]


def wait_until(true: Callable[[], object], what: str, seconds: float = 20.0) -> None:
    """Return when `true()` is; raise AssertionError naming `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError(f"still not so after {seconds:g} s: {what}")
        time.sleep(0.05)


class Server:
    """The real server, gunicorn and all, on a port of its own."""

    def __init__(self, settings: dict[str, str], log: Path) -> None:
        self.port = free_port()
        self.settings = settings
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "server", "web", "--port", str(self.port)],
                cwd=ROOT,
                env={**os.environ, **self.settings},
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(self.answers, f"the server is up:\n{self.words()}", UP_SECONDS_MAX)

    def answers(self) -> bool:
        """Does it answer on its port now? Raises when it has ended instead of starting."""
        if self.process is not None and self.process.poll() is not None:
            raise AssertionError(f"the server ended:\n{self.words()}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/v1/health")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def kill(self) -> None:
        """kill -9 of the server and all its workers: no goodbye, no flush."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def words(self) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return text[-4000:]


class Wire:
    """Between the phones and the server, on a port of its own; it can be cut or lose answers."""

    def __init__(self, server: Server) -> None:
        self.port = free_port() + 1
        self.server = server
        self.lose_answers = 0
        self.seen: list[tuple[str, str, int]] = []
        self._http: Poles | None = None

    @property
    def address(self) -> str:
        """Where phones and office go."""
        return f"http://localhost:{self.port}"

    def mend(self) -> None:
        """Let requests through."""
        if self._http is None:
            wire = self

            class Handler(Carrier):
                """Carries for this very wire."""

                line = wire

            self._http = Poles(("127.0.0.1", self.port), Handler)
            threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def cut(self) -> None:
        """From now on nobody listens: connections are refused, as with no coverage at all."""
        if self._http is not None:
            self._http.shutdown()
            self._http.fall()
            self._http = None


class Poles(ThreadingHTTPServer):
    """Holds the wire up, and knows every connection on it, so that a cut is a cut."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], carrier: type[BaseHTTPRequestHandler]) -> None:
        self.lines: set[socket.socket] = set()
        super().__init__(address, carrier)

    def get_request(self) -> tuple[socket.socket, object]:
        """Take a connection and remember it."""
        line, whence = super().get_request()
        self.lines.add(line)
        return line, whence

    def shutdown_request(self, request: socket.socket | tuple[bytes, socket.socket]) -> None:
        """Forget a connection that ends by itself."""
        if isinstance(request, socket.socket):
            self.lines.discard(request)
        super().shutdown_request(request)

    def fall(self) -> None:
        """Refuse new connections, and break those that are open."""
        self.server_close()
        for line in list(self.lines):
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that is killed hangs up in the middle; that is no news."""


class Carrier(BaseHTTPRequestHandler):
    """Carries one request to the server and its answer back, or loses the answer on the way."""

    line: Wire
    protocol_version = "HTTP/1.1"

    def carry(self) -> None:
        """The whole way there and back."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        onward = http.client.HTTPConnection("127.0.0.1", self.line.server.port, timeout=60)
        try:
            headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
            onward.request(self.command, self.path, body or None, headers)
            answer = onward.getresponse()
            content = answer.read()
        except OSError:
            self.close_connection = True
            self.connection.close()
            return
        finally:
            onward.close()
        self.line.seen.append((self.command, self.path, answer.status))
        if self.line.lose_answers and self.command == "POST" and self.path == "/api/v1/sync":
            self.line.lose_answers -= 1
            self.close_connection = True
            self.connection.close()
            return
        self.send_response_only(answer.status, answer.reason)
        for key, value in answer.getheaders():
            if key.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(key, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_PATCH = do_HEAD = do_DELETE = carry

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what went by stands in `Wire.seen`."""


class Phone:
    """A browser with a disk of its own, as a phone has; it can be killed and started again."""

    def __init__(
        self,
        playwright: Playwright,
        chromium: Chromium,
        disk: Path,
        address: str,
        size: dict[str, int],
    ) -> None:
        self.playwright, self.chromium = playwright, chromium
        self.disk, self.address, self.size = disk, address, size
        self.context: BrowserContext | None = None

    def start(self) -> Page:
        """Start the browser on its disk and open the app."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.disk),
            executable_path=str(self.chromium.program),
            args=[*self.chromium.arguments, *QUIET],
            env=self.chromium.environment,
            viewport=self.size,  # type: ignore[arg-type]
            locale="nb-NO",
            timezone_id="Europe/Oslo",
        )
        page = self.context.pages[0] if self.context.pages else self.context.new_page()
        page.goto(self.address)
        return page

    @property
    def page(self) -> Page:
        """Its first tab."""
        assert self.context is not None
        return self.context.pages[0]

    def kill(self) -> None:
        """kill -9 of every process of this browser, in the middle of whatever it does."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        wait_until(lambda: not self.processes(), "the browser is gone", GONE_SECONDS_MAX)
        self.context = None
        for lock in self.disk.glob("Singleton*"):
            lock.unlink(missing_ok=True)

    def close(self) -> None:
        """An orderly end."""
        if self.context is not None:
            self.context.close()
            self.context = None

    def processes(self) -> list[int]:
        """The browser's process ids: those that were started on this disk, and their children."""
        found, parents = [], {}
        for folder in Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
                state = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(state[1])
            if f"--user-data-dir={self.disk}" in words and state[0] != "Z":
                found.append(int(folder.name))
        children = [pid for pid, parent in parents.items() if parent in found and pid not in found]
        return found + [pid for pid in children if alive(pid)]


def alive(pid: int) -> bool:
    """Is this process there, and not just waiting to be reaped?"""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@contextmanager
def running(server: Server, wire: Wire) -> Iterator[None]:
    """Server and wire up; both gone at the end."""
    server.start()
    wire.mend()
    try:
        yield
    finally:
        wire.cut()
        server.kill()
