"""The people of one turn: authors with their rights now, and the replicas they write from.

It keeps the books on numbers (`n`): which have arrived, which are missing, which came twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from server import ledger, people
from server.access import Actor, actor_of, all_areas, scopes, today_of
from server.driver import Sql, moment, rows
from server.people import User
from server.records.record import Place
from sync.mutation import office_replica

NEW_FOR = timedelta(weeks=3)
"""How long somebody is new: the office looks at all that they send in."""
GAPS_MAX = 200
"""More ranges than these are one hole: a phone that counts wildly must not cost us its list."""
_LOCK = Sql(
    'SELECT id, "user", revoked_at, released_at, highest_n, gaps, open_n, forks FROM replica'
    " WHERE id IN ? ORDER BY id",
    postgresql_only=" FOR UPDATE",
)
_COUNT = Sql("UPDATE replica SET highest_n = ?, gaps = ?, forks = ? WHERE id = ?")


@dataclass(slots=True)
class Numbers:
    """What is known of one replica's numbers."""

    user: str
    revoked: bool
    released_at: datetime | None
    highest: int
    gaps: list[list[int]]
    announced: frozenset[int]
    forks: int = 0
    changed: bool = False
    filled: list[int] = field(default_factory=list)

    def closed_to(self, received_at: datetime) -> bool:
        """Say whether what came at a moment is held, because its phone was closed."""
        return self.revoked and (self.released_at is None or received_at > self.released_at)

    def might_be_known(self, n: int) -> bool:
        """Say whether this number may have arrived before; a new one costs no query."""
        return n <= self.highest and not any(low <= n <= high for low, high in self.gaps)

    def arrive(self, n: int) -> None:
        """Note that a number has come."""
        if n > self.highest:
            if n > self.highest + 1:
                self.gaps.append([self.highest + 1, n - 1])
                del self.gaps[:-GAPS_MAX]
            self.highest = n
            self.changed = True
            return
        for index, (low, high) in enumerate(self.gaps):
            if low <= n <= high:
                rest = [[low, n - 1], [n + 1, high]]
                self.gaps[index : index + 1] = [part for part in rest if part[0] <= part[1]]
                del self.gaps[:-GAPS_MAX]
                self.filled.append(n)
                self.changed = True
                return

    def missing_before(self, n: int) -> int | None:
        """Give the lowest number before `n` that neither came nor was announced as open."""
        for low, high in self.gaps:
            for missing in range(low, min(high, n - 1) + 1):
                if missing not in self.announced:
                    return missing
        return None


class PeopleHere:
    """Authors and replicas, each read once."""

    def __init__(self, session: Session, now: datetime, known: Iterable[Actor] = ()) -> None:
        self._session = session
        self._now = now
        self._actors = {actor.user: actor for actor in known}
        self._scopes: dict[str, frozenset[str]] = {}
        self._areas: tuple[str, ...] | None = None
        self._came: dict[str, bool] = {}
        self.numbers: dict[str, Numbers] = {}

    def actor(self, user: str) -> Actor:
        """Give a user with today's grants."""
        if user not in self._actors:
            self._actors[user] = actor_of(self._session, user)
        return self._actors[user]

    def is_new(self, user: str) -> bool:
        """Say whether a user came so lately that the office looks at all that they send in."""
        if user not in self._came:
            found = self._session.scalar(select(User.created_at).where(User.id == user))
            self._came[user] = found is not None and found > self._now - NEW_FOR
        return self._came[user]

    def scopes(self, user: str) -> frozenset[str]:
        """Give every scope of a user."""
        if user not in self._scopes:
            actor = self.actor(user)
            if actor.everywhere and self._areas is None:
                self._areas = all_areas(self._session)
            found = scopes(actor, today_of(self._now), self._areas or ())
            self._scopes[user] = frozenset(found)
        return self._scopes[user]

    def watchers(self, place: Place, alone: str) -> tuple[str, ...]:
        """Give who is warned about somebody `alone` at a place; nobody when none watches."""
        if not people.is_watched(self._session, self._now):
            return ()
        return people.on_duty(self._session, place.area, place.barred - {alone})

    def writer(self, replica: str) -> str | None:
        """Give the user who writes as a replica; None for the server itself."""
        numbers = self.numbers.get(replica)
        return numbers.user if numbers else ledger.author_of(self._session, replica)

    def lock_replicas(self, ids: Collection[str]) -> None:
        """Read and lock the replicas of a batch: the first locks of the turn."""
        wanted = sorted(set(ids) - self.numbers.keys())
        if not wanted:
            return
        found = rows(self._session, _LOCK, wanted)
        for replica, user, revoked_at, released_at, highest, gaps, announced, forks in found:
            self.numbers[replica] = Numbers(
                user=user,
                revoked=revoked_at is not None,
                released_at=moment(released_at) if released_at else None,
                highest=highest,
                gaps=orjson.loads(gaps),
                announced=frozenset(orjson.loads(announced)),
                forks=forks,
            )

    def owns(self, user: str, replica: str, n: int | None) -> bool:
        """Say whether a user may write as this replica; office pages have no row and no chain."""
        numbers = self.numbers.get(replica)
        if numbers is not None:
            return numbers.user == user and n is not None
        return n is None and replica == office_replica(user)

    def forks(self, pairs: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
        """Give the numbers that another mutation has taken already, and note those that are new."""
        pairs = list(pairs)
        doubtful = [
            (replica, n)
            for replica, n in pairs
            if replica in self.numbers and self.numbers[replica].might_be_known(n)
        ]
        taken = ledger.forks(self._session, doubtful)
        seen: set[tuple[str, int]] = set()
        for pair in pairs:
            if pair in seen:
                taken.add(pair)
            seen.add(pair)
        for replica, n in pairs:
            numbers = self.numbers.get(replica)
            if numbers is not None:
                numbers.arrive(n)
                if (replica, n) in taken:
                    numbers.forks += 1
                    numbers.changed = True
        return taken

    def write_numbers(self) -> None:
        """Write what was learnt about the replicas' numbers."""
        for replica, numbers in self.numbers.items():
            if numbers.changed:
                gaps = orjson.dumps(numbers.gaps).decode()
                rows(self._session, _COUNT, numbers.highest, gaps, numbers.forks, replica)
