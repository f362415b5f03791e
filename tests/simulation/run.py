"""One simulated run: phones, people and a bad network, all drawn from one seed.

It acts and remembers who saw and wrote what; whether that was right is for `checks` to say.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from server.roles import Role
from sync.mutation import office_replica, one_per_id
from tests.simulation import town as places
from tests.simulation.phones import Phones
from tests.simulation.town import (
    AMIR,
    DAWN,
    DWELLINGS,
    INGRID,
    KARI,
    NORTH,
    OLA,
    SOUTH,
    Standing,
    Town,
)

STEPS = 44
PAGES = (7, 20, 50)
"""Records a page: so few that loads, resets and cuts inside a block happen."""
OUTCOMES = ("completed", "no_answer", "refused", "talked_at_door")


@dataclass(frozen=True)
class Typed:
    """One path of one mutation as the thumb wrote it: when, and on what vault."""

    vault: str
    record: str
    path: str
    value: str
    at: int


@dataclass
class Form:
    """An open form on a phone: the record, and what it showed when it was opened."""

    id: str
    kind: str
    body: Mapping[str, Any]


@dataclass
class Letter:
    """Something under way: a request that has not arrived, or an answer that has not."""

    sent: Mapping[str, Any]
    request: Mapping[str, Any] | None = None
    answer: places.Answer | None = None


@dataclass
class Vault:
    """A user's vault on a phone, with what the run knows about it from outside."""

    name: str
    user: str
    phone: str
    skew: timedelta
    replica: str = ""
    replicas: int = 0
    forms: dict[str, Form] = field(default_factory=dict)
    opened: int = 0
    cursor: str | None = None
    letters: list[Letter] = field(default_factory=list)
    status: dict[str, Any] = field(default_factory=dict)
    restoring: bool = False
    """Told of a new incarnation, whose records may be older, and not yet through with its load."""
    offset: timedelta = timedelta()
    """Server clock less phone clock, as far as the phone has learnt it."""


class Violation(AssertionError):
    """An invariant does not hold; the text begins with its number."""


