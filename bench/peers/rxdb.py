"""RxDB server: pushes whole documents with the state that the phone takes the server's to be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench.line import Line
from bench.peers.peer import PAGE, Fields, Known, Peer, Phone, running
from bench.stage import name_id
from tests.postgres import free_port


@dataclass
class RxdbPhone(Phone):
    """Conflicts come back as what stands; the client's own way is then to drop its edit."""

    def push(self, changes: Mapping[str, Fields]) -> int:
        """One request for all, and none for nothing."""
        if not changes:
            return 0
        rows = [self._row(id, change) for id, change in changes.items()]
        refused = self.expect("POST", f"/{self.team}/0/push", rows)
        for row in rows:
            document = row["newDocumentState"]
            self.known[document["id"]] = Known(document["fields"], None)
        self._take(refused)
        return len(refused)

    def pull(self) -> int:
        """Pages by the moment of the last write, until one is not full."""
        came, full = 0, True
        while full:
            asked = urlencode({"lwt": 0, "id": "", **(self.cursor or {}), "limit": PAGE})
            page = self.expect("GET", f"/{self.team}/0/pull?{asked}")
            self._take(page["documents"])
            self.cursor = page["checkpoint"]
            came += len(page["documents"])
            full = len(page["documents"]) == PAGE
        return came

    def _row(self, id: str, change: Fields) -> dict[str, Any]:
        row: dict[str, Any] = {"newDocumentState": document(id, self.merged(id, change))}
        if known := self.known.get(id):
            row["assumedMasterState"] = document(id, known.fields)
        return row

    def _take(self, documents: list[Any]) -> None:
        for one in documents:
            self.known[one["id"]] = Known(one["fields"], None)


def document(id: str, fields: Fields) -> dict[str, Any]:
    """A record as RxDB holds it; names with a stroke cannot be properties of its schema."""
    return {"id": id, "fields": fields, "_deleted": False}


class Rxdb(Peer):
    """One process, all in memory, everybody may do everything."""

    name = "RxDB server"
    about = "in memory: no free storage on disk for Node; no rights, no validation beyond the shape"
    durable = False

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.roots = port, (pid,)

    def phone(self, team: str, number: int, packed: bool = True) -> RxdbPhone:
        """A phone; nobody asks whose."""
        return RxdbPhone(Line(self.port), team, name_id("user", team, number), packed)


@contextmanager
def started(node: Path, folder: Path, teams: list[str]) -> Iterator[Rxdb]:
    """The server out of the folder of npm packages, with a collection for each team."""
    port = free_port()
    command = ["node", str(node / "rxdb_server.mjs"), str(port), *teams]
    with running(command, folder, f"http://127.0.0.1:{port}/") as pid:
        yield Rxdb(port, pid)
