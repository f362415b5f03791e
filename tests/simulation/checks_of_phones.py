"""What must hold of every phone when the dust has settled, seen against what the server holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.simulation.books import Custody, Standing
from tests.simulation.memory import Vault
from tests.simulation.run import COMPARED_EVERY, Run

UNAPPLIED = ("held", "review")


def every_phone(run: Run, ledger: list[Custody], standing: list[Standing]) -> Iterator[str]:
    """Look at all phones that are still anybody's."""
    views = {name: run.phones.ask(name, "view") for name in run.vaults}
    for name, view in views.items():
        if not view["same"]:
            yield f"I-8: {name} holds in memory what is not on its disk"
    whole = {name: view for name, view in views.items() if not run.vaults[name].revoked}
    for name, view in whole.items():
        yield from what_it_holds(run, run.vaults[name], view, standing)
        yield from nothing_waits(name, view)
        yield from digests_agree(run, run.vaults[name])
    yield from unapplied_work(run, ledger, whole)


def what_it_holds(run: Run, vault: Vault, view: Any, standing: list[Standing]) -> Iterator[str]:
    """It ends equal to the server: just what its user may see, as it stands, in the same scopes."""
    name, here = vault.name, view["base"]
    scopes = run.town.scoped(vault.user, run.synced_at)
    there = {one.id: one for one in standing if one.id in scopes}
    if extra := sorted(here.keys() - there.keys()):
        yield f"I-11: {name} still holds {extra}, which its user may not see"
    if lacking := sorted(there.keys() - here.keys()):
        yield f"I-3: {name} lacks {lacking}"
    for id in here.keys() & there.keys():
        mine, theirs = here[id], there[id]
        if (mine["seq"], mine["body"]) != (theirs.seq, theirs.body):
            yield f"I-7: {name} holds {theirs.kind} {id} at {mine['seq']}, not {theirs.seq}"
        if set(mine["in"]) != scopes[id]:
            yield f"I-16: {name} has {theirs.kind} {id} in {mine['in']}, not {sorted(scopes[id])}"


def digests_agree(run: Run, vault: Vault) -> Iterator[str]:
    """I-16: at head the phone's own digests are those that the server works out."""
    if run.seed % COMPARED_EVERY:
        return
    held = run.phones.ask(vault.name, "digests")["digests"]
    answer = run.town.pull(vault.user, vault.cursor, run.now, held)
    if not answer.reply.get("checked") or answer.reply.get("reset"):
        yield f"I-16: {vault.name} holds otherwise {answer.reply.get('reset')}"


def nothing_waits(name: str, view: Any) -> Iterator[str]:
    """L-1, I-9, I-12: every row was answered and let go once covered, and every reset has ended."""
    waiting = [row["mid"] for row in view["rows"] if row["state"] != "covered"]
    if waiting:
        yield f"L-1: {name} still waits for {waiting}"
    if view["resetting"]:
        yield f"I-12: {name} still marks what it hears of, and has swept nothing"


def unapplied_work(run: Run, ledger: list[Custody], views: dict[str, Any]) -> Iterator[str]:
    """I-24: what stands unapplied is in sight of its author, and nothing else is."""
    states = {row.mid: row.state for row in ledger}
    clashes = {row.clash_of for row in ledger if row.clash_of}
    for row in ledger:
        mid = row.clash_of or row.mid
        # bytes that nobody can read tell no author anything: what they claim to be stays on the
        # phone until it has come in itself (I-1), and the office has them and the gap
        if row.state not in UNAPPLIED or (row.reason == "unreadable" and row.clash_of):
            continue
        for name, view in views.items():
            if run.vaults[name].user == row.author and not {mid, row.mid} & set(view["unapplied"]):
                yield f"I-24: {name} shows nothing of {row.mid}, which is {row.state}"
    for name, view in views.items():
        for mid in view["unapplied"]:
            if states.get(mid) not in UNAPPLIED and mid not in clashes:
                yield f"I-24: {name} still shows {mid}, which is {states.get(mid)}"
