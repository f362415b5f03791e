"""One turn: a batch taken into custody, judged and written in a single transaction.

It holds the order of things; rights, rules and rows stand in the parts it calls.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from server import ledger
from server.access import Actor
from server.intake.answers import SERVER, Answers
from server.intake.arrivals import Arrival, beside, reread, reviews_of, under_own_mid
from server.intake.erasing import blank, came_too_late
from server.intake.following import followed
from server.intake.judging import Bench
from server.intake.papers import Desk
from server.intake.people_here import PeopleHere
from server.intake.writing import replace_children, write
from server.ledger import CUSTODY, ERASED, Entry
from server.records import REGISTRY
from sync.judge import Verdict
from sync.mutation import Json, Mutation, receipt_id

JUDGED_AGAIN = frozenset({"access", "ref", "schema", "fault"})
"""What may have been mended since: a grant came, or a record, an upgrade, the end of our fault."""


@dataclass(frozen=True)
class Result:
    """What the author is told of one mutation."""

    mid: str
    state: str
    reason: str | None
    reviews: tuple[str, ...]
    seq: int | None
    repeated: bool
    fork: bool = False

    def wire(self) -> dict[str, Json]:
        """Give it as it travels; what is empty is left out."""
        value: dict[str, Json] = {"mid": self.mid, "state": self.state}
        if self.reason is not None:
            value["reason"] = self.reason
        if self.reviews:
            value["reviews"] = list(self.reviews)
        if self.seq is not None:
            value["seq"] = self.seq
        if self.repeated:
            value["repeated"] = True
        if self.fork:
            value["fork"] = True
        return value


@dataclass
class Turn:
    """The state of one transaction of intake."""

    session: Session
    now: datetime
    user: str
    """Whose door it is: answers go to this user alone."""
    known: tuple[Actor, ...] = ()
    server: bool = False
    alone: bool = False
    """What waits for this is not judged with it, because something in that broke."""
    _fresh: list[Arrival] = field(default_factory=list)
    _again: list[Arrival] = field(default_factory=list)
    _redecided: dict[str, Entry] = field(default_factory=dict)
    """Entries of earlier turns whose state this one changed: a repeat is told today's (I-2)."""

    def __post_init__(self) -> None:
        self.people = PeopleHere(self.session, self.now, self.known)
        self.desk = Desk(self.session)
        self.bench = Bench(self.desk, self.people, self.now, server=self.server)
        self.answers = Answers(self.bench)

    def take(self, arrivals: Sequence[Arrival]) -> list[Result]:
        """Take arrivals into custody and judge those that are new; repeats get today's state."""
        answers = self._receive(arrivals)
        self._judge([*self._fresh, *self._again])
        self._finish()
        return [self._result(arrival) for arrival in answers]

    def take_custody(self, arrivals: Sequence[Arrival]) -> list[str]:
        """Store the bytes and nothing else, because judging them failed; give their names."""
        answers = self._receive(arrivals)
        write(self.desk, [arrival.entry for arrival in self._fresh], [], self.now)
        self.people.write_numbers()
        return [arrival.entry.mid for arrival in answers]

    def judge_again(self, entries: Iterable[Entry]) -> None:
        """Judge entries of the ledger by what is true now."""
        self._again = [_again(entry) for entry in entries]
        self.people.lock_replicas([arrival.entry.replica for arrival in self._again])
        self._judge(self._again)
        self._finish()

    def give_up(self, entry: Entry) -> None:
        """Hold what cannot be judged: the fault is ours, and the author is told so."""
        arrival = _again(entry)
        self._again = [arrival]
        self._settle(arrival, Verdict("held", "fault"))
        self._finish()

    def _receive(self, arrivals: Sequence[Arrival]) -> list[Arrival]:
        """Sort arrivals into new ones and repeats; give for each the one that answers for it."""
        self.people.lock_replicas([arrival.entry.replica for arrival in arrivals])
        for arrival in arrivals:
            self._disown(arrival)
        met = ledger.find(self.session, [arrival.entry.mid for arrival in arrivals])
        by_mid = {mid: _met(entry) for mid, entry in met.items()}
        answers = []
        for arrival in arrivals:
            first = by_mid.get(arrival.entry.mid)
            if first is not None and first.entry.author != arrival.entry.author:
                first = self._under_own_name(arrival, by_mid)
            if first is None:
                by_mid[arrival.entry.mid] = arrival
                self._fresh.append(arrival)
                answers.append(arrival)
            elif self._is_same(first.entry, arrival.entry):
                answers.append(first if first in self._fresh else self._repeat(first))
            else:
                answers.append(self._clash(arrival))
        pairs = [(a.entry.replica, a.entry.n) for a in self._fresh if a.entry.n is not None]
        taken = self.people.forks((r, n) for r, n in pairs if n is not None)
        for arrival in self._fresh:
            if arrival.entry.n is not None and (arrival.entry.replica, arrival.entry.n) in taken:
                arrival.fork = True
        return answers

    def _disown(self, arrival: Arrival) -> None:
        """Hold what is signed by another than the user at the door, or by a replica not theirs."""
        mutation, entry = arrival.mutation, arrival.entry
        if mutation is not None and not self._is_signed(mutation, self.user):
            arrival.flaw = "access"
            entry.author, entry.n = self.user, None

    def _is_signed(self, mutation: Mutation, owner: str) -> bool:
        """Say whether what came through somebody's door is theirs; asked each time it is judged."""
        return self.server or (
            mutation.author == owner
            and self.people.owns(mutation.author, mutation.replica, mutation.n)
        )

    def _is_same(self, first: Entry, entry: Entry) -> bool:
        return first.sha256 == entry.sha256 and first.author == entry.author

    def _repeat(self, first: Arrival) -> Arrival:
        if first.mutation is not None and first not in self._again:
            self._again.append(first)
        return first

    def _under_own_name(self, arrival: Arrival, by_mid: dict[str, Arrival]) -> Arrival | None:
        """Judge what another took the mid of by itself; give what came under its name before."""
        mid = under_own_mid(arrival)
        if mid not in by_mid:
            found = ledger.find(self.session, [mid])
            by_mid |= {one: _met(known) for one, known in found.items()}
        return by_mid.get(mid)

    def _clash(self, arrival: Arrival) -> Arrival:
        """Keep other bytes under a known mid beside the first, under a name made from both."""
        mid = beside(arrival)
        known = ledger.find(self.session, [mid]).get(mid)
        if known is not None:
            return _met(known)
        same = next((a for a in self._fresh if a.entry.mid == mid), None)
        if same is None:
            self._fresh.append(arrival)
        return same or arrival

    def _judge(self, arrivals: Sequence[Arrival]) -> None:
        self._fetch(arrivals)
        landed = self._judge_each(arrivals)
        for numbers_of, numbers in self.people.numbers.items():
            landed |= {f"{numbers_of}/{n}" for n in numbers.filled}
        tried = {arrival.entry.mid for arrival in arrivals}
        while landed and not self.alone:
            waiting = [a for a in self._fresh if a.entry.waits_for in landed]
            for entry in ledger.waiting_for(self.session, landed):
                if entry.mid not in tried:
                    tried.add(entry.mid)
                    waiting.append(_again(entry))
            self._again += [a for a in waiting if a not in self._fresh and a not in self._again]
            self.people.lock_replicas([arrival.entry.replica for arrival in waiting])
            self._fetch(waiting)
            landed = self._judge_each(waiting)

    def _judge_each(self, arrivals: Sequence[Arrival]) -> set[str]:
        """Judge in order; give the records that came into being, for others may wait for them."""
        landed: set[str] = set()
        self._mark_forks([arrival for arrival in arrivals if arrival.repeated])
        for arrival in arrivals:
            mutation = arrival.mutation
            if mutation is not None and not self._is_signed(mutation, arrival.entry.author):
                arrival.flaw = arrival.flaw or "access"
            paper = self.desk.papers.get(mutation.id) if mutation else None
            brings = mutation is not None and _has_consequence(mutation.kind)
            before = (dict(paper.body) if paper else {}) if brings else None
            was_there = paper is not None and not paper.deleted
            verdict = self.bench.judge(arrival)
            self._settle(arrival, verdict)
            mutation = arrival.mutation
            if mutation is None:
                continue
            if verdict.creates or (verdict.deleted is False and not was_there):
                landed.add(mutation.id)
            if before is not None and verdict.writes:
                landed |= self.answers.follow(mutation, before)
        return landed

    def _mark_forks(self, arrivals: Sequence[Arrival]) -> None:
        """Find again which of those taken earlier bear a number that was another's before."""
        pairs = [(a.entry.replica, a.entry.n) for a in arrivals if a.entry.n is not None]
        later = ledger.later_twins(self.session, pairs) if pairs else set()
        for arrival in arrivals:
            arrival.fork = arrival.entry.mid in later

    def _settle(self, arrival: Arrival, verdict: Verdict) -> None:
        entry = arrival.entry
        entry.state, entry.reason = verdict.state, verdict.reason
        entry.waits_for = verdict.waits_for
        if verdict.reason == "gone" and arrival.mutation:
            entry.waits_for = arrival.mutation.id
        entry.effect = tuple(
            {"path": line.path, "outcome": str(line.outcome), "was": line.was}
            for line in verdict.effect
        )
        if came_too_late(arrival.mutation, verdict, self.desk.gone) or self._went(arrival, verdict):
            entry.state, entry.reason, entry.waits_for, entry.raw = ERASED, None, None, b""
            entry.effect = ()
        elif arrival.mutation is not None:
            self.answers.note(arrival.mutation, verdict, entry)
        if entry.state in ("held", "review") or arrival.repeated:
            self.answers.told[entry.mid] = arrival

    def _went(self, arrival: Arrival, verdict: Verdict) -> bool:
        """Say whether this was erased before with what it waits for: a phone sends it once more
        after a restore, and its receipt is gone for ever."""
        if verdict.state != "held" or arrival.repeated or arrival.mutation is None:
            return False
        receipt = receipt_id(arrival.entry.mid)
        self.desk.fetch((), [receipt])
        return receipt in self.desk.gone

    def _fetch(self, arrivals: Sequence[Arrival]) -> None:
        targets: set[str] = set()
        others: set[str] = set()
        for arrival in arrivals:
            mutation = arrival.mutation
            if mutation is None:
                continue  # one that is flawed is looked up too: nothing may be kept of the erased
            targets.add(mutation.id)
            others |= _references(mutation)
        self.desk.fetch(targets, others - targets)
        self.answers.know_open(t for t in targets if t in self.desk.papers)

    def _finish(self) -> None:
        redecided = self.answers.finish()
        self._redecided = {entry.mid: entry for entry in redecided}
        replace_children(self.desk)
        fresh = [arrival.entry for arrival in self._fresh]
        fresh += followed(self.session, self.answers.derived, [e.mid for e in fresh], self.now)
        settled = [arrival.entry for arrival in self._again] + redecided
        write(self.desk, fresh, settled, self.now)
        blank(self.session, (), [e.mid for e in settled if e.state == ERASED])
        self.people.write_numbers()

    def _result(self, arrival: Arrival) -> Result:
        entry = self._redecided.get(arrival.entry.mid, arrival.entry)
        reviews = reviews_of(entry) if entry.state == "review" else []
        return Result(
            mid=entry.clash_of or entry.mid,
            state=entry.state,
            reason=entry.reason,
            reviews=tuple(reviews),
            seq=entry.seq,
            repeated=arrival.repeated,
            fork=arrival.fork,
        )


def _met(entry: Entry) -> Arrival:
    """Give what answers for a known mid; some of what is held is judged again when asked about."""
    unsettled = entry.state == CUSTODY or (entry.state == "held" and entry.reason in JUDGED_AGAIN)
    return _again(entry) if unsettled else Arrival(entry, None, None, repeated=True)


def _again(entry: Entry) -> Arrival:
    arrival = reread(entry)
    arrival.repeated = True
    return arrival


@cache
def _reference_fields(kind: str) -> frozenset[str]:
    spec = REGISTRY.get(kind)
    return frozenset(name for name, f in spec.fields.items() if f.to) if spec else frozenset()


def _has_consequence(kind: str) -> bool:
    spec = REGISTRY.get(kind)
    return spec is not None and spec.consequence is not None


def _references(mutation: Mutation) -> set[str]:
    names = _reference_fields(mutation.kind) & mutation.set.keys()
    return {value for name in names if isinstance(value := mutation.set[name], str)}


__all__ = ["SERVER", "Result", "Turn"]