class Run:
    """Everything that happens under one seed."""

    def __init__(self, seed: int, town: Town, phones: Phones, steps: int = STEPS) -> None:
        self.random = random.Random(seed)
        self.seed, self.town, self.phones, self.steps = seed, town, phones, steps
        self.now = DAWN
        self.at = 0
        self.counter = 0
        self.trace = hashlib.sha256()
        self.log: list[str] = []
        self.owner: dict[str, str] = {}
        """Who wrote a value that is written only once."""
        self.shown: dict[tuple[str, str, str, str], int] = {}
        """(vault or office user, record, path, value) to when it was first before their eyes."""
        self.typed: dict[str, list[Typed]] = {}
        self.vault_of: dict[str, str] = {}
        """Replica to vault."""
        self.custody: dict[str, str] = {}
        """Mids that the server has answered for, and the vault that sent them."""
        self.stood: dict[str, int] = {}
        self.synced_at = DAWN
        self.lost_by_disk: set[str] = set()
        self.rolled_back: set[str] = set()
        self.deletes: dict[str, Mapping[str, Any]] = {}
        self.pages: list[tuple[str, Standing]] = []
        self.copy: dict[str, Any] | None = None
        self.lives = 0
        town.begin(self.random.choice(PAGES))
        phones.ask("", "reset")
        self.focus = self.draw_focus()
        self.vaults = self._make_vaults()

    # Setting up

    def _make_vaults(self) -> dict[str, Vault]:
        cast = [("kari", KARI, "one"), ("amir", AMIR, "two"), ("amir again", AMIR, "one")]
        cast += self.random.sample([("ola", OLA, "three"), ("ingrid", INGRID, "four")], 1)
        made = {}
        for name, user, phone in cast[: self.random.choice((2, 2, 3, 4))]:
            years = self.random.choice((0, 0, -10, 10))
            vault = Vault(name, user, phone, timedelta(days=365 * years, seconds=17 * years))
            made[name] = vault
            self.new_replica(vault)
            self.phones.ask(name, "start", user=user, replica=vault.replica)
        return made

    def new_replica(self, vault: Vault) -> None:
        """Make a name for the vault to write under, and tell the server."""
        vault.replicas += 1
        vault.replica = places.name(f"replica {vault.name} {vault.replicas}")
        self.vault_of[vault.replica] = vault.name
        self.town.register(vault.replica, vault.user, vault.phone, self.now)

    def ask(self, vault: Vault, do: str, **what: Any) -> Any:
        """Ask a phone, and put question and answer into the trace."""
        answer = self.phones.ask(vault.name, do, **what)
        self.note(vault.name, do, what, answer)
        return answer

    def note(self, *what: Any) -> None:
        """Add something to the trace: two runs of a seed must have the same."""
        text = json.dumps(what, sort_keys=True, default=str)
        self.trace.update(text.encode())
        self.log.append(f"{self.at:3} {text}")

    def fresh(self) -> int:
        """Give a number that was never given."""
        self.counter += 1
        return self.counter

    def mid(self) -> str:
        """Give a fresh mid, in the order of a UUIDv7."""
        return f"{self.fresh():08x}-0000-7000-8000-{self.seed:012x}"

    def saw(self, who: str, record: str, body: Mapping[str, Any]) -> None:
        """Remember what somebody had before their eyes."""
        for path, value in body.items():
            self.shown.setdefault((who, record, path, text_of(value)), self.at)

    # The run

    def play(self) -> None:
        """Act until the steps are used up."""
        doings: list[tuple[int, Callable[[], None]]] = [
            (30, self.do_edit),
            (10, self.do_open),
            (16, self.do_touch),
            (4, self.do_leave),
            (28, self.do_sync),
            (8, self.do_deliver),
            (2, self.do_kill),
            (3, self.do_rollback),
            (3, self.do_delete),
            (1, self.do_foreign_answer),
            (2, self.do_rights),
            (5, self.do_office_open),
            (6, self.do_office_write),
            (1, self.do_move),
            (2, self.do_wait),
            (2, self.do_restore),
        ]
        weights, actions = zip(*doings, strict=True)
        for vault in self.vaults.values():
            if self.random.random() < 0.9:
                self.sync(vault)
        while self.at < self.steps:
            self.at += 1
            self.random.choices(actions, weights)[0]()

    def some_vault(self) -> Vault:
        """Draw a vault."""
        return self.vaults[self.random.choice(sorted(self.vaults))]

    def stamp(self, vault: Vault) -> dict[str, Any]:
        """Give what a phone puts on a touch: its own, perhaps wrong, clock."""
        clock = self.now + vault.skew
        offset = vault.offset // timedelta(milliseconds=1)
        return {"mid": self.mid(), "now": places.instant(clock), "offset_ms": offset}

    # Thumbs

    def draw_focus(self) -> list[tuple[str, str]]:
        """Draw what this run is mostly about: two people rarely meet in a field that is wide."""
        visits = [("visit", one_per_id("visit", [plan])) for plan in places.PLANS]
        talks = [("conversation", one_per_id("conversation", [id])) for _, id in visits[:1]]
        plans = [("planned_visit", plan) for plan in places.PLANS]
        some = [plans[0], plans[0], plans[1], visits[0], visits[0], ("dwelling", DWELLINGS[0])]
        focus = self.random.sample(some, 2)
        return focus * 5 + plans + visits + talks

    def do_open(self) -> None:
        """Open a form; a visit or a conversation that is not there begins by it."""
        vault = self.some_vault()
        kind, id = self.random.choice(self.focus)
        self.open_form(vault, kind, id)

    def open_form(self, vault: Vault, kind: str, id: str) -> str:
        """Open a form on a record, unless it is not there to open; give the form's name."""
        if len(vault.forms) == 3:
            vault.forms.pop(next(iter(vault.forms)))
        vault.opened += 1
        name = f"f{vault.opened}"
        opened = self.ask(vault, "open", form=name, id=id, kind=kind)
        if not opened["visible"] and (kind not in ("visit", "conversation") or opened["exists"]):
            return name
        vault.forms[name] = Form(id, kind, opened["body"])
        self.saw(vault.name, id, opened["body"])
        if not opened["exists"]:
            self.begin_record(vault, name)
        return name

    def begin_record(self, vault: Vault, name: str) -> None:
        """Make the record by its first touches, as the app does."""
        form = vault.forms[name]
        for number, plan in enumerate(places.PLANS):
            visit = one_per_id("visit", [plan])
            dwelling = places.DWELLINGS[1 if number == 1 else 0]
            if form.id == visit:
                self.touch(vault, name, "planned_visit", plan)
                self.touch(vault, name, "dwelling", dwelling)
            if form.id == one_per_id("conversation", [visit]):
                self.touch(vault, name, "visit", visit)

    def do_touch(self) -> None:
        """Type something into an open form."""
        vault = self.some_vault()
        if not vault.forms:
            return
        name = self.random.choice(sorted(vault.forms))
        path, value = self.draw(vault.forms[name], vault.user)
        self.touch(vault, name, path, value, killed=self.random.random() < 0.03)

    def touch(self, vault: Vault, name: str, path: str, value: Any, killed: bool = False) -> None:
        """One touch; a phone that is killed before it is on disk has shown nothing as saved."""
        form = vault.forms[name]
        told = self.ask(
            vault, "touch", form=name, path=path, value=value, killed=killed, **self.stamp(vault)
        )
        if killed:
            vault.forms.clear()
            return
        text = text_of(value)
        self.typed.setdefault(told["mid"], []).append(
            Typed(vault.name, form.id, path, text, self.at)
        )
        self.saw(vault.name, form.id, {path: value})
        if is_unique(value):
            self.owner[text] = vault.name

    def draw(self, form: Form, user: str) -> tuple[str, Any]:
        """Draw a path of a kind and a value; most values are written only once."""
        number = self.fresh()
        day = (date(2026, 6, 1) + timedelta(days=number)).isoformat()
        status = {"state": "submitted", "by": user, "at": places.instant(self.now)}
        drawn: dict[str, list[tuple[str, Any]]] = {
            "planned_visit": [
                *[("phone", f"9{number:07}")] * 6,
                ("tenant_name", f"Leietaker {number}"),
                ("tenant_name", None),
                ("done", bool(number % 2)),
                (f"visitors/{self.random.choice((KARI, AMIR))}", self.random.choice((True, None))),
            ],
            "visit": [
                *[("next_contact_on", day)] * 6,
                ("visited_on", day),
                ("outcome", self.random.choice(OUTCOMES)),
                ("purpose", "follow_up"),
                ("told", bool(number % 2)),
                ("present/tenant", self.random.choice((True, None))),
                ("status", status),
            ],
            "conversation": [
                *[("summary", f"Oppsummering {number}")] * 4,
                *[(f"notes/{places.name(f'note {number}')}", f"Notat {number}")] * 2,
                ("status", status),
            ],
            "dwelling": [*[("access", f"Port {number}")] * 3, ("local_label", f"Bolig {number}")],
        }
        path, value = self.random.choice(drawn[form.kind])
        notes = sorted(path for path in form.body if path.startswith("notes/"))
        if path.startswith("notes/") and notes and self.random.random() < 0.5:
            path = self.random.choice(notes)
        return path, value

    def do_edit(self) -> None:
        """Open, type and leave: most work is as short as that."""
        vault = self.some_vault()
        kind, id = self.random.choice(self.focus)
        name = self.open_form(vault, kind, id)
        for _ in range(self.random.randint(1, 2) if name in vault.forms else 0):
            self.touch(vault, name, *self.draw(vault.forms[name], vault.user))
        self.ask(vault, "freeze", id=id)
        vault.forms.pop(name, None)

    def do_leave(self) -> None:
        """Leave a form, or the screen as a whole."""
        vault = self.some_vault()
        if self.random.random() < 0.5 or not vault.forms:
            self.ask(vault, "freeze", id=None)
            return
        name = self.random.choice(sorted(vault.forms))
        self.ask(vault, "freeze", id=vault.forms[name].id)
        if self.random.random() < 0.6:
            del vault.forms[name]

    def do_delete(self) -> None:
        """Delete a plan, or take that back."""
        vault = self.some_vault()
        plans = [name for name in sorted(vault.forms) if vault.forms[name].kind == "planned_visit"]
        if plans:
            name = self.random.choice(plans)
            op = self.random.choice(("delete", "delete", "restore"))
            stamp = self.stamp(vault)
            self.ask(vault, "mark", form=name, op=op, **stamp)
            self.typed[stamp["mid"]] = [Typed(vault.name, vault.forms[name].id, "*", op, self.at)]

    def do_kill(self) -> None:
        """Kill the app: what is on disk is what is left, and it is all that was saved."""
        vault = self.some_vault()
        vault.forms.clear()
        if not self.ask(vault, "kill")["same"]:
            raise Violation(f"I-8: {vault.name} had something in memory that was not on its disk")

    def do_rollback(self) -> None:
        """The phone's storage falls back to an earlier day: the disk may do that, not we."""
        vault = self.some_vault()
        if self.random.random() < 0.5:
            self.ask(vault, "keep")
            return
        told = self.ask(vault, "rollback")
        if told["done"]:
            vault.forms.clear()
            self.lost_by_disk |= set(told["dropped"])
            self.rolled_back.add(vault.name)
            vault.restoring = self.lives > 0

    # The network

    def do_sync(self) -> None:
        """One round trip under today's weather."""
        faults = "none none none none none lost no_answer no_answer late late slow twice pull"
        vault = self.some_vault()
        self.sync(vault, self.random.choice(faults.split()), self.random.random() < 0.35, True)

    def sync(self, vault: Vault, fault: str = "none", cut: bool = False, bad: bool = False) -> None:
        """Pack, send, judge, answer, install; each of them may be where it ends."""
        if vault.status.get("forked"):
            self.new_replica(vault)
            self.ask(vault, "replica", replica=vault.replica)
            vault.status["forked"] = False
        limit = {"rows": self.random.randint(1, 5)} if cut else {}
        packed = self.ask(vault, "pack", **limit)
        push = packed["push"]
        if fault == "pull":
            push = []
        if cut and self.random.random() < 0.7:
            push = self.random.sample(push, self.random.randint(0, len(push)))
        sent = packed["sent"]
        request: dict[str, Any] = {
            "replica": sent["replica"],
            "cursor": sent["cursor"],
            "push": push,
        }
        request["open"] = packed["open"]
        self.note("weather", fault)
        if fault == "lost":
            return
        if fault == "slow":
            vault.letters.append(Letter(sent, request=request))
            return
        answer = self.serve(vault, request)
        if fault == "late":
            vault.letters.append(Letter(sent, answer=answer))
        if fault == "twice":
            vault.letters.append(Letter(sent, answer=self.serve(vault, request)))
        if fault in ("none", "twice", "pull"):
            self.install(vault, answer, sent, killed=bad and self.random.random() < 0.04)

    def serve(self, vault: Vault, request: Mapping[str, Any]) -> places.Answer:
        """The server's part; from here on it answers for what it was handed."""
        self.remember_deletes(request["push"])
        mids = [one["mid"] for one in request["push"] if one["mid"] in self.custody]
        before = self.town.settled(mids)
        answer = self.town.sync(vault.user, request, self.now)
        self.synced_at = self.now
        self.look_at_repeats(before, answer)
        for result in answer.reply["results"]:
            mid = result["mid"]
            self.custody.setdefault(mid, vault.name)
            if result["state"] == "applied" and mid in answer.stood:
                self.stood.setdefault(mid, answer.stood[mid])
        hidden = {put["id"] for put in answer.reply["puts"]} - answer.visible
        if hidden:
            raise Violation(f"I-21: {vault.user} was sent {sorted(hidden)}, and may not see it")
        self.note("reply", answer.reply)
        return answer

    def look_at_repeats(self, before: Mapping[str, Any], answer: places.Answer) -> None:
        """A repeat takes no effect, and gets the state that the mutation has today (I-2)."""
        after = self.town.settled(before)
        for result in answer.reply["results"]:
            old, new = before.get(result["mid"]), after.get(result["mid"])
            if old is None or new is None:
                continue
            told = (result["state"], result.get("reason"), result.get("seq"))
            if old.effect != new.effect or not result.get("repeated"):
                raise Violation(f"I-2: {old.mid} took effect a second time")
            if told != (new.state, new.reason, new.seq):
                raise Violation(f"I-2: a repeat of {old.mid} was told {told}")

    def remember_deletes(self, push: list[Any]) -> None:
        """Note what a record held when its deletion was handed in for the first time."""
        wanted = {one["id"]: one["mid"] for one in push if one["op"] == "delete"}
        if wanted:
            for one in self.town.records(wanted):
                self.deletes.setdefault(wanted[one.id], one.body)

    def install(
        self, vault: Vault, answer: places.Answer, sent: Mapping[str, Any], killed: bool = False
    ) -> None:
        """Let a phone install an answer, and look at what that did to it."""
        told = self.ask(vault, "install", reply=answer.reply, sent=sent, killed=killed)
        if killed:
            vault.forms.clear()
            return
        vault.status, vault.cursor = told, told["cursor"]
        told["more"] = answer.reply["more"]
        server_now = answer.reply["server_now"]
        vault.offset = places.moment(server_now) - (self.now + vault.skew)
        self.look_at(vault, answer, told)

    def look_at(self, vault: Vault, answer: places.Answer, told: Mapping[str, Any]) -> None:
        """What must hold after every single installation."""
        unanswered = [mid for mid in told["dropped"] if mid not in self.custody]
        if unanswered:
            raise Violation(f"I-1: {vault.name} let go of {unanswered} without custody")
        access = answer.reply.get("access") or {"user": vault.user, "scopes": ()}
        mine = set(access["scopes"]) if access["user"] == vault.user else set()
        wrong = [
            id
            for id, known_in in sorted(told["lost"].items())
            if id in answer.visible and (not mine or mine.intersection(known_in))
        ]
        if wrong:
            raise Violation(f"I-11: {vault.name} purged {wrong}, which its user may see")
        if told["backwards"] and not vault.restoring:
            raise Violation(f"I-7: in {vault.name} {told['backwards']} moved backwards")
        vault.restoring = told["resetting"] and (vault.restoring or told["cursor"] is None)
        today = told["incarnation"] == places.name(f"life {self.lives}")
        for row in told["covered"] if today else ():
            stood = self.stood.get(row["mid"])
            if stood is not None and row["base"] is not None and row["base"] < stood:
                raise Violation(
                    f"I-9: {vault.name} dropped {row['mid']} at {row['base']} before {stood}"
                )

    def do_deliver(self) -> None:
        """Something that was under way arrives after all, late and out of order."""
        self.do_deliver_to(self.some_vault())

    def do_deliver_to(self, vault: Vault) -> None:
        """One of the letters on the way to or from a vault arrives, whichever."""
        if not vault.letters:
            return
        letter = vault.letters.pop(self.random.randrange(len(vault.letters)))
        if letter.request is not None:
            letter.answer = self.serve(vault, letter.request)
            if self.random.random() < 0.5:
                vault.letters.append(Letter(letter.sent, answer=letter.answer))
                return
        if letter.answer is not None:
            self.install(vault, letter.answer, letter.sent)

    def do_foreign_answer(self) -> None:
        """A second tab's cookie: the feed of another user answers this vault's request."""
        vault = self.some_vault()
        others = sorted({one.user for one in self.vaults.values()} - {vault.user})
        if others:
            sent = self.ask(vault, "pack", rows=1)["sent"]
            answer = self.town.pull(self.random.choice(others), sent["cursor"], self.now)
            mine = frozenset(self.town.visible(vault.user, self.now))
            self.install(vault, places.Answer(answer.reply, mine, {}), sent)

    # The office, and time

    def do_rights(self) -> None:
        """Take somebody's rights in an area away, or give them back."""
        user, role, area = self.random.choice([g for g in places.GRANTS if g[2] is not None])
        if self.random.random() < 0.5:
            self.town.withdraw(user, str(area))
        else:
            self.town.grant(user, Role(role), area)
        self.note("rights", user, area)

    def do_office_open(self) -> None:
        """Somebody in the office opens a page, and may let it lie."""
        user = self.random.choice(places.OFFICE)
        seen = self.town.visible(user, self.now)
        kinds = ("planned_visit", "visit", "review", "review", "conversation")
        pages = [one for one in seen.values() if one.kind in kinds]
        if pages:
            mine = [one for one in pages if (one.kind, one.id) in self.focus[:10]]
            mine = mine if mine and self.random.random() < 0.6 else pages
            page = self.random.choice(sorted(mine, key=lambda one: one.id))
            if page.kind == "review":
                about = seen.get(str(page.body.get("about")))
                if about is not None:
                    self.saw(user, about.id, about.body)
                    page = Standing(page.id, "review", about.seq, page.deleted, page.body)
                    self.saw(user, about.id, {page.body["path"]: page.body.get("value")})
            self.pages.append((user, page))
            self.saw(user, page.id, page.body)

    def do_office_write(self) -> None:
        """Somebody in the office acts on a page they opened some time ago."""
        if not self.pages:
            return
        user, page = self.pages.pop(self.random.randrange(len(self.pages)))
        written = self.office_writes(user, page)
        if written is None:
            return
        path, value, seen_seq = written
        seen = {path: {"value": page.body.get(path), "seq": seen_seq}}
        one = self.town.office_mutation(
            user, self.mid(), ("patch", page.kind, page.id), {path: value}, seen, self.now
        )
        if is_unique(value):
            self.owner[text_of(value)] = user
        typed = Typed(user, page.id, path, text_of(value), self.at)
        self.typed[one["mid"]] = [typed]
        self.note("office", user, one, self.town.push(user, office_replica(user), [one], self.now))

    def office_writes(self, user: str, page: Standing) -> tuple[str, Any, int] | None:
        """Draw what somebody in the office does to a page."""
        form = Form(page.id, page.kind, page.body)
        at = places.instant(self.now)
        if page.kind == "review":
            decided = page.body.get("decision")
            choice = self.random.choice(("author", "standing"))
            decision = {"choice": choice, "record_seq": page.seq, "by": user, "at": at}
            undo = decided is not None and self.random.random() < 0.5
            (standing,) = self.town.records([page.id])
            return "decision", None if undo else decision, standing.seq
        state = (page.body.get("status") or {}).get("state", "draft")
        if state in ("submitted", "returned") and self.random.random() < 0.6:
            end = self.random.choice(("approved", "returned"))
            return "status", {"state": end, "by": user, "at": at}, page.seq
        path, value = self.draw(form, user)
        return None if path == "status" else (path, value, page.seq)

    def do_move(self) -> None:
        """A dwelling is handed over to the other area, and all that hangs on it goes along."""
        user = self.random.choice(places.OFFICE)
        id = self.random.choice(places.DWELLINGS)
        (now,) = self.town.records([id])
        area = SOUTH if now.body["area"] == NORTH else NORTH
        seen = {"area": {"value": now.body["area"], "seq": now.seq}}
        one = self.town.office_mutation(
            user, self.mid(), ("patch", "dwelling", id), {"area": area}, seen, self.now
        )
        self.saw(user, id, now.body)
        self.typed[one["mid"]] = [Typed(user, id, "area", text_of(area), self.at)]
        self.note("move", one, self.town.push(user, office_replica(user), [one], self.now))

    def do_wait(self) -> None:
        """Time passes: minutes as a rule, now and then a day."""
        self.now += self.random.choice((timedelta(minutes=7), timedelta(days=1, hours=1)))

    def do_restore(self) -> None:
        """The server's disk dies, and a backup is laid in: a new life with a raised sequence."""
        if self.copy is None:
            self.copy = self.town.backup()
            self.note("backup")
            return
        self.town.restore(self.copy)
        self.copy, self.lives = None, self.lives + 1
        self.stood.clear()
        self.note("restore")


