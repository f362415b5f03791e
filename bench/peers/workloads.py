"""W1 to W6 of the speed page, told to any peer alike: what phones do, and what became of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from bench.load import Figures, measured, ordered_id, run, timed
from bench.peers.peer import Edit, Fields, Peer, Phone, visit

BATCH = 100
PUSHERS, PER_PHONE = 50, 200
FRESH_PHONES = 3
TEAMS, TEAM_SIZE, ROUNDS = 20, 10, 10
NEW, EDITS = 3, 2
IDLE_ROUNDS = 400
EDITORS, EDITED = 20, 500
WARM, CROWD, APART, TOGETHER = "warm", "crowd", "apart", "together"
NAMES = [WARM, CROWD, APART, TOGETHER, *(f"team{number}" for number in range(TEAMS))]
"""The teams of all workloads; each is a scope, a database or a collection of its own."""
REMARK = "remarks/NYVRI1-08"


@dataclass(frozen=True)
class Fate:
    """What became of edits that did not know of each other.

    `told`: the server's answer said that the edit was not taken; `kept`: lost, but on the server.
    """

    edits: int
    in_effect: int
    told: int
    kept: int

    @property
    def silent(self) -> int:
        """Edits that are not in effect, and whose author got the same answer as the others."""
        return max(0, self.edits - self.in_effect - self.told)


@dataclass
class Outcome:
    """What a workload cost, and for W5 what came of it."""

    figures: Figures
    fate: Fate | None = None


def steps(peer: Peer, stored: int) -> Iterator[tuple[str, str, Callable[[], Outcome]]]:
    """(name, what a unit is, how to run it), in this order on one growing store."""
    small = PUSHERS * PER_PHONE
    yield "W1 push", "record", lambda: push(peer)
    yield "W2 pull", "record", lambda: pull(peer, packed=False)
    yield "W2 pull, packed", "record", lambda: pull(peer, packed=True)
    yield "W3 steady", "sync", lambda: steady(peer, everybody(peer))
    for lines in (1, 4):
        name = f"W4 nothing, {lines} line" + "s" * (lines > 1)
        yield name, "sync", lambda lines=lines: idle(peer, settled(peer, lines))  # type: ignore[misc]
    yield "W5 A, different fields", "edit", lambda: conflict(peer, APART, own_remark)
    yield "W5 B, the same field", "edit", lambda: conflict(peer, TOGETHER, lambda _: REMARK)
    for size in (small, stored) if stored > small else ():
        yield f"W6 steady, {size:,}", "sync", lambda size=size: grown(peer, size, steady)  # type: ignore[misc]
        yield f"W6 nothing, {size:,}", "sync", lambda size=size: grown(peer, size, idle)  # type: ignore[misc]


def push(peer: Peer) -> Outcome:
    """W1: fifty phones, two hundred new records each, a hundred at a time."""
    phones = [peer.phone(CROWD, number) for number in range(PUSHERS)]
    return Outcome(measured("push", peer, phones, PUSHERS * PER_PHONE, filling(PER_PHONE)))


def warm(peer: Peer) -> None:
    """What a process does once, before the clock: as many connections as the workloads have."""
    phones = [peer.phone(WARM, number) for number in range(8)]
    measured("warm", peer, phones, 1, filling(2 * BATCH))
    for phone in phones:
        phone.pull()
        phone.line.hang_up()


def filling(count: int) -> Callable[[Phone], Iterator[float]]:
    """So many new records from a phone, which forgets them."""

    def work(phone: Phone) -> Iterator[float]:
        for _ in range(count // BATCH):
            batch = {ordered_id(): visit(phone) for _ in range(BATCH)}
            yield timed(lambda batch=batch: phone.push(batch))  # type: ignore[misc]
            phone.known.clear()

    return work


def pull(peer: Peer, packed: bool) -> Outcome:
    """W2: fresh phones, one after the other, load all that their team has."""
    phones = [peer.phone(CROWD, PUSHERS + number, packed) for number in range(FRESH_PHONES)]
    came: Counter[str] = Counter()

    def work(phone: Phone) -> Iterator[float]:
        def all_of_it() -> None:
            came["records"] += phone.pull()

        yield timed(all_of_it)
        phone.known.clear()

    figures = run("pull", peer, phones, 1, work, connections=1)
    figures.units = came["records"]
    return Outcome(figures)


def everybody(peer: Peer) -> list[Phone]:
    """The phones of W3, in teams whose store is empty."""
    names = NAMES[-TEAMS:]
    return [peer.phone(name, number) for name in names for number in range(TEAM_SIZE)]


def settled(peer: Peer, count: int) -> list[Phone]:
    """Phones of one person that know all the crowd has: one pulls, the others begin there."""
    phones = [peer.phone(CROWD, 0) for _ in range(count)]
    phones[0].pull()
    for phone in phones:
        phone.line.hang_up()
    for phone in phones[1:]:
        phone.begin_where(phones[0])
    return phones


def steady(peer: Peer, phones: Sequence[Phone]) -> Outcome:
    """W3: each sync pushes three new records and two edits, and brings the team's news."""
    mine: defaultdict[int, list[str]] = defaultdict(list)

    def work(phone: Phone) -> Iterator[float]:
        own = mine[id(phone)]
        new = {ordered_id(): visit(phone) for _ in range(NEW)}
        edits = {record: {REMARK: f"Ny rist, {len(own)}"} for record in own[-EDITS:]}
        own += new
        yield timed(lambda: phone.sync(new | edits))

    first, *rest = [measured("steady", peer, phones, len(phones), work) for _ in range(ROUNDS)]
    for other in rest:
        first.with_more(other)
    return Outcome(first)


