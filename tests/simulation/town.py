"""The server of a simulated run: the real intake, feed and erasure, in memory or on PostgreSQL.

It makes no choices: what is sent, when, and what is lost on the way is the run's to say.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import update

from server import feed, intake, people
from server.access import Actor, actor_of, scopes_of
from server.config import Mode, Settings
from server.database import Clock, Database, renew_incarnation
from server.driver import Sql, rows
from server.intake import arrivals, judge_again, judging, place_withheld, placing, take, writing
from server.jobs import MAY_MEND
from server.keeping import erasure
from server.people import User
from server.roles import Role
from sync.mutation import office_replica
from tests.simulation.books import Answer, Books
from tests.simulation.copies import Copy, copied, laid_in
from tests.simulation.layout import (
    CAST,
    CONTRACT,
    DAWN,
    GRANTS,
    LISE,
    USERS,
    first_replica,
    instant,
    laid_out,
    name,
)

_MINE = Sql("SELECT DISTINCT id FROM scope_member WHERE scope IN ? AND present")
_ANNOUNCE = Sql("UPDATE replica SET open_n = ? WHERE id = ?")
_SEQS = Sql("SELECT id, seq FROM record WHERE id IN ?")


class Town(Books):
    """One database, put back to the same dawn before each run."""

    def __init__(self, database_url: str = "sqlite://") -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="oppgang-town-")
        here = Path(self._folder.name)
        self.settings = Settings(
            Mode.TEST, here, here, database_url, "http://sim", b"1" * 32, b"", b"2" * 32
        )
        self.database = Database(self.settings)
        self.database.create()
        self._lives, self._page = 0, 50
        self._known: set[str] = set()
        self._server_was = (writing.CHILDREN_MAX, placing.PIECE, placing.PIECES_AT_ONCE)
        self._spoke: int = vars(judging)["CONTRACT"]
        self._speak(CONTRACT)
        self._lay_out()
        self._dawn = copied(self.database)

    def close(self) -> None:
        """Give back what it holds, and leave the server's code as it was found."""
        writing.CHILDREN_MAX, placing.PIECE, placing.PIECES_AT_ONCE = self._server_was
        self._speak(self._spoke)
        self.database.close()
        self._folder.cleanup()

    def begin(self, page: int, few: bool = False) -> None:
        """Put everything back to how every run begins; `page` is the most records of a page.

        `few` are many: a home with two records below it then moves in pieces of two.
        """
        self._page = page
        writing.CHILDREN_MAX, placing.PIECE = (1, 2) if few else (500, 500)
        placing.PIECES_AT_ONCE = 0
        self._lives = 0
        erasure.ledger_of(self.settings).unlink(missing_ok=True)
        self._speak(CONTRACT)
        self._fill(self._dawn)

    def backup(self) -> Copy:
        """Copy every table."""
        return copied(self.database)

    def restore(self, copy: Copy, now: datetime) -> None:
        """Lay a backup in and begin a new life, as `./run restore` does."""
        self._fill(copy)
        self._lives += 1
        with self.database.writing() as session:
            renew_incarnation(session, name(f"life {self._lives}"))
        erasure.replay(self.database, self.settings, now)

    def upgrade(self, now: datetime) -> None:
        """Speak the newest contract of all phones, and judge again what waited for that."""
        self._speak(CONTRACT + 1)
        judge_again(self.database, now, "schema")

    def erase(self, ids: Collection[str], now: datetime) -> set[str]:
        """Erase records and what belongs to them; give all that went."""
        return set(erasure.erase(self.database, self.settings, ids, now, "wish", LISE))

    def register(self, replica: str, user: str, phone: str, now: datetime) -> None:
        """Make a replica known, as a phone does when its vault is made; those of dawn are."""
        if replica in self._known:
            return
        with self.database.writing() as session:
            people.register_replica(
                session,
                replica=replica,
                installation=name(phone),
                user=user,
                public_key=b"\x04" + b"k" * 64,
                app="simulator",
                contract=CONTRACT,
                now=now,
            )

    def revoke(self, replica: str, now: datetime) -> None:
        """Close a phone that somebody lost."""
        with self.database.writing() as session:
            people.revoke_replica(session, replica, now)

    def sync(self, user: str, request: Mapping[str, Any], now: datetime) -> Answer:
        """One round trip of a phone whose cookie is `user`'s own: push, commit, pull."""
        self._announce(request["replica"], request["open"])
        results = self.push(user, request["replica"], request["push"], now)
        answer = self.pull(user, request["cursor"], now)
        reply = {**answer.reply, "results": results}
        return Answer(reply, answer.visible, self._stood(request["push"]))

    def sync_together(
        self, asked: Sequence[tuple[str, Mapping[str, Any]]], now: datetime
    ) -> list[Answer]:
        """Several round trips: at the same time on PostgreSQL, one after another in memory.

        What stood when one of them was judged is then nobody's to say.
        """
        if self.database.in_memory:
            answers = [self.sync(user, request, now) for user, request in asked]
        else:
            with ThreadPoolExecutor(len(asked)) as pool:
                doing = [pool.submit(self.sync, user, request, now) for user, request in asked]
                answers = [one.result() for one in doing]
        return [Answer(one.reply, one.visible, {}) for one in answers]

    def _announce(self, replica: str, numbers: Sequence[int]) -> None:
        """Note which numbers belong to open forms, as the health line of a request says."""
        announced = orjson.dumps(numbers).decode()
        if self._announced.get(replica, "[]") != announced:
            self._announced[replica] = announced
            with self.database.writing() as session:
                rows(session, _ANNOUNCE, announced, replica)

    def push(
        self, user: str, replica: str, pushes: Sequence[Any], now: datetime, sealed: bool = False
    ) -> list[dict[str, Any]]:
        """Hand mutations in, as a user; `sealed` ones came as parcels."""
        if not pushes:
            return []
        given = [orjson.dumps(push) for push in pushes]
        results = take(self.database, Actor(user, ()), replica, given, now, sealed=sealed)
        return [result.wire() for result in results]

    def keep_unreadable(self, mutation: Mapping[str, Any], now: datetime) -> None:
        """Take a parcel whose seal is broken, as the door for parcels does."""
        intake.keep_unreadable(
            self.database,
            mid=mutation["mid"],
            replica=mutation["replica"],
            owner=mutation["author"],
            raw=orjson.dumps({"mid": mutation["mid"], "ciphertext": "broken"}),
            now=now,
        )

    def pull(
        self,
        user: str,
        cursor: str | None,
        now: datetime,
        held: Mapping[str, str] | None = None,
    ) -> Answer:
        """Read one page of a user's feed; `held` are a phone's digests, to compare."""
        with self.database.reading() as session:
            actor = actor_of(session, user)
            page = feed.pull(session, actor, cursor, limit=self._page, now=now, held=held)
            mine = rows(session, _MINE, list(scopes_of(session, actor, now)))
        if page.access is not None and page.access["version"] not in self._remembered:
            self._remembered.add(page.access["version"])
            feed.remember_access(self.database, page.access, now)
        reply = {
            "incarnation": page.incarnation,
            "server_now": instant(now),
            "results": [],
            "puts": page.puts,
            "leaves": page.leaves,
            "cursor": page.cursor,
            "covered": page.covered,
            "more": page.more,
            "access": page.access,
            "reset": page.reset,
            "checked": None if page.differing is None else True,
        }
        present = {key: value for key, value in reply.items() if value is not None}
        return Answer(orjson.loads(orjson.dumps(present)), frozenset(row[0] for row in mine), {})

    def judge_held(self, now: datetime) -> None:
        """Judge again what may have been mended since, as the scheduler does every day."""
        judge_again(self.database, now, *MAY_MEND)

    def place(self, pieces: int | None, now: datetime) -> None:
        """Place anew what moves left to be done, as the scheduler does."""
        place_withheld(self.database, now, pieces)

    def grant(self, user: str, role: Role, area: str | None) -> None:
        """Give a right."""
        with self.database.writing() as session:
            people.grant(session, name(f"grant {user} {role} {area}"), user, role, area)

    def withdraw(self, user: str, area: str) -> None:
        """Take a user's rights in an area away."""
        with self.database.writing() as session:
            people.withdraw(session, user, area=area)

    def _speak(self, contract: int) -> None:
        for where in (arrivals, judging):
            vars(where)["CONTRACT"] = contract

    def _lay_out(self) -> None:
        self._fill(copied(self.database))
        with self.database.writing() as session:
            session.execute(update(Clock).values(incarnation=name("life 0"), cursor_key="k" * 64))
            for user in USERS:
                session.add(User(id=user, name=user, created_at=DAWN))
            session.flush()
            for user, role, area in GRANTS:
                people.grant(session, name(f"grant {user} {role} {area}"), user, role, area)
        for kind, id, body in laid_out():
            one = office_mutation(LISE, name(f"mid {id}"), ("create", kind, id), body, {}, DAWN)
            (result,) = self.push(LISE, office_replica(LISE), [one], DAWN)
            assert result["state"] == "applied", result
        for called, user, phone in CAST:
            self.register(first_replica(called), user, phone, DAWN)
        self._known = {first_replica(called) for called, _, _ in CAST}

    def _fill(self, copy: Copy) -> None:
        laid_in(self.database, copy)
        self._announced: dict[str, str] = {}
        self._remembered: set[str] = set()

    def _stood(self, pushes: Sequence[Any]) -> dict[str, int]:
        if not pushes:
            return {}
        seqs: dict[str, int] = dict(
            self.look(_SEQS, list({push["id"] for push in pushes if "id" in push}))
        )
        return {push["mid"]: seqs[push["id"]] for push in pushes if push.get("id") in seqs}


def office_mutation(
    user: str,
    mid: str,
    record: tuple[str, str, str],
    set: Mapping[str, Any],
    seen: Mapping[str, Any],
    now: datetime,
) -> dict[str, Any]:
    """Write as an office page does: no number, no chain. `record` is op, kind, id."""
    op, kind, id = record
    return {
        "mid": mid,
        "replica": office_replica(user),
        "n": None,
        "author": user,
        "contract": 1,
        "kind": kind,
        "id": id,
        "op": op,
        "set": dict(set),
        "seen": dict(seen),
        "happened_at": instant(now),
        "captured_at": instant(now),
        "offset_ms": 0,
    }
