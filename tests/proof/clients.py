"""The load of the crash proof: phones that push over real HTTP and remember what they were told."""

from __future__ import annotations

import http.client
import random
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from server import people
from server.database import Database
from sync.mutation import one_per_id
from tests.makers import DWELLING_EAST, USERS, mutation, new_id, visit

AT_ONCE_MAX = 4
PATIENCE_SECONDS = 30.0


@dataclass
class Client:
    """One phone; what was not answered is sent again, byte for byte, until it is."""

    user: str
    cookie: str
    random: random.Random
    replica: str = field(default_factory=new_id)
    n: int = 0
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """Sent, and not yet answered."""
    told: dict[str, str] = field(default_factory=dict)
    """What an answer said of each mid: its state."""
    made: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The records that an answer called written, and what was written."""
    refused: int = 0
    """Answers that were none: the server said that it could not."""
    _line: http.client.HTTPConnection | None = None

    def draw(self) -> list[dict[str, Any]]:
        """Give a few mutations: visits that are made, and one field that all phones write in."""
        return [self._one() for _ in range(self.random.randint(1, AT_ONCE_MAX))]

    def _one(self) -> dict[str, Any]:
        self.n += 1
        signed: dict[str, Any] = {"author": self.user, "replica": self.replica, "n": self.n}
        if self.random.random() < 0.2:
            seen = {"access": (None, 0)}
            value = {"access": f"Port {self.n} {self.replica[-4:]}"}
            return mutation("dwelling", DWELLING_EAST, value, op="patch", seen=seen, **signed)
        _, body = visit()
        return mutation("visit", one_per_id("visit", [new_id()]), body, **signed)

    def send(self, port: int) -> bool:
        """Push once; say whether there was an answer."""
        self.waiting = self.waiting or self.draw()
        status, content = self._ask(port, self.waiting)
        if status != 200:
            self.refused += status is not None
            return False
        pushed = {one["mid"]: one for one in self.waiting}
        for result in orjson.loads(content)["results"]:
            one = pushed.pop(result["mid"])
            self.told[one["mid"]] = result["state"]
            if result["state"] == "applied" and one["op"] == "create":
                self.made[one["id"]] = one["set"]
        assert not pushed, f"no word about {sorted(pushed)}"
        self.waiting = []
        return True

    def _ask(self, port: int, push: list[dict[str, Any]]) -> tuple[int | None, bytes]:
        """One round trip: status and body, or no status when the line broke."""
        line = self._line or http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        asked = {
            "user": USERS[self.user],
            "replica": self.replica,
            "contract": 1,
            "push": push,
            "cursor": None,
            "limit": 1,
        }
        headers = {
            "Cookie": f"oppgang={self.cookie}",
            "Content-Type": "application/json",
            "X-Oppgang": "1",
        }
        self._line = None
        try:
            line.request("POST", "/api/v1/sync", orjson.dumps(asked), headers)
            answer = line.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            line.close()
            return None, b""
        self._line = line
        return answer.status, content


def clients(database: Database, many: int, seed: int) -> list[Client]:
    """Let phones in, past the login page: each is registered and has a session of its own."""
    made = []
    now = datetime.now(UTC)
    with database.writing() as session:
        for number in range(many):
            user = ("kari", "amir")[number % 2]
            token = people.open_session(session, USERS[user], now)
            client = Client(user, token, random.Random(f"{seed}|{number}"))
            people.register_replica(
                session,
                replica=client.replica,
                installation=new_id(),
                user=USERS[user],
                public_key=b"\x04" + b"k" * 64,
                app="crash proof",
                contract=1,
                now=now,
            )
            made.append(client)
    return made


class Load:
    """All clients pushing at once, each in a thread of its own, until it is told to end."""

    def __init__(self, clients: list[Client], port: int) -> None:
        self.clients, self.port = clients, port
        self.ends = threading.Event()
        self.flows = threading.Event()
        self.broke: list[BaseException] = []
        self._threads = [threading.Thread(target=self._push, args=(one,)) for one in clients]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ends.set()
        for thread in self._threads:
            thread.join()
        if self.broke:
            raise self.broke[0]

    def _push(self, client: Client) -> None:
        try:
            while not self.ends.is_set():
                if client.send(self.port):
                    self.flows.set()
                else:
                    with suppress(RuntimeError):
                        self.ends.wait(0.01)
        except BaseException as broke:
            self.broke.append(broke)