def idle(peer: Peer, phones: Sequence[Phone]) -> Outcome:
    """W4: nothing to send and nothing new, a connection for each phone."""

    def work(phone: Phone) -> Iterator[float]:
        for _ in range(IDLE_ROUNDS):
            yield timed(lambda: phone.sync({}))

    return Outcome(run("idle", peer, phones, IDLE_ROUNDS * len(phones), work, len(phones)))


def own_remark(number: int) -> str:
    """A field for each of the editors."""
    return f"remarks/NYVRI1-{number + 1:02}"


def conflict(peer: Peer, team: str, field_of: Callable[[int], str]) -> Outcome:
    """W5: twenty phones that saw the same five hundred records edit them all, and then send."""
    author = peer.phone(team, 0)
    records = {ordered_id(): visit(author) for _ in range(EDITED)}
    for batch in batches(records):
        author.push(batch)
    phones = [peer.phone(team, 1 + number) for number in range(EDITORS)]
    for phone in (author, *phones):
        phone.pull()
        phone.line.hang_up()
    fields = {phone.user: field_of(number) for number, phone in enumerate(phones)}
    told: Counter[str] = Counter()

    def work(phone: Phone) -> Iterator[float]:
        change = {fields[phone.user]: said(phone.user)}
        for batch in batches(dict.fromkeys(records, change)):

            def send(batch: dict[str, Fields] = batch) -> None:
                told[phone.user] += phone.push(batch)

            yield timed(send)

    figures = measured("conflict", peer, phones, EDITORS * EDITED, work)
    edits = [(record, field, said(user)) for user, field in fields.items() for record in records]
    return Outcome(figures, fate(peer, team, edits, told.total()))


def said(user: str) -> str:
    """What an editor writes."""
    return f"Sett av {user}"


def fate(peer: Peer, team: str, edits: Sequence[Edit], told: int) -> Fate:
    """Ask the server what stands, and what else it has of what does not stand."""
    standing = peer.standing(team)
    lost = {edit for edit in edits if standing[edit[0]].get(edit[1]) != edit[2]}
    kept = lost & peer.kept(team, list(standing)) if lost else lost
    return Fate(len(edits), len(edits) - len(lost), told, len(kept))


def batches(changes: Mapping[str, Fields]) -> Iterable[dict[str, Fields]]:
    """A hundred at a time."""
    left = iter(changes.items())
    while batch := dict(islice(left, BATCH)):
        yield batch


def grown(peer: Peer, size: int, work: Callable[[Peer, Sequence[Phone]], Outcome]) -> Outcome:
    """W6: W3 or W4 by phones of the crowd, when it has at least `size` records."""
    phones = settled(peer, TEAM_SIZE)
    lacks = size - len(phones[0].known)
    if lacks >= BATCH:
        each = -(-lacks // (TEAM_SIZE * BATCH)) * BATCH
        run("fill", peer, settled(peer, TEAM_SIZE), 1, filling(each), TEAM_SIZE)
        phones = settled(peer, TEAM_SIZE)
    return work(peer, phones if work is steady else phones[:4])