# The end


def settle(run: Run, rounds: int = 30) -> None:
    """Let the weather clear: everybody leaves their forms, and all letters arrive or are lost.

    Then round trips on a working link, over one midnight (what is shelved is sent again daily),
    until a whole round changes nothing (L-1).
    """
    for vault in run.vaults.values():
        run.ask(vault, "freeze", id=None)
        vault.forms.clear()
        while vault.letters:
            run.at += 1
            run.do_deliver_to(vault)
    for number in range(rounds):
        run.at += 1
        news = [drain(run, vault) for vault in run.vaults.values()]
        if number > 0 and not any(news):
            return
        if number == 0:
            run.now += timedelta(days=1, hours=1)
    raise Violation(f"L-1: still busy after {rounds} rounds on a working link")


def drain(run: Run, vault: Vault, trips: int = 60) -> bool:
    """Sync until there is nothing to send and nothing more to read; say whether news came."""
    news = False
    for _ in range(trips):
        before = vault.cursor
        run.sync(vault)
        news = news or bool(vault.status.get("moved"))
        waits = vault.status["frozen"] or vault.status["more"] or vault.status.get("forked")
        if not waits and before is not None and not vault.status["resetting"]:
            return news
    raise Violation(f"L-1: {vault.name} is not done after {trips} round trips")


def text_of(value: Any) -> str:
    """Give a value as text that can be compared."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def is_unique(value: Any) -> bool:
    """Say whether a value was drawn to be written only once in a run."""
    return isinstance(value, str) and any(sign.isdigit() for sign in value) and not is_id(value)


def is_id(value: str) -> bool:
    """Say whether a text is an id."""
    try:
        uuid.UUID(value)
    except ValueError:
        return False
    return True
