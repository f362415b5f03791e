"""A phone for tests: registers, pushes and pulls through the real doors, and folds what it gets.

It merges nothing and decides nothing; tests read `base` and the last `reply`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import people
from server.sealing import to_base64url
from server.shapes import Json
from tests.makers import USERS, mutation, new_id

OURS = {"X-Oppgang": "1"}
KEY = ec.derive_private_key(7, ec.SECP256R1())
"""One signing key for all test phones; each is told apart by its replica."""
PUBLIC = to_base64url(KEY.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def open_login(app: Flask, user: str) -> FlaskClient:
    """Give a browser that is logged in as a user, without the cost of a password."""
    with app.extensions["oppgang"].writing() as session:
        token = people.open_session(session, user, datetime.now(UTC))
    client = app.test_client()
    client.set_cookie("oppgang", token)
    return client


@dataclass
class Phone:
    """One vault of one user."""

    app: Flask
    name: str
    replica: str = ""
    n: int = 0
    cursor: str | None = None
    base: dict[str, dict[str, Any]] = field(default_factory=dict)
    reply: dict[str, Any] = field(default_factory=dict)
    health: dict[str, Any] = field(default_factory=dict)
    resetting: set[str] = field(default_factory=set)
    """The scopes that are being loaded anew."""
    marked: set[str] = field(default_factory=set)
    """The records that were heard of since that began."""

    def __post_init__(self) -> None:
        self.replica = self.replica or new_id()
        self.user = USERS.get(self.name, self.name)
        self.client = open_login(self.app, self.user)
        body = {"installation": new_id(), "public_key": PUBLIC, "app": "test", "contract": 1}
        answer = self.client.put(f"/api/v1/replicas/{self.replica}", json=body, headers=OURS)
        assert answer.status_code == 200, answer.json

    def write(
        self,
        kind: str,
        id: str,
        set: Mapping[str, Json],
        *,
        op: str = "create",
        seen: Mapping[str, tuple[Json, int]] | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """Make this phone's next mutation."""
        self.n += 1
        made = mutation(
            kind, id, set, author=self.name, op=op, seen=seen, replica=self.replica, n=self.n
        )
        return {**made, **more}

    def edit(self, id: str, **values: Json) -> dict[str, Any]:
        """Make a mutation of what this phone shows now."""
        return self.edit_paths(id, values)

    def edit_paths(self, id: str, values: Mapping[str, Json]) -> dict[str, Any]:
        """Make a mutation of some paths of what this phone shows now."""
        shown = self.base[id]
        seen = {path: (shown["body"].get(path), shown["seq"]) for path in values}
        return self.write(shown["kind"], id, values, op="patch", seen=seen)

    def mark(self, id: str, op: str) -> dict[str, Any]:
        """Make a mutation that deletes or restores what this phone shows now."""
        made = self.write(self.base[id]["kind"], id, {}, op=op)
        return {**made, "seen": {"*": {"seq": self.base[id]["seq"]}}}

    def request(self, push: Sequence[Any] = (), **more: Any) -> dict[str, Any]:
        """Give the body of a sync."""
        return {
            "user": self.user,
            "replica": self.replica,
            "incarnation": None,
            "contract": 1,
            "phone_now": "2026-11-23T08:00:00.000Z",
            "push": list(push),
            "cursor": self.cursor,
            "limit": 500,
            "health": self.health,
            **more,
        }

    def post(self, push: Sequence[Any] = (), **more: Any) -> TestResponse:
        """Send one sync and give the bare answer."""
        return self.client.post("/api/v1/sync", json=self.request(push, **more), headers=OURS)

    def ask(self, push: Sequence[Any] = (), **more: Any) -> dict[str, Any]:
        """Send one sync and give the reply; it must be one."""
        answer = self.post(push, **more)
        assert answer.status_code == 200, answer.json
        reply: dict[str, Any] = answer.json or {}
        return reply

    def sync(self, *push: Any, limit: int = 500) -> list[dict[str, Any]]:
        """Push, then pull until nothing more is there; give the results of the push."""
        results: list[dict[str, Any]] = []
        waiting: Sequence[Any] = push
        for _ in range(200):
            reply = self.ask(waiting, limit=limit)
            results += reply["results"]
            waiting = ()
            self.install(reply)
            if not reply["more"]:
                return results
        raise AssertionError("the feed never ends")

    def install(self, reply: dict[str, Any]) -> None:
        """Fold one reply into the base."""
        self.reply = reply
        if "access" in reply:
            mine = set(reply["access"]["scopes"])
            for id, record in list(self.base.items()):
                record["in"] = [scope for scope in record["in"] if scope in mine]
                if not record["in"]:
                    del self.base[id]
        if "reset" in reply:
            self.resetting |= set(reply["reset"])
            self.marked = set()
        for id in reply["leaves"]:
            self.base.pop(id, None)
        for put in reply["puts"]:
            self.base[put["id"]] = {**put}
            self.marked.add(put["id"])
        if "covered" in reply and not reply["more"] and self.resetting:
            for id in self.base.keys() - self.marked:
                record = self.base[id]
                record["in"] = [scope for scope in record["in"] if scope not in self.resetting]
                if not record["in"]:
                    del self.base[id]
            self.resetting = set()
        self.cursor = reply["cursor"]

    def body(self, id: str) -> dict[str, Any]:
        """Give the body of a record in the base."""
        found: dict[str, Any] = self.base[id]["body"]
        return found

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Give every record of a kind in the base."""
        return [record for record in self.base.values() if record["kind"] == kind]
