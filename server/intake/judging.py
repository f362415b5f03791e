"""Judging at the desk: gathers the facts of one mutation, asks the judge, and takes the verdict.

The order in which facts count is the judge's; nothing is written to the database here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from server.access import Actor, may_move, may_write
from server.contract import CONTRACT
from server.database import head
from server.intake.arrivals import Arrival
from server.intake.papers import SOON, Desk, Draft, Paper, is_draft
from server.intake.people_here import PeopleHere
from server.intake.reading import deserialized, fields_of, is_too_large
from server.intake.reviewing import closes_at
from server.records import REGISTRY
from server.records.record import KindSpec, Place, area_scope
from server.shapes import may_step, state_of
from sync.judge import STATUS, Facts, Stored, Verdict, applied, judge, merged
from sync.mutation import WHOLE, Mutation, Seen, field_of


@dataclass
class Bench:
    """Where one turn's mutations are judged, one after the other, against the same desk."""

    desk: Desk
    people: PeopleHere
    now: datetime
    server: bool = False
    """The server writes in its own name: rights are not asked, and its own paths are open."""
    asked: dict[tuple[str, str], dict[str, int | None]] = field(default_factory=dict)
    """Per (record, replica): the paths with an open review, and the n behind it."""
    areas: dict[str, str | None] = field(default_factory=dict)
    """Per mid: the area that a held mutation belongs to."""
    _drafted: tuple[str, Draft, Place] | None = None
    """The place that was worked out last, and of what; often it is what is then written."""

    def judge(self, arrival: Arrival) -> Verdict:
        """Judge one mutation and put what it writes on the desk."""
        mutation = arrival.mutation
        if arrival.flaw is not None or mutation is None:
            return Verdict("held", arrival.flaw or "unreadable")
        spec = REGISTRY.get(mutation.kind)
        if spec is None:
            newer = mutation.contract > CONTRACT
            return judge(mutation, None, Facts(fields={}, kind_known=False, newer_contract=newer))
        mutation, invalid = deserialized(self._believed(mutation), spec, trusted=self.server)
        arrival.mutation = mutation
        paper = self._known(mutation)
        facts, locked = self._facts(mutation, spec, paper, invalid, arrival)
        verdict = self._ask_judge(mutation, paper, facts, locked, asks=not self.server)
        if self.server and verdict.state == "review":  # a rule gives way and asks nobody
            return Verdict("applied", "superseded")
        return verdict

    def _known(self, mutation: Mutation) -> Paper | None:
        """Give the record a mutation is about, as its author may know of it.

        To change what is hidden from its author is to change what is not here: the answer is the
        same to the byte, so an id that can be worked out tells nothing.
        """
        paper = self.desk.papers.get(mutation.id)
        if paper is None or self.server or mutation.op == "create":
            return paper
        seen = self.desk.place(paper).scopes & self.people.scopes(mutation.author)
        return paper if seen else None

    @cached_property
    def head(self) -> int:
        """Give the last number that anybody can have seen: read after the mutation came."""
        return head(self.desk.session)

    def _believed(self, mutation: Mutation) -> Mutation:
        """Give the mutation without what it claims to have seen of the future (I-4)."""
        most = max((seen.seq for seen in mutation.seen.values()), default=0)
        paper = self.desk.papers.get(mutation.id)
        if not most or (paper and paper.seq != SOON and most <= paper.seq) or most <= self.head:
            return mutation
        seen = {p: s if s.seq <= self.head else Seen(s.value, 0) for p, s in mutation.seen.items()}
        return replace(mutation, seen=seen)

    def other_author(self, record: str, path: str, author: str) -> str | None:
        """Give who wrote what stands at a path, if it is another and the author may see it."""
        paper = self.desk.papers.get(record)
        if paper is None or not self.desk.scopes(paper) & self.people.scopes(author):
            return None
        versions = paper.versions.values() if path == WHOLE else [paper.versions.get(path)]
        last = max((each for each in versions if each), key=lambda each: each[0], default=None)
        other = self.people.writer(last[1]) if last else None
        return None if other == author else other

    def follow_up(self, mutation: Mutation, spec: KindSpec, *, signed: bool) -> Verdict:
        """Judge a write that a decision brings: no lock stops those who approve, and only those.

        What is not simply applied leaves the desk as it was. `signed`: the value was checked
        against its own author when it first came.
        """
        mutation, invalid = deserialized(mutation, spec, trusted=self.server or signed)
        paper = self.desk.papers[mutation.id]
        facts, locked = self._facts(mutation, spec, paper, invalid)
        roles = self.people.actor(mutation.author).roles_in(self.desk.place(paper).area)
        locked = locked and not roles & spec.approvers
        return self._ask_judge(mutation, paper, facts, locked, asks=False)

    def _ask_judge(
        self,
        mutation: Mutation,
        paper: Paper | None,
        facts: Facts,
        locked: bool = False,
        asks: bool = True,
    ) -> Verdict:
        stored = paper.stored(locked) if paper else None
        verdict = judge(mutation, stored, facts)
        if not asks and verdict.state != "applied":
            return verdict
        after = applied(mutation, stored, verdict, facts, SOON)
        if after is not None and after is not stored and is_too_large(after.body):
            return Verdict("held", "invalid")
        joins = mutation.op == "create" and verdict.state != "held"
        if after is not None and (after is not stored or (joins and self._is_new(mutation, paper))):
            self._take(mutation, paper, after)
        return verdict

    def _is_new(self, mutation: Mutation, paper: Paper | None) -> bool:
        """Say whether the author made a record that another has made already: they share it."""
        return paper is not None and is_draft(paper) and mutation.author not in paper.authors

    def _take(self, mutation: Mutation, paper: Paper | None, after: Stored) -> None:
        was_here = paper is not None
        if paper is None:
            paper = Paper(
                id=mutation.id,
                kind=mutation.kind,
                seq=SOON,
                deleted=False,
                body={},
                versions={},
                authors=(mutation.author,),
                created_at=self.now,
                locked_at=None,
                exists=False,
            )
            self.desk.add(paper)
        stood = state_of(paper.body.get(STATUS))
        paper.take(after)
        paper.seq = SOON
        if mutation.author not in paper.authors and is_draft(paper):
            paper.authors = (*paper.authors, mutation.author)
        paper.locked_at = closes_at(
            paper,
            before=stood,
            now=self.now,
            is_new=lambda: any(map(self.people.is_new, paper.authors)),
        )
        if was_here:  # what is new cannot have been anybody's parent yet
            self.desk.places.forget()
        if self._drafted is not None:
            drafted, draft, place = self._drafted
            same = draft.body == paper.body and draft.authors == paper.authors
            if drafted == paper.id and same:
                self.desk.places.know(paper.id, place)

    def _facts(
        self,
        mutation: Mutation,
        spec: KindSpec,
        paper: Paper | None,
        invalid: dict[str, str],
        arrival: Arrival | None = None,
    ) -> tuple[Facts, bool]:
        actor = self.people.actor(mutation.author)
        missing_ref = self._missing_ref(mutation, spec, paper, invalid)
        is_here = paper is not None or mutation.op == "create"
        place = self._place_after(mutation, paper) if is_here and missing_ref is None else None
        rights = self.server or self._may_write(actor, mutation, spec, paper, place)
        if place is not None:
            self.areas[mutation.mid] = place.area
        numbers = self.people.numbers.get(mutation.replica)
        came_at = arrival.entry.received_at if arrival else self.now
        missing_n = None
        if numbers is not None and mutation.n is not None and numbers.gaps:
            missing_n = numbers.missing_before(mutation.n)
        facts = Facts(
            fields=fields_of(spec, self.server),
            one_per=bool(spec.one_per),
            gone=mutation.id in self.desk.gone,
            may_write=rights,
            missing_ref=missing_ref,
            invalid=invalid,
            newer_contract=mutation.contract > CONTRACT,
            replica_revoked=numbers is not None and numbers.closed_to(came_at),
            fork=arrival is not None and arrival.fork,
            invariants=spec.missing,
            missing_n=missing_n,
            asked=self.asked.get((mutation.id, mutation.replica), {}),
        )
        return facts, self._is_locked(paper, mutation, actor)

    def _is_locked(self, paper: Paper | None, mutation: Mutation, actor: Actor) -> bool:
        """Say whether it is closed to this author; rules fill in days on what is closed, too."""
        if self.server or paper is None or paper.locked_at is None or paper.locked_at > self.now:
            return False
        step = mutation.set.keys() == {STATUS}
        return not (step and actor.roles_in(self.desk.place(paper).area) & paper.spec.approvers)

    def _missing_ref(
        self, mutation: Mutation, spec: KindSpec, paper: Paper | None, invalid: dict[str, str]
    ) -> str | None:
        """Give the first reference that is not here for this author: absent, deleted and forbidden
        look the same."""
        if not spec.references:
            return None
        standing = paper.body if paper else {}
        missing = None
        for path, value in mutation.set.items():
            if field_of(path) not in spec.references:
                continue
            found = spec.at(path)
            to = found[0].to if found else None
            if found is None or to is None or not isinstance(value, str):
                continue
            if standing.get(path) == value:
                continue
            target, place = self.desk.find(value)
            seen = self.server or bool(place.scopes & self.people.scopes(mutation.author))
            if target is None or target.deleted or not seen:
                missing = missing or (None if found[0].loose else value)
            elif to not in ("any", target.kind):
                invalid[path] = "kind"
        return missing

    def _place_after(self, mutation: Mutation, paper: Paper | None) -> Place:
        authors = paper.authors if paper else ()
        if mutation.author not in authors and (paper is None or is_draft(paper)):
            authors = (*authors, mutation.author)
        body = merged(paper.body if paper else {}, mutation.set)
        kind = paper.kind if paper else mutation.kind
        draft = Draft(kind, body, authors)
        place = self.desk.places.if_it_were(mutation.id, draft)
        self._drafted = (mutation.id, draft, place)
        return place

    def _may_write(
        self,
        actor: Actor,
        mutation: Mutation,
        spec: KindSpec,
        paper: Paper | None,
        place: Place | None,
    ) -> bool:
        """Rights on the old and on the new place; where the new one cannot be known yet, the old.

        A status step has rights of its own, and so has moving what left draft to another area.
        """
        if spec.server_only or (spec.server_made and mutation.op != "patch"):
            return False
        if paper is not None and paper.kind == mutation.kind:
            before = self.desk.place(paper)
            if not self._may_touch(actor, mutation, paper, before):
                return False
            if not may_write(actor, spec, before):
                return False
            if place and not is_draft(paper) and not may_move(actor, before, place):
                return False
        if place is not None and not may_write(actor, spec, place):
            return False
        roles = actor.roles_in(place.area if place else None)
        body = paper.body if paper else {}
        own = paper is None or actor.user in paper.authors
        if spec.allows and not spec.allows(roles, own, body, merged(body, mutation.set)):
            return False
        if STATUS in mutation.set and STATUS in spec.fields:
            return may_step(roles, body.get(STATUS), mutation.set[STATUS], spec.approvers)
        return True

    def _may_touch(self, actor: Actor, mutation: Mutation, paper: Paper, before: Place) -> bool:
        """What one may not read one may not change, but for making a shared record a second time.

        That makes the draft theirs too. So in confidence it is for those who are named in it, and
        elsewhere for those who will read it when it is sent in.
        """
        mine = self.people.scopes(actor.user)
        if before.scopes & mine:
            return True
        if mutation.op != "create" or actor.user in before.named:
            return mutation.op == "create"
        sent = Draft(paper.kind, {**paper.body, STATUS: {"state": "submitted"}}, paper.authors)
        place = self.desk.places.if_it_were(paper.id, sent)
        confided = {area_scope(place.area, "talk")} if place.area else set()
        return bool((place.scopes - confided) & mine)
