"""What nobody honest sends: forged names, borrowed mids, a future never seen, plain rubbish.

Whatever it is, it is in custody or held, its neighbours pass, and it learns nothing (I-20).
"""

from __future__ import annotations

from typing import Any

from sync.mutation import office_replica, review_id
from tests.simulation.layout import DWELLINGS, LISE, PLANS, name
from tests.simulation.memory import Typed, Vault, Violation, text_of
from tests.simulation.town import office_mutation
from tests.simulation.weather import Weather

FUTURE = 2**50
NAMES_TAKEN = 3
FORGERIES = {
    "mid": "mid_clash",
    "author": "access",
    "replica": "access",
    "kind": "invalid",
    "path": "invalid",
    "shape": "invalid",
}
"""What is forged, and why it is held, unless it is about what was erased."""


class Mischief(Weather):
    """Clients that are broken, or not ours."""

    def take_names(self) -> None:
        """In every third run somebody tries to stand where questions will be asked."""
        if self.seed % 3 != 1:
            return
        day = {"dwelling": DWELLINGS[0], "planned_on": "2026-03-04"}
        for vault in list(self.vaults.values())[:NAMES_TAKEN]:
            record = ("create", "planned_visit", review_id(PLANS[0], "meet", vault.replica))
            one = office_mutation(LISE, self.mid(), record, day, {}, self.now)
            self.note("taken", one, self.town.push(LISE, office_replica(LISE), [one], self.now))

    def do_forge(self) -> None:
        """Something forged travels among honest work."""
        vault = self.some_vault()
        if vault.revoked:
            return
        what = self.random.choice(sorted(FORGERIES))
        forged = self.forge(vault, what)
        if forged is None:
            return
        sent, request = self.packed(vault, cut=False, pushes=True)
        at = self.random.randint(0, len(request["push"]))
        request["push"] = [*request["push"][:at], forged, *request["push"][at:]]
        self.note("forged", what, forged)
        answer = self.serve(vault, request)
        told = [one for one in answer.reply["results"] if one["mid"] == forged["mid"]]
        expected = {("held", FORGERIES[what]), ("erased", None)}
        if not any((one["state"], one.get("reason")) in expected for one in told):
            number = "I-20" if what == "mid" else "I-22"
            raise Violation(f"{number}: {vault.name} forged a {what} and was told {told}")
        if what != "mid":
            self.install(vault, answer, sent)

    def forge(self, vault: Vault, what: str) -> dict[str, Any] | None:
        """Make something forged; None when there is nothing yet to forge it from."""
        record = ("patch", "planned_visit", self.random.choice(PLANS))
        values = {"meet": f"Falsk {self.fresh()}"}
        one = office_mutation(vault.user, self.mid(), record, values, {}, self.now)
        one["replica"], one["n"] = vault.replica, 1
        others = sorted(known for known in self.vaults if self.vaults[known].user != vault.user)
        if what == "mid":
            known = sorted(mid for mid, by in self.custody.items() if by not in others)
            if not known or self.lives:  # a restored server may not know them any more
                return None
            one["mid"] = self.random.choice(known)
        elif what in ("author", "replica"):
            if not others:
                return None
            other = self.vaults[self.random.choice(others)]
            one[what] = other.user if what == "author" else other.replica
        elif what == "kind":
            one["kind"], one["n"], one["replica"] = "secret", None, office_replica(vault.user)
        elif what == "path":
            path = self.random.choice(("nothing", "meet/key", "__proto__", "a/b/c"))
            one["set"], one["n"], one["replica"] = {path: 1}, None, office_replica(vault.user)
        else:
            one = {"mid": one["mid"], "set": self.random.choice((None, [], "x"))}
        return one

    def do_foresee(self) -> None:
        """A client says that it has seen the future, to write over whatever stands there."""
        vault = self.some_vault()
        plan = self.random.choice(PLANS)
        value = f"Spådd {self.fresh()}"
        record, seen = ("patch", "planned_visit", plan), {"meet": {"value": "x", "seq": FUTURE}}
        one = office_mutation(vault.user, self.mid(), record, {"meet": value}, seen, self.now)
        who = f"page of {vault.user}"
        self.typed[one["mid"]] = [Typed(who, plan, "meet", text_of(value), self.at)]
        self.owner[text_of(value)] = who
        self.note("foreseen", one, self.town.push(vault.user, one["replica"], [one], self.now))

    def do_revoke(self) -> None:
        """A phone is lost and closed; what it still holds may only come as parcels."""
        vault = self.some_vault()
        if any(one.revoked for one in self.vaults.values()):
            return
        vault.revoked = True
        vault.letters.clear()
        for number in range(1, vault.replicas + 1):
            self.town.revoke(name(f"replica {vault.name} {number}"), self.now)
        self.note("revoked", vault.name)
