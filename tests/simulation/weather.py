"""The network: what is lost, late, repeated, cut or answered wrongly between phones and server.

Every round trip is looked at as it happens; what must hold at the end is for `checks` to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.simulation.books import Answer
from tests.simulation.layout import moment, name
from tests.simulation.memory import (
    Letter,
    Vault,
    Violation,
    text_of,
)
from tests.simulation.thumbs import Thumbs


class Weather(Thumbs):
    """Round trips under a bad sky, and what must hold after every one of them."""

    def do_sync(self) -> None:
        """One round trip under today's weather."""
        faults = "none none none none none lost no_answer no_answer late late slow twice pull"
        vault = self.some_vault()
        self.sync(vault, self.random.choice(faults.split()), self.random.random() < 0.35, True)

    def sync(self, vault: Vault, fault: str = "none", cut: bool = False, bad: bool = False) -> None:
        """Pack, send, judge, answer, install; each of them may be where it ends."""
        if vault.revoked:
            self.carry(vault, seals_hold=True)
            return
        sent, request = self.packed(vault, cut, pushes=fault != "pull")
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

    def packed(self, vault: Vault, cut: bool, pushes: bool) -> tuple[Any, dict[str, Any]]:
        """Let a phone pack, in part and any order if `cut`; give what it sent, and the request."""
        if vault.status.get("forked"):
            self.new_replica(vault)
            self.tell(vault, "replica", replica=vault.replica)
            vault.status["forked"] = False
        limit = {"rows": self.random.randint(1, 5)} if cut else {}
        packed = self.ask(vault, "pack", **limit)
        push = packed["push"] if pushes else []
        if cut and self.random.random() < 0.7:
            push = self.random.sample(push, self.random.randint(0, len(push)))
        sent = packed["sent"]
        asked = {"replica": sent["replica"], "cursor": sent["cursor"], "open": packed["open"]}
        return sent, {**asked, "push": push}

    def serve(self, vault: Vault, request: Mapping[str, Any]) -> Answer:
        """The server's part; from here on it answers for what it was handed."""
        self.remember_deletes(request["push"])
        mids = [one["mid"] for one in request["push"] if one["mid"] in self.custody]
        before = self.town.settled(mids)
        answer = self.town.sync(vault.user, request, self.now)
        self.look_at_repeats(before, answer)
        self.take_note(vault, answer)
        return answer

    def take_note(self, vault: Vault, answer: Answer) -> None:
        """Remember what was answered, and look at what every answer must keep to."""
        self.synced_at = self.now
        for result in answer.reply["results"]:
            mid = result["mid"]
            self.custody.setdefault(mid, vault.name)
            first = not result.get("repeated")  # else another in this push may have moved it since
            if first and result["state"] == "applied" and mid in answer.stood:
                self.stood.setdefault(mid, answer.stood[mid])
        hidden = {put["id"] for put in answer.reply["puts"]} - answer.visible
        if hidden:
            raise Violation(f"I-21: {vault.user} was sent {sorted(hidden)}, and may not see it")
        if answer.reply.get("reset") and answer.reply["leaves"]:
            raise Violation(f"I-21: {vault.user}, who begins anew, is told what had left before")
        for put in answer.reply["puts"]:
            known = self.numbers.setdefault(put["seq"], (put["id"], text_of(put["body"])))
            if known != (put["id"], text_of(put["body"])):
                raise Violation(f"I-25: {put['seq']} stood for {known[0]}, and for {put['id']}")
        self.note("reply", answer.reply)

    def carry(self, vault: Vault, seals_hold: bool) -> None:
        """Carry what waits as parcels, each by itself: the door that needs no session."""
        parcels = self.ask(vault, "parcels")["parcels"]
        for one in parcels:
            self.remember_deletes([one])
            if seals_hold:
                self.town.push(vault.user, one["replica"], [one], self.now, sealed=True)
            else:
                self.town.keep_unreadable(one, self.now)
        if seals_hold:
            mids = [one["mid"] for one in parcels]
            self.custody.update(dict.fromkeys(mids, vault.name))
            self.tell(vault, "carried", mids=mids)

    def do_carry(self) -> None:
        """A locked phone's work is carried by a colleague; now and then a seal is broken."""
        self.carry(self.some_vault(), seals_hold=self.random.random() < 0.8)

    def look_at_repeats(self, before: Mapping[str, Any], answer: Answer) -> None:
        """A repeat takes no effect, and gets the state that the mutation has today (I-2)."""
        after = self.town.settled(before)
        for result in answer.reply["results"]:
            old, new = before.get(result["mid"]), after.get(result["mid"])
            if old is None or new is None:
                continue
            told = (result["state"], result.get("reason"), result.get("seq"))
            if result.get("reason") == "mid_clash" or result["state"] == "erased":
                continue  # other bytes under the same mid
            if old.effect != new.effect or not result.get("repeated"):
                raise Violation(f"I-2: {old.mid} took effect a second time")
            if told != (new.state, new.reason, new.seq):
                raise Violation(f"I-2: a repeat of {old.mid} was told {told}")

    def remember_deletes(self, push: list[Any]) -> None:
        """Note what a record held when its deletion was handed in for the first time."""
        wanted = {one["id"]: one["mid"] for one in push if one.get("op") == "delete"}
        if wanted:
            for one in self.town.records(wanted):
                self.deletes.setdefault(wanted[one.id], one.body)

    def install(
        self, vault: Vault, answer: Answer, sent: Mapping[str, Any], killed: bool = False
    ) -> None:
        """Let a phone install an answer, and look at what that did to it."""
        told = self.ask(vault, "install", reply=answer.reply, sent=sent, killed=killed)
        if killed:
            vault.forms.clear()
            return
        vault.status, vault.cursor = told, told["cursor"]
        told["more"] = answer.reply["more"]
        server_now = answer.reply["server_now"]
        vault.offset = moment(server_now) - (self.now + vault.skew)
        self.look_at(vault, answer, told)

    def look_at(self, vault: Vault, answer: Answer, told: Mapping[str, Any]) -> None:
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
        today = told["incarnation"] == name(f"life {self.lives}")
        for row in told["covered"] if today else ():
            stood = self.stood.get(row["mid"])
            if stood is not None and row["base"] is not None and row["base"] < stood:
                raise Violation(
                    f"I-9: {vault.name} dropped {row['mid']} at {row['base']} before {stood}"
                )

    def compare(self, vault: Vault) -> None:
        """A phone that has all there is tells what it holds; its disk just lost some (I-16)."""
        if vault.revoked:
            return
        self.ask(vault, "kill")
        spoilt = self.ask(vault, "spoil", at=self.random.randrange(1000))["id"]
        sent, request = self.packed(vault, cut=False, pushes=False)
        held = self.ask(vault, "digests")["digests"]
        answer = self.town.pull(vault.user, request["cursor"], self.now, held)
        self.take_note(vault, answer)
        if not answer.reply.get("checked") or bool(answer.reply.get("reset")) != bool(spoilt):
            raise Violation(f"I-16: nobody noticed that {vault.name} lacks {spoilt}")
        self.install(vault, answer, sent)

    def do_rush(self) -> None:
        """Several phones come at once; where the database can, it answers them at once."""
        vaults = [one for one in self.vaults.values() if not one.revoked]
        vaults = self.random.sample(vaults, min(len(vaults), self.random.randint(2, 8)))
        packed = [self.packed(one, self.random.random() < 0.3, pushes=True) for one in vaults]
        for _, request in packed:
            self.remember_deletes(request["push"])
        asked = [(one.user, request) for one, (_, request) in zip(vaults, packed, strict=True)]
        answers = self.town.sync_together(asked, self.now)
        for vault, (sent, _), answer in zip(vaults, packed, answers, strict=True):
            self.take_note(vault, answer)
            self.install(vault, answer, sent)

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
            self.install(vault, Answer(answer.reply, mine, {}), sent)
