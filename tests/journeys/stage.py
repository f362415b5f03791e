"""The stage of a journey: a server and a phone that can be killed, and a wire that can fail.

It plays no journey itself. Offline means that the server process is gone or that the wire refuses;
nothing here sets an "offline" flag.
"""

from __future__ import annotations

import http.client
import itertools
import os
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, Playwright

from server.config import Settings
from tests.browser import Chromium
from tests.journeys import warm
from tests.makers import WORKER

ROOT = Path(__file__).resolve().parents[2]
SECONDS_MAX = 120.0
"""How long what must come may take: beyond the longest pause between a phone's tries."""
PATIENCE_MS = round(SECONDS_MAX * 1000)
"""How long a screen may take on a machine that runs other tests too; speed is measured in bench."""
REST_SECONDS_MIN, REST_SECONDS_MAX = 0.05, 0.25
"""Between two looks at what must come: many looks take the machine from what is waited for."""
PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 800}
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]

SLOWLY = """() => {
  const real = SubtleCrypto.prototype.encrypt
  SubtleCrypto.prototype.encrypt = async function (...given) {
    await new Promise((done) => setTimeout(done, 2_000))
    return real.apply(this, given)
  }
}"""
"""A phone that takes its time before anything is on its disk: what is said too early is seen."""


def wait_until(
    true: Callable[[], object], what: str | Callable[[], str], seconds: float = SECONDS_MAX
) -> None:
    """Return when `true()` is; raise AssertionError naming `what` after `seconds`."""
    deadline, rest = time.monotonic() + seconds, REST_SECONDS_MIN
    while not true():
        if time.monotonic() > deadline:
            named = what if isinstance(what, str) else what()
            raise AssertionError(f"still not so after {seconds:g} s: {named}")
        time.sleep(rest)
        rest = min(rest * 1.5, REST_SECONDS_MAX)


PORTS = itertools.count(21_000 + 2_500 * (WORKER % 4) + os.getpid() % 2_000)


def fresh_port() -> int:
    """A port that nobody listens on, below the ephemeral range, and never the same one twice."""
    for port in PORTS:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("unreachable")


def told(settings: Settings) -> dict[str, str]:
    """What a server must be told in its environment to run on these settings."""
    return {
        "OPPGANG_MODE": settings.mode,
        "OPPGANG_DATA": str(settings.data),
        "OPPGANG_KEYS": str(settings.keys),
        "OPPGANG_DATABASE_URL": settings.database_url,
        "OPPGANG_WORKERS": "1",
    }


class Server:
    """The real server, gunicorn and all, on a port of its own."""

    def __init__(self, settings: dict[str, str], log: Path, cold: bool = False) -> None:
        self.port = fresh_port()
        self.settings = settings
        self.log = log
        self.cold = cold
        self.process: ForkServerProcess | None = None

    def start(self) -> None:
        """Start it, and return when it answers."""
        self.process = warm.start(self.port, self.settings, self.log, self.cold)
        wait_until(self.answers, f"the server is up:\n{self.words()}")

    def answers(self) -> bool:
        """Does it answer on its port now? Raises when it has ended instead of starting."""
        if self.process is not None and self.process.exitcode is not None:
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
        if self.process is not None and self.process.pid is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.join()
            self.process = None

    def words(self) -> str:
        """The end of its log."""
        text = self.log.read_text(errors="replace") if self.log.exists() else ""
        return text[-4000:]


def give_thumb(page: Page) -> None:
    """Give the phone a reader of thumbs that also makes secrets."""
    assert page.context is not None
    wires = page.context.new_cdp_session(page)
    wires.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "ctap2Version": "ctap2_1",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
        "hasPrf": True,
    }
    wires.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def processes_below(server: Server) -> dict[int, float]:
    """The server's processes, and the most memory that each has had, in MB."""
    assert server.process is not None and server.process.pid is not None
    found: dict[int, float] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            session = int((folder / "stat").read_text().rpartition(")")[2].split()[3])
            words = (folder / "status").read_text()
        except OSError:
            continue
        if session == server.process.pid and "VmHWM:" in words:
            found[int(folder.name)] = int(words.split("VmHWM:")[1].split()[0]) / 1024
    return found


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
        self.clock: datetime | None = None
        """What the pages of this phone take the time to be, when it is not this machine's."""

    def start(self) -> Page:
        """Start the browser on its disk and open the app."""
        page = self.launch()
        page.goto(self.address)
        return page

    def launch(self) -> Page:
        """Start the browser on its disk, with no page of ours open yet."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.disk),
            executable_path=str(self.chromium.program),
            args=[*self.chromium.arguments, *QUIET],
            env=self.chromium.environment,
            viewport=self.size,  # type: ignore[arg-type]
            locale="nb-NO",
            timezone_id="Europe/Oslo",
        )
        self.context.set_default_timeout(PATIENCE_MS)
        if self.clock is not None:
            self.context.clock.install(time=self.clock)
        return self.context.pages[0] if self.context.pages else self.context.new_page()

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
        wait_until(lambda: not self.processes(), "the browser is gone")
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
