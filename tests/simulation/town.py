"""The server of a simulated run: the real intake and feed on an SQLite in memory, in a small town.

It makes no choices: what is sent, when, and what is lost on the way is the run's to say.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import insert, select, update

from server import feed, people
from server.access import actor_of, scopes_of
from server.config import Mode, Settings
from server.database import Base, Clock, Database, renew_incarnation
from server.intake import place_withheld, placing, take, writing
from server.intake.papers import Desk
from server.ledger import MutationRow
from server.people import Replica, User
from server.records.record import Envelope, ScopeMember
from server.roles import Role
from sync.mutation import NS, office_replica

DAWN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def name(what: str) -> str:
    """Give the id of something that every run has."""
    return str(uuid.uuid5(NS, f"simulation|{what}"))


KARI, AMIR, OLA, INGRID, LISE = map(name, ("kari", "amir", "ola", "ingrid", "lise"))
NORTH, SOUTH = name("north"), name("south")
DWELLINGS = (name("dwelling 1"), name("dwelling 2"))
PLANS = (name("plan 1"), name("plan 2"), name("plan 3"))
GRANTS = (
    (KARI, Role.BOMILJO, NORTH),
    (AMIR, Role.BOMILJO, NORTH),
    (AMIR, Role.BOMILJO, SOUTH),
    (OLA, Role.CARETAKER, NORTH),
    (INGRID, Role.OFFICE, None),
    (LISE, Role.LEADER, None),
)
OFFICE = (INGRID, LISE)


def instant(moment: datetime) -> str:
    """Write a moment as it travels."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(text: str) -> datetime:
    """Read a moment as it travels."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True)
class Standing:
    """A record as it stands at the server."""

    id: str
    kind: str
    seq: int
    deleted: bool
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """A reply as bytes on the wire, and what its reader might see at that very moment."""

    reply: dict[str, Any]
    visible: frozenset[str]
    stood: Mapping[str, int]
    """For each mid of the push, the seq of its record once it was judged."""


class Town:
    """One database, emptied and laid out anew for each run."""

    def __init__(self) -> None:
        here = Path("in-memory")
        self.database = Database(
            Settings(Mode.TEST, here, here, "sqlite://", "http://sim", b"1" * 32, b"", b"2" * 32)
        )
        self.database.create()
        self._lives, self._page = 0, 50
        self._lay_out()
        self._dawn = self.backup()

    def begin(self, page: int, few: bool = False) -> None:
        """Put everything back to how every run begins; `page` is the most records of a page.

        `few` are many: a home with two records below it then moves in pieces of two.
        """
        self._page = page
        writing.CHILDREN_MAX, placing.PIECE = (1, 2) if few else (500, 500)
        placing.PIECES_AT_ONCE = 0
        self._announced: dict[str, str] = {}
        self._lives = 0
        self._fill(self._dawn)

    def backup(self) -> dict[str, list[dict[str, Any]]]:
        """Copy every table."""
        with self.database.reading() as session:
            return {
                table.name: [dict(row) for row in session.execute(select(table)).mappings()]
                for table in Base.metadata.sorted_tables
            }

    def restore(self, copy: dict[str, list[dict[str, Any]]]) -> None:
        """Lay a backup in and begin a new life, as `./run restore` does."""
        self._fill(copy)
        self._announced.clear()
        self._lives += 1
        with self.database.writing() as session:
            renew_incarnation(session, name(f"life {self._lives}"))

    def register(self, replica: str, user: str, phone: str, now: datetime) -> None:
        """Make a replica known, as a phone does when its vault is made."""
        with self.database.writing() as session:
            people.register_replica(
                session,
                replica=replica,
                installation=name(phone),
                user=user,
                public_key=b"\x04" + b"k" * 64,
                app="simulator",
                contract=1,
                now=now,
            )

    def sync(self, user: str, request: Mapping[str, Any], now: datetime) -> Answer:
        """One round trip of a phone whose cookie is `user`'s own: push, commit, pull."""
        self._announce(request["replica"], request["open"])
        results = self.push(user, request["replica"], request["push"], now)
        answer = self.pull(user, request["cursor"], now)
        reply = {**answer.reply, "results": results}
        return Answer(reply, answer.visible, self._stood(request["push"]))

    def _announce(self, replica: str, numbers: Sequence[int]) -> None:
        """Note which numbers belong to open forms, as the health line of a request says."""
        announced = orjson.dumps(numbers).decode()
        if self._announced.get(replica, "[]") != announced:
            self._announced[replica] = announced
            with self.database.writing() as session:
                session.execute(
                    update(Replica).where(Replica.id == replica).values(open_n=announced)
                )

    def push(
        self, user: str, replica: str, pushes: Sequence[Any], now: datetime
    ) -> list[dict[str, Any]]:
        """Hand mutations in, as a user."""
        if not pushes:
            return []
        with self.database.reading() as session:
            actor = actor_of(session, user)
        results = take(self.database, actor, replica, [orjson.dumps(p) for p in pushes], now)
        return [result.wire() for result in results]

    def pull(self, user: str, cursor: str | None, now: datetime) -> Answer:
        """Read one page of a user's feed."""
        with self.database.reading() as session:
            actor = actor_of(session, user)
            page = feed.pull(session, actor, cursor, limit=self._page, now=now)
            visible = self._visible(session, scopes_of(session, actor, now))
        if page.access is not None:
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
        }
        present = {key: value for key, value in reply.items() if value is not None}
        return Answer(orjson.loads(orjson.dumps(present)), frozenset(visible), {})

    def visible(self, user: str, now: datetime) -> dict[str, Standing]:
        """Give all that a user may see."""
        with self.database.reading() as session:
            mine = scopes_of(session, actor_of(session, user), now)
            ids = self._visible(session, mine)
        return {one.id: one for one in self.records() if one.id in ids}

    def records(self, ids: Collection[str] | None = None) -> list[Standing]:
        """Give records as they stand, all of them unless some are named."""
        wanted = select(Envelope.id, Envelope.kind, Envelope.seq, Envelope.deleted, Envelope.body)
        if ids is not None:
            wanted = wanted.where(Envelope.id.in_(ids))
        with self.database.reading() as session:
            rows = session.execute(wanted.order_by(Envelope.id)).all()
        return [Standing(*row[:4], orjson.loads(bytes(row.body))) for row in rows]

    def ledger(self) -> list[Any]:
        """Give every row of the ledger, oldest first."""
        with self.database.reading() as session:
            return list(
                session.execute(select(MutationRow.__table__).order_by(MutationRow.position)).all()
            )

    def settled(self, mids: Collection[str]) -> dict[str, Any]:
        """Give the ledger's rows of some mids that are applied or under review."""
        if not mids:
            return {}
        table = MutationRow.__table__
        with self.database.reading() as session:
            rows = session.execute(
                select(table).where(table.c.mid.in_(mids), table.c.state.in_(("applied", "review")))
            )
            return {row.mid: row for row in rows}

    def memberships(self) -> Iterator[tuple[str, set[str], set[str]]]:
        """For each record: the scopes that carry it, and those that its place names."""
        with self.database.reading() as session:
            desk = Desk(session)
            desk.fetch(set(session.execute(select(Envelope.id)).scalars()))
            found: dict[str, set[str]] = {}
            rows = session.execute(
                select(ScopeMember.id, ScopeMember.scope).where(ScopeMember.present)
            )
            for id, scope in rows:
                found.setdefault(id, set()).add(scope)
            for id, paper in sorted(desk.papers.items()):
                yield id, found.get(id, set()), set(desk.scopes(paper))

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

    def office_mutation(
        self,
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

    def _lay_out(self) -> None:
        with self.database.writing() as session:
            session.execute(update(Clock).values(incarnation=name("life 0")))
            for user in (KARI, AMIR, OLA, INGRID, LISE):
                session.add(User(id=user, name=user, created_at=DAWN))
            session.flush()
            for user, role, area in GRANTS:
                people.grant(session, name(f"grant {user} {role} {area}"), user, role, area)
            people.grant(session, name("grant admin"), LISE, Role.ADMIN, None)
        north, south = DWELLINGS
        both = {f"visitors/{KARI}": True, f"visitors/{AMIR}": True}
        day = {"planned_on": "2026-03-03"}
        laid: list[tuple[str, str, dict[str, Any]]] = [
            ("area", NORTH, {"name": "Nord"}),
            ("area", SOUTH, {"name": "Sør"}),
            ("dwelling", north, {"area": NORTH, "address": "Nordgata 1"}),
            ("dwelling", south, {"area": SOUTH, "address": "Sørgata 1"}),
            ("planned_visit", PLANS[0], {"dwelling": north, **day, **both}),
            ("planned_visit", PLANS[1], {"dwelling": south, **day, f"visitors/{AMIR}": True}),
            ("planned_visit", PLANS[2], {"dwelling": north, **day, f"visitors/{KARI}": True}),
        ]
        for kind, id, body in laid:
            one = self.office_mutation(
                LISE, name(f"mid {id}"), ("create", kind, id), body, {}, DAWN
            )
            (result,) = self.push(LISE, office_replica(LISE), [one], DAWN)
            assert result["state"] == "applied", result

    def _fill(self, copy: dict[str, list[dict[str, Any]]]) -> None:
        tables = Base.metadata.sorted_tables
        with self.database.writing() as session:
            connection = session.connection()
            for table in reversed(tables):
                connection.exec_driver_sql(f'DELETE FROM "{table.name}"')
            for table in tables:
                if copy[table.name]:
                    session.execute(insert(table), copy[table.name])

    def _visible(self, session: Any, mine: Sequence[str]) -> set[str]:
        present = ScopeMember.scope.in_(mine), ScopeMember.present
        return set(session.execute(select(ScopeMember.id).where(*present).distinct()).scalars())

    def _stood(self, pushes: Sequence[Any]) -> dict[str, int]:
        wanted = {push["id"] for push in pushes}
        seqs = {one.id: one.seq for one in self.records(wanted)} if wanted else {}
        return {push["mid"]: seqs[push["id"]] for push in pushes if push["id"] in seqs}
