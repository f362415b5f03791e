"""What the workloads ask of a server and of its phones, whoever made it, and how one is started.

A peer's phone behaves as that product's own client does; what it may not do is be slower than it.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

from bench.line import Line
from bench.load import MOMENT
from bench.stage import cpu_s, name_id, tree

UP_SECONDS_MAX = 120.0
PAGE = 1000
"""Records a page, for everybody; a server that has less would need more requests."""
ITEMS = 8
TEXT = """
vi gikk gjennom røykvarsler slokkeutstyr rømningsvei og avtalte ny rist til sluket lufter for lite
på soverommet kondens ved vinduet byttet pakning i kjøkkenbatteriet dørklokka virker ikke naboen
sier fra om støy etter klokka elleve nøkkel levert låsen er treg fikk med brosjyre kontakt mandag
komfyrvakt montert testet uten feil lys i oppgangen mangler pære boden er ryddet sykler i trappa
viftefilter rengjort avløpet renner sakte malingen flasser over listen trives godt vil ha en prat
"""
WORDS = TEXT.split()

Fields: TypeAlias = dict[str, Any]
Edit: TypeAlias = tuple[str, str, Any]
"""A record's id, one of its fields, and a value."""


@dataclass
class Known:
    """What a phone holds of a record: its fields, and the version that the server gave it."""

    fields: Fields
    version: Any


@dataclass
class Phone(ABC):
    """One phone of one team: its connection, what it knows, and how far it has read."""

    line: Line
    team: str
    user: str
    packed: bool = True
    known: dict[str, Known] = field(default_factory=dict)
    cursor: Any = None

    @abstractmethod
    def push(self, changes: Mapping[str, Fields]) -> int:
        """Send new records and edits of known ones; how many the answer said were not taken."""

    @abstractmethod
    def pull(self) -> int:
        """Read on to the end; how many records came."""

    def sync(self, changes: Mapping[str, Fields]) -> int:
        """Both, as the product's client does it; what `push` gives."""
        told = self.push(changes)
        self.pull()
        return told

    def begin_where(self, other: Phone) -> None:
        """Know what another phone of the team knows."""
        self.known, self.cursor = dict(other.known), other.cursor

    def merged(self, id: str, change: Fields) -> Fields:
        """The whole record as this phone would have it."""
        known = self.known.get(id)
        return {**known.fields, **change} if known else change

    def ask(
        self, method: str, path: str, value: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, Mapping[str, str], Any]:
        """One request of JSON: status, headers and answer."""
        body = b"" if value is None else dumped(value)
        sent = {"Accept": "application/json", **(headers or {})}
        if body:
            sent["Content-Type"] = "application/json"
        if self.packed:
            sent["Accept-Encoding"] = "gzip"
        answer, content = self.line.ask(method, path, body, sent)
        return answer.status, dict(answer.getheaders()), json.loads(content) if content else None

    def expect(
        self, method: str, path: str, value: Any = None, headers: Mapping[str, str] | None = None
    ) -> Any:
        """The answer to what must succeed."""
        status, _, answer = self.ask(method, path, value, headers)
        if status >= 400:
            raise RuntimeError(f"{method} {path} gave {status}: {str(answer)[:500]}")
        return answer


class Peer(ABC):
    """A running server: its name, how it was set up, and the processes whose CPU counts."""

    name: str
    about: str
    durable: bool
    roots: tuple[int, ...]

    def cpu_s(self) -> float:
        """CPU seconds used so far by all its processes, the database's too."""
        return sum(cpu_s(pid) for pid in tree(self.roots))

    @abstractmethod
    def phone(self, team: str, number: int, packed: bool = True) -> Phone:
        """A phone that may read and write the team's records, and knows none yet."""

    def standing(self, team: str) -> dict[str, Fields]:
        """The team's records as a phone gets them that knew none."""
        fresh = self.phone(team, 0)
        fresh.pull()
        return {id: known.fields for id, known in fresh.known.items()}

    def kept(self, team: str, ids: list[str]) -> set[Edit]:
        """Every value that the server still holds of these records beside what stands in them."""
        return set()


def visit(phone: Phone) -> Fields:
    """A home visit's answers: twenty fields, some 1,080 bytes, no two alike."""
    answers: Fields = {
        "dwelling": name_id("dwelling", name_id("area", phone.team)),
        "checklist": "NYVRI1",
        "edition": 1,
        "subject": "dwelling",
    }
    for item in range(1, ITEMS + 1):
        answers[f"answers/NYVRI1-{item:02}"] = "ok"
    for item in range(1, ITEMS):
        answers[f"remarks/NYVRI1-{item:02}"] = remark()
    return answers | {"status": {"state": "submitted", "by": phone.user, "at": MOMENT}}


def remark() -> str:
    """Some sixty characters that nobody has written before."""
    words = " ".join(secrets.choice(WORDS) for _ in range(8))
    return f"{words[:57]:<57} {secrets.token_hex(4)}"


def dumped(value: Any) -> bytes:
    """JSON without white space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


@contextmanager
def running(
    command: list[str], folder: Path, url: str, more: Mapping[str, str] | None = None
) -> Iterator[int]:
    """A server's process, once it answers; killed at the end. RuntimeError with its log."""
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, "NODE_ENV": "production", **(more or {})},
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + UP_SECONDS_MAX
        while not answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"it did not start: {log.read_text(errors='replace')[-1500:]}")
            time.sleep(0.1)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def answers(url: str) -> bool:
    """Say whether anything answers there, with whatever status."""
    try:
        urllib.request.urlopen(url, timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False
    return True
