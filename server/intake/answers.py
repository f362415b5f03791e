"""What a verdict brings besides its own record: reviews, what decisions do, and receipts.

Reviews and receipts are records like others; the server writes them in its own name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any
from uuid import uuid5

from server import ledger
from server.driver import Sql, rows
from server.intake.arrivals import (
    OPEN_STATES,
    Arrival,
    hangs_on,
    reread_for_receipt,
    reviews_of,
    said_mid,
    unapplied,
)
from server.intake.judging import Bench
from server.intake.papers import SOON, Paper
from server.intake.questions import free_name, remember
from server.ledger import Entry
from server.records import REGISTRY
from server.records.receipt import Receipt
from server.records.record import REVIEWERS, Around, FollowUp
from server.records.review import Review
from server.shapes import write_instant
from sync.judge import Ask, Verdict
from sync.mutation import NS, WHOLE, Json, Mutation, Seen, receipt_id, review_id

SERVER = str(uuid5(NS, "server"))
"""The replica of what the server writes in its own name; it has no chain."""
_OPEN = Sql(
    "SELECT r.about, r.path, r.replica, m.n FROM review r LEFT JOIN mutation m ON m.mid = r.mid"
    " WHERE r.about IN ? AND r.decision IS NULL"
)
EARLIER = ("value", "seen", "decision")


@dataclass
class Answers:
    """Collects, while a batch is judged, what must be asked, settled and told at its end."""

    bench: Bench
    told: dict[str, Arrival] = field(default_factory=dict)
    """Per mid: what must have, or update, a receipt."""
    decided_by: dict[str, str] = field(default_factory=dict)
    derived: list[tuple[Mutation, Verdict]] = field(default_factory=list)
    _opened: list[tuple[str, Mutation, Ask, Entry]] = field(default_factory=list)
    _closed: list[tuple[str, Mutation]] = field(default_factory=list)

    def know_open(self, targets: Iterable[str]) -> None:
        """Read which reviews are open about records (one query)."""
        about = list(targets)
        if not about:
            return
        for record, path, replica, n in rows(self.bench.desk.session, _OPEN, about):
            self.bench.asked.setdefault((record, replica), {})[path] = n

    def note(self, mutation: Mutation, verdict: Verdict, entry: Entry) -> None:
        """Remember the questions that a verdict asks and those that it settles."""
        key = (mutation.id, mutation.replica)
        for ask in verdict.reviews:
            review = review_id(mutation.id, ask.path, mutation.replica)
            self._opened.append((review, mutation, ask, entry))
            self.bench.asked.setdefault(key, {})[ask.path] = mutation.n
        asked = self.bench.asked.get(key)
        for path in verdict.closes if asked else ():
            if asked is not None and path in asked:
                del asked[path]
                self._closed.append((review_id(mutation.id, path, mutation.replica), mutation))

    def follow(self, mutation: Mutation, before: dict[str, Json]) -> set[str]:
        """Carry out what a write on a deciding record brings; give what it brought back."""
        spec = REGISTRY[mutation.kind]
        paper = self.bench.desk.papers[mutation.id]
        if spec.consequence is None:
            return set()
        known, place = len(self.derived), self.bench.desk.place(paper)
        roles = self.bench.people.actor(mutation.author).roles_in(place.area)
        reviews = self.bench.server or bool(roles & REVIEWERS)
        watchers = partial(self.bench.people.watchers, place, mutation.author)
        around = Around(reviews, self.bench.desk.is_here, watchers)
        for step in spec.consequence(before, dict(paper.body), mutation, around):
            if step.record == paper.id:
                self.bench.desk.put(paper, step.path, step.value, SERVER)
            else:
                self._elsewhere(step, mutation, paper)
        self.decided_by[paper.id] = mutation.author
        return {made.id for made, verdict in self.derived[known:] if verdict.deleted is False}

    def _elsewhere(self, step: FollowUp, mutation: Mutation, deciding: Paper) -> None:
        desk = self.bench.desk
        desk.fetch([step.record])
        target = desk.papers.get(step.record)
        if target is None:
            return
        if step.path in target.spec.references and isinstance(step.value, str):
            desk.fetch((), [step.value])
        standing: Json = target.deleted if step.path == WHOLE else target.body.get(step.path)
        if step.shown_seq is None and standing != step.expects:
            return
        shown = target.seq if step.shown_seq is None else step.shown_seq
        if step.shown_seq is not None and shown > self.bench.head:
            shown = 0
        version = target.versions.get(step.path)
        moved = version is not None and version[0] > shown
        verdict = None if moved or step.keep else self._write(step, mutation, target, shown)
        if moved or (verdict is not None and verdict.state != "applied"):
            for path, value in (step.reopen or {}).items():
                desk.put(deciding, path, value, SERVER)
        elif verdict is not None and step.shown_seq is not None:
            decision = deciding.body.get("decision")
            if isinstance(decision, dict):
                desk.put(deciding, "decision", {**decision, "was": standing}, SERVER)

    def _write(self, step: FollowUp, mutation: Mutation, target: Paper, shown: int) -> Verdict:
        whole = step.path == WHOLE
        derived = Mutation(
            mid=str(uuid5(NS, f"decided|{mutation.mid}|{step.record}|{step.path}")),
            replica=mutation.replica,
            n=None,
            author=step.author,
            contract=mutation.contract,
            kind=target.kind,
            id=target.id,
            op=("delete" if step.value else "restore") if whole else "patch",
            set={} if whole else {step.path: step.value},
            seen={step.path: Seen(None if whole else target.body.get(step.path), shown)},
            happened_at=mutation.happened_at,
            captured_at=mutation.captured_at,
            offset_ms=mutation.offset_ms,
            why=mutation.why,
        )
        verdict = self.bench.follow_up(derived, REGISTRY[target.kind], signed=step.signed)
        if verdict.state == "applied":
            if shown == SOON:  # written in this very turn: the ledger says what could be seen
                seen = {
                    path: replace(saw, seq=self.bench.head) for path, saw in derived.seen.items()
                }
                derived = replace(derived, seen=seen)
            self.derived.append((derived, verdict))
        return verdict

    def finish(self) -> list[Entry]:
        """Put reviews and receipts on the desk; give the ledger's entries whose state changed."""
        self._write_reviews()
        changed = self._redecide()
        self._write_receipts()
        return changed

    def _write_reviews(self) -> None:
        desk = self.bench.desk
        desk.fetch({each[0] for each in self._opened} | {each[0] for each in self._closed})
        for name, mutation, ask, entry in self._opened:
            review = free_name(desk, name)
            if review != name:
                remember(entry, ask.path, review)
            self._open(review, mutation, ask)
        for name, mutation in self._closed:
            paper = desk.papers.get(free_name(desk, name))
            if paper is not None and paper.body.get("decision") is None:
                target = desk.papers[mutation.id]
                decision: dict[str, Json] = {
                    "choice": "withdrawn",
                    "record_seq": 0 if target.seq == SOON else target.seq,
                    "by": mutation.author,
                    "at": write_instant(self.bench.now),
                }
                desk.put(paper, "decision", decision, SERVER)
                self.decided_by[paper.id] = mutation.author

    def _open(self, review: str, mutation: Mutation, ask: Ask) -> None:
        desk = self.bench.desk
        paper = desk.papers.get(review)
        if paper is None:
            paper = self._new(Review.spec.name, review, mutation.author)
        else:
            kept: Json = {k: paper.body[k] for k in EARLIER if k in paper.body}
            desk.put(paper, f"history/{paper.body['mid']}", kept, SERVER)
            desk.put(paper, "decision", None, SERVER)
        written: dict[str, Json] = {
            "about": mutation.id,
            "about_kind": mutation.kind,
            "path": ask.path,
            "author": mutation.author,
            "replica": mutation.replica,
            "mid": mutation.mid,
            "value": ask.value,
            "seen": {"value": ask.seen.value, "seq": ask.seen.seq},
            "reason": ask.reason,
            "opened_at": write_instant(self.bench.now),
            "other": self.bench.other_author(mutation.id, ask.path, mutation.author),
        }
        for path, value in written.items():
            desk.put(paper, path, value, SERVER)

    def _new(self, kind: str, record: str, author: str) -> Paper:
        paper = Paper(
            id=record,
            kind=kind,
            seq=SOON,
            deleted=False,
            body={},
            versions={},
            authors=(author,),
            created_at=self.bench.now,
            locked_at=None,
            exists=False,
        )
        self.bench.desk.add(paper)
        return paper

    def _redecide(self) -> list[Entry]:
        """Give every mutation behind a review that opened or closed the state it has today."""
        desk = self.bench.desk
        touched = [
            paper
            for paper in desk.papers.values()
            if paper.kind == Review.spec.name and paper.changed and paper.exists
        ]
        changed: list[Entry] = []
        asked = {(str(p.body["about"]), str(p.body["replica"])) for p in touched}
        for about, replica in sorted(asked):
            asking = [
                entry
                for entry in ledger.of_record(desk.session, about)
                if entry.replica == replica and entry.mid not in self.told and reviews_of(entry)
            ]
            desk.fetch({review for entry in asking for review in reviews_of(entry)})
            for entry in asking:
                papers = [desk.papers.get(review) for review in reviews_of(entry)]
                waits = any(p is not None and p.body.get("decision") is None for p in papers)
                state = "review" if waits else "applied"
                if entry.state != state and entry.state in ("review", "applied"):
                    entry.state = state
                    entry.reason = self._reason(papers) if waits else None
                    changed.append(entry)
                    self.told[entry.mid] = reread_for_receipt(entry)
        return changed

    def _reason(self, papers: Iterable[Paper | None]) -> str | None:
        reasons = [str(p.body.get("reason")) for p in papers if p and not p.body.get("decision")]
        return reasons[0] if reasons else None

    def _write_receipts(self) -> None:
        desk = self.bench.desk
        written = {mid: self._receipt(arrival) for mid, arrival in self.told.items()}
        again = [receipt_id(mid) for mid, arrival in self.told.items() if arrival.repeated]
        desk.fetch(again, [each["under"] for each in written.values() if each["under"]])
        for mid, arrival in self.told.items():
            entry, name = arrival.entry, receipt_id(mid)
            paper = desk.papers.get(name)
            if paper is None:
                if entry.state not in OPEN_STATES or name in desk.gone:
                    continue
                paper = self._new(Receipt.spec.name, name, entry.author)
            for path, value in written[mid].items():
                if paper.body.get(path) != value:
                    desk.put(paper, path, value, SERVER)

    def _receipt(self, arrival: Arrival) -> dict[str, Any]:
        entry, mutation = arrival.entry, arrival.mutation
        reviews = reviews_of(entry)
        by = [self.decided_by[review] for review in reviews if review in self.decided_by]
        return {
            "mid": said_mid(entry),
            "replica": entry.replica,
            "n": entry.n,
            "author": entry.author,
            "about": entry.record,
            "under": hangs_on(mutation),
            "about_kind": mutation.kind if mutation else None,
            "area": self._area(arrival),
            "state": entry.state,
            "reason": entry.reason,
            "reviews": reviews or None,
            "set": unapplied(entry, mutation),
            "by": by[-1] if by and entry.state == "applied" else None,
        }

    def _area(self, arrival: Arrival) -> str | None:
        """Give an area by what the author wrote or is: nothing of a record they may not know of."""
        entry = arrival.entry
        area = self.bench.areas.get(entry.mid)
        if area is not None or entry.state != "held":
            return area
        grants = self.bench.people.actor(entry.author).grants
        return next((where for _, where in grants if where), None)
