"""PouchDB server: CouchDB's protocol of replication, as PouchDB's own client speaks it.

That client asks for its checkpoints twice and for the server's id each way; here once is enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from bench.line import Line
from bench.peers.peer import PAGE, Edit, Fields, Known, Peer, Phone, dumped, running
from bench.stage import name_id
from tests.postgres import free_port


@dataclass
class PouchPhone(Phone):
    """A version is the revision's ids, newest first; the checkpoints lie on the server too."""

    id: str = field(default_factory=lambda: uuid4().hex)
    marks: dict[str, str] = field(default_factory=dict)
    revisions: set[tuple[str, str]] = field(default_factory=set)

    def sync(self, changes: Mapping[str, Fields]) -> int:
        """Greet once, then both ways."""
        self.expect("GET", f"/{self.team}/")
        return super().sync(changes)

    def push(self, changes: Mapping[str, Fields]) -> int:
        """Ask which revisions it lacks, send those; it takes all and says nothing of conflicts."""
        if not changes:
            return 0
        self._checkpoint("push")
        documents = [self._document(id, change) for id, change in changes.items()]
        asked = {one["_id"]: [one["_rev"]] for one in documents}
        lacks = self.expect("POST", f"/{self.team}/_revs_diff", asked)
        sent = [one for one in documents if one["_id"] in lacks]
        body = {"docs": sent, "new_edits": False}
        refused = self.expect("POST", f"/{self.team}/_bulk_docs", body)
        for one in sent:
            self._take(one)
        self._mark("push", len(self.revisions))
        return len(refused)

    def pull(self) -> int:
        """What has changed, then the revisions that the phone lacks, page by page."""
        came, full = 0, True
        self._checkpoint("pull")
        while full:
            asked = f"style=all_docs&since={self.cursor or 0}&limit={PAGE}"
            page = self.expect("GET", f"/{self.team}/_changes?{asked}")
            news = [(row["id"], one["rev"]) for row in page["results"] for one in row["changes"]]
            lacking = [
                {"id": id, "rev": rev} for id, rev in news if (id, rev) not in self.revisions
            ]
            came += self._fetch(lacking) if lacking else 0
            self.cursor, full = page["last_seq"], len(page["results"]) == PAGE
            if page["results"]:
                self._mark("pull", self.cursor)
        return came

    def begin_where(self, other: Phone) -> None:
        """The other's revisions too."""
        assert isinstance(other, PouchPhone)
        super().begin_where(other)
        self.revisions = set(other.revisions)

    def _fetch(self, lacking: list[dict[str, str]]) -> int:
        path = f"/{self.team}/_bulk_get?revs=true&latest=true"
        results = self.expect("POST", path, {"docs": lacking})["results"]
        documents = [doc["ok"] for one in results for doc in one["docs"]]
        for one in documents:
            self._take(one)
        return len(documents)

    def _take(self, document: Any) -> None:
        ids = document["_revisions"]["ids"]
        self.revisions.add((document["_id"], f"{len(ids)}-{ids[0]}"))
        self.known[document["_id"]] = Known(plain(document), ids)

    def _document(self, id: str, change: Fields) -> dict[str, Any]:
        whole, known = self.merged(id, change), self.known.get(id)
        before = known.version if known else []
        ids = [hashlib.md5(dumped([before, whole])).hexdigest(), *before]
        revisions = {"start": len(ids), "ids": ids}
        return {**whole, "_id": id, "_rev": f"{len(ids)}-{ids[0]}", "_revisions": revisions}

    def _checkpoint(self, way: str) -> None:
        status, _, answer = self.ask("GET", f"/{self.team}/_local/{way}-{self.id}")
        if status == 200:
            self.marks[way] = answer["_rev"]

    def _mark(self, way: str, seq: Any) -> None:
        body = {"last_seq": seq, "session_id": self.id}
        if way in self.marks:
            body["_rev"] = self.marks[way]
        answer = self.expect("PUT", f"/{self.team}/_local/{way}-{self.id}", body)
        self.marks[way] = answer["rev"]


def plain(document: Any) -> Fields:
    """A document's own fields."""
    return {name: value for name, value in document.items() if not name.startswith("_")}


class Pouchdb(Peer):
    """One process, a database for each team, everybody is an administrator."""

    name = "PouchDB server"
    about = "leveldb, made to wait for the disk at every write; no rights, no validation"
    durable = True

    def __init__(self, port: int, pid: int) -> None:
        self.port, self.roots = port, (pid,)
        self._databases: set[str] = set()

    def phone(self, team: str, number: int, packed: bool = True) -> PouchPhone:
        """A phone; nobody asks whose."""
        phone = PouchPhone(Line(self.port), team, name_id("user", team, number), packed)
        if team not in self._databases:
            self._databases.add(team)
            phone.expect("PUT", f"/{team}")
        return phone

    def standing(self, team: str) -> dict[str, Fields]:
        """The revision that won, of each; a phone that pulls gets all branches and picks alike."""
        rows = self.phone(team, 0).expect("GET", f"/{team}/_all_docs?include_docs=true")["rows"]
        return {row["id"]: plain(row["doc"]) for row in rows}

    def kept(self, team: str, ids: list[str]) -> set[Edit]:
        """The branches that lost, which whoever asks for them may have."""
        phone, found = self.phone(team, 0), set[Edit]()
        for id in ids:
            for leaf in phone.expect("GET", f"/{team}/{id}?open_revs=all"):
                found |= {
                    (id, name, value)
                    for name, value in plain(leaf["ok"]).items()
                    if isinstance(value, str)
                }
        return found


@contextmanager
def started(node: Path, folder: Path) -> Iterator[Pouchdb]:
    """The server out of the folder of npm packages."""
    port = free_port()
    command = ["node", str(node / "pouchdb_server.mjs"), str(port), str(folder)]
    with running(command, folder, f"http://127.0.0.1:{port}/") as pid:
        yield Pouchdb(port, pid)
