"""A real OpenID provider for tests: npm's `oidc-provider` in a process of its own, with a lever.

It logs people in as any provider does; `pull` makes it lie from then on, and `straight` ends that.
"""

from __future__ import annotations

import fcntl
import hashlib
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import requests

from tests.postgres import die_with_parent, free_port

FOLDER = Path(__file__).parent / "provider"
CLIENT, SECRET = "oppgang", "a-secret-that-only-the-tests-know"


@dataclass
class Idp:
    """The provider's address, and those who can log in there."""

    port: int
    people: dict[str, dict[str, Any] | None] = field(default_factory=dict)

    @property
    def issuer(self) -> str:
        """Its name, which is its address."""
        return f"http://127.0.0.1:{self.port}"

    def pull(self, **lever: Any) -> None:
        """Make it lie as `provider.mjs` can."""
        requests.post(f"{self.issuer}/lever", json=lever, timeout=10).raise_for_status()

    def straight(self) -> None:
        """Make it honest again."""
        self.pull()

    def knows(self, subject: str, **claims: Any) -> None:
        """Let somebody log in there, with these claims."""
        self.pull(people={subject: claims})

    def forgets(self, subject: str) -> None:
        """Let somebody log in there no more."""
        self.pull(people={subject: None})

    def log_in(self, address: str, subject: str, browser: requests.Session | None = None) -> str:
        """Log in by the provider's own pages; give the address that it sends the browser to."""
        with browser or requests.Session() as mine:
            where = address
            for _ in range(12):
                answer = mine.get(where, allow_redirects=False, timeout=10)
                if answer.status_code == 200:
                    action = re.search(r'<form[^>]*action="([^"]+)"', answer.text)
                    assert action, answer.text
                    given = {"prompt": "login", "login": subject, "password": "any"}
                    answer = mine.post(
                        urljoin(where, unescape(action[1])),
                        data=given,
                        allow_redirects=False,
                        timeout=10,
                    )
                assert "location" in answer.headers, (answer.status_code, answer.text)
                where = urljoin(where, answer.headers["location"])
                if not where.startswith(self.issuer):
                    return where
        raise AssertionError("the provider never led back")


def install() -> None:
    """Lay in the provider's packages, once; many tests may ask at the same time."""
    lock, stamp = FOLDER / "package-lock.json", FOLDER / "node_modules" / ".oppgang-stamp"
    fresh = hashlib.sha256(lock.read_bytes()).hexdigest() + "\n"
    with lock.open("rb") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == fresh:
            return
        words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(words, cwd=FOLDER, check=True)
        stamp.write_text(fresh)


@contextmanager
def provider(back: str) -> Iterator[Idp]:
    """Run a provider that sends browsers back to `back`, until the block ends."""
    install()
    port = free_port()
    running = subprocess.Popen(
        ["node", "provider.mjs", str(port), back, CLIENT, SECRET],
        cwd=FOLDER,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,
    )
    try:
        assert running.stdout is not None and running.stdout.readline() == b"up\n"
        yield Idp(port)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
